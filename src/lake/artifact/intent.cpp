// intent.cpp -- rows of lamin_intent: declared, fulfilled, claimed, dropped.
#include "lake/artifact/intent.hpp"
#include <fmt/format.h>
#include "base/time.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/artifact/place.hpp"
#include "lake/instance/owner.hpp"
#include "lake/rows/given_uids.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

constexpr std::int64_t second = 1'000'000;  // microseconds
constexpr std::int64_t grace = 600 * second;

// Ten minutes, plus the time that a slow network needs for the bytes.
std::int64_t lease(std::int64_t bytes) {
  constexpr std::int64_t bytes_per_second = 1'000'000;
  return (600 + bytes / bytes_per_second) * second;
}

Value or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

std::string owner_of(Instance& instance) {
  const auto& name = instance.writer();
  return name.empty() ? this_owner() : name;
}

std::vector<Intent> read(Instance& instance, const std::string& where, std::span<const Value> parameters) {
  auto rows = instance.database().connection().query(
      "SELECT operation, storage_id, place, kind, target, artifact_uid, artifact_key, owner, reaper, expires_at "
      "FROM lamin_intent" +
          where,
      parameters);
  const auto text = [&](int column) { return rows->is_null(column) ? std::string() : std::string(rows->text(column)); };
  std::vector<Intent> all;
  while (rows->next()) {
    Intent intent;
    intent.operation = text(0);
    intent.storage_id = rows->integer(1);
    intent.place = text(2);
    intent.kind = text(3);
    intent.target = text(4);
    intent.artifact_uid = text(5);
    intent.artifact_key = text(6);
    intent.owner = text(7);
    intent.reaper = text(8);
    intent.expires_at = rows->integer(9);
    all.push_back(std::move(intent));
  }
  return all;
}

bool points_at(Instance& instance, const Intent& intent) {
  return !at_place(instance, intent.storage_id, intent.place).empty();
}

}  // namespace

void declare(Instance& instance, const std::vector<Intent>& intents) {
  static constexpr std::string_view columns[] = {"operation",    "storage_id",   "place", "kind",      "target",
                                                 "artifact_uid", "artifact_key", "owner", "expires_at"};
  if (intents.empty()) return;
  const auto owner = owner_of(instance);
  const auto now = base::now().micros;
  std::vector<Value> rows;
  for (const auto& intent : intents) {
    const Value row[] = {intent.operation,
                         intent.storage_id,
                         intent.place,
                         intent.kind,
                         or_null(intent.target),
                         or_null(intent.artifact_uid),
                         or_null(intent.artifact_key),
                         owner,
                         now + lease(intent.bytes)};
    rows.insert(rows.end(), std::begin(row), std::end(row));
  }
  instance.database().connection().bulk_insert("lamin_intent", columns, rows, false);
}

void fulfil(Instance& instance, const std::string& operation, std::size_t expected) {
  auto& connection = instance.database().connection();
  const Value row[] = {operation};
  auto changed =
      connection.execute("DELETE FROM lamin_intent WHERE operation = ? AND reaper IS NULL AND kind = 'put'", row);
  if (changed < static_cast<std::int64_t>(expected)) {
    changed += connection.execute(
        "UPDATE lamin_intent SET kind = 'swap_now' WHERE operation = ? AND reaper IS NULL AND kind = 'swap'", row);
  }
  if (changed != static_cast<std::int64_t>(expected)) {
    throw Error(Code::conflict, fmt::format("this save took longer than its lease and was cleaned up by another "
                                            "process ({} of {} places left); save again",
                                            changed, expected));
  }
}

std::vector<Intent> all_intents(Instance& instance) { return read(instance, "", {}); }

std::vector<Intent> waiting_for(Instance& instance, std::int64_t storage, std::string_view place) {
  const Value key[] = {storage, std::string(place), std::string(place)};
  return read(instance,
              " WHERE storage_id = ? AND ((kind = 'swap_now' AND target = ?) OR (kind = 'remove' AND place = ?)) "
              "ORDER BY operation",
              key);
}

std::vector<Intent> lock_waiting(Instance& instance, std::int64_t storage, std::string_view place) {
  // On PostgreSQL the rows are now locked; a second process waits here and then starts over.
  const Value key[] = {storage, std::string(place), std::string(place)};
  instance.database().connection().execute(
      "UPDATE lamin_intent SET expires_at = expires_at "
      "WHERE storage_id = ? AND ((kind = 'swap_now' AND target = ?) OR (kind = 'remove' AND place = ?))",
      key);
  return waiting_for(instance, storage, place);
}

