// wire.hpp -- frames between the process that asks and the one that parses, in a memory file.
//
// The answer is not trusted, as a foreign file may have taken over the process that read it: `WireReader` checks every
// size before it uses it and every invariant of a column (frame/column_data.hpp).
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "format/format.hpp"
#include "format/hdf5_module.hpp"
#include "format/sketch.hpp"
#include "lamin/frame.hpp"

namespace lamin {
struct ColumnData;
}

namespace lamin::format {

/// Writes to a descriptor, large buffers without a copy. Throws unavailable (no memory left).
class WireWriter {
 public:
  explicit WireWriter(int fd) : fd_(fd) {}
  void head(const AnnDataHead& head);
  void sketch(const FileSketch& sketch);  ///< of a file that is not zarr
  void edits(std::span<const ColumnEdit> edits);
  std::int64_t finish();  ///< total size in bytes

 private:
  void number(std::int64_t value);
  void text(std::string_view text);
  void texts(const std::vector<std::string>& texts);
  void column(const ColumnData& data);
  void frame(const Frame& frame);
  template <class T>
  void values(const std::vector<T>& values);
  void bytes(const void* data, std::size_t size);
  void flush(const void* data, std::size_t size);

  int fd_;
  std::string pending_;
  std::int64_t done_ = 0;
};

/// Throws corrupt for anything that a WireWriter would not write.
class WireReader {
 public:
  explicit WireReader(std::span<const char> bytes) : rest_(bytes) {}
  AnnDataHead head();
  FileSketch sketch();
  std::vector<ColumnEdit> edits();

 private:
  std::int64_t number();
  std::size_t count(std::size_t width);  ///< number of items, which take at least `width` bytes each and so fit into
                                         ///< the rest
  std::string_view take(std::size_t size);
  std::string text();
  std::vector<std::string> texts();
  Column column();
  ColumnSketch column_sketch();
  std::shared_ptr<ColumnData> data(int depth);
  Frame frame();
  template <class T>
  std::vector<T> values();
  void end() const;

  std::span<const char> rest_;
};

}  // namespace lamin::format
