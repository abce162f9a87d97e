// storage.cpp -- registers a location, says who may write there, and lets go of it.
//
// Invariants
//   1. A location has one mark, written before the row. An attempt that was killed in between is completed by the next
//      one, which finds the mark of its own instance and takes the uid from it.
//   2. Where the mark is another instance's, or none can be written, nothing is ever written to the location.
//   3. The mark is removed after the row, so that a row without a mark never exists.
#include "lake/artifact/storage.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "base/visible.hpp"
#include "lake/instance/branches.hpp"
#include "lake/instance/marker.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lamin/source.hpp"
#include "registry/new_record.hpp"
#include "store/aws_config.hpp"
#include "store/open_store.hpp"
#include "store/store.hpp"

namespace lamin {
namespace lake {
namespace {

constexpr std::string_view own_folder = ".lamindb";
constexpr std::string_view unknown_instance = "__unknown__";
constexpr std::array<std::string_view, 8> remote_types = {"gs", "s3", "hf", "http", "https", "az", "abfs", "abfss"};
constexpr std::array<std::string_view, 5> written_types = {"gs", "s3", "az", "abfs",
                                                           "abfss"};  // where marks can be written

std::string type_of(std::string_view root) {
  const auto at = root.find("://");
  return at == std::string_view::npos ? "local" : std::string(root.substr(0, at));
}

bool manages(const Instance& instance, const Record& storage) {
  return storage.text("instance_uid") == instance.settings().uid();
}

StorageMarker own_marker(const Instance& instance, std::string_view uid) {
  const auto& settings = instance.settings();
  return {std::string(uid), settings.slug(), settings.id, settings.uid()};
}

/// The mark at a location: the one that is there, or ours. nullopt if there is none and none can be written; then `why`
/// says more if the location is of a kind that this program cannot write.
std::optional<StorageMarker> mark(const Instance& instance, const Record& storage, std::string& why) {
  const auto root = std::string(storage.text("root"));
  const auto type = type_of(root);
  const bool local = type == "local";
  if (!local && std::ranges::find(written_types, type) == written_types.end()) return std::nullopt;
  try {
    const auto store = store::open_store(root, {.create = local, .region = std::string(storage.text("region"))});
    for (const bool first : {true, false}) {
      if (store->stat(marker_key)) {
        auto found = parse_marker(store::text_of(*store->open(marker_key)));
        if (!found.uid.empty()) return found;
      }
      const auto own = own_marker(instance, storage.uid());
      const auto text = marker_text(own);
      try {
        store->put(store::BytesReader(text), marker_key);
        return own;
      } catch (const Error& e) {  // another process was first
        if (e.code() != Code::conflict || !first) throw;
      }
    }
  } catch (const Error& e) {
    if (e.code() != Code::no_access && e.code() != Code::unavailable && e.code() != Code::not_found &&
        e.code() != Code::unsupported)
      throw;
    if (e.code() == Code::unsupported) why = fmt::format(" by this program yet, which has no {}://", type);
  }
  return std::nullopt;
}

void say_registered(const Instance& instance, const Record& storage) {
  const auto by = storage.text("instance_uid");
  const bool ours = manages(instance, storage);
  instance.say(Level::important,
               fmt::format("{} storage location at {}{}", ours ? "created managed" : "referenced read-only",
                           storage.text("root"),
                           ours || by.empty() ? "" : fmt::format(", is managed by instance with uid {}", by)));
}

void register_location(Instance& instance, Record& storage) {
  storage.set("root", Value(storage_root(storage.text("root"))));
  const auto type = type_of(storage.text("root"));
  if (storage.text("type").empty()) storage.set("type", Value(type));
  if (find_storage(instance, storage.text("root"))) return;  // the row cannot be written twice
  if (storage.text("type") != type) {
    throw Error(Code::invalid_argument, fmt::format("the storage '{}' is of type {}, not {}", storage.text("root"),
                                                    type, storage.text("type")));
  }
  if (storage.uid().empty())
    storage.set("uid", Value(base::random_uid(static_cast<std::size_t>(storage.table().uid_size))));
  const auto given = storage.text("instance_uid");
  if (!given.empty() && given != instance.settings().uid()) return;  // a location of another instance, as it says
  std::string why;
  const auto found = mark(instance, storage, why);
  if (!found) {
    storage.set("instance_uid", Value());
    instance.say(Level::important, fmt::format("LaminDB won't manage the storage location {}: it cannot be written{}",
                                               storage.text("root"), why));
  } else {
    if (found->uid.size() <= 12) storage.set("uid", Value(found->uid));
    storage.set("instance_uid",
                Value(found->instance_uid.empty() ? std::string(unknown_instance) : found->instance_uid));
    if (!manages(instance, storage)) {
      instance.say(Level::warning,
                   fmt::format("storage location {} is already marked with uid {}: it is managed by another "
                               "LaminDB instance and can only be read here",
                               storage.text("root"), found->uid));
    }
  }
  say_registered(instance, storage);
}

/// The row of artifacts, and of the place where new ones go, must not be deleted.
void check_unused(Instance& instance, const Record& storage) {
  const auto refuse = [&](std::string_view why) {
    throw Error(Code::protected_row, fmt::format("Cannot delete the storage '{}': {}", storage.text("root"), why));
  };
  const Query held{
      .registry = "Artifact", .where = Expr::compare("storage", Op::exact, Value(storage.id())), .any_branch = true};
  if (instance.database().exists(held)) refuse("it holds artifacts");
  const bool initial = storage.text("root") == instance.settings().storage_root;
  if (initial || storage.id() == instance.storage().id()) refuse("it is the default storage of this instance");
}

void check_empty(Instance& instance, const Record& storage) {
  if (!manages(instance, storage)) return;
  std::vector<std::string> left;
  for (const auto& entry : instance.store_of(storage.id()).list(own_folder)) {
    if (!entry.is_folder && entry.key != marker_key) left.push_back(entry.key);
  }
  if (left.empty()) return;
  constexpr std::size_t most_named = 10;
  const auto n = left.size();
  left.resize(std::min(n, most_named));
  throw Error(
      Code::conflict,
      fmt::format("'{}/{}' contains {} object{}: {}{}; delete them before you delete the storage", storage.text("root"),
                  own_folder, n, n == 1 ? "" : "s", base::join(left, ", "), n > most_named ? ", ..." : ""))
      .known_as("StorageNotEmpty");
}

}  // namespace

void check_unneeded(Instance& instance, const Record& storage) {
  check_unused(instance, storage);
  check_empty(instance, storage);
}

void unmark(const Instance& instance, const Record& storage) noexcept {
  try {
    const auto root = std::string(storage.text("root"));
    if (!manages(instance, storage)) return;
    const auto store = store::open_store(root, {.region = std::string(storage.text("region"))});
    if (store->stat(marker_key) && parse_marker(store::text_of(*store->open(marker_key))).uid == storage.uid())
      store->remove(marker_key);
  } catch (const std::exception&) {  // a mark that stays is taken over when the location is registered again
  }
}

void install_storage_hooks(Instance& instance) {
  auto& hooks = instance.database().hooks()["Storage"];
  append_hook(hooks.before_insert, [&instance](Database&, Record& row) { register_location(instance, row); });
  append_update_hook(hooks, {"branch"}, [&instance](Database&, const Record&, Record& now) {
    if (now.at("branch").integer_or(main_branch) == trash_branch) check_unused(instance, now);
  });
}

}  // namespace lake

std::string storage_root(std::string_view given) {
  const auto refuse = [&](const std::string& why) { throw Error(Code::invalid_argument, why); };
  if (given.empty()) refuse("a storage needs a root: a folder, such as './data', or a bucket, such as 's3://lab/data'");
  if (given.find(lake::own_folder) != std::string_view::npos) {
    refuse(
        fmt::format("'{}' cannot be a storage: its name contains '.lamindb', where content is kept by uid; choose "
                    "another folder",
                    given));
  }
  // The system would stop reading there: another place than the row names.
  if (given.find('\0') != std::string_view::npos) {
    refuse(fmt::format("'{}' cannot be a storage: there is a NUL in it", base::visible_line(given)));
  }
  if (given.starts_with("file://")) given.remove_prefix(std::string_view("file://").size());
  const auto type = lake::type_of(given);
  if (type == "local") return base::resolve(std::string(given)).string();
  const bool is_known = std::ranges::find(lake::remote_types, type) != lake::remote_types.end();
  if (type != "memory" && !is_known && !store::may_open(type)) {
    refuse(
        fmt::format("Protocol {} is not supported, valid protocols are local, {}", type,
                    base::join(std::vector<std::string>(lake::remote_types.begin(), lake::remote_types.end()), ", ")));
  }
  auto uri = Uri::parse(given).value();
  while (uri.key.ends_with('/')) uri.key.pop_back();
  if (!uri.key.empty()) base::check_path(uri.key);
  if (uri.place.empty() && type != "memory") refuse(fmt::format("'{}' names no bucket or host", given));
  return uri.text();
}

std::string address(std::string_view root, std::string_view key) {
  auto uri = Uri::parse(root);
  if (!uri) return fmt::format("{}/{}", root, key);
  uri->query.clear();
  return fmt::format("{}/{}", uri->text(), key);
}

bool s3_is_anonymous() {
  try {
    return store::aws_credentials(false).is_anonymous();
  } catch (const Error&) {  // there is a source, which gives none now
    return false;
  }
}

std::optional<Record> find_storage(Instance& instance, std::string_view root) {
  return instance.database().first({.registry = "Storage",
                                    .where = Expr::compare("root", Op::exact, Value(storage_root(root))),
                                    .any_branch = true});
}

Record make_storage(Instance& instance, const StorageOptions& options) {
  const auto root = storage_root(options.root);
  const auto type = lake::type_of(root);
  if (!options.host.empty() && type != "local") {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is not a local folder, so it is on no host: leave out host", options.root));
  }
  const auto& region = options.host.empty() ? options.region : options.host;
  if (auto known = find_storage(instance, root)) return std::move(*known);
  Record storage = registry::new_record(instance.catalog().table("Storage"), instance.database().session());
  storage.set("root", Value(root)).set("type", Value(type));
  if (!region.empty()) storage.set("region", Value(region));
  if (!options.description.empty()) storage.set("description", Value(options.description));
  return storage;
}

}  // namespace lamin
