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
#include "format/table_read.hpp"
#include "lamin/frame.hpp"

namespace lamin {
struct ColumnData;
}

namespace lamin::format {

/// Everything starts at a multiple of 8, so that values can be copied from where they are.
inline std::size_t wire_padding(std::size_t size) { return (8 - size % 8) % 8; }

/// Writes to a descriptor, large buffers without a copy. Throws unavailable (no memory left).
class WireWriter {
 public:
  explicit WireWriter(int fd) : fd_(fd) {}
  void head(const AnnDataHead& head);
  void sketch(const FileSketch& sketch);  ///< of a file that is not zarr
  void column_sketch(const ColumnSketch& one);
  void slots(const std::vector<Slot>& slots);
  void outline(const Hdf5Outline& outline);
  void edits(std::span<const ColumnEdit> edits);
  void layout(const TableLayout& layout);
  void names(std::span<const std::string> names);
  std::int64_t finish();  ///< total size in bytes

 private:
  void number(std::int64_t value);
  void text(std::string_view text);
  void texts(const std::vector<std::string>& texts);
  void column(const ColumnData& data);
  void frame(const Frame& frame);
  void array_type(const ArrayType& type);
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
  ColumnSketch column_sketch();  ///< one, or the next of a table
  std::vector<Slot> slots();
  Hdf5Outline outline();
  std::vector<ColumnEdit> edits();
  TableLayout layout();
  std::vector<std::string> names();

 private:
  std::int64_t number();
  std::size_t count(std::size_t width);  ///< number of items, which take at least `width` bytes each and so fit into
                                         ///< the rest
  std::string_view take(std::size_t size);
  std::string text();
  std::vector<std::string> texts();
  Column column();
  std::shared_ptr<ColumnData> data(int depth);
  Frame frame();
  ArrayType array_type(int depth);
  ArrayInfo array_info();
  template <class T>
  std::vector<T> values();
  void end() const;

  std::span<const char> rest_;
};

}  // namespace lamin::format
