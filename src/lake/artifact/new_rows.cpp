#include "lake/artifact/new_rows.hpp"
#include <exception>
#include "db/connection.hpp"
#include "lake/artifact/content.hpp"
#include "lake/rows/run_scope.hpp"
#include "lake/rows/version.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

std::vector<Value> hashes_of(const std::vector<Draft*>& drafts) {
  std::vector<Value> hashes;
  for (const auto* draft : drafts) hashes.emplace_back(draft->hash);
  return hashes;
}

std::vector<Value> uids_of(const std::vector<Draft*>& drafts) {
  std::vector<Value> uids;
  for (const auto* draft : drafts) uids.emplace_back(draft->record.uid());
  return uids;
}

}  // namespace

std::optional<Record> row_in_the_way(Instance& instance, Draft& draft) {
  if (draft.hash.empty()) return std::nullopt;
  Query query;
  query.registry = "Artifact";
  query.any_branch = true;
  query.where = Expr::all_of(
      {Expr::compare("hash", Op::exact, Value(draft.hash)), Expr::compare("storage", Op::exact, storage_of(draft)),
       draft.record.at("key").is_null() ? Expr::compare("key", Op::isnull, Value(true))
                                        : Expr::compare("key", Op::exact, draft.record.at("key"))});
  auto found = instance.database().all(query);
  for (auto& other : found) {
    if (has_content(instance, other, draft.hash_type, draft.digest, draft.links)) return std::move(other);
  }
  draft.record.set("hash", found.empty() ? Value(draft.hash) : Value());
  return std::nullopt;
}

std::vector<Value> keys_of(const std::vector<Draft*>& drafts) {
  std::vector<Value> keys;
  for (const auto* draft : drafts) {
    if (!draft->record.at("key").is_null()) keys.push_back(draft->record.at("key"));
  }
  return keys;
}

NewRows::NewRows(Instance& instance, const std::vector<Draft*>& drafts, const std::function<void(Record&)>& each)
    : instance_(instance),
      each_(each),
      hashes_(instance, "hash", hashes_of(drafts)),
      keys_(instance, "key", keys_of(drafts)),
      uids_(instance, "uid", uids_of(drafts)) {}

void NewRows::add(Draft& draft) {
  auto& record = draft.record;
  record.set("id", Value());                  // the transaction may run again
  const bool has_hash = !draft.hash.empty();  // a server may state none
  const bool same_hash = has_hash && hashes_.may_have(draft.hash), same_uid = uids_.may_have(record.uid());
  const bool same_key = !record.at("key").is_null() && keys_.may_have(record.text("key"));
  const bool is_version = draft.revises || !record.uid().ends_with("0000");
  const bool alone = same_hash || same_uid || same_key || is_version;
  if (alone || (!pending_.empty() && pending_.front()->run != draft.run)) write();
  if (!same_hash) record.set("hash", has_hash ? Value(draft.hash) : Value());
  else if (row_in_the_way(instance_, draft)) throw PlanChanged{"the same content was saved meanwhile"};
  if (same_key && !draft.revises) {
    const auto family = stored_family_of_key(instance_, draft);
    if (family && *family != stem_of(record)) throw PlanChanged{"the key was given to another artifact"};
  }
  if (same_uid && has_uid(record.uid())) throw PlanChanged{"the uid was taken"};
  hashes_.add(draft.hash);
  keys_.add(record.text("key"));
  uids_.add(record.uid());
  pending_.push_back(&draft);
  if (alone) write();
}

void NewRows::write() {
  if (pending_.empty()) return;
  insert(pending_.front()->run);
  write_contents(instance_, pending_);
  for (auto* draft : pending_) {
    if (each_) each_(draft->record);
  }
  pending_.clear();
}

bool NewRows::has_uid(std::string_view uid) {
  return instance_.database().exists(
      {.registry = "Artifact", .where = Expr::compare("uid", Op::exact, Value(uid)), .any_branch = true});
}

void NewRows::insert(std::int64_t run) {
  const RunScope scope(instance_.database(), run);
  std::vector<Record> records;
  for (auto* draft : pending_) records.push_back(std::move(draft->record));
  std::exception_ptr failure;
  try {
    registry::Writes(instance_.database()).insert(records, {.ignore_conflicts = false, .undoes = false});
  } catch (...) { failure = std::current_exception(); }
  for (std::size_t i = 0; i < pending_.size(); ++i) pending_[i]->record = std::move(records[i]);
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const db::Retry&) { throw; } catch (const Error& e) {
    if (e.code() == Code::conflict) throw PlanChanged{e.what()};
    throw;
  }
}

}  // namespace lamin::lake
