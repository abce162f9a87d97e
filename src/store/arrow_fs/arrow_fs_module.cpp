// arrow_fs_module.cpp -- Google Cloud Storage and Azure through Arrow's file systems: credentials, retries and uploads
// in parts are theirs. They have no conditional requests, so of two writers of one key the later wins; the commit
// protocol writes only to keys that no one else has.
#include <arrow/buffer.h>
#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/io_util.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <memory>
#include "base/text.hpp"
#include "lamin/error.hpp"
#include "store/arrow_fs/providers.hpp"
#include "store/bucket.hpp"

namespace lamin::store {
namespace {

bool is_missing(const arrow::Status& status) {
  return status.IsIOError() && arrow::internal::ErrnoFromStatus(status) == ENOENT;
}

class ArrowReader : public Reader {
 public:
  ArrowReader(std::shared_ptr<arrow::io::RandomAccessFile> file, std::int64_t size, std::string shown)
      : file_(std::move(file)), size_(size), shown_(std::move(shown)) {}
  std::int64_t size() const override { return size_; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
    if (offset >= size_) return 0;
    const auto count = std::min(static_cast<std::int64_t>(into.size()), size_ - offset);
    const auto got = take(file_->ReadAt(offset, count, into.data()), "read", shown_);
    if (got != count) {
      throw Error(Code::unavailable,
                  fmt::format("Cannot read '{}': the server gave {} of {} bytes.", shown_, got, count));
    }
    return static_cast<std::size_t>(got);
  }

 private:
  std::shared_ptr<arrow::io::RandomAccessFile> file_;
  std::int64_t size_;
  std::string shown_;
};

class ArrowUpload : public Upload {
 public:
  ArrowUpload(std::shared_ptr<arrow::io::OutputStream> stream, std::string shown)
      : stream_(std::move(stream)), shown_(std::move(shown)) {}
  void part(int, std::span<const std::uint8_t> bytes) override {
    check(stream_->Write(bytes.data(), static_cast<std::int64_t>(bytes.size())), "write", shown_);
  }
  std::string finish(const Condition&) override {
    check(stream_->Close(), "write", shown_);
    return {};
  }
  void abort() noexcept override { static_cast<void>(stream_->Abort()); }

 private:
  std::shared_ptr<arrow::io::OutputStream> stream_;
  std::string shown_;
};

class ArrowBucket : public Bucket {
 public:
  ArrowBucket(std::shared_ptr<arrow::fs::FileSystem> files, std::string name, std::string text)
      : files_(std::move(files)), name_(std::move(name)), text_(std::move(text)) {}

  std::string text() const override { return text_; }
  bool decides() const override { return false; }
  bool pins() const override { return false; }
  bool parts_in_order() const override { return true; }

  std::optional<ObjectInfo> head(const std::string& key) override {
    const auto info = take(files_->GetFileInfo(path(key)), "look at", shown(key));
    if (info.type() != arrow::fs::FileType::File) return std::nullopt;
    ObjectInfo object{key, info.size()};
    if (auto opened = files_->OpenInputFile(path(key)); opened.ok()) object.etag = etag_of(**opened);
    return object;
  }

  void list(const std::string& prefix, const std::function<bool(ObjectInfo)>& each) override {
    auto found = look_into(prefix, true);
    std::ranges::sort(found, {}, [](const arrow::fs::FileInfo& info) { return info.path(); });
    for (const auto& info : found) {
      if (info.type() != arrow::fs::FileType::File) continue;
      if (!each({info.path().substr(name_.size() + 1), info.size()})) return;
    }
  }

  bool has_below(const std::string& prefix) override {
    const auto is_file = [](const arrow::fs::FileInfo& info) { return info.type() == arrow::fs::FileType::File; };
    // Folders in it may be empty, or may not be listed without what is in them.
    return std::ranges::any_of(look_into(prefix, false), is_file) ||
           std::ranges::any_of(look_into(prefix, true), is_file);
  }