void turn_to_discard(Instance& instance, const Intent& intent, const std::string& place) {
  const Value row[] = {place, intent.operation, intent.place};
  instance.database().connection().execute(
      "UPDATE lamin_intent SET kind = 'discard', place = ?, target = NULL, artifact_uid = NULL, artifact_key = NULL "
      "WHERE operation = ? AND place = ?",
      row);
}

void drop(Instance& instance, const Intent& intent) {
  const Value row[] = {intent.operation, intent.place};
  instance.database().connection().execute("DELETE FROM lamin_intent WHERE operation = ? AND place = ?", row);
}

std::string waiting_place(Instance& instance, const Record& artifact, std::string_view place) {
  const Value key[] = {artifact.at("storage").integer_or(0), std::string(place), std::string(artifact.uid())};
  auto rows = instance.database().connection().query(
      "SELECT place FROM lamin_intent WHERE storage_id = ? AND target = ? AND artifact_uid = ? AND kind = 'swap_now'",
      key);
  return rows->next() ? std::string(rows->text(0)) : std::string();
}

std::string brought_place(Instance& instance, const Record& artifact, std::string_view to) {
  const Value key[] = {artifact.at("storage").integer_or(0), std::string(artifact.uid()), std::string(to),
                       std::string(to)};
  auto rows = instance.database().connection().query(
      "SELECT place FROM lamin_intent WHERE storage_id = ? AND artifact_uid = ? AND reaper IS NULL "
      "AND ((kind = 'put' AND place = ?) OR (kind = 'swap' AND target = ?))",
      key);
  return rows->next() ? std::string(rows->text(0)) : std::string();
}

bool is_abandoned(const Intent& intent) {
  const auto& holder = intent.reaper.empty() ? intent.owner : intent.reaper;
  const bool late = base::now().micros > intent.expires_at + grace;
  switch (life_of(holder)) {
    // This process may retry its own failed clean-up; it need not end first.
    case Life::alive: return late && holder == this_owner();
    case Life::dead: return true;
    case Life::unknown: return late;
  }
  return false;
}

std::vector<Reclaimed> reclaim(Instance& instance, const std::vector<Intent>& intents, Whose whose) {
  std::vector<Reclaimed> mine;
  const auto& table = instance.catalog().table("Artifact");
  for (const auto& asked : intents) {
    const Value key[] = {asked.operation, asked.place};
    const auto found = read(instance, " WHERE operation = ? AND place = ?", key);
    if (found.empty()) {
      // Reclaimed by a process that took this writer for dead: it may have put bytes there since.
      if (whose == Whose::own) mine.push_back({asked, !points_at(instance, asked)});
      continue;
    }
    const auto& intent = found.front();
    if (intent.is_committed() || (whose == Whose::others && !is_abandoned(intent))) continue;
    const Value claim[] = {owner_of(instance), base::now().micros + lease(0), intent.operation, intent.place};
    instance.database().connection().execute(
        "UPDATE lamin_intent SET reaper = ?, expires_at = ? WHERE operation = ? AND place = ?", claim);
    note_given(instance.database(), table, intent.artifact_uid);
    mine.push_back({intent, !points_at(instance, intent)});
  }
  return mine;
}

std::int64_t remove_reclaimed(Instance& instance, const std::vector<Reclaimed>& all) {
  std::int64_t removed = 0;
  try {
    for (const auto& [intent, remove_bytes] : all) {
      if (!remove_bytes) continue;
      auto& store = instance.store_of(intent.storage_id);
      removed += store.stat(intent.place).has_value();
      store.remove(intent.place);
    }
  } catch (...) {
    // The next process may try at once. The claim stays: a delayed writer must not commit.
    instance.database().transaction([&] {
      for (const auto& [intent, remove_bytes] : all) {
        const Value row[] = {intent.operation, intent.place};
        instance.database().connection().execute(
            "UPDATE lamin_intent SET reaper = '-', expires_at = 0 WHERE operation = ? AND place = ?", row);
      }
    });
    throw;
  }
  instance.database().transaction([&] {
    for (const auto& reclaimed : all) drop(instance, reclaimed.intent);
  });
  return removed;
}

}  // namespace lamin::lake
