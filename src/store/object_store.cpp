#include "store/object_store.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include "base/checkpoint.hpp"
#include "base/progress.hpp"
#include "base/reporting.hpp"
#include "base/source_file.hpp"
#include "base/threads.hpp"
#include "base/tree.hpp"
#include "store/key.hpp"
#include "store/part_queue.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t most_bytes = 48 << 20;
constexpr std::int64_t part_size = 8 << 20;  // one request up to here
constexpr std::int64_t most_parts = 9'000;   // the protocols allow 10,000
constexpr std::size_t lanes_for_parts = 4, lanes_for_objects = 16;

/// Where new bytes come from, in order.
class Input {
 public:
  virtual ~Input() = default;
  virtual std::int64_t size() const = 0;
  virtual std::size_t read(std::span<std::uint8_t> into) = 0;
};

class FileInput : public Input {
 public:
  explicit FileInput(const std::string& path, bool may_be_link = true) : file_(path, may_be_link) {}
  std::int64_t size() const override { return file_.size(); }
  std::size_t read(std::span<std::uint8_t> into) override { return file_.read_some(into); }
  bool is_executable() const { return file_.is_executable(); }

 private:
  base::SourceFile file_;
};

class ReaderInput : public Input {
 public:
  explicit ReaderInput(const Reader& reader) : reader_(reader) {}
  std::int64_t size() const override { return reader_.size(); }
  std::size_t read(std::span<std::uint8_t> into) override {
    const auto count = reader_.read_at(at_, into);
    at_ += static_cast<std::int64_t>(count);
    return count;
  }

 private:
  const Reader& reader_;
  std::int64_t at_ = 0;
};

/// Fills `into` as far as there are bytes.
std::size_t fill(Input& from, std::span<std::uint8_t> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto count = from.read(into.subspan(done));
    if (count == 0) break;
    done += count;
  }
  return done;
}

Entry entry_of(std::string key, ObjectInfo object) {
  return {
      std::move(key), object.size, false, std::move(object.etag), std::move(object.hash), std::move(object.hash_type)};
}

std::string parent_of(const std::string& key) {
  const auto slash = key.rfind('/');
  return slash == std::string::npos ? std::string() : key.substr(0, slash);
}

class ObjectStore : public Store {
 public:
  ObjectStore(std::unique_ptr<Bucket> bucket, std::string prefix, std::string root)
      : bucket_(std::move(bucket)), prefix_(std::move(prefix)), root_(std::move(root)) {}

  Capabilities can() const override {
    return {.decides = bucket_->decides(), .pins = bucket_->pins() ? Pins::refuses : Pins::no};
  }
  std::string root() const override { return root_; }
  std::string region() override { return bucket_->region(); }

  std::optional<Entry> stat(std::string_view key) override { return look(clean_key(key)); }

  std::unique_ptr<Reader> open(std::string_view key) override {
    auto clean = clean_key(key);
    try {
      return bucket_->open(full(clean));
    } catch (const Error& e) {
      if (e.code() != Code::not_found || !is_folder(clean)) throw;
    }
    throw Error(Code::invalid_argument, fmt::format("'{}' is a folder, not a file: list it.", shown(clean)));
  }

  std::vector<Entry> list(std::string_view folder) override;
  base::FileHash put(const fs::path& from, std::string_view key, bool replace) override;
  std::vector<base::FileHash> put_many(std::span<const std::pair<fs::path, std::string>> files) override;
  base::FileHash put(const Reader& from, std::string_view key, bool replace) override;
  std::string put_if(const Reader& from, std::string_view key, const Condition& condition) override;
  void remove(std::string_view key) override;
  void move(std::string_view from, std::string_view to, bool replace) override;
  void copy_over(std::string_view from, std::string_view to) override;

  std::optional<fs::path> local_path(std::string_view key) override {
    clean_key(key);
    return std::nullopt;
  }

 private:
  std::string full(const std::string& key) const { return prefix_.empty() ? key : prefix_ + "/" + key; }
  std::string shown(const std::string& key) const {
    return fmt::format("{}{}", bucket_->text() + (prefix_.empty() ? "" : "/" + prefix_), key.empty() ? "" : "/" + key);
  }
  Error taken(const std::string& key) const {
    return {Code::conflict, fmt::format("Cannot write '{}': it exists already.", shown(key))};
  }

  std::optional<Entry> look(const std::string& key);
  bool is_folder(const std::string& key) { return bucket_->has_below(full(key) + "/"); }
  std::vector<std::string> objects_below(const std::string& folder);
  /// Throws conflict if a part of the path is an object, or if the key is a folder that must not be replaced.
  void check_way(const std::string& key, bool replace);
  base::FileHash send(Input& from, const std::string& key, bool replace) {
    std::string etag;
    return send(from, key, {.is_absent = !replace}, etag);
  }
  base::FileHash send(Input& from, const std::string& key, const Condition& condition, std::string& etag);
  base::FileHash send_parts(Input& from, const std::string& key, const Condition& condition, std::string& etag);
  base::FileHash put_folder(const fs::path& from, const std::string& key, bool replace);
  void remove_all(const std::vector<std::string>& keys);
  std::vector<std::string> copy_all(const std::string& source, const std::string& target, bool is_folder);

