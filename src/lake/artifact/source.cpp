// source.cpp -- copies of what is not local.
#include "lake/artifact/source.hpp"
#include <fmt/format.h>
#include <stdlib.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <span>
#include "base/path.hpp"
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

std::optional<InStorage> in_storage_of(Instance& instance, const Uri& uri) {
  for (const auto& storage : instance.database().all({.registry = "Storage", .any_branch = true})) {
    if (auto key = uri.key_below(storage.text("root"))) return InStorage{storage.id(), std::move(*key)};
  }
  return std::nullopt;
}

}  // namespace

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
      fetch_all(*store::open_store(uri.scheme + "://" + uri.place), uri.key, uri, local.path);
    }
  }
  local.copy = std::move(scratch);
  return local;
}

}  // namespace lamin::lake
