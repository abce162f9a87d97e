// move_rules.cpp -- where an artifact may go: which changes of its row are allowed, and what else they change.
#include <fmt/format.h>
#include <algorithm>
#include "base/path.hpp"
#include "base/text.hpp"
#include "lake/artifact/moves.hpp"
#include "lake/artifact/place.hpp"

namespace lamin::lake {
namespace {

[[noreturn]] void refuse(std::string text) { throw Error(Code::invalid_argument, std::move(text)); }

Record storage_with_id(Instance& instance, const Value& id) {
  auto storage = instance.database().find(instance.catalog().table("Storage"), id.integer_or(0));
  if (!storage) throw Error(Code::not_found, fmt::format("there is no storage with id {}", id.integer_or(0)));
  return std::move(*storage);
}

bool is_managed(const Instance& instance, const Record& storage) {
  return storage.text("instance_uid") == instance.settings().uid();
}

void check_storage_change(Instance& instance, const Record& old, const Record& now) {
  const auto from = storage_with_id(instance, old.at("storage")), to = storage_with_id(instance, now.at("storage"));
  if (to.at("space") != now.at("space")) {
    refuse(
        fmt::format("Cannot change the storage of an artifact to a storage location that is not in the same space. "
                    "'{}' is in another space than artifact {}: change its space too",
                    to.text("root"), now.uid()));
  }
  const auto require = [&](const Record& storage, std::string_view preposition) {
    if (is_managed(instance, storage)) return;
    refuse(
        fmt::format("Cannot change the storage of an artifact {} a storage location that is not managed by the current "
                    "instance. '{}' can only be read here",
                    preposition, storage.text("root")));
  };
  require(from, "in");
  require(to, "to");
}

/// The storage of a space that an artifact goes to: where it is, otherwise the default, otherwise the only one.
std::int64_t storage_in_space(Instance& instance, const Record& from, const Value& space) {
  const auto storages = instance.database().all(
      {.registry = "Storage",
       .where = Expr::all_of({Expr::compare("space", Op::exact, space),
                              Expr::compare("instance_uid", Op::exact, Value(instance.settings().uid())),
                              Expr::compare("type", Op::exact, from.at("type"))}),
       .order_by = {"id"}});
  if (storages.empty()) {
    const auto row = instance.database().find(instance.catalog().table("Space"), space.integer_or(0));
    refuse(
        fmt::format("No {} storage locations managed by the current instance found for the space '{}'. Register one in "
                    "that space, or set its space as well as the artifact's",
                    from.text("type"), row ? row->text("name") : "?"));
  }
  for (const auto preferred : {from.id(), instance.storage().id()}) {
    if (std::ranges::find(storages, preferred, &Record::id) != storages.end()) return preferred;
  }
  if (storages.size() == 1) return storages[0].id();
  std::vector<std::string> roots;
  for (const auto& storage : storages) roots.emplace_back(storage.text("root"));
  refuse(fmt::format("Several storage locations are in that space: {}. Set the artifact's storage to one of them too",
                     base::join(roots, ", ")));
}

/// The path with another suffix: "a/b.csv" to "a/b.tsv", "a/b" to "a/b.zarr".
std::string with_suffix(std::string_view path, std::string_view old, std::string_view now) {
  if (base::suffix_of(path) == now && !now.empty()) return std::string(path);  // the key was changed too
  if (!old.empty() && path.size() > old.size() && base::lower(path.substr(path.size() - old.size())) == old)
    path.remove_suffix(old.size());
  return std::string(path) + std::string(now);
}

}  // namespace

void follow_suffix(const Record& old, Record& now) {
  const auto before = old.text("suffix"), after = now.text("suffix");
  if (!now.at("key").is_null()) now.set("key", Value(with_suffix(now.text("key"), before, after)));
  if (const auto real = now.text("_real_key"); !real.empty())
    now.set("_real_key", Value(with_suffix(real, before, after)));
}

void apply_move_rules(Instance& instance, const Record& old, Record& now) {
  if (old.at("storage") != now.at("storage")) {
    check_storage_change(instance, old, now);
  } else if (old.at("space") != now.at("space")) {
    const auto from = storage_with_id(instance, old.at("storage"));
    if (!from.at("instance_uid").is_null()) {  // otherwise nobody says who may read there
      if (!is_managed(instance, from)) {
        refuse(
            fmt::format("Cannot change the space of an artifact in a storage location that is not managed by the "
                        "current instance. '{}' can only be read here",
                        from.text("root")));
      }
      now.set("storage", storage_in_space(instance, from, now.at("space")));
    }
  }
  const bool other_key = old.at("key") != now.at("key"), other_suffix = old.at("suffix") != now.at("suffix");
  if (!other_key && !other_suffix) return;
  if (other_key && now.at("key").is_null())
    throw Error(Code::invalid_argument, "Cannot update an artifact key to None.").known_as("InvalidArgument");
  if (other_key) check_key_of(now);
  const bool real_key = !old.at("key").is_null() && !old.at("_key_is_virtual").boolean_or(true);
  if ((other_suffix || real_key) && !is_managed(instance, storage_with_id(instance, now.at("storage")))) {
    throw Error(Code::invalid_argument,
                fmt::format("Cannot update {} of an artifact in a storage location that is not managed by the current "
                            "instance.",
                            other_suffix ? "the suffix" : "a non-virtual key"))
        .known_as("InvalidArgument");
  }
  if (other_suffix) follow_suffix(old, now);
}

}  // namespace lamin::lake
