// zarr_place.hpp -- where the objects of a zarr group are: a local folder, or a prefix in a store.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "store/store.hpp"

namespace lamin::format::zarr {

/// May be used by several threads at once. Keys are below the group and checked by the caller.
class Place {
 public:
  virtual ~Place() = default;
  virtual std::string name() const = 0;                                        ///< for messages
  virtual bool is_remote() const = 0;                                          ///< each object costs a round trip
  virtual std::optional<std::int64_t> size(const std::string& key) const = 0;  ///< nullopt: there is no such object
  /// The object; nullopt if there is none. Throws corrupt if it is larger than `most`.
  virtual std::optional<std::string> get(const std::string& key, std::int64_t most) const = 0;
  /// Throws corrupt if the object ends before.
  virtual void get_part(const std::string& key, std::int64_t offset, std::span<std::uint8_t> into) const = 0;
  virtual std::vector<std::string> folders(const std::string& key) const = 0;  ///< names, sorted
  virtual std::int64_t stored(const std::string& key) const = 0;               ///< bytes of all objects below
};

std::unique_ptr<Place> local_place(const std::filesystem::path& folder);
/// `key` is that of the group in the store.
std::unique_ptr<Place> store_place(std::shared_ptr<store::Store> store, std::string key);

}  // namespace lamin::format::zarr