  std::unique_ptr<Reader> open(const std::string& key) override {
    auto file = files_->OpenInputFile(path(key));
    if (!file.ok() && (is_missing(file.status()) || !head(key))) {
      throw Error(Code::not_found, fmt::format("Cannot open '{}': there is no such object.", shown(key)));
    }
    auto opened = take(std::move(file), "open", shown(key));
    const auto size = take(opened->GetSize(), "open", shown(key));
    return std::make_unique<ArrowReader>(std::move(opened), size, shown(key));
  }

  std::string put(const std::string& key, std::span<const std::uint8_t> bytes, const Condition& condition) override {
    const auto to = upload(key);
    try {
      to->part(1, bytes);
      return to->finish(condition);
    } catch (...) {
      to->abort();
      throw;
    }
  }

  std::unique_ptr<Upload> upload(const std::string& key) override {
    auto stream = files_->OpenOutputStream(path(key));
    if (!stream.ok() && !has_below(key + "/") && files_->DeleteDir(path(key)).ok()) {
      stream = files_->OpenOutputStream(path(key));  // what was left of a folder had the name
    }
    return std::make_unique<ArrowUpload>(take(std::move(stream), "write", shown(key)), shown(key));
  }

  void copy(const std::string& from, const std::string& to) override {
    check(files_->CopyFile(path(from), path(to)), "copy", shown(from));
  }

  void remove(std::span<const std::string> keys) override {
    for (const auto& key : keys) {
      if (take(files_->GetFileInfo(path(key)), "look at", shown(key)).type() != arrow::fs::FileType::File) continue;
      const auto status = files_->DeleteFile(path(key));
      if (!is_missing(status)) check(status, "remove", shown(key));
    }
  }

 private:
  std::string path(const std::string& key) const { return name_ + "/" + key; }
  std::string shown(const std::string& key) const { return text_ + "/" + key; }

  std::vector<arrow::fs::FileInfo> look_into(const std::string& prefix, bool recursive) {
    arrow::fs::FileSelector selector;
    selector.base_dir = path(prefix);
    while (selector.base_dir.ends_with('/')) selector.base_dir.pop_back();
    selector.allow_not_found = true;
    selector.recursive = recursive;
    return take(files_->GetFileInfo(selector), "list", shown(prefix));
  }

  static std::string etag_of(arrow::io::RandomAccessFile& file) {
    const auto metadata = file.ReadMetadata();
    if (!metadata.ok() || *metadata == nullptr) return {};
    for (const auto* name : {"etag", "ETag"}) {
      if (auto value = (*metadata)->Get(name); value.ok()) return *value;
    }
    return {};
  }

  std::shared_ptr<arrow::fs::FileSystem> files_;
  std::string name_, text_;
};

}  // namespace

void check(const arrow::Status& status, std::string_view what, const std::string& shown) {
  if (status.ok()) return;
  std::string why = status.message();
  const auto line = why.find('\n');
  if (line != std::string::npos) why.resize(line);
  const auto low = base::lower(why);
  const auto says = [&](std::string_view word) { return low.find(word) != std::string::npos; };
  const auto code = is_missing(status) || says("notfound") || says("not found") || says("404") ? Code::not_found
                    : says("permission") || says("unauthenticated") || says("403") || says("401") || says("authoriz")
                        ? Code::no_access
                        : Code::unavailable;
  throw Error(code, fmt::format("Cannot {} '{}': {}.", what, shown, why));
}

}  // namespace lamin::store

extern "C" __attribute__((visibility("default"))) lamin::store::Bucket* lamin_open_arrow_fs(
    const lamin::store::BucketOptions& options) {
  using namespace lamin::store;
  const bool is_google = options.scheme == "gs" || options.scheme == "gcs";
  auto opened = is_google ? open_google(options) : open_azure(options);
  return new ArrowBucket(std::move(opened.files), opened.bucket, options.scheme + "://" + options.name);
}
