#include "lake/plan.hpp"
#include <fmt/format.h>
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/place.hpp"
#include "lake/version.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

std::vector<std::string> announced(Instance& instance, std::string_view column, std::int64_t storage,
                                   std::string_view value) {
  const Value parameters[] = {storage, Value(value)};
  auto rows = instance.database().connection().query(
      fmt::format("SELECT artifact_uid FROM lamin_intent WHERE storage_id = ? AND {} = ? AND artifact_uid IS NOT NULL",
                  column),
      parameters);
  std::vector<std::string> uids;
  while (rows->next()) uids.emplace_back(rows->text(0));
  return uids;
}

// The same, or if there is none that which another writer is about to save.
std::optional<std::string> family_of_key(Instance& instance, const Draft& draft) {
  const auto& record = draft.record;
  if (auto stored = stored_family_of_key(instance, draft)) return stored;
  const auto others = announced(instance, "artifact_key", storage_of(draft), record.text("key"));
  if (others.empty()) return std::nullopt;
  return others.front().substr(0, static_cast<std::size_t>(record.table().stem_size));
}

}  // namespace

std::int64_t storage_of(const Draft& draft) { return draft.record.at("storage").integer_or(0); }

// The stem of the family that a key belongs to.
std::optional<std::string> stored_family_of_key(Instance& instance, const Draft& draft) {
  const auto& record = draft.record;
  const auto latest = head(instance, record.table(), "key", record.at("key"), branch_of(instance, record),
                           Expr::compare("storage", Op::exact, storage_of(draft)));
  return latest ? std::optional(std::string(stem_of(*latest))) : std::nullopt;
}

// Gives the draft its uid: after every version that is there or announced.
void assign_uid(Instance& instance, Draft& draft, bool fresh) {
  auto& record = draft.record;
  std::optional<std::string> stem;
  if (draft.revises) {
    stem = std::string(stem_of(record));
  } else if (!record.at("key").is_null()) {
    stem = family_of_key(instance, draft);
  }
  if (!stem) {
    if (fresh) record.set("uid", Value(base::random_uid(16) + "0000"));
    return;  // a stem that nobody else has
  }
  auto taken = family_uids(instance, record.table(), *stem);
  const Value prefix[] = {*stem};  // not a range: its order would be the database's collation
  auto rows = instance.database().connection().query(
      "SELECT artifact_uid FROM lamin_intent WHERE substr(artifact_uid, 1, 16) = ?", prefix);
  while (rows->next()) taken.emplace_back(rows->text(0));
  record.set("uid", Value(uid_after(*stem, taken)));
}

Intent intent_for(Instance& instance, const Draft& draft, const std::string& operation) {
  Intent intent;
  if (draft.source.empty()) return intent;  // registered where it is
  auto& store = instance.store_of(storage_of(draft));
  intent.operation = operation;
  intent.storage_id = storage_of(draft);
  intent.artifact_uid = std::string(draft.record.uid());
  intent.artifact_key = std::string(draft.record.text("key"));
  intent.bytes = draft.record.at("size").integer_or(0);
  intent.kind = "put";
  intent.place = place_of(draft.record);
  const bool shared = has_real_place(draft.record) || overwrites(draft.record);
  if (!shared || !store.stat(intent.place)) return intent;
  if (family_uids(instance, draft.record.table(), stem_of(draft.record)).empty()) {
    throw Error(Code::conflict,
                fmt::format("'{}/{}' is there already and is no artifact; pass that path to register it in place, or "
                            "another key",
                            store.root(), intent.place));
  }
  intent.kind = "swap";
  intent.target = intent.place;
  intent.place = fmt::format("{}{}.{}.new", auto_prefix, draft.record.uid(), operation);
  return intent;
}

}  // namespace lamin::lake
