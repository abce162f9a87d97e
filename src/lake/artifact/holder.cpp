// holder.cpp -- the table lamin_place.
#include "lake/artifact/holder.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/artifact/place.hpp"
#include "lake/rows/version.hpp"

namespace lamin::lake {
namespace {

struct Note {
  std::string uid;
  std::optional<std::string> stamp;
};

std::optional<Note> note_of(Instance& instance, std::int64_t storage, const std::string& place) {
  const Value key[] = {storage, place};
  auto rows = instance.database().connection().query(
      "SELECT artifact_uid, stamp FROM lamin_place WHERE storage_id = ? AND place = ?", key);
  if (!rows->next()) return std::nullopt;
  Note note{std::string(rows->text(0)), std::nullopt};
  if (!rows->is_null(1)) note.stamp = std::string(rows->text(1));
  return note;
}

std::int64_t number(std::string_view uid, std::size_t stem) {
  return uid.size() > stem ? base::version_number(uid.substr(stem)) : -1;
}

/// Only for a file registered under several keys.
bool is_twin(const Record& a, const Record& b) {
  return !a.at("hash").is_null() && a.at("hash") == b.at("hash") && a.at("size") == b.at("size");
}

/// The row with the greatest number; with several families, in that of the newest row.
const Record* greatest(const std::vector<Record>& rows) {
  const Record* best = nullptr;
  for (const auto& row : rows) {  // ordered by id
    const bool same_family = best != nullptr && stem_of(*best) == stem_of(row);
    const auto stem = stem_of(row).size();
    if (!same_family || number(row.uid(), stem) > number(best->uid(), stem)) best = &row;
  }
  return best;
}

}  // namespace

bool shares_place(const Record& artifact) { return has_real_place(artifact) || overwrites(artifact); }

Holder holder_of(Instance& instance, std::int64_t storage, const std::string& place) {
  const auto rows = at_place(instance, storage, place);
  const auto note = note_of(instance, storage, place);
  const auto* best = greatest(rows);
  if (!note) return best == nullptr ? Holder{} : Holder{std::string(best->uid()), *best};
  const bool filled = note->stamp.has_value();
  if (best != nullptr) {
    const auto stem = stem_of(*best);
    const bool newer = note->uid.starts_with(stem) && number(best->uid(), stem.size()) > number(note->uid, stem.size());
    if (newer) return {std::string(best->uid()), *best};  // LaminDB's
  }
  const auto row = std::ranges::find_if(rows, [&](const Record& one) { return one.uid() == note->uid; });
  return {note->uid, row == rows.end() ? std::nullopt : std::optional(*row), filled};
}

bool holds(const Holder& holder, const Record& artifact) {
  return holder.uid == artifact.uid() || (holder.row && is_twin(*holder.row, artifact));
}

bool holds_place(Instance& instance, const Record& artifact) {
  if (!shares_place(artifact)) return true;
  return holds(holder_of(instance, artifact.at("storage").integer_or(0), place_of(artifact)), artifact);
}

bool pass_place_on(Instance& instance, const Record& artifact) {
  const auto storage = artifact.at("storage").integer_or(0);
  const auto place = place_of(artifact);
  for (const auto& row : at_place(instance, storage, place)) {
    if (row.id() == artifact.id() || !is_twin(row, artifact)) continue;
    const Value key[] = {Value(row.uid()), storage, place};
    instance.database().connection().execute(
        "UPDATE lamin_place SET artifact_uid = ? WHERE storage_id = ? AND place = ?", key);
    return true;
  }
  return false;
}

void take_place(Instance& instance, const Record& artifact, std::string_view stamp) {
  const auto storage = artifact.at("storage").integer_or(0);
  const auto place = place_of(artifact);
  const auto note = note_of(instance, storage, place);
  const auto stem = stem_of(artifact);
  if (note && note->uid.starts_with(stem) && number(note->uid, stem.size()) > number(artifact.uid(), stem.size()))
    return;
  std::optional<std::string> now;
  if (!stamp.empty()) {
    now = stamp;
  } else if (note) {
    now = note->stamp;
  } else if (at_place(instance, storage, place).size() > 1) {
    now = unknown_stamp;
  }
  const Value row[] = {storage, place, artifact.uid(), now ? Value(*now) : Value()};
  instance.database().connection().execute(
      "INSERT INTO lamin_place (storage_id, place, artifact_uid, stamp) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (storage_id, place) DO UPDATE SET artifact_uid = excluded.artifact_uid, stamp = excluded.stamp",
      row);
}

void note_filled(Instance& instance, std::int64_t storage, const std::string& place, const std::string& stamp) {
  const Value row[] = {stamp.empty() ? Value() : Value(stamp), storage, place};
  instance.database().connection().execute("UPDATE lamin_place SET stamp = ? WHERE storage_id = ? AND place = ?", row);
  if (stamp.empty()) forget_place(instance, storage, place);
}

std::optional<std::string> kept_stamp(Instance& instance, std::int64_t storage, const std::string& place,
                                      std::string_view uid) {
  const auto note = note_of(instance, storage, place);
  return note && note->uid == uid ? note->stamp : std::nullopt;
}

void keep_stamp(Instance& instance, std::int64_t storage, const std::string& place, std::string_view uid,
                const std::string& stamp) {
  const Value row[] = {stamp, storage, place, Value(uid)};
  try {
    instance.database().transaction([&] {
      instance.database().connection().execute(
          "UPDATE lamin_place SET stamp = ? WHERE storage_id = ? AND place = ? AND artifact_uid = ?", row);
    });
  } catch (const Error& e) { instance.say(Level::debug, fmt::format("cannot keep a stamp: {}", e.what())); }
}

void forget_place(Instance& instance, std::int64_t storage, const std::string& place) {
  if (!at_place(instance, storage, place).empty()) return;
  const Value key[] = {storage, place};
  instance.database().connection().execute("DELETE FROM lamin_place WHERE storage_id = ? AND place = ?", key);
}

}  // namespace lamin::lake
