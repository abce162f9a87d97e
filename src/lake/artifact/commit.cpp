// commit.cpp -- how a prepared artifact becomes durable and visible in one step.
//
//   plan      one transaction: the uid (considering what others have announced), the place of the bytes, the intent
//   carry     bytes to that place, which has never been used; hashed on the way and compared
//   conclude  one transaction: drops the intent, unmarks the former latest version, writes row, digests and links
//   settle    if versions share a place, the bytes are exchanged with those there
//
// Invariants (the states of the intent, and who may do what in each: lake/artifact/intent.hpp)
//   1. A row is visible only after its bytes are durable; bytes without a row have an intent.
//   2. If anything changed since the plan (the uid was taken by LaminDB, the key got a family, the same content was
//      saved), the conclusion is rolled back, the bytes are removed and everything starts again.
//   3. After the conclusion nothing is an error: what cannot be settled is read where it waits.
#include "lake/artifact/commit.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <map>
#include "base/reporting.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/exchange.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/intent.hpp"
#include "lake/artifact/moves.hpp"
#include "lake/artifact/new_rows.hpp"
#include "lake/artifact/place.hpp"
#include "lake/artifact/plan.hpp"
#include "lake/artifact/verify.hpp"
#include "lake/instance/branches.hpp"
#include "lake/rows/given_uids.hpp"
#include "lake/rows/version.hpp"
#include "registry/writes.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

// The progress of one draft.
struct Step {
  Draft* draft = nullptr;
  Intent intent;               // put or swap; empty place = no bytes move
  const Step* same = nullptr;  // an earlier draft of the batch with the same content and key
  bool is_right = false;       // the stored bytes of an existing artifact were checked and are right
  std::optional<Record> left;  // what a replaced row was, if the bytes at its former place are to be removed
  bool moves() const { return !intent.place.empty(); }
};

bool same_row_wanted(const Draft& a, const Draft& b) {
  return storage_of(a) == storage_of(b) && a.record.text("key") == b.record.text("key") &&
         a.record.at("key").is_null() == b.record.at("key").is_null() && a.digest == b.digest && a.links == b.links;
}

// Registers in place: the bytes are already there, and the place is now held by this artifact.
void take_in_place(Instance& instance, const Record& record) {
  const auto entry = instance.store_of(record.at("storage").integer_or(0)).stat(place_of(record));
  take_place(instance, record, entry && !entry->stamp.empty() ? entry->stamp : std::string(unknown_stamp));
}

// Updates an existing row: the run made it if none is known to have, otherwise it recreated it.
void update_existing(Instance& instance, Draft& draft) {
  auto& database = instance.database();
  const auto stored = database.find(draft.record.table(), draft.record.id());
  if (!stored) throw PlanChanged{"the artifact was deleted"};
  if (draft.run != 0 && draft.record.at("run").is_null()) {
    database.say(Level::warning, fmt::format("run was not set on {}, setting to current run", named(draft.record)));
    draft.record.set("run", draft.run);
  }
  if (stored->values() != draft.record.values()) registry::Writes(database).save(draft.record);
  if (draft.source.empty() && shares_place(draft.record)) take_in_place(instance, draft.record);
  const auto run = draft.run;
  if (run == 0 || draft.record.at("run").integer_or(0) == run) return;
  const auto& table = draft.record.table();
  Query inputs = database.related(draft.record, *table.find_relation("input_of_runs"));
  inputs.where = Expr::all_of({inputs.where, Expr::compare("id", Op::exact, run)});
  if (database.exists(inputs)) return;
  const std::int64_t ids[] = {run};
  registry::Writes(database).link(draft.record, *table.find_relation("recreating_runs"), ids);
}

Error moved_meanwhile(const Record& artifact) {
  return {Code::conflict, fmt::format("artifact {} was moved by another process meanwhile; get it again and replace "
                                      "its content there",
                                      artifact.uid())};
}

