// gc.cpp -- recovery: what a writer announced and did not finish is finished or removed.
//
// Two phases, so that it may be killed anywhere and run by several at once: the intent is claimed in a transaction (a
// writer that comes back late then cannot commit any more), the bytes are dealt with, the intent is dropped.
#include <fmt/format.h>
#include <vector>
#include "base/log.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/intent.hpp"
#include "lake/owner.hpp"
#include "lamin/artifact.hpp"
#include "store/store.hpp"

namespace lamin {
namespace lake {
namespace {

constexpr std::int64_t grace_micros = 600'000'000;

struct Left {
  Intent intent;
  std::string owner, reaper;
  std::int64_t expires_at = 0;
};

std::vector<Left> all_intents(Instance& instance) {
  auto rows = instance.database().connection().query(
      "SELECT operation, storage_id, place, kind, target, artifact_uid, owner, reaper, expires_at FROM lamin_intent");
  const auto text = [&](int column) { return rows->is_null(column) ? std::string() : std::string(rows->text(column)); };
  std::vector<Left> all;
  while (rows->next()) {
    Left left;
    left.intent.operation = text(0);
    left.intent.storage_id = rows->integer(1);
    left.intent.place = text(2);
    left.intent.kind = text(3);
    left.intent.target = text(4);
    left.intent.artifact_uid = text(5);
    left.owner = text(6);
    left.reaper = text(7);
    left.expires_at = rows->integer(8);
    all.push_back(std::move(left));
  }
  return all;
}

bool abandoned(const Left& left, const std::string& me, std::int64_t now) {
  const auto& holder = left.reaper.empty() ? left.owner : left.reaper;
  const bool late = now > left.expires_at + grace_micros;
  if (holder == me) return late || !left.reaper.empty();
  switch (life_of(holder)) {
    case Life::alive: return false;
    case Life::dead: return true;
    case Life::unknown: return late;
  }
  return false;
}

std::vector<Left> claim(Instance& instance) {
  std::vector<Left> claimed;
  if (all_intents(instance).empty()) return claimed;
  const auto me = this_owner();
  instance.database().transaction([&] {
    claimed.clear();
    const auto now = base::now().micros;
    for (auto& left : all_intents(instance)) {
      if (!abandoned(left, me, now)) continue;
      const Value row[] = {me, left.intent.operation, left.intent.place};
      instance.database().connection().execute("UPDATE lamin_intent SET reaper = ? WHERE operation = ? AND place = ?",
                                               row);
      claimed.push_back(std::move(left));
    }
  });
  return claimed;
}

bool is_saved(Instance& instance, const std::string& uid) {
  if (uid.empty()) return false;
  Query query;
  query.registry = "Artifact";
  query.where = Expr::compare("uid", Op::exact, Value(uid));
  query.any_branch = true;
  return instance.database().exists(query);
}

}  // namespace
}  // namespace lake

Recovery recover(Instance& instance) {
  Recovery done;
  for (const auto& left : lake::claim(instance)) {
    const auto& intent = left.intent;
    try {
      auto& store = instance.store_of(intent.storage_id);
      if (intent.kind == "swap_now") {
        lake::finish_swap(store, intent.place, intent.target);
      } else if (intent.kind != "put" || !lake::is_saved(instance, intent.artifact_uid)) {
        done.files += store.stat(intent.place).has_value();
        store.remove(intent.place);
      }
      instance.database().transaction([&] { lake::drop(instance, intent); });
      ++done.intents;
    } catch (const Error& e) {  // the storage may be away for now; the intent stays
      base::log(base::Level::debug, fmt::format("cannot clean up '{}': {}", intent.place, e.what()));
    }
  }
  return done;
}

}  // namespace lamin
