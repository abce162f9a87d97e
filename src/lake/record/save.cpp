// save.cpp -- saves one record as the row it stands for, and many with what they refer to.
#include "lamin/save.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <set>
#include "base/progress.hpp"
#include "db/connection.hpp"
#include "lake/artifact/commit.hpp"
#include "lake/artifact/moves.hpp"
#include "lake/feature/sheet.hpp"
#include "lake/feature/value_batch.hpp"
#include "lake/instance/branches.hpp"
#include "lake/label/hooks.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/storage.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

/// The row with the record's identity.
std::optional<Record> same_identity(Database& database, const Record& record, std::string& field) {
  for (const auto& column : record.table().columns) {
    if (column.field == nullptr) continue;
    const bool uid = column.field->unique && column.name == "uid";  // in any module, including plug-ins
    if (!uid && !column.field->identifies) continue;
    Value value = record[column.position];
    if (value.is_null() && column.field->fill == schema::Fill::ontology_uid) {
      if (auto uid = term_uid(database, record); !uid.empty()) value = std::move(uid);
    }
    if (value.is_null()) continue;
    field = column.name.str();
    if (auto row = database.first({.registry = record.table().qualified.str(),
                                   .where = Expr::compare(field, Op::exact, value),
                                   .any_branch = true}))
      return row;
  }
  return std::nullopt;
}

/// Copies the record's values to the row, except its identity and provenance.
void pass_values(const Record& record, Record& row) {
  static constexpr std::string_view kept[] = {"id", "uid", "branch", "created_on", "space", "created_at", "created_by"};
  for (const auto& column : record.table().columns) {
    const Value& value = record[column.position];
    if (value.is_null() || std::find(std::begin(kept), std::end(kept), column.name.view()) != std::end(kept)) continue;
    row.set(column.position, value);
  }
}

/// The record becomes the existing row. False if there is none.
bool become_known(Database& database, Record& record) {
  if (record.table().qualified == "Storage") record.set("root", Value(storage_root(record.text("root"))));
  std::string field;
  auto row = same_identity(database, record, field);
  if (!row) return false;
  const auto* branch = row->table().find_column("branch");
  const bool trashed = branch != nullptr && (*row)[branch->position].integer_or(main_branch) == trash_branch;
  if (trashed) {
    pass_values(record, *row);
    row->set("branch", Value(main_branch));
    registry::Writes(database).save(*row);
  }
  database.say(Level::warning, fmt::format("returning {}{} with same {}: {}", row->table().name.view(),
                                           trashed ? " from trash" : "", field, to_string(row->at(field))));
  record = std::move(*row);
  return true;
}

/// Whether it may be a row of a sheet.
bool has_type(const Record& record) { return record.table().qualified == "Record" && !record.at("type").is_null(); }

void check_row(Instance& instance, const Record& record) {
  Sheets sheets(instance);
  const Row row{&record};
  check_rows(instance, sheets, {&row, 1});
}

const schema::Relation& relation_called(const Record& record, std::string_view name) {
  if (const auto* relation = record.table().find_relation(name)) return *relation;
  throw Error(Code::unknown_field, fmt::format("{} has no relation '{}'; nearest: {}", record.table().name.view(), name,
                                               record.table().nearest(name)));
}

/// Some of the records already exist: everything is rolled back and saved again, one insertion at a time.
struct Known {};

/// Saves the records of one call, each after those it refers to.
class SaveBatch {
 public:
  SaveBatch(Instance& instance, std::span<SaveItem> items, bool ignore_conflicts)
      : instance_(instance), database_(instance.database()), items_(items), ignore_conflicts_(ignore_conflicts) {
    for (auto& item : items_) {
      if (item.draft != nullptr) continue;
      if (item.record == nullptr) continue;
      (item.record->saved() ? known_ : fresh_).push_back(&item);
      if (!item.record->saved()) unsaved_.insert(item.record);
    }
  }

  /// Before the artifacts.
  void records() {
    forget_ids();
    std::set<const Record*> waiting = unsaved_;
    auto rest = fresh_;
    while (!rest.empty()) {
      std::vector<SaveItem*> ready, later;
      for (auto* item : rest) (waits(*item, waiting) ? later : ready).push_back(item);
      if (ready.empty()) {
        throw Error(Code::invalid_argument,
                    fmt::format("{} refers to itself through other records that are saved with it: save one of them "
                                "first, then set the reference",
                                named(*rest.front()->record)));
      }
      insert(ready);
      for (const auto* item : ready) waiting.erase(item->record);
      rest = std::move(later);
    }
    add_what_is_above();
    for (auto* item : known_) {
      refer(*item);
      save_known(*item->record);
    }
    for (auto& item : items_) {
      if (item.draft != nullptr) refer(item);
      if (item.also) item.also();
    }
  }

