// scrap.cpp -- removes what lies in the default storage and is part of no artifact.
#include <fmt/format.h>
#include <algorithm>
#include "base/path.hpp"
#include "lake/artifact/place.hpp"
#include "store/store.hpp"

namespace lamin {
namespace lake {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw Error(Code::invalid_argument, fmt::format("'{}' is not deleted: {}", path.string(), why));
}

/// An artifact whose bytes are at the key, in the folder that it names, or in a folder that contains it.
std::optional<Record> artifact_touching(Instance& instance, std::int64_t storage, const std::string& key) {
  for (auto at = key; !at.empty(); at = at.substr(0, at.rfind('/') == at.npos ? 0 : at.rfind('/'))) {
    if (auto rows = at_place(instance, storage, at); !rows.empty()) return std::move(rows.front());
  }
  const auto below = key + "/";
  auto rows =
      instance.database().all({.registry = "Artifact",
                               .where = Expr::any_of({Expr::compare("key", Op::startswith, Value(below)),
                                                      Expr::compare("_real_key", Op::startswith, Value(below))}),
                               .order_by = {"id"},
                               .any_branch = true});
  for (auto& row : rows) {
    if (row.at("storage").integer_or(0) == storage && place_of(row).starts_with(below)) return std::move(row);
  }
  return std::nullopt;
}

bool contains_a_storage(Instance& instance, const std::filesystem::path& path) {
  const Query below{.registry = "Storage",
                    .where = Expr::compare("root", Op::startswith, Value(path.string() + "/")),
                    .any_branch = true};
  return instance.database().first(below).has_value();
}

}  // namespace
}  // namespace lake

bool remove_scrap(Instance& instance, const std::filesystem::path& given) {
  const auto path = base::resolve(given);
  const auto inside = lake::in_storage(instance, path);
  if (!inside || inside->storage != instance.storage().id()) return false;
  const auto& key = inside->key;
  if ((key + "/").starts_with(lake::auto_prefix))
    lake::refuse(path, "it belongs to the instance. Delete the artifact; `lamin gc` removes what nobody needs");
  // In a transaction, so that nobody registers it meanwhile.
  instance.database().transaction([&] {
    if (const auto artifact = lake::artifact_touching(instance, inside->storage, key))
      lake::refuse(path, fmt::format("{} is there. Delete the artifact", named(*artifact)));
    if (lake::contains_a_storage(instance, path)) lake::refuse(path, "another storage location is in it");
    auto& store = instance.store_of(inside->storage);
    if (!store.stat(key)) {
      throw Error(Code::not_found, fmt::format("There is nothing at '{}'", path.string())).known_as("FileDoesNotExist");
    }
    store.remove(key);
  });
  return true;
}

}  // namespace lamin