  std::unique_ptr<Bucket> bucket_;
  std::string prefix_, root_;
  ByteLimit memory_{most_bytes};
  std::mutex mutex_;
  std::set<std::string> folders_;  // seen not to be objects
};

std::optional<Entry> ObjectStore::look(const std::string& key) {
  if (auto object = bucket_->head(full(key))) return entry_of(key, std::move(*object));
  if (is_folder(key)) return Entry{key, 0, true};
  return std::nullopt;
}

std::vector<Entry> ObjectStore::list(std::string_view folder) {
  const auto key = clean_folder(folder);
  const auto below = prefix_.empty() && key.empty() ? std::string() : full(key) + (key.empty() ? "" : "/");
  const auto skip = prefix_.empty() ? 0 : prefix_.size() + 1;
  std::vector<Entry> found;
  bucket_->list(below, [&](ObjectInfo object) {
    // Programs that show folders make empty objects whose names end with "/".
    if (!object.key.ends_with('/')) {
      auto below = object.key.substr(skip);
      found.push_back(entry_of(std::move(below), std::move(object)));
    }
    return true;
  });
  if (found.empty() && !key.empty()) {
    if (auto object = bucket_->head(full(key))) found.push_back(entry_of(key, std::move(*object)));
  }
  return found;
}

void ObjectStore::check_way(const std::string& key, bool replace) {
  for (auto parent = parent_of(key); !parent.empty(); parent = parent_of(parent)) {
    {
      const std::lock_guard lock(mutex_);
      if (folders_.contains(parent)) break;
    }
    if (bucket_->head(full(parent))) {
      throw Error(Code::conflict, fmt::format("Cannot write '{}': '{}' is a file.", shown(key), shown(parent)));
    }
    const std::lock_guard lock(mutex_);
    folders_.insert(parent);
  }
  if (!replace && is_folder(key)) throw taken(key);
  const std::lock_guard lock(mutex_);
  folders_.erase(key);
}

// A small object is one request with all its bytes.
base::FileHash ObjectStore::send(Input& from, const std::string& key, const Condition& condition, std::string& etag) {
  if (condition.is_absent && !bucket_->decides() && bucket_->head(full(key))) throw taken(key);
  if (from.size() > part_size) return send_parts(from, key, condition, etag);
  const auto room = from.size() + 1;  // one more, to see whether it grew
  const Taken taken_memory(memory_, room);
  Buffer buffer(static_cast<std::size_t>(room));
  base::FileHasher hasher(from.size());
  buffer.shrink(fill(from, buffer.bytes()));
  hasher.add(buffer.bytes());
  auto hash = hasher.finish();
  etag = bucket_->put(full(key), buffer.bytes(), condition);
  return hash;
}

base::FileHash ObjectStore::send_parts(Input& from, const std::string& key, const Condition& condition,
                                       std::string& etag) {
  constexpr std::int64_t megabyte = 1 << 20;
  const auto least = (from.size() / most_parts + megabyte - 1) / megabyte * megabyte;
  const auto size = static_cast<std::size_t>(std::max(part_size, least));
  const auto upload = bucket_->upload(full(key));
  try {
    base::FileHasher hasher(from.size());
    base::Progress progress(base::progress_say(), fmt::format("uploading '{}'", shown(key)), from.size() / megabyte);
    std::int64_t read = 0;
    PartQueue queue(bucket_->parts_in_order() ? 1 : lanes_for_parts,
                    [&](const Part& part) { upload->part(part.number, part.bytes.bytes()); });
    for (int number = 1;; ++number) {
      base::checkpoint();
      Part part{number, Buffer(), Taken(memory_, static_cast<std::int64_t>(size))};
      part.bytes = Buffer(size);
      part.bytes.shrink(fill(from, part.bytes.bytes()));
      if (part.bytes.empty()) break;
      hasher.add(part.bytes.bytes());
      const bool is_last = part.bytes.size() < size;
      read += static_cast<std::int64_t>(part.bytes.size());
      queue.add(std::move(part));
      progress.at(read / megabyte);
      if (is_last) break;
    }
    auto hash = hasher.finish();
    queue.finish();
    etag = upload->finish(condition);
    return hash;
  } catch (...) {
    upload->abort();
    throw;
  }
}

std::string ObjectStore::put_if(const Reader& from, std::string_view key, const Condition& condition) {
  if (!bucket_->decides()) return Store::put_if(from, key, condition);
  ReaderInput input(from);
  std::string etag;
  static_cast<void>(send(input, clean_key(key), condition, etag));
  return etag;
}

base::FileHash ObjectStore::put(const Reader& from, std::string_view key, bool replace) {
  const auto clean = clean_key(key);
  check_way(clean, replace);
  if (replace) remove_all(objects_below(clean));
  ReaderInput input(from);
  return send(input, clean, replace);
}