  /// After them.
  void links() {
    std::map<const schema::Relation*, std::vector<Record>> pairs;
    for (const auto& item : items_) {
      for (const auto& [name, targets] : item.links) {
        const auto* relation = item.record->table().find_relation(name);
        if (relation == nullptr || relation->shape == schema::Relation::Shape::to_one)
          throw Error(Code::unknown_field,
                      fmt::format("{} has no relation to many called '{}'; nearest: {}",
                                  item.record->table().name.view(), name, item.record->table().nearest(name)));
        for (auto* target : targets) {
          if (!target->saved() || !item.record->saved()) continue;  // skipped for a conflict
          if (relation->shape == schema::Relation::Shape::to_many) {
            target->set(relation->to_column->position, Value(item.record->id()));
            registry::Writes(database_).save(*target);
            continue;
          }
          Record pair(*relation->through);
          pair.set(relation->from_column->position, Value(item.record->id()));
          pair.set(relation->to_column->position, Value(target->id()));
          pairs[relation].push_back(std::move(pair));
        }
      }
    }
    for (auto& [relation, rows] : pairs)
      registry::Writes(database_).insert(rows, {.ignore_conflicts = true, .undoes = false});
    for (auto& item : items_) {
      if (item.annotate) item.annotate(*item.record);
    }
    feature_values();
  }

  /// After this, each insertion can be undone separately, so that records can become existing rows.
  void expect_known() { expects_known_ = true; }

  /// After a failure nothing is saved, so no record may have an id.
  void forget_ids() {
    for (const auto* item : fresh_) item->record->set(0, Value());
  }

 private:
  void feature_values() {
    Sheets sheets(instance_);
    ValueBatch batch(instance_);
    std::vector<Row> rows;
    std::vector<SaveItem*> with_values;
    for (auto& item : items_) {
      if (item.record == nullptr || !item.record->saved()) continue;
      if (!item.features.empty()) {
        with_values.push_back(&item);
        expect_values(batch, *item.record, item.features, sheets);
      }
      if ((unsaved_.contains(item.record) && has_type(*item.record)) || !item.features.empty())
        rows.push_back({item.record, &item.features});
    }
    base::Progress progress([&](Level level, const Words& words) { instance_.say(level, words); },
                            "saving feature values", static_cast<std::int64_t>(with_values.size()));
    std::int64_t done = 0;
    for (auto* item : with_values) {
      const Way way = item->keeps_other_features ? Way::update : Way::set;
      write_feature_values(instance_, batch, *item->record, item->features, way, sheets);
      progress.at(++done);
    }
    batch.flush();
    check_rows(instance_, sheets, rows);
  }

  void add_what_is_above() {
    std::vector<Record> terms;
    for (const auto* item : fresh_) {
      if (item->record->saved() && is_of_release(*item->record)) terms.push_back(*item->record);
    }
    if (!terms.empty()) add_ancestors(instance_, terms);
  }

  void save_known(Record& record) {
    if (record.table().qualified != "Schema") return registry::Writes(database_).save(record);
    SchemaDraft draft{.record = record, .existing = true};
    save_schema(instance_, draft);
    record = std::move(draft.record);
  }

  static bool waits(const SaveItem& item, const std::set<const Record*>& waiting) {
    return std::any_of(item.refers.begin(), item.refers.end(),
                       [&](const auto& refer) { return waiting.contains(refer.second); });
  }

  static void refer(SaveItem& item) {
    for (const auto& [field, to] : item.refers) item.record->set(field, Value(to->id()));
  }

  void insert(const std::vector<SaveItem*>& items) {
    std::vector<Record> records;
    records.reserve(items.size());
    for (auto* item : items) {
      refer(*item);
      records.push_back(std::move(*item->record));
    }
    const auto hand_back = [&] {
      for (std::size_t i = 0; i < items.size(); ++i) *items[i]->record = std::move(records[i]);
    };
    try {
      registry::Writes(database_).insert(records, {.ignore_conflicts = ignore_conflicts_, .undoes = expects_known_});
    } catch (const db::Retry&) {
      hand_back();
      throw;
    } catch (const Error& error) {
      hand_back();
      if (error.code() != Code::conflict) throw;
      if (!expects_known_) throw Known{};
      one_by_one(items);
      return;
    }
    hand_back();
  }

  /// Some already exist: try each one to find out which.
  void one_by_one(const std::vector<SaveItem*>& items) {
    for (auto* item : items) {
      if (!become_known(database_, *item->record)) registry::Writes(database_).save(*item->record);
    }
  }

