// remove.cpp -- decides how each record is removed, and removes all in one transaction; bytes go after it.
#include "lamin/remove.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <vector>
#include "lake/artifact/storage.hpp"
#include "lake/artifact/trash.hpp"
#include "lake/instance/branches.hpp"
#include "lake/rows/block.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

/// A location that still exists is deleted or kept, never hidden; a text about a record has no trash of its own.
bool has_trash(const schema::Table& table) {
  return table.has(schema::Trait::branched) && table.qualified != "Storage" && host_of(table) == nullptr;
}

bool in_trash(const Record& record) { return record.at("branch").integer_or(main_branch) == trash_branch; }

enum class Way { stays, to_trash, for_good };

Way way_of(Instance& instance, const Record& record, const RemoveOptions& options) {
  if (!record.saved()) {
    instance.say(Level::warning, "record is not yet saved, delete has no effect");
    return Way::stays;
  }
  const auto name = record.table().name.view();
  if (!has_trash(record.table())) {
    if (options.permanent.value_or(true)) return Way::for_good;
    throw Error(Code::invalid_argument, fmt::format("A {} cannot be moved to the trash: delete it with ", name) +
                                            Words(Remedy{Remedy::Verb::delete_permanently}));
  }
  if (options.permanent.value_or(false)) return Way::for_good;
  if (!in_trash(record)) return Way::to_trash;
  if (options.permanent) return Way::stays;
  if (options.storage && record.table().qualified == "Artifact") return Way::for_good;
  throw Error(Code::invalid_argument, fmt::format("{} {} is already in the trash: pass ", name, record.uid()) +
                                          Words(Remedy{Remedy::Verb::delete_permanently}) +
                                          " to delete it from the database, which cannot be undone");
}

class Removal {
 public:
  Removal(Instance& instance, std::span<Record> records, const RemoveOptions& options)
      : instance_(instance), records_(records), options_(options) {
    for (const auto& record : records) ways_.push_back(way_of(instance, record, options));
  }

  Removed run() {
    std::vector<Record> changed;
    instance_.database().transaction([&] {
      done_ = {};
      bytes_.clear();
      changed.assign(records_.begin(), records_.end());
      for (std::size_t i = 0; i < changed.size(); ++i) {
        if (ways_[i] != Way::to_trash) continue;
        move_to_trash(instance_, changed[i]);
        ++done_.trashed;
      }
      delete_for_good();
    });
    for (std::size_t i = 0; i < changed.size(); ++i) {
      if (ways_[i] == Way::to_trash) changed[i].note_stored();
    }
    std::ranges::move(changed, records_.begin());
    for (const auto& left : bytes_) carry_out(instance_, left);
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (ways_[i] == Way::for_good && records_[i].table().qualified == "Storage") unmark(instance_, records_[i]);
    }
    say();
    return std::move(done_);
  }

 private:
  // Rows that refer to one of them may also be in the list: a refused record is tried again after the others.
  void delete_for_good() {
    std::vector<const Record*> waiting;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (ways_[i] == Way::for_good) waiting.push_back(&records_[i]);
    }
    const bool alone = waiting.size() == 1;
    while (!waiting.empty()) {
      std::vector<const Record*> refused;
      std::optional<Error> why;
      for (const auto* record : waiting) {
        if (alone) {
          delete_one(*record);
          continue;
        }
        try {
          instance_.database().transaction([&] { delete_one(*record); });
        } catch (const Error& e) {
          if (e.code() != Code::protected_row) throw;
          refused.push_back(record);
          why = e;
        }
      }
      if (refused.size() == waiting.size()) throw *why;
      waiting = std::move(refused);
    }
  }

  void delete_one(const Record& record) {
    if (record.table().qualified == "Artifact") return delete_artifact(record, options_.storage);
    if (record.table().qualified == "Storage") check_unneeded(instance_, record);
    count(registry::Writes(instance_.database()).remove(record));
    if (record.table().qualified == "Run") delete_captured(record);
  }

  void delete_artifact(const Record& artifact, std::optional<bool> storage) {
    auto deleted = lake::delete_artifact(instance_, artifact, storage);
    bytes_.push_back(std::move(deleted.bytes));
    count(deleted.rows);
  }

  /// The report and the environment of a run that is gone, unless another run has the same.
  void delete_captured(const Record& run) {
    for (const char* field : {"report", "environment"}) {
      const auto& id = run.at(field);
      if (id.is_null()) continue;
      const Query others{
          .registry = "Run",
          .where = Expr::any_of({Expr::compare("report", Op::exact, id), Expr::compare("environment", Op::exact, id)}),
          .any_branch = true};
      if (instance_.database().exists(others)) continue;
      const auto artifact = instance_.database().find(instance_.catalog().table("Artifact"), id.integer_or(0));
      if (artifact && artifact->text("kind") == "__lamindb_run__") delete_artifact(*artifact, true);
    }
  }

  void count(const std::map<std::string, std::int64_t>& rows) {
    for (const auto& [table, n] : rows) done_.deleted[called(table)] += n;
  }

  std::string called(const std::string& sql_table) const {
    for (const auto& table : instance_.catalog().tables()) {
      if (table.table.view() == sql_table) return fmt::format("{}.{}", table.module.view(), table.name.view());
    }
    return sql_table;
  }

  void say() const {
    if (done_.trashed == 1) {
      const auto at = std::ranges::find(ways_, Way::to_trash) - ways_.begin();
      instance_.say(Level::important, "moved record to trash: " + named(records_[static_cast<std::size_t>(at)]));
    } else if (done_.trashed > 1) {
      instance_.say(Level::warning, fmt::format("moved {} records to trash (branch_id = -1)", done_.trashed));
    }
  }

  Instance& instance_;
  std::span<Record> records_;
  const RemoveOptions& options_;
  std::vector<Way> ways_;
  std::vector<LeftBytes> bytes_;
  Removed done_;
};