// The row gets the content of the draft. Its former place is left if that is another one.
std::optional<Record> replace_content(Instance& instance, Draft& draft, const Intent& intent) {
  auto& database = instance.database();
  auto stored = database.find(draft.record.table(), draft.record.id());
  if (!stored) throw Error(Code::not_found, fmt::format("the artifact '{}' was deleted", draft.record.uid()));
  if (stored->at("storage") != draft.record.at("storage")) throw moved_meanwhile(draft.record);
  if (intent.kind == Intent::put) draft.record.set("_real_key", Value(intent.place));
  else if (!waiting_for(instance, intent.storage_id, intent.target).empty())
    throw PlanChanged{"other content waits to be put there"};
  registry::Writes(database).save(draft.record);
  if (intent.kind == Intent::swap && place_of(draft.record) != intent.target) throw moved_meanwhile(draft.record);
  forget_content(instance, draft.record.id());
  Draft* const one[] = {&draft};
  write_contents(instance, one);
  if (shares_place(draft.record)) take_place(instance, draft.record);
  if (place_of(*stored) == place_of(draft.record) || !leave_place(instance, *stored)) return std::nullopt;
  return stored;
}

// The row that had this content is gone: turns the draft into a new artifact with the same options.
void begin_anew(Draft& draft) {
  Record fresh(draft.record.table());
  for (const auto* field : {"key", "description", "kind", "otype", "suffix", "size", "n_files", "n_observations",
                            "storage", "schema", "branch", "space", "_key_is_virtual", "_overwrite_versions"}) {
    fresh.set(field, draft.record.at(field));
  }
  if (draft.source.empty()) fresh.set("_real_key", draft.record.at("_real_key"));
  if (!draft.hash.empty()) fresh.set("hash", Value(draft.hash)).set("_hash_type", Value(draft.hash_type));
  if (draft.run != 0) fresh.set("run", draft.run);
  fresh.set("uid", Value(base::random_uid(static_cast<std::size_t>(fresh.table().stem_size)) + "0000"));
  draft.key = fresh.text("key");
  draft.suffix = fresh.text("suffix");
  draft.record = std::move(fresh);
  draft.existing = false;
  draft.revises = std::nullopt;
}

// Saves any number of drafts in one commit.
class Commit {
 public:
  Commit(Instance& instance, const std::vector<Draft*>& drafts, const CommitWith& with)
      : instance_(instance), with_(with) {
    for (auto* draft : drafts) steps_.push_back({draft, {}, nullptr});
    for (std::size_t i = 0; i < steps_.size(); ++i) find_same(i);
  }

  void run() {
    constexpr int most_attempts = 8;
    for (int attempt = 1;; ++attempt) {
      look_at_stored();
      try {
        plan(attempt > 1);
      } catch (const Error& e) {
        // What looks like a foreign file may have become an artifact after the transaction began, which then does not
        // see its row: look again.
        if (e.code() != Code::conflict || attempt > 1) throw;
        continue;
      }
      try {
        carry();
        conclude();
        break;
      } catch (const PlanChanged& changed) {
        take_back();
        if (attempt == most_attempts) {
          throw Error(Code::conflict,
                      fmt::format("other writers kept changing the same artifacts ({}); save again", changed.why));
        }
        look_again();
      } catch (...) {
        take_back();
        throw;
      }
    }
    finish();
  }

 private:
  void find_same(std::size_t i) {
    if (steps_[i].draft->existing || steps_.size() == 1) return;
    auto& seen = seen_[steps_[i].draft->digest];
    for (const auto j : seen) {
      if (same_row_wanted(*steps_[j].draft, *steps_[i].draft)) {
        steps_[i].same = &steps_[j];
        return;
      }
    }
    seen.push_back(i);
  }

  bool is_new(const Step& step) const { return !step.draft->existing && step.same == nullptr; }
  std::vector<Draft*> new_drafts() const {
    std::vector<Draft*> drafts;
    for (const auto& step : steps_) {
      if (is_new(step)) drafts.push_back(step.draft);
    }
    return drafts;
  }

  // Reads all bytes of existing artifacts, so it runs before any transaction.
  void look_at_stored() {
    for (auto& step : steps_) {
      if (!step.draft->existing || step.draft->replaces || step.draft->source.empty() || step.is_right) continue;
      step.is_right = content_is_right(instance_, step.draft->record);
    }
  }

