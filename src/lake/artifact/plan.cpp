#include "lake/artifact/plan.hpp"
#include <fmt/format.h>
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/place.hpp"
#include "lake/rows/version.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

constexpr std::size_t few = 4;  // up to this many texts are looked up one by one

std::string place_and_key(std::int64_t storage, std::string_view key) { return fmt::format("{}/{}", storage, key); }

// The same, otherwise the family that another writer is about to save.
std::optional<std::string> family_of_key(Instance& instance, const Draft& draft, const Announced& announced,
                                         const PresenceFilter& keys) {
  const auto key = draft.record.text("key");
  if (keys.may_have(key)) {
    if (auto stored = stored_family_of_key(instance, draft)) return stored;
  }
  const auto other = announced.of_key(storage_of(draft), key);
  if (other.empty()) return std::nullopt;
  return std::string(other.substr(0, static_cast<std::size_t>(draft.record.table().stem_size)));
}

}  // namespace

Announced::Announced(Instance& instance)
    : stem_size_(static_cast<std::size_t>(instance.catalog().table("Artifact").stem_size)) {
  auto rows = instance.database().connection().query(
      "SELECT storage_id, artifact_key, artifact_uid FROM lamin_intent WHERE artifact_uid IS NOT NULL");
  while (rows->next()) add(rows->integer(0), rows->is_null(1) ? "" : rows->text(1), std::string(rows->text(2)));
}

void Announced::add(std::int64_t storage, std::string_view key, std::string_view uid) {
  if (!key.empty()) first_of_key_.emplace(place_and_key(storage, key), uid);
  of_stem_[std::string(uid.substr(0, stem_size_))].emplace_back(uid);
}

std::string_view Announced::of_key(std::int64_t storage, std::string_view key) const {
  const auto found = first_of_key_.find(place_and_key(storage, key));
  return found == first_of_key_.end() ? std::string_view() : found->second;
}

std::vector<std::string> Announced::of_stem(std::string_view stem) const {
  const auto found = of_stem_.find(std::string(stem));
  return found == of_stem_.end() ? std::vector<std::string>() : found->second;
}

PresenceFilter::PresenceFilter(Instance& instance, std::string_view column, std::vector<Value> texts)
    : blind_(texts.size() <= few) {
  if (blind_) return;
  const std::string paths[] = {std::string(column)};
  const Query query{.registry = "Artifact", .where = Expr::in(paths[0], std::move(texts)), .any_branch = true};
  const auto columns = instance.database().columns(query, paths);
  for (const auto& text : columns.at(0)) add(text.text_or(""));
}

std::int64_t storage_of(const Draft& draft) { return draft.record.at("storage").integer_or(0); }

// The stem of the family that a key belongs to.
std::optional<std::string> stored_family_of_key(Instance& instance, const Draft& draft) {
  const auto& record = draft.record;
  const auto latest = head(instance, record.table(), "key", record.at("key"), branch_of(instance, record),
                           Expr::compare("storage", Op::exact, storage_of(draft)));
  return latest ? std::optional(std::string(stem_of(*latest))) : std::nullopt;
}

// Gives the draft its uid: after every version that exists or is announced.
void assign_uid(Instance& instance, Draft& draft, const Announced& announced, const PresenceFilter& keys, bool fresh) {
  auto& record = draft.record;
  std::optional<std::string> stem;
  if (draft.revises) {
    stem = std::string(stem_of(record));
  } else if (!record.at("key").is_null()) {
    stem = family_of_key(instance, draft, announced, keys);
  }
  if (!stem) {
    if (fresh) record.set("uid", Value(base::random_uid(16) + "0000"));
    return;  // a stem that is not used elsewhere
  }
  auto taken = family_uids(instance, record.table(), *stem);
  for (auto& uid : announced.of_stem(*stem)) taken.push_back(std::move(uid));
  record.set("uid", Value(uid_after(*stem, taken)));
}