base::FileHash ObjectStore::put(const fs::path& from, std::string_view key, bool replace) {
  const auto clean = clean_key(key);
  std::error_code failure;
  if (fs::is_directory(from, failure)) return put_folder(from, clean, replace);
  FileInput input(from.string());
  check_way(clean, replace);
  if (replace) remove_all(objects_below(clean));  // servers that keep objects as files cannot have both
  auto hash = send(input, clean, replace);
  hash.is_executable = input.is_executable();
  return hash;
}

base::FileHash ObjectStore::put_folder(const fs::path& from, const std::string& key, bool replace) {
  const auto tree = base::walk(from, base::Follow::all);
  check_way(key, replace);
  if (bucket_->head(full(key))) {
    if (!replace) throw taken(key);
    remove_all({full(key)});
  }
  std::vector<const base::TreeEntry*> files;
  std::map<std::string, base::FileHash> hashes;  // filled by the threads, one entry each
  for (const auto& entry : tree.entries) {
    if (entry.is_folder) continue;
    files.push_back(&entry);
    hashes[entry.path];
  }
  base::in_lanes(files.size(), lanes_for_objects, [&](std::size_t i) {
    base::checkpoint();
    FileInput input(tree.place_of(*files[i]), false);
    auto hash = send(input, key + "/" + files[i]->path, replace);
    hash.is_executable = input.is_executable();
    hashes.at(files[i]->path) = std::move(hash);
  });
  if (replace) {
    auto old = objects_below(key);
    std::erase_if(old, [&](const std::string& object) { return hashes.contains(object.substr(full(key).size() + 1)); });
    remove_all(old);
  }
  return base::hash_tree(tree, [&](const base::TreeEntry& entry) { return hashes.at(entry.path); }).whole;
}

std::vector<base::FileHash> ObjectStore::put_many(std::span<const std::pair<fs::path, std::string>> files) {
  std::vector<std::string> keys;
  for (const auto& [from, key] : files) keys.push_back(clean_key(key));
  std::vector<base::FileHash> hashes(files.size());
  base::in_lanes(files.size(), lanes_for_objects,
                 [&](std::size_t i) { hashes[i] = put(files[i].first, keys[i], false); });
  return hashes;
}

std::vector<std::string> ObjectStore::objects_below(const std::string& folder) {
  std::vector<std::string> keys;
  bucket_->list(full(folder) + "/", [&](ObjectInfo object) {
    keys.push_back(std::move(object.key));
    return true;
  });
  return keys;
}

void ObjectStore::remove_all(const std::vector<std::string>& keys) {
  if (!keys.empty()) bucket_->remove(keys);
}

void ObjectStore::remove(std::string_view key) {
  const auto clean = clean_key(key);
  auto keys = objects_below(clean);
  keys.push_back(full(clean));
  remove_all(keys);
}

// Copies all objects of `source`; returns their keys.
std::vector<std::string> ObjectStore::copy_all(const std::string& source, const std::string& target, bool is_folder) {
  auto originals = is_folder ? objects_below(source) : std::vector{full(source)};
  base::in_lanes(originals.size(), lanes_for_objects, [&](std::size_t i) {
    base::checkpoint();
    bucket_->copy(originals[i], full(target) + originals[i].substr(full(source).size()));
  });
  return originals;
}

// The copies are complete before the first original goes.
void ObjectStore::move(std::string_view from, std::string_view to, bool replace) {
  const auto source = clean_key(from), target = clean_key(to);
  const auto present = look(source);
  if (!present) {
    throw Error(Code::not_found, fmt::format("Cannot move '{}': there is no such object.", shown(source)));
  }
  if (target.starts_with(source + "/")) {
    throw Error(Code::invalid_argument, fmt::format("'{}' cannot be moved into itself.", shown(source)));
  }
  check_way(target, replace);
  if (!replace && bucket_->head(full(target))) throw taken(target);
  if (replace) remove_all(objects_below(target));
  remove_all(copy_all(source, target, present->is_folder));
}

void ObjectStore::copy_over(std::string_view from, std::string_view to) {
  const auto source = clean_key(from), target = clean_key(to);
  const auto present = look(source);
  if (!present) {
    throw Error(Code::not_found, fmt::format("Cannot copy '{}': there is no such object.", shown(source)));
  }
  check_way(target, true);
  auto others = objects_below(target);
  if (present->is_folder && bucket_->head(full(target))) remove_all({full(target)});
  if (!present->is_folder) remove_all(others);
  const auto copied = copy_all(source, target, present->is_folder);
  if (!present->is_folder) return;
  std::set<std::string> wanted;
  for (const auto& key : copied) wanted.insert(full(target) + key.substr(full(source).size()));
  std::erase_if(others, [&](const std::string& key) { return wanted.contains(key); });
  remove_all(others);
}

}  // namespace

std::unique_ptr<Store> make_object_store(std::unique_ptr<Bucket> bucket, std::string prefix, std::string root) {
  return std::make_unique<ObjectStore>(std::move(bucket), std::move(prefix), std::move(root));
}

}  // namespace lamin::store
