// instance.cpp -- the parts of an open instance, and the stores of its storages.
#include "lamin/instance.hpp"
#include <fmt/format.h>
#include <filesystem>
#include "base/text.hpp"
#include "lake/instance/bucket_database.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/storage.hpp"
#include "store/store.hpp"

namespace lamin {

Instance::Instance(InstanceSettings settings, UserSettings user, std::unique_ptr<Database> database)
    : settings_(std::move(settings)), user_(std::move(user)), database_(std::move(database)) {}

Instance::~Instance() {
  if (!bucket_ || !bucket_->owes()) return;
  try {
    static_cast<void>(bucket_->push());
  } catch (const Error& e) {
    try {
      if (unsent_) unsent_(e);
      else say(Level::error, fmt::format("{}; {}", e.what(), base::join(e.context(), "; ")));
    } catch (const std::exception&) {  // nobody to tell
    }
  } catch (const std::exception&) {  // sent by the next program
  }
}

bool Instance::push() { return bucket_ && bucket_->push(); }

Synced sync(const InstanceSettings& settings, const SyncOptions& options) {
  const auto bucket = lake::BucketDatabase::of(settings);
  if (!bucket && (options.take_over || options.discard)) {
    throw Error(
        Code::invalid_argument,
        fmt::format("The database of '{}' does not lie in a bucket: it has no lock to be taken over, and nothing "
                    "that was not sent.",
                    settings.slug()));
  }
  if (!bucket) return {};
  Synced done{.in_bucket = true};
  if (options.take_over) bucket->break_lock();
  if (options.discard) done.kept = bucket->put_aside();
  bucket->refresh();
  done.sent = bucket->push();
  return done;
}

Verify verify_called(std::string_view name) {
  for (const auto verify : {Verify::size, Verify::full}) {
    if (name == name_of(verify)) return verify;
  }
  throw Error(Code::invalid_argument, fmt::format("what is read is verified by 'size' or 'full', not by '{}'; correct "
                                                  "settings.verify or LAMIN_VERIFY",
                                                  name));
}

std::string_view name_of(Verify verify) { return verify == Verify::full ? "full" : "size"; }

const Record& Instance::storage() {
  if (storage_.saved()) return storage_;
  Query query;
  query.registry = "Storage";
  query.where = Expr::compare("root", Op::exact, Value(settings_.storage_root));
  query.any_branch = true;
  auto found = database_->first(query);
  if (!found) {
    throw Error(
        Code::not_configured,
        fmt::format("the database of '{}' has no storage '{}'; if the folder was moved, connect to it by its path",
                    settings_.slug(), settings_.storage_root));
  }
  storage_ = std::move(*found);
  return storage_;
}

void check_writable(const Instance& instance, const Record& storage) {
  const auto manager = storage.text("instance_uid");
  if (manager == instance.settings().uid()) return;
  throw Error(Code::invalid_argument,
              fmt::format("Storage '{}' {}, cannot write to it from here.", storage.text("root"),
                          manager.empty() ? "is not managed by any instance"
                                          : fmt::format("exists in another instance ({})", manager)));
}

void Instance::use_storage(Record storage) {
  check_writable(*this, storage);
  storage_ = std::move(storage);
}

store::Store& Instance::store_of(std::int64_t storage_id) {
  auto& store = stores_[storage_id];
  if (store) return *store;
  const auto row =
      storage_id == storage().id() ? std::optional(storage()) : database_->find(catalog().table("Storage"), storage_id);
  if (!row) throw Error(Code::not_found, fmt::format("there is no storage with id {}", storage_id));
  store = store::open_store(row->text("root"), {.region = std::string(row->text("region"))});
  return *store;
}

void Instance::use_store(std::int64_t storage_id, std::unique_ptr<store::Store> store) {
  stores_[storage_id] = std::move(store);
}

}  // namespace lamin
