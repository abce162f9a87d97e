// source.cpp -- copies of what is not local.
#include "lake/artifact/source.hpp"
#include <fmt/format.h>
#include <stdlib.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <span>
#include "base/path.hpp"
#include "base/text.hpp"
#include "lake/artifact/storage.hpp"
#include "lamin/storage.hpp"
#include "registry/writes.hpp"
#include "store/open_store.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;

// A folder of this process, removed with everything in it.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "lamin-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw Error(Code::unavailable, fmt::format("cannot make the folder '{}': {}", name, std::strerror(errno)));
    }
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

class Writer {
 public:
  explicit Writer(fs::path to) : to_(std::move(to)) {
    fs::create_directories(to_.parent_path());
    out_.open(to_, std::ios::binary);
  }
  void add(const char* bytes, std::size_t size) { out_.write(bytes, static_cast<std::streamsize>(size)); }
  void finish() {
    out_.close();
    if (!out_) throw Error(Code::unavailable, fmt::format("cannot write '{}': is the disk full?", to_.string()));
  }

 private:
  fs::path to_;
  std::ofstream out_;
};

void fetch(store::Store& store, const std::string& key, const fs::path& to) {
  const auto reader = store.open(key);
  Writer writer(to);
  store::read_all(*reader, [&](std::span<const std::uint8_t> piece) {
    writer.add(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  writer.finish();
}

// An object, or all objects of a folder.
void fetch_all(store::Store& store, const std::string& key, const Uri& uri, const fs::path& to) {
  const auto entry = store.stat(key);
  if (!entry) throw Error(Code::not_found, fmt::format("there is no file or folder '{}'", uri.text()));
  if (!entry->is_folder) return fetch(store, key, to);
  for (const auto& file : store.list(key)) fetch(store, file.key, to / file.key.substr(key.size() + 1));
}

// The storage with the longest root, as for local paths.
std::optional<InStorage> in_storage_of(Instance& instance, const Uri& uri) {
  std::optional<InStorage> best;
  for (const auto& storage : instance.database().all({.registry = "Storage", .any_branch = true})) {
    auto key = uri.key_below(storage.text("root"));
    if (key && (!best || key->size() < best->key.size())) best = InStorage{storage.id(), std::move(*key)};
  }
  return best;
}

// The root of a storage that is made for it: a bucket or host. Of Hugging Face a repository: "hf://datasets/org/name",
// "hf://org/name" of a model.
Uri bucket_of(const Uri& uri) {
  auto bucket = uri;
  bucket.key.clear();
  if (uri.scheme != "hf") return bucket;
  const auto parts = base::split(uri.key, '/');
  const bool is_kind = uri.place == "datasets" || uri.place == "spaces" || uri.place == "buckets";
  const std::size_t count = is_kind ? 2 : 1;
  for (std::size_t i = 0; i < std::min(count, parts.size()); ++i) {
    bucket.key += (i == 0 ? "" : "/") + std::string(parts[i]);
  }
  return bucket;
}

bool is_bucket(const Uri& uri) { return uri.scheme != "file" && uri.scheme != "memory" && store::may_open(uri.scheme); }

// The bucket as a storage that is only read. One that takes our mark is not: whether to manage it is for the user to
// say.
void register_bucket(Instance& instance, const Uri& uri) {
  const auto root = bucket_of(uri).text();
  auto row = make_storage(instance, {.root = root});
  registry::Writes(instance.database()).save(row);
  if (row.text("instance_uid") != instance.settings().uid()) return;
  unmark(instance, row);
  registry::Writes(instance.database()).remove(row);
  throw Error(
      Code::invalid_argument,
      fmt::format("'{}' is not contained in any known storage location: register one that contains it first, for "
                  "instance a Storage with root '{}'",
                  uri.text(), root))
      .known_as("UnknownStorageLocation");
}

}  // namespace

std::optional<LocalSource> remote_source(Instance& instance, const Source& source,
                                         std::optional<std::int64_t> wanted_storage) {
  const auto* uri = source.uri();
  if (uri == nullptr || !is_bucket(*uri)) return std::nullopt;
  auto inside = in_storage_of(instance, *uri);
  if (!inside && wanted_storage) return std::nullopt;
  if (!inside) {
    const auto bucket = bucket_of(*uri);
    const auto key = uri->key_below(bucket.text());
    if (!key || !store::open_store(bucket.text())->stat(*key)) {
      throw Error(Code::not_found, fmt::format("there is no file or folder '{}'", uri->text()));
    }
    register_bucket(instance, *uri);
    inside = in_storage_of(instance, *uri);
  }
  if (wanted_storage && *wanted_storage != inside->storage) return std::nullopt;
  while (inside->key.ends_with('/')) inside->key.pop_back();
  LocalSource remote;
  remote.path = "/" + inside->key;
  remote.inside = std::move(inside);
  remote.is_remote = true;
  return remote;
}

LocalSource local_source(Instance& instance, const Source& source) {
  LocalSource local;
  if (const auto* path = source.path()) {
    local.path = base::resolve(*path);
    local.inside = in_storage(instance, local.path);
    return local;
  }
  auto scratch = std::make_shared<Scratch>();
  local.path = scratch->path() / source.name();
  if (const auto* bytes = source.bytes()) {
    Writer writer(local.path);
    writer.add(bytes->data(), bytes->size());
    writer.finish();
  } else {
    const Uri& uri = *source.uri();
    local.inside = in_storage_of(instance, uri);
    if (local.inside) {
      fetch_all(instance.store_of(local.inside->storage), local.inside->key, uri, local.path);
    } else {
      auto place = uri;
      place.key.clear();
      fetch_all(*store::open_store(place.text()), uri.key, uri, local.path);
    }
  }
  local.copy = std::move(scratch);
  return local;
}

}  // namespace lamin::lake
