#include "lake/intent.hpp"
#include <fmt/format.h>
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/owner.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

// Ten minutes, and the time that a slow network takes for the bytes.
std::int64_t lease_micros(std::int64_t bytes) {
  constexpr std::int64_t second = 1'000'000, bytes_a_second = 1'000'000;
  return (600 + bytes / bytes_a_second) * second;
}

Value or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

}  // namespace

void declare(Instance& instance, const std::vector<Intent>& intents) {
  static constexpr std::string_view columns[] = {"operation",    "storage_id",   "place", "kind",      "target",
                                                 "artifact_uid", "artifact_key", "owner", "expires_at"};
  if (intents.empty()) return;
  const auto owner = this_owner();
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
                         now + lease_micros(intent.bytes)};
    rows.insert(rows.end(), std::begin(row), std::end(row));
  }
  instance.database().connection().bulk_insert("lamin_intent", columns, rows, false);
}

void fulfil(Instance& instance, const std::string& operation, std::size_t expected) {
  auto& connection = instance.database().connection();
  const Value row[] = {operation};
  auto changed =
      connection.execute("DELETE FROM lamin_intent WHERE operation = ? AND reaper IS NULL AND kind <> 'swap'", row);
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

std::vector<Intent> reclaim(Instance& instance, const std::string& operation) {
  auto& connection = instance.database().connection();
  const Value claim[] = {this_owner(), operation};
  connection.execute("UPDATE lamin_intent SET reaper = ? WHERE operation = ? AND reaper IS NULL AND kind <> 'swap_now'",
                     claim);
  const Value parameters[] = {operation, claim[0]};
  auto rows = connection.query(
      "SELECT storage_id, place, kind FROM lamin_intent WHERE operation = ? AND reaper = ? AND kind <> 'swap_now'",
      parameters);
  std::vector<Intent> mine;
  while (rows->next()) {
    Intent intent;
    intent.operation = operation;
    intent.storage_id = rows->integer(0);
    intent.place = rows->text(1);
    intent.kind = rows->text(2);
    mine.push_back(std::move(intent));
  }
  return mine;
}

void drop(Instance& instance, const Intent& intent) {
  const Value row[] = {intent.operation, intent.place};
  instance.database().connection().execute("DELETE FROM lamin_intent WHERE operation = ? AND place = ?", row);
}

void finish_swap(store::Store& store, const std::string& place, const std::string& target) {
  const auto aside = place + ".old";
  if (store.stat(place)) {
    if (store.stat(target)) {
      store.remove(aside);
      store.move(target, aside);
    }
    store.move(place, target);
  }
  store.remove(aside);
}

}  // namespace lamin::lake
