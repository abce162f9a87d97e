// csv_input.cpp -- what is between a CSV file and Arrow.
#include "format/arrow/csv_input.hpp"
#include <arrow/buffer.h>
#include <arrow/io/compressed.h>
#include <arrow/status.h>
#include <arrow/util/compression.h>
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace lamin::format {
namespace {

class UntilFull final : public arrow::io::InputStream {
 public:
  UntilFull(std::shared_ptr<arrow::io::InputStream> text, arrow::MemoryPool* pool, std::int64_t limit)
      : text_(std::move(text)), pool_(pool), limit_(limit) {}

  arrow::Status Close() override { return text_->Close(); }
  bool closed() const override { return text_->closed(); }
  arrow::Result<int64_t> Tell() const override { return text_->Tell(); }
  arrow::Result<int64_t> Read(int64_t size, void* out) override {
    ARROW_RETURN_NOT_OK(check());
    return text_->Read(size, out);
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t size) override {
    ARROW_RETURN_NOT_OK(check());
    return text_->Read(size);
  }

 private:
  arrow::Status check() const {
    if (pool_->bytes_allocated() <= limit_) return arrow::Status::OK();
    return arrow::Status::OutOfMemory("a file may take ", limit_, " bytes");
  }

  std::shared_ptr<arrow::io::InputStream> text_;
  arrow::MemoryPool* pool_;
  std::int64_t limit_;
};

}  // namespace

arrow::Result<std::shared_ptr<arrow::io::InputStream>> decompressed(std::shared_ptr<arrow::io::InputStream> file,
                                                                    const std::filesystem::path& path,
                                                                    arrow::MemoryPool* pool) {
  const auto extension = path.extension();
  const auto kind = extension == ".gz"    ? arrow::Compression::GZIP
                    : extension == ".zst" ? arrow::Compression::ZSTD
                    : extension == ".bz2" ? arrow::Compression::BZ2
                                          : arrow::Compression::UNCOMPRESSED;
  if (kind == arrow::Compression::UNCOMPRESSED) return file;
  ARROW_ASSIGN_OR_RAISE(auto codec, arrow::util::Codec::Create(kind));
  return arrow::io::CompressedInputStream::Make(codec.get(), file, pool);
}

arrow::Result<std::int64_t> count_columns(arrow::io::InputStream& text, char separator) {
  constexpr int blocks = 64;
  std::array<char, 1 << 16> block = {};
  std::int64_t columns = 1;
  for (int i = 0; i < blocks; ++i) {
    ARROW_ASSIGN_OR_RAISE(const auto size, text.Read(static_cast<int64_t>(block.size()), block.data()));
    const std::string_view read(block.data(), static_cast<std::size_t>(size));
    const auto line = read.substr(0, read.find_first_of("\r\n"));
    columns += std::count(line.begin(), line.end(), separator);
    if (size == 0 || line.size() < read.size()) break;
  }
  return columns;
}

std::shared_ptr<arrow::io::InputStream> until_full(std::shared_ptr<arrow::io::InputStream> text,
                                                   arrow::MemoryPool* pool, std::int64_t limit) {
  return std::make_shared<UntilFull>(std::move(text), pool, limit);
}

}  // namespace lamin::format