  void plan(bool again) {
    operation_ = base::random_uid(20);
    intents_.clear();
    instance_.database().transaction([&] {
      intents_.clear();
      Announced announced(instance_);
      const PresenceFilter keys(instance_, "key", keys_of(new_drafts()));
      for (auto& step : steps_) {
        step.intent = Intent{};
        if (step.draft->replaces) {
          step.intent = replacement_for(*step.draft, operation_);
        } else if (step.draft->existing) {
          step.intent = repair_for(instance_, *step.draft, operation_, step.is_right);
        } else if (is_new(step)) {
          plan_new(step, announced, keys, again);
        }
        if (!step.moves()) continue;
        if (is_new(step)) announced.add(step.intent.storage_id, step.intent.artifact_key, step.intent.artifact_uid);
        intents_.push_back(step.intent);
      }
      declare(instance_, intents_);
    });
  }

  void plan_new(Step& step, const Announced& announced, const PresenceFilter& keys, bool again) {
    for (bool taken = false;; taken = true) {
      assign_uid(instance_, *step.draft, announced, keys, again || taken);
      if (auto intent = intent_for(instance_, *step.draft, operation_)) {
        step.intent = std::move(*intent);
        return;
      }
      note_given(instance_.database(), step.draft->record.table(), step.draft->record.uid());
    }
  }

  void carry() {
    std::map<std::int64_t, std::vector<Step*>> by_storage;
    for (auto& step : steps_) {
      if (step.moves()) by_storage[step.intent.storage_id].push_back(&step);
    }
    const base::Reporting reporting([this](Level level, const Words& words) { instance_.say(level, words); });
    for (auto& [storage, steps] : by_storage) {
      auto& store = instance_.store_of(storage);
      std::vector<std::pair<fs::path, std::string>> files;
      for (const auto* step : steps) files.emplace_back(step->draft->source, step->intent.place);
      const auto hashes = put(store, files);
      for (std::size_t i = 0; i < steps.size(); ++i) {
        if (hashes[i].digest == steps[i]->draft->digest) continue;
        throw Error(Code::conflict, fmt::format("'{}' changed while it was being saved; save it again when nobody "
                                                "writes to it",
                                                files[i].first.string()));
      }
    }
  }

  // Only LaminDB can have put something at a place that only this operation's uid names.
  static std::vector<base::FileHash> put(store::Store& store,
                                         const std::vector<std::pair<fs::path, std::string>>& files) {
    try {
      return files.size() == 1 ? std::vector{store.put(files[0].first, files[0].second)} : store.put_many(files);
    } catch (const Error& e) {
      if (e.code() == Code::conflict) throw PlanChanged{e.what()};
      throw;
    }
  }

  void conclude() {
    instance_.database().transaction([&] {
      for (auto& step : steps_) {  // while the intents say that the bytes are there
        if (step.draft->replaces) step.left = replace_content(instance_, *step.draft, step.intent);
      }
      if (!intents_.empty()) fulfil(instance_, operation_, intents_.size());
      if (with_.first) with_.first();
      NewRows rows(instance_, new_drafts(), with_.each);
      for (auto& step : steps_) {
        if (is_new(step)) {
          rows.add(*step.draft);
        } else if (step.draft->existing) {
          if (step.intent.kind == Intent::put && !step.draft->replaces)
            step.draft->record.set("_real_key", Value(step.intent.place));
          update_existing(instance_, *step.draft);
          if (with_.each) with_.each(step.draft->record);
        }
      }
      rows.write();
      for (auto& step : steps_) {
        if (!is_new(step) || !shares_place(step.draft->record)) continue;
        if (step.moves()) take_place(instance_, step.draft->record);
        else take_in_place(instance_, step.draft->record);
      }
      for (auto& step : steps_) {
        if (step.same != nullptr) step.draft->record = step.same->draft->record;
      }
      if (with_.last) with_.last();
    });
    for (auto& step : steps_) {
      if (step.same != nullptr) step.draft->existing = true;
    }
  }

