// memory.cpp -- a store in memory: for tests, and the model that the others are compared with.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <mutex>
#include <system_error>
#include "base/source_file.hpp"
#include "base/tree.hpp"
#include "store/key.hpp"
#include "store/store.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

using Bytes = std::shared_ptr<const std::string>;

class MemoryReader : public BytesReader {
 public:
  explicit MemoryReader(Bytes bytes) : BytesReader(*bytes), bytes_(std::move(bytes)) {}

 private:
  Bytes bytes_;
};

/// Reads the bytes of a file and hashes exactly these.
base::FileHash load(const base::SourceFile& file, Bytes& into) {
  std::string bytes(static_cast<std::size_t>(file.size()) + 1, '\0');
  std::size_t size = 0;
  while (const auto count =
             file.read_some({reinterpret_cast<std::uint8_t*>(bytes.data()) + size, bytes.size() - size})) {
    size += count;
    if (size == bytes.size()) bytes.resize(2 * size);
  }
  bytes.resize(size);
  base::FileHasher hasher(file.size());
  hasher.add({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  auto hash = hasher.finish();
  hash.is_executable = file.is_executable();
  into = std::make_shared<const std::string>(std::move(bytes));
  return hash;
}

/// The objects of a file or folder: (path below it, "" for a file; bytes). Like an object store, it keeps neither empty
/// folders nor modes.
base::FileHash load(const fs::path& from, std::map<std::string, Bytes>& objects) {
  std::error_code failure;
  if (!fs::is_directory(from, failure)) return load(base::SourceFile(from.string()), objects[""]);
  const auto tree = base::walk(from, base::Follow::all);
  for (const auto& entry : tree.entries) {
    if (!entry.is_folder) objects[entry.path];  // each thread fills its own
  }
  return base::hash_tree(tree,
                         [&](const base::TreeEntry& entry) {
                           return load(base::SourceFile(tree.place_of(entry), false), objects.at(entry.path));
                         })
      .whole;
}

class Memory : public Store {
 public:
  Capabilities can() const override { return {.moves_at_once = true}; }
  std::string root() const override { return "memory://"; }

  std::optional<Entry> stat(std::string_view key) override {
    auto clean = clean_key(key);
    const std::lock_guard lock(mutex_);
    return look(clean);
  }

  std::unique_ptr<Reader> open(std::string_view key) override {
    auto clean = clean_key(key);
    const std::lock_guard lock(mutex_);
    if (auto found = objects_.find(clean); found != objects_.end()) {
      return std::make_unique<MemoryReader>(found->second);
    }
    if (look(clean)) {
      throw Error(Code::invalid_argument, fmt::format("'memory://{}' is a folder, not a file: list it.", clean));
    }
    throw missing("open", clean);
  }

  std::vector<Entry> list(std::string_view folder) override {
    auto clean = clean_folder(folder);
    const std::lock_guard lock(mutex_);
    std::vector<Entry> found;
    for (auto& [key, bytes] : objects_) {
      if (clean.empty() || key == clean || below(key, clean)) {
        found.push_back({key, static_cast<std::int64_t>(bytes->size()), false});
      }
    }
    return found;
  }

  base::FileHash put(const fs::path& from, std::string_view key, bool replace) override {
    auto clean = clean_key(key);
    std::map<std::string, Bytes> loaded;
    auto hash = load(from, loaded);
    const std::lock_guard lock(mutex_);
    make_way(clean, replace);
    for (auto& [path, bytes] : loaded) objects_[path.empty() ? clean : clean + "/" + path] = std::move(bytes);
    return hash;
  }

  std::vector<base::FileHash> put_many(std::span<const std::pair<fs::path, std::string>> files) override {
    std::vector<base::FileHash> hashes;
    for (auto& [from, key] : files) {
      if (stat(key)) throw taken(clean_key(key));
    }
    for (auto& [from, key] : files) hashes.push_back(put(from, key, false));
    return hashes;
  }

  base::FileHash put(const Reader& from, std::string_view key, bool replace) override {
    auto clean = clean_key(key);
    std::string bytes;
    base::FileHasher hasher(from.size());
    read_all(from, [&](std::span<const std::uint8_t> piece) {
      hasher.add(piece);
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    auto hash = hasher.finish();
    const std::lock_guard lock(mutex_);
    make_way(clean, replace);
    objects_[clean] = std::make_shared<const std::string>(std::move(bytes));
    return hash;
  }

  void remove(std::string_view key) override {
    auto clean = clean_key(key);
    const std::lock_guard lock(mutex_);
    erase(clean);
  }

  void move(std::string_view from, std::string_view to, bool replace) override {
    auto source = clean_key(from), target = clean_key(to);
    const std::lock_guard lock(mutex_);
    if (!look(source)) throw missing("move", source);
    if (below(target, source)) {
      throw Error(Code::invalid_argument, fmt::format("'memory://{}' cannot be moved into itself.", source));
    }
    make_way(target, replace);
    decltype(objects_) moved;
    for (auto& [key, bytes] : objects_) {
      if (key == source || below(key, source)) moved[target + key.substr(source.size())] = bytes;
    }
    erase(source);
    objects_.merge(moved);
  }

  std::optional<fs::path> local_path(std::string_view key) override {
    clean_key(key);
    return std::nullopt;
  }

 private:
  static bool below(const std::string& key, const std::string& folder) {
    return key.size() > folder.size() && key.starts_with(folder) && key[folder.size()] == '/';
  }
  static Error missing(std::string_view what, const std::string& key) {
    return {Code::not_found, fmt::format("Cannot {} 'memory://{}': there is no such object.", what, key)};
  }
  static Error taken(const std::string& key) {
    return {Code::conflict, fmt::format("Cannot write 'memory://{}': it exists already.", key)};
  }

  std::optional<Entry> look(const std::string& key) const {
    if (auto found = objects_.find(key); found != objects_.end()) {
      return Entry{key, static_cast<std::int64_t>(found->second->size()), false};
    }
    auto next = objects_.lower_bound(key + "/");
    if (next != objects_.end() && below(next->first, key)) return Entry{key, 0, true};
    return std::nullopt;
  }
  void erase(const std::string& key) {
    std::erase_if(objects_, [&](auto& item) { return item.first == key || below(item.first, key); });
  }
  void make_way(const std::string& key, bool replace) {
    for (auto slash = key.find('/'); slash != std::string::npos; slash = key.find('/', slash + 1)) {
      if (objects_.contains(key.substr(0, slash))) {
        throw Error(Code::conflict, fmt::format("Cannot write 'memory://{}': a part of the path is a file.", key));
      }
    }
    if (!look(key)) return;
    if (!replace) throw taken(key);
    erase(key);
  }

  std::mutex mutex_;
  std::map<std::string, Bytes> objects_;
};

}  // namespace

std::unique_ptr<Store> open_memory() { return std::make_unique<Memory>(); }

}  // namespace lamin::store
