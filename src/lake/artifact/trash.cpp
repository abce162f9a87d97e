// trash.cpp -- moves rows to the trash and deletes artifacts: the row in a transaction, the bytes after it.
#include "lake/artifact/trash.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/text.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/exchange.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/intent.hpp"
#include "lake/artifact/place.hpp"
#include "lake/instance/branches.hpp"
#include "lake/rows/version.hpp"
#include "registry/writes.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

// Members of a type go with it.
std::vector<Record> members_of_type(Instance& instance, const Record& record) {
  if (!record.table().has(schema::Trait::typed) || !record.at("is_type").boolean_or(false)) return {};
  Query query;
  query.registry = record.table().qualified.str();
  query.where = Expr::compare("type", Op::exact, record.id());
  query.any_branch = true;
  return instance.database().all(query);
}

// Whether the bytes go too.
bool bytes_too(Instance& instance, const Record& artifact, std::optional<bool> storage) {
  if (storage && !*storage) return false;
  const auto row = instance.database().find(instance.catalog().table("Storage"), artifact.at("storage").integer_or(0));
  if (!row || row->text("instance_uid") != instance.settings().uid()) {
    throw Error(Code::conflict, fmt::format("Cannot simply delete artifacts outside of this instance's managed storage "
                                            "locations: '{}'. Pass ",
                                            row ? row->text("root") : "?") +
                                    Words(Remedy{Remedy::Verb::keep_bytes}) + " to delete only the metadata");
  }
  if (!storage && has_real_place(artifact)) {
    throw Error(Code::invalid_argument,
                fmt::format("the content of artifact '{}' is at '{}/{}', a name that was chosen by hand: pass ",
                            artifact.uid(), row->text("root"), place_of(artifact)) +
                    Words(Remedy{Remedy::Verb::delete_bytes}) + " to delete it too, " +
                    Remedy{Remedy::Verb::keep_bytes} + " to keep it");
  }
  return true;
}

// The artifact; for the version that holds an overwritten folder, all others come first, since their content is gone
// anyway.
std::vector<Record> with_outdated(Instance& instance, const Record& artifact) {
  if (!overwrites(artifact) || !holds_place(instance, artifact)) return {artifact};
  Query query;
  query.registry = "Artifact";
  query.any_branch = true;
  query.where = Expr::all_of(
      {Expr::compare("uid", Op::startswith, Value(stem_of(artifact))), Expr::compare("id", Op::ne, artifact.id())});
  auto all = instance.database().all(query);
  all.push_back(artifact);
  return all;
}

Intent removal_of(const Record& artifact) {
  Intent intent;
  intent.operation = base::random_uid(20);
  intent.kind = Intent::remove;
  intent.storage_id = artifact.at("storage").integer_or(0);
  intent.place = place_of(artifact);
  intent.artifact_uid = std::string(artifact.uid());
  return intent;
}

}  // namespace

void require_branched(const Record& record, std::string_view what) {
  if (!record.saved()) {
    throw Error(Code::invalid_argument, fmt::format("record is not yet saved, {} has no effect: save it first", what));
  }
  if (record.table().find_column("branch") == nullptr) {
    throw Error(Code::invalid_argument,
                fmt::format("a {} has no trash; delete it permanently", record.table().name.view()));
  }
}

void move_to_trash(Instance& instance, Record& record) {
  if (record.at("branch").integer_or(main_branch) == trash_branch) return;
  for (auto& member : members_of_type(instance, record)) move_to_trash(instance, member);
  record.set("branch", trash_branch);
  registry::Writes(instance.database()).save(record);
}

DeletedArtifact delete_artifact(Instance& instance, const Record& known, std::optional<bool> storage) {
  // Its content may have been replaced or moved since the caller read it.
  const auto stored = instance.database().find(known.table(), known.id());
  const Record& artifact = stored ? *stored : known;
  const bool wanted = bytes_too(instance, artifact, storage);
  DeletedArtifact done{.bytes = {.storage = artifact.at("storage").integer_or(0), .place = place_of(artifact)}};
  done.bytes.shown = fmt::format("{}/{}", instance.store_of(done.bytes.storage).root(), done.bytes.place);
  done.bytes.held = holds_place(instance, artifact);
  done.bytes.removes = wanted && done.bytes.held && !pass_place_on(instance, artifact);
  for (const auto& row : with_outdated(instance, artifact)) {
    forget_content(instance, row.id());
    for (const auto& [table, n] : registry::Writes(instance.database()).remove(row)) done.rows[table] += n;
  }
  if (done.bytes.removes) declare(instance, {removal_of(artifact)});
  else forget_place(instance, done.bytes.storage, done.bytes.place);
  return done;
}

void carry_out(Instance& instance, const LeftBytes& bytes) noexcept {
  if (bytes.removes) {
    settle_after_commit(instance, bytes.storage, bytes.place);
    instance.say(Level::success, "deleted " + bytes.shown);
  } else if (bytes.held) {
    instance.say(Level::warning, "a file/folder remains here: " + bytes.shown);
  }
}

}  // namespace lamin::lake
