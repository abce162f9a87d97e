// schemes.cpp -- a store that functions of the program read, as a bucket.
#include "lamin/schemes.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <utility>
#include "lamin/error.hpp"
#include "store/bucket.hpp"
#include "store/object_store.hpp"
#include "store/open_store.hpp"

namespace lamin {
namespace {

using store::Condition;
using store::ObjectInfo;

std::string without_end(std::string folder) {
  while (folder.ends_with('/')) folder.pop_back();
  return folder;
}

ObjectInfo info_of(ForeignFile file) {
  return {std::move(file.key), file.size, std::move(file.stamp), std::move(file.hash), std::move(file.hash_type)};
}

class ForeignReader : public store::Reader {
 public:
  ForeignReader(std::shared_ptr<ForeignStore> from, ForeignFile file)
      : from_(std::move(from)), file_(std::move(file)) {}
  std::int64_t size() const override { return file_.size; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
    if (offset >= file_.size) return 0;
    into = into.first(std::min(into.size(), static_cast<std::size_t>(file_.size - offset)));
    return from_->read(file_.key, offset, into);
  }

 private:
  std::shared_ptr<ForeignStore> from_;
  ForeignFile file_;
};

class ForeignBucket : public store::Bucket {
 public:
  ForeignBucket(std::unique_ptr<ForeignStore> from, std::string text)
      : from_(std::move(from)), text_(std::move(text)) {}

  std::string text() const override { return text_; }
  bool decides() const override { return false; }
  bool pins() const override { return false; }
  bool parts_in_order() const override { return true; }

  std::optional<ObjectInfo> head(const std::string& key) override {
    auto file = from_->stat(key);
    if (!file) return std::nullopt;
    file->key = key;
    return info_of(std::move(*file));
  }
  void list(const std::string& prefix, const std::function<bool(ObjectInfo)>& each) override {
    auto files = from_->list(without_end(prefix));
    std::ranges::sort(files, {}, &ForeignFile::key);
    for (auto& file : files) {
      if (file.key.starts_with(prefix) && !each(info_of(std::move(file)))) return;
    }
  }
  bool has_below(const std::string& prefix) override { return from_->is_folder(without_end(prefix)); }
  std::unique_ptr<store::Reader> open(const std::string& key) override {
    auto file = from_->stat(key);
    if (!file) { throw Error(Code::not_found, fmt::format("Cannot open '{}/{}': there is no such file.", text_, key)); }
    file->key = key;
    return std::make_unique<ForeignReader>(from_, std::move(*file));
  }

  std::string put(const std::string& key, std::span<const std::uint8_t>, const Condition&) override { refuse(key); }
  std::unique_ptr<store::Upload> upload(const std::string& key) override { refuse(key); }
  void copy(const std::string&, const std::string& to) override { refuse(to); }
  void remove(std::span<const std::string> keys) override {
    if (!keys.empty()) refuse(keys.front());
  }

 private:
  [[noreturn]] void refuse(const std::string& key) const {
    throw Error(Code::no_access, fmt::format("Cannot write '{}/{}': what is there can only be read.", text_, key));
  }
  std::shared_ptr<ForeignStore> from_;
  std::string text_;
};

}  // namespace

void read_schemes_with(ForeignSchemes schemes) {
  if (!schemes.open || !schemes.knows) return store::open_others_with({});
  store::Others others{.knows = std::move(schemes.knows)};
  others.open = [open = std::move(schemes.open)](const Uri& uri) -> std::unique_ptr<store::Bucket> {
    return std::make_unique<ForeignBucket>(open(uri), uri.scheme + "://" + uri.place);
  };
  store::open_others_with(std::move(others));
}

}  // namespace lamin
