// arrays.cpp -- the arrays of an artifact where its bytes are.
#include <fmt/format.h>
#include <filesystem>
#include "base/path.hpp"
#include "format/hdf5_arrays.hpp"
#include "format/local_arrays.hpp"
#include "format/zarr_arrays.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/place.hpp"
#include "lake/artifact/verify.hpp"
#include "lamin/array_file.hpp"
#include "lamin/array_place.hpp"
#include "store/cache.hpp"
#include "store/store.hpp"

namespace lamin {
namespace {

/// Keeps the store as long as the reader.
class Held final : public store::Reader {
 public:
  Held(std::shared_ptr<store::Store> store, std::string_view key)
      : store_(std::move(store)), reader_(store_->open(key)) {}
  std::int64_t size() const override { return reader_->size(); }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
    return reader_->read_at(offset, into);
  }

 private:
  std::shared_ptr<store::Store> store_;
  std::unique_ptr<store::Reader> reader_;
};

}  // namespace

ArrayPlace array_place(Instance& instance, const Record& artifact) {
  const auto id = artifact.at("storage").integer_or(0);
  const auto key = lake::require_content(instance, artifact);
  if (auto path = instance.store_of(id).local_path(key)) return {.path = std::move(*path)};
  const auto digest = lake::known_digest(instance, artifact).value_or("");
  if (auto copy = store::Cache(base::cache_folder()).find(artifact.uid(), digest, key); !copy.empty())
    return {.path = std::move(copy)};
  const auto storage = instance.database().find(instance.catalog().table("Storage"), id);
  if (!storage) throw Error(Code::not_found, fmt::format("There is no storage with id {}.", id));
  return {.root = std::string(storage->text("root")), .region = std::string(storage->text("region")), .key = key};
}

std::shared_ptr<ArrayFile> open_arrays(const ArrayPlace& place) {
  if (!place.path.empty()) return format::open_local_arrays(place.path);
  // A store of its own: what is open may outlive the instance, and be read by several threads.
  std::shared_ptr<store::Store> store = store::open_store(place.root, {.region = place.region});
  const auto entry = store->stat(place.key);
  if (!entry) throw Error(Code::not_found, fmt::format("'{}' is not in {}.", place.key, store->root()));
  if (entry->is_folder) return format::open_zarr_arrays(format::zarr::store_place(std::move(store), place.key));
  auto name = store->root() + "/" + place.key;
  return format::open_hdf5_arrays(std::make_shared<Held>(std::move(store), place.key), std::move(name));
}

}  // namespace lamin