  Instance& instance_;
  Database& database_;
  std::span<SaveItem> items_;
  bool ignore_conflicts_;
  bool expects_known_ = false;
  std::vector<SaveItem*> fresh_, known_;
  std::set<const Record*> unsaved_;
};

/// A saved artifact: the row, and its bytes if they go elsewhere with it.
void save_moving(Instance& instance, Record& record) {
  Record work = record;
  Record* const one[] = {&work};
  Moves moves(instance, one);
  try {
    moves.carry();
    instance.database().transaction([&] {
      moves.confirm();
      registry::Writes(instance.database()).save(work);
      moves.conclude();
    });
  } catch (...) {
    moves.take_back();
    throw;
  }
  moves.settle();
  record = std::move(work);
}

bool save_whole(Instance& instance, Record& record) {
  auto& database = instance.database();
  try {
    if (record.saved() && record.table().qualified == "Artifact") {
      save_moving(instance, record);
      return false;
    }
    if (record.saved() || !(has_type(record) || is_of_release(record))) {
      registry::Writes(database).save(record);
      return false;
    }
    Record work;
    database.transaction([&] {
      work = record;
      registry::Writes(database).save(work);
      check_row(instance, work);
      add_ancestors(instance, {&work, 1});
    });
    record = std::move(work);
    return false;
  } catch (const db::Retry&) { throw; } catch (const Error& error) {
    if (error.code() != Code::conflict || record.saved()) throw;
  }
  bool known = false;
  database.transaction([&] {
    Record work = record;
    known = become_known(database, work);
    if (!known) registry::Writes(database).save(work);
    check_row(instance, work);
    add_ancestors(instance, {&work, 1});
    record = std::move(work);
  });
  return known;
}

}  // namespace
}  // namespace lake

bool save(Instance& instance, Record& record) {
  const bool known = lake::save_whole(instance, record);
  if (!instance.database().connection().in_transaction()) record.note_stored();
  return known;
}

void save_fields(Instance& instance, Record& record, std::span<const std::string> fields) {
  if (!record.saved())
    throw Error(Code::invalid_argument, named(record) + " is not saved: save it as a whole before single fields of it");
  const schema::Table& table = record.table();
  std::vector<const schema::Column*> columns;
  for (const std::string& field : fields) columns.push_back(&table.column(field));
  if (columns.empty()) return;
  auto& database = instance.database();
  Record work;
  database.transaction([&] {
    auto row = database.find(table, record.id());
    if (!row) throw Error(Code::not_found, named(record) + " is not in the database any more");
    work = std::move(*row);
    for (const auto* column : columns) work.set(column->position, record[column->position]);
    registry::Writes(database).save(work);
  });
  if (const auto* updated = table.find_column("updated_at")) columns.push_back(updated);
  for (const auto* column : columns) record.note_stored(column->position, work);
}

std::int64_t update(Instance& instance, const Query& query, const std::map<std::string, Value>& values) {
  return registry::Writes(instance.database()).update(query, values);
}

std::int64_t link(Instance& instance, const Record& record, std::string_view relation,
                  std::span<const std::int64_t> ids, const std::map<std::string, Value>& with) {
  return registry::Writes(instance.database()).link(record, lake::relation_called(record, relation), ids, with);
}

std::int64_t unlink(Instance& instance, const Record& record, std::string_view relation,
                    std::span<const std::int64_t> ids) {
  return registry::Writes(instance.database()).unlink(record, lake::relation_called(record, relation), ids);
}

void save_all(Instance& instance, std::span<SaveItem> items, bool ignore_conflicts) {
  lake::SaveBatch together(instance, items, ignore_conflicts);
  std::vector<Draft*> drafts;
  std::vector<Record*> known;
  for (auto& item : items) {
    if (item.draft != nullptr) {
      drafts.push_back(item.draft);
    } else if (item.record != nullptr) {
      for (const auto& [field, to] : item.refers)
        if (to->saved()) item.record->set(field, Value(to->id()));
      known.push_back(item.record);
    }
  }
  lake::Moves moves(instance, known);
  const auto save = [&] {
    lake::commit(instance, drafts,
                 {.first =
                      [&] {
                        moves.confirm();
                        together.records();
                      },
                  .last =
                      [&] {
                        moves.conclude();
                        together.links();
                      }});
  };
  try {
    moves.carry();
    try {
      save();
    } catch (const lake::Known&) {
      together.expect_known();
      save();
    }
  } catch (...) {
    together.forget_ids();
    moves.take_back();
    throw;
  }
  moves.settle();
  if (instance.database().connection().in_transaction()) return;
  for (auto* record : known) record->note_stored();
}

}  // namespace lamin