// Trashes many unversioned rows at once, in a few statements, along with the members of types among them.
Removed trash_all(Instance& instance, const Query& query) {
  const auto& table = instance.catalog().table(query.registry);
  registry::Writes writes(instance.database());
  Removed done;
  instance.database().transaction([&] {
    done.trashed = 0;
    std::vector<Value> types;
    if (table.has(schema::Trait::typed)) {
      Query of_types = query;
      of_types.where = Expr::all_of({query.where, Expr::compare("is_type", Op::exact, Value(true))});
      const std::string path[] = {"id"};
      types = std::move(instance.database().columns(of_types, path).at(0));
    }
    done.trashed += writes.update(query, {{"branch", Value(trash_branch)}});
    while (!types.empty()) {
      Query members{
          .registry = table.qualified.str(),
          .where = Expr::all_of({Expr::in("type", std::move(types)), Expr::compare("branch", Op::ne, trash_branch)}),
          .any_branch = true};
      const std::string path[] = {"id"};
      types = std::move(instance.database().columns(members, path).at(0));
      if (types.empty()) break;
      members.where = Expr::in("id", types);
      done.trashed += writes.update(members, {{"branch", Value(trash_branch)}});
    }
  });
  if (done.trashed > 0) {
    instance.say(Level::warning, fmt::format("moved {} record{} to trash (branch_id = -1)", done.trashed,
                                             done.trashed == 1 ? "" : "s"));
  }
  return done;
}

}  // namespace
}  // namespace lake

Removed remove(Instance& instance, std::span<Record> records, const RemoveOptions& options) {
  return lake::Removal(instance, records, options).run();
}

Removed remove(Instance& instance, Record& record, const RemoveOptions& options) {
  return remove(instance, std::span(&record, 1), options);
}

Removed remove(Instance& instance, const Query& query, const RemoveOptions& options) {
  const auto& table = instance.catalog().table(query.registry);
  const bool versioned = table.has(schema::Trait::versioned);
  const bool cut = query.limit >= 0 || query.offset > 0;
  if (!options.permanent.value_or(false) && lake::has_trash(table) && !versioned && !cut) {
    return lake::trash_all(instance, query);
  }
  auto records = instance.database().all(query);
  if (!options.permanent.value_or(false) && lake::has_trash(table)) std::erase_if(records, lake::in_trash);
  return remove(instance, records, options);
}

void restore(Instance& instance, Record& record) {
  lake::require_branched(record, "restore");
  const Record before = record;
  instance.database().transaction([&] {
    record = before;
    record.set("branch", lake::main_branch);
    registry::Writes(instance.database()).save(record);
  });
  record.note_stored();
}

}  // namespace lamin
