#include "lake/artifact/moves.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/uid.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/exchange.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/place.hpp"
#include "lake/rows/given_uids.hpp"
#include "lake/rows/version.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

std::int64_t storage_id(const Record& artifact) { return artifact.at("storage").integer_or(0); }

std::string shown(Instance& instance, const Record& artifact) {
  return fmt::format("{}/{}", instance.store_of(storage_id(artifact)).root(), place_of(artifact));
}

bool is_elsewhere(const Record& a, const Record& b) {
  return a.at("storage") != b.at("storage") || place_of(a) != place_of(b);
}

/// Whether its bytes are where the row says, and are its own.
bool has_bytes(Instance& instance, const Record& artifact) {
  if (!holds_place(instance, artifact)) return false;
  auto& store = instance.store_of(storage_id(artifact));
  const auto place = place_of(artifact);
  return store.stat(place) || !waiting_place(instance, artifact, place).empty();
}

/// A name that no artifact has ever had: it is the row's real key from now on.
std::string own_name(const Record& artifact, const std::string& operation) {
  return fmt::format("{}{}.{}{}", auto_prefix, artifact.uid(), operation, artifact.text("suffix"));
}

}  // namespace

bool leave_place(Instance& instance, const Record& old) {
  if (shares_place(old) && pass_place_on(instance, old)) return false;
  Intent removal;
  removal.operation = base::random_uid(20);
  removal.kind = Intent::remove;
  removal.storage_id = storage_id(old);
  removal.place = place_of(old);
  removal.artifact_uid = std::string(old.uid());
  declare(instance, {removal});
  return true;
}

Moves::Moves(Instance& instance, std::span<Record* const> records) : instance_(instance) {
  for (auto* record : records) {
    if (!record->saved() || record->table().qualified != "Artifact") continue;
    auto old = instance.database().find(record->table(), record->id());
    if (!old) continue;  // the save says so
    record->rebase(*old);
    apply_move_rules(instance, *old, *record);
    if (!is_elsewhere(*old, *record) || !has_bytes(instance, *old)) continue;
    moves_.push_back({std::move(*old), record, {}, false});
  }
}

// What was carried to a place that only this row can name is there already.
void Moves::check_free(const Move& move) const {
  const auto place = place_of(*move.now);
  const auto storage = storage_id(*move.now);
  const auto rows = at_place(instance_, storage, place);
  const auto other = std::ranges::find_if(rows, [&](const Record& row) { return stem_of(row) != stem_of(move.old); });
  const bool brought = move.intent.kind == Intent::put && move.intent.place == place;
  if (other == rows.end() && (brought || !instance_.store_of(storage).stat(place))) return;
  throw Error(Code::conflict,
              fmt::format("Cannot move artifact to '{}' because it already exists{}.", shown(instance_, *move.now),
                          other == rows.end() ? "" : ": there is " + named(*other)))
      .known_as("FileExists");
}

void Moves::choose_place(Move& move) const {
  auto& intent = move.intent;
  intent = Intent{};
  intent.operation = operation_;
  intent.storage_id = storage_id(*move.now);
  intent.artifact_uid = std::string(move.now->uid());
  intent.bytes = move.now->at("size").integer_or(0);
  if (shares_place(*move.now)) {
    intent.kind = Intent::swap;
    intent.target = place_of(*move.now);
    intent.place = own_name(*move.now, operation_);
    return;
  }
  // Where an earlier attempt failed, somebody may still be about to clean up after it.
  const auto& table = move.now->table();
  const auto stem = stem_of(*move.now);
  const auto given = last_given(instance_.database(), table, stem);
  const bool used = !given.empty() && given.substr(stem.size()) >= move.now->uid().substr(stem.size());
  if (used) move.now->set("_real_key", Value(own_name(*move.now, operation_)));
  intent.kind = Intent::put;
  intent.place = place_of(*move.now);
}

void Moves::plan() {
  operation_ = base::random_uid(20);
  for (const auto& move : moves_) lake::settle(instance_, storage_id(*move.now), place_of(*move.now));
  std::vector<Intent> intents;
  instance_.database().transaction([&] {
    intents.clear();
    for (auto& move : moves_) {
      check_free(move);
      choose_place(move);
      intents.push_back(move.intent);
    }
    declare(instance_, intents);
  });
  declared_ = true;
}

void Moves::carry() {
  if (moves_.empty()) return;
  plan();
  for (const auto& move : moves_) {
    const auto from = cache_artifact(instance_, move.old);
    const auto hash = instance_.store_of(move.intent.storage_id).put(from, move.intent.place);
    const auto digest = known_digest(instance_, move.old);
    // An object that was registered where it is may have its store's tag as its hash, which is not that of the bytes.
    const bool known = !move.old.at("hash").is_null() && hash.type == move.old.text("_hash_type");
    const bool same = digest ? hash.digest == *digest : !known || hash.hash == move.old.text("hash");
    if (same) continue;
    static_cast<void>(cache_artifact(instance_, move.old));  // says so if another version has replaced it meanwhile
    throw Error(Code::corrupt, fmt::format("the content of artifact {} at '{}' is not what was saved; it stays there",
                                           move.old.uid(), shown(instance_, move.old)));
  }
}

void Moves::confirm() {
  for (const auto& move : moves_) {
    const auto stored = instance_.database().find(move.old.table(), move.old.id());
    if (!stored || is_elsewhere(*stored, move.old)) {
      throw Error(Code::conflict, fmt::format("artifact {} was moved or deleted by another process meanwhile; get it "
                                              "again and repeat the change",
                                              move.old.uid()));
    }
    check_free(move);
  }
}

void Moves::conclude() {
  if (moves_.empty()) return;
  fulfil(instance_, operation_, moves_.size());
  for (auto& move : moves_) {
    if (shares_place(*move.now)) take_place(instance_, *move.now);
    move.removes = leave_place(instance_, move.old);
  }
}

void Moves::settle() noexcept {
  for (const auto& move : moves_) {
    if (move.intent.kind == Intent::swap) settle_after_commit(instance_, move.intent.storage_id, move.intent.target);
    if (move.removes) settle_after_commit(instance_, storage_id(move.old), place_of(move.old));
    try {
      instance_.say(Level::important, fmt::format("moved artifact from '{}' to '{}'", shown(instance_, move.old),
                                                  shown(instance_, *move.now)));
    } catch (const std::exception&) {  // the move is done
    }
  }
}

void Moves::take_back() noexcept {
  if (!declared_) return;
  try {
    std::vector<Intent> intents;
    for (const auto& move : moves_) intents.push_back(move.intent);
    std::vector<Reclaimed> mine;
    instance_.database().transaction([&] { mine = reclaim(instance_, intents, Whose::own); });
    remove_reclaimed(instance_, mine);
  } catch (const std::exception& e) {
    instance_.say(Level::debug, fmt::format("bytes of a move that failed stay until the next open: {}", e.what()));
  }
}

}  // namespace lamin::lake
