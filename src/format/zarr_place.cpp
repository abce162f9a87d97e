#include "format/zarr_place.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include "format/byte_ranges.hpp"
#include "format/file_text.hpp"
#include "lamin/error.hpp"

namespace lamin::format::zarr {
namespace {

namespace fs = std::filesystem;

class LocalPlace final : public Place {
 public:
  explicit LocalPlace(fs::path root) : root_(std::move(root)) {}
  std::string name() const override { return root_.string(); }
  bool is_remote() const override { return false; }

  std::optional<std::int64_t> size(const std::string& key) const override {
    std::error_code failure;
    const auto path = root_ / key;
    if (!fs::is_regular_file(path, failure)) return std::nullopt;
    const auto size = fs::file_size(path, failure);
    return failure ? std::nullopt : std::optional(static_cast<std::int64_t>(size));
  }

  std::optional<std::string> get(const std::string& key, std::int64_t most) const override {
    if (!size(key)) return std::nullopt;
    return file_bytes(root_ / key, most);
  }

  void get_part(const std::string& key, std::int64_t offset, std::span<std::uint8_t> into) const override {
    read_exactly(LocalReader(root_ / key), offset, into, (root_ / key).string());
  }

  std::vector<std::string> folders(const std::string& key) const override {
    std::vector<std::string> names;
    std::error_code failure;
    for (auto it = fs::directory_iterator(root_ / key, failure); !failure && it != fs::directory_iterator();
         it.increment(failure))
      if (it->is_directory(failure)) names.push_back(it->path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  std::int64_t stored(const std::string& key) const override {
    std::int64_t stored = 0;
    std::error_code failure;
    for (auto it = fs::recursive_directory_iterator(root_ / key, failure);
         !failure && it != fs::recursive_directory_iterator(); it.increment(failure)) {
      std::error_code gone;
      if (it->is_regular_file(gone)) stored += static_cast<std::int64_t>(it->file_size(gone));
    }
    return stored;
  }

 private:
  fs::path root_;
};

class StorePlace final : public Place {
 public:
  StorePlace(std::shared_ptr<store::Store> store, std::string key) : store_(std::move(store)), key_(std::move(key)) {}
  std::string name() const override { return store_->root() + "/" + key_; }
  bool is_remote() const override { return true; }

  std::optional<std::int64_t> size(const std::string& key) const override {
    const std::lock_guard lock(mutex_);
    const auto entry = store_->stat(full(key));
    return entry && !entry->is_folder ? std::optional(entry->size) : std::nullopt;
  }

  std::optional<std::string> get(const std::string& key, std::int64_t most) const override {
    const auto bytes = size(key);
    if (!bytes) return std::nullopt;
    if (*bytes > most) throw Error(Code::corrupt, fmt::format("'{}' is larger than it should be.", full(key)));
    std::string text(static_cast<std::size_t>(*bytes), '\0');
    if (!text.empty()) get_part(key, 0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return text;
  }

  void get_part(const std::string& key, std::int64_t offset, std::span<std::uint8_t> into) const override {
    std::unique_ptr<store::Reader> reader;
    {
      const std::lock_guard lock(mutex_);
      reader = store_->open(full(key));
    }
    read_exactly(*reader, offset, into, full(key));
  }

  std::vector<std::string> folders(const std::string& key) const override {
    std::set<std::string> names;
    const auto prefix = full(key) + "/";
    for (const auto& entry : listed()) {
      if (!entry.key.starts_with(prefix)) continue;
      const auto rest = entry.key.substr(prefix.size());
      if (const auto slash = rest.find('/'); slash != std::string::npos) names.insert(rest.substr(0, slash));
    }
    return {names.begin(), names.end()};
  }

  std::int64_t stored(const std::string& key) const override {
    std::int64_t stored = 0;
    const auto prefix = full(key) + "/";
    for (const auto& entry : listed())
      if (entry.key.starts_with(prefix)) stored += entry.size;
    return stored;
  }

 private:
  std::string full(const std::string& key) const { return key.empty() ? key_ : key_ + "/" + key; }
  const std::vector<store::Entry>& listed() const {
    const std::lock_guard lock(mutex_);
    if (!listed_) listed_ = store_->list(key_);
    return *listed_;
  }

  std::shared_ptr<store::Store> store_;
  std::string key_;
  mutable std::mutex mutex_;  // a store is used by one thread at a time, its readers by several
  mutable std::optional<std::vector<store::Entry>> listed_;
};

}  // namespace

std::unique_ptr<Place> local_place(const fs::path& folder) { return std::make_unique<LocalPlace>(folder); }
std::unique_ptr<Place> store_place(std::shared_ptr<store::Store> store, std::string key) {
  return std::make_unique<StorePlace>(std::move(store), std::move(key));
}

}  // namespace lamin::format::zarr
