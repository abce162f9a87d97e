// byte_ranges.hpp -- a local file as a store's reader, and pages of a reader for those who read a little here and
// there.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>
#include "base/source_file.hpp"
#include "store/store.hpp"

namespace lamin::format {

class LocalReader final : public store::Reader {
 public:
  explicit LocalReader(const std::filesystem::path& path) : file_(path.string()) {}
  std::int64_t size() const override { return file_.size(); }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override;
  int descriptor() const { return file_.descriptor(); }

 private:
  base::SourceFile file_;
};

/// Throws corrupt if the reader ends before the range does.
void read_exactly(const store::Reader& reader, std::int64_t offset, std::span<std::uint8_t> into,
                  const std::string& name);

/// The metadata of a file are many small ranges close together: each page is fetched once. For one thread at a time.
class Pages {
 public:
  Pages(std::shared_ptr<const store::Reader> reader, std::string name)
      : reader_(std::move(reader)), name_(std::move(name)) {}
  /// The range is inside of the file.
  void read(std::int64_t offset, std::span<std::uint8_t> into);
  std::int64_t fetched() const { return fetched_; }

 private:
  static constexpr std::int64_t page_size = std::int64_t{32} << 10;
  std::shared_ptr<const store::Reader> reader_;
  std::string name_;
  std::map<std::int64_t, std::vector<std::uint8_t>> pages_;
  std::int64_t fetched_ = 0;
};

}  // namespace lamin::format