  // After a failure. What is still announced was not committed, even if the reply to a commit was lost; everything else
  // is left to recovery, or belongs to a visible artifact.
  void take_back() noexcept {
    if (intents_.empty()) return;
    try {
      std::vector<Reclaimed> mine;
      instance_.database().transaction([&] { mine = reclaim(instance_, intents_, Whose::own); });
      remove_reclaimed(instance_, mine);
    } catch (const std::exception& e) {
      instance_.say(Level::debug, fmt::format("bytes of a failed save stay until the next open: {}", e.what()));
    }
    intents_.clear();
  }

  // Another writer may have saved the same content meanwhile: then the draft becomes that row. Or deleted the row that
  // had it: then it becomes a new one.
  void look_again() {
    for (auto& step : steps_) {
      const auto& known = step.draft->record;
      if (step.draft->existing && step.same == nullptr && !instance_.database().find(known.table(), known.id())) {
        begin_anew(*step.draft);
        step.is_right = false;
      }
      if (!is_new(step)) continue;
      if (auto other = row_in_the_way(instance_, *step.draft)) {
        take_over(*step.draft, std::move(*other));
      } else if (step.draft->revises) {
        const auto& record = step.draft->record;
        const auto latest = head_of_family(instance_, record.table(), stem_of(record), branch_of(instance_, record));
        step.draft->revises = latest ? std::optional(latest->id()) : std::nullopt;
      }
    }
  }

  // The row with the same key and content, which the database has only once; from the trash, if it is there.
  void take_over(Draft& draft, Record row) {
    const bool trashed = row.at("branch").integer_or(main_branch) == trash_branch;
    if (trashed) row.set("branch", Value(main_branch));
    instance_.say(Level::warning, fmt::format("returning artifact{} with same hash & key: {}",
                                              trashed ? " from trash" : "", named(row)));
    draft.record = std::move(row);
    draft.existing = true;
  }

  void finish() noexcept {
    for (const auto& intent : intents_) {
      if (intent.kind == Intent::swap) settle_after_commit(instance_, intent.storage_id, intent.target);
    }
    for (auto& step : steps_) {
      if (step.left) settle_after_commit(instance_, step.left->at("storage").integer_or(0), place_of(*step.left));
      step.draft->replaces = false;
      std::error_code ignored;
      if (step.draft->temporary_source) fs::remove_all(step.draft->source, ignored);
      if (step.draft->existing && !step.draft->record.at("is_latest").boolean_or(true)) {
        instance_.say(Level::warning, "you are saving to a non-latest version of the artifact");
      }
    }
  }

  Instance& instance_;
  const CommitWith& with_;
  std::vector<Step> steps_;
  std::map<std::string, std::vector<std::size_t>> seen_;
  std::string operation_;
  std::vector<Intent> intents_;
};

}  // namespace

void commit(Instance& instance, const std::vector<Draft*>& drafts, const CommitWith& with) {
  if (drafts.empty()) {
    instance.database().transaction([&] {
      if (with.first) with.first();
      if (with.last) with.last();
    });
    return;
  }
  try {
    Commit(instance, drafts, with).run();
    if (instance.database().connection().in_transaction()) return;
    for (auto* draft : drafts) draft->record.note_stored();
  } catch (Error& e) {
    if (e.code() == Code::invalid_argument && drafts.size() == 1) throw;  // it is about what the caller wrote
    const auto& first = drafts.front()->record;
    const auto key = first.text("key");
    e.add_context(drafts.size() > 1 ? fmt::format("while saving {} artifacts", drafts.size())
                                    : fmt::format("while saving artifact '{}'", key.empty() ? first.uid() : key));
    throw;
  }
}

}  // namespace lake

void save_artifact(Instance& instance, Draft& draft, const std::function<void(Record&)>& also) {
  lake::commit(instance, {&draft}, {.each = also});
}

void save_artifacts(Instance& instance, std::span<Draft> drafts) {
  std::vector<Draft*> all;
  for (auto& draft : drafts) all.push_back(&draft);
  lake::commit(instance, all, {});
}

}  // namespace lamin