namespace {

Intent blank_intent(const Draft& draft, const std::string& operation) {
  Intent intent;
  intent.operation = operation;
  intent.storage_id = storage_of(draft);
  intent.artifact_uid = std::string(draft.record.uid());
  intent.artifact_key = std::string(draft.record.text("key"));
  intent.bytes = draft.record.at("size").integer_or(0);
  return intent;
}

/// A place that only the operation can name, with the artifact's suffix: readers may go there before the exchange.
std::string own_place(const Record& record, const std::string& operation) {
  return fmt::format("{}{}.{}{}", auto_prefix, record.uid(), operation, record.text("suffix"));
}

/// Whether an unregistered file is where the artifact would go.
bool is_foreign(Instance& instance, std::int64_t storage, const std::string& place) {
  if (place.starts_with(auto_prefix) || !instance.store_of(storage).stat(place)) return false;
  return holder_of(instance, storage, place).uid.empty() && waiting_for(instance, storage, place).empty();
}

void check_as_prepared(const Draft& draft) {
  const auto refuse = [](std::string_view what) {
    throw Error(Code::invalid_argument, fmt::format("Cannot update the {} of an artifact before it is saved.", what))
        .known_as("InvalidArgument");
  };
  if (draft.record.text("suffix") != draft.suffix) refuse("suffix");
  if (!draft.record.at("key").is_null()) check_key_of(draft.record);
  if (draft.record.text("key") != draft.key && !draft.record.at("_key_is_virtual").boolean_or(true)) refuse("key");
}

}  // namespace

std::optional<Intent> intent_for(Instance& instance, const Draft& draft, const std::string& operation) {
  check_as_prepared(draft);
  auto& store = instance.store_of(storage_of(draft));
  const auto place = place_of(draft.record);
  if (draft.source.empty()) {  // registered in place
    if (store.stat(place)) return Intent{};
    throw Error(Code::not_found, fmt::format("there is nothing at '{}/{}', where the artifact '{}' is to be registered",
                                             store.root(), place, draft.record.text("key")));
  }
  auto intent = blank_intent(draft, operation);
  if (!shares_place(draft.record)) {
    if (store.stat(place)) return std::nullopt;
    intent.kind = Intent::put;
    intent.place = place;
    return intent;
  }
  if (is_foreign(instance, intent.storage_id, place)) {
    throw Error(Code::conflict,
                fmt::format("'{}/{}' is there already and is no artifact; pass that path to register it in place, or "
                            "another key",
                            store.root(), place));
  }
  intent.kind = Intent::swap;
  intent.target = place;
  intent.place = own_place(draft.record, operation);
  return intent;
}

Intent repair_for(Instance& instance, const Draft& draft, const std::string& operation, bool is_right) {
  if (draft.source.empty()) return {};
  const auto place = place_of(draft.record);
  auto& store = instance.store_of(storage_of(draft));
  const bool holds = holds_place(instance, draft.record);
  if (holds && is_right) return {};
  auto intent = blank_intent(draft, operation);
  intent.place = own_place(draft.record, operation);
  intent.kind = holds ? Intent::swap : Intent::put;
  if (holds) intent.target = place;
  instance.say(
      Level::warning,
      holds ? fmt::format("the content of artifact {} was missing or wrong at '{}/{}' and is restored",
                          draft.record.uid(), store.root(), place)
            : fmt::format("a later version has replaced the content of artifact {} at '{}/{}'; it is restored at "
                          "'{}'",
                          draft.record.uid(), store.root(), place, intent.place));
  return intent;
}

Intent replacement_for(const Draft& draft, const std::string& operation) {
  auto intent = blank_intent(draft, operation);
  intent.place = own_place(draft.record, operation);
  intent.kind = shares_place(draft.record) ? Intent::swap : Intent::put;
  if (intent.kind == Intent::swap) intent.target = place_of(draft.record);
  return intent;
}

}  // namespace lamin::lake
