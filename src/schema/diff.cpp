// diff.cpp -- compares two catalogs, table by table; see diff.hpp for what is allowed.
#include "schema/diff.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include "base/text.hpp"
#include "lamin/error.hpp"

namespace lamin::schema {

namespace {

/// Former SQL names of a column.
std::vector<std::string> former_names(const Column& column) {
  std::vector<std::string> names;
  if (!column.field) return names;
  for (Text was : column.field->was) names.push_back(was.str() + (column.kind == Kind::ref ? "_id" : ""));
  return names;
}

const Column* find_sql(const Table& table, std::string_view name) {
  for (const Column& c : table.columns) {
    if (c.column == name) return &c;
  }
  return nullptr;
}

std::string label(const Table& table, const Column& column) { return table.qualified.str() + "." + column.name.str(); }

bool is_wider(const Column& old, const Column& now) {
  if (old.kind == Kind::ref || now.kind == Kind::ref) {
    return old.kind == now.kind && old.to->table == now.to->table &&
           old.to->registry->id_bits <= now.to->registry->id_bits;
  }
  if (old.kind != now.kind) return false;
  const int a = old.field->size;
  const int b = now.field->size;
  if (now.kind == Kind::text) return b == 0 || (a != 0 && a <= b);
  if (now.kind == Kind::integer) return (a ? a : 32) <= (b ? b : 32);
  return true;
}

class Differ {
 public:
  Differ(const Catalog& stored, const Catalog& now, Dialect dialect)
      : stored_(stored), now_(now), dialect_(dialect), lite_(dialect == Dialect::sqlite) {}

  Diff run() {
    find_renamed_pairs();
    for (const Table& old : stored_.tables()) check_kept(old);
    if (!lite_) change_functions();
    std::vector<const Table*> fresh;
    for (const Table& table : now_.tables()) {
      if (const Table* old = before(table)) {
        change_table(*old, table);
      } else {
        add(create_table(table, dialect_), "adds " + table.qualified.str());
        fresh.push_back(&table);
      }
    }
    for (const Table* table : fresh) finish_table(*table);
    if (!lite_) add_triggers();
    if (lost_.empty()) return std::move(diff_);
    throw Error(
        Code::conflict,
        "the database has what this program does not know, or would have to give up: " + base::join(lost_, "; ") +
            ". It was made by a newer version, or a change would lose data. Update the program; to drop data, "
            "say so in SQL; to rename a field, declare its former name (`was`)");
  }

 private:
  void add(std::string sql, std::string note = {}) {
    if (!sql.empty()) diff_.statements.push_back(std::move(sql));
    if (!note.empty()) diff_.notes.push_back(std::move(note));
  }
  void add(std::vector<std::string> all) {
    for (std::string& sql : all) add(std::move(sql));
  }
  void alter(const Table& table, const std::string& what, std::string note = {}) {
    add("ALTER TABLE " + identifier(table.table) + " " + what, std::move(note));
  }
  void lose(std::string what) { lost_.push_back(std::move(what)); }

  bool has_module(std::string_view name) const {
    return std::ranges::any_of(now_.modules(), [&](const Module& m) { return m.name == name; });
  }

  /// A link without `through` that was renamed: its table of pairs is renamed with it.
  void find_renamed_pairs() {
    for (const Table& table : now_.tables()) {
      if (table.plain_pairs) continue;
      for (const Relation& r : table.relations) {
        if (r.shape != Relation::Shape::many_to_many || !r.through->plain_pairs) continue;
        for (const Field& f : table.registry->fields) {
          if (f.name != r.name || stored_.find(r.through->table)) continue;
          for (Text was : f.was) {
            const Table* old = stored_.find(table.table.str() + "_" + was.str());
            if (old && !now_.find(old->table)) renamed_.emplace(r.through->table.view(), old);
          }
        }
      }
    }
  }

  const Table* before(const Table& table) const {
    if (const auto at = renamed_.find(table.table); at != renamed_.end()) return at->second;
    const Table* found = stored_.find(table.table.view());
    return found && found->table == table.table ? found : nullptr;
  }

  void check_kept(const Table& old) {
    if (!has_module(old.module)) return;
    const auto is_old = [&](const auto& renamed) { return renamed.second == &old; };
    const Table* now = now_.find(old.table.view());
    if ((!now || now->table != old.table) && std::ranges::none_of(renamed_, is_old)) {
      lose("the table of " + old.qualified.str());
    }
  }

  /// The column that this one was, if it is not new.
  const Column* before(const Table& old, const Column& column) const {
    if (const Column* same = find_sql(old, column.column)) return same;
    for (const std::string& name : former_names(column)) {
      if (const Column* found = find_sql(old, name)) return found;
    }
    return nullptr;
  }

  void change_table(const Table& old, const Table& now) {
    if (old.table != now.table) {
      for (const Column& c : old.columns) drop_indexes(old, c);
      alter(old, "RENAME TO " + identifier(now.table), "renames " + old.qualified.str() + " to " + now.qualified.str());
      if (!lite_) {
        alter(now, fmt::format("RENAME CONSTRAINT {} TO {}", primary_key_name(old), primary_key_name(now)));
      }
      for (const Column& c : old.columns) {
        if (!lite_ && c.to) alter(now, "DROP CONSTRAINT " + key_name(old, c));
      }
      for (const Column& c : now.columns) {
        if (!lite_ && c.to) alter(now, foreign_key(now, c));
        add(column_indexes(now, c, dialect_));
      }
    }
    std::vector<const Column*> seen;
    std::map<std::string, std::string> renames;
    for (const Column& column : now.columns) {
      if (column.position == 0) continue;
      const Column* was = before(old, column);
      seen.push_back(was);
      if (!was) {
        add_column(now, column);
      } else {
        if (was->column != column.column) rename_column(old, now, *was, column);
        change_column(old, now, *was, column);
      }
    }
    for (const Column& c : old.columns) {
      if (c.position > 0 && std::ranges::find(seen, &c) == seen.end()) lose(label(old, c));
    }
    change_rules(old, now);
  }

  void rename_column(const Table& old, const Table& now, const Column& was, const Column& column) {
    drop_indexes(old, was);
    alter(now, fmt::format("RENAME COLUMN {} TO {}", identifier(was.column), identifier(column.column)),
          "renames " + label(old, was) + " to " + column.name.str());
    if (!lite_ && was.to) {
      alter(now, fmt::format("DROP CONSTRAINT {}", key_name(old, was)));
      alter(now, foreign_key(now, column));
    }
    add(column_indexes(now, column, dialect_));
  }

  /// As Postgres makes it up.
  static std::string primary_key_name(const Table& table) {
    return identifier(std::string(table.table.view().substr(0, 58)) + "_pkey");
  }

  std::string key_name(const Table& table, const Column& column) const {
    const std::vector<std::string> columns = {column.column.str()};
    return identifier(index_name(table.table, columns, fmt::format("_fk_{}_id", column.to->table.view()), dialect_));
  }

  void drop_indexes(const Table& table, const Column& column) {
    for (const std::string& sql : column_indexes(table, column, dialect_)) drop_index(sql);
  }
  /// By the CREATE statement that made it.
  void drop_index(const std::string& create) {
    const std::size_t begin = create.find('"');
    add("DROP INDEX " + create.substr(begin, create.find('"', begin + 1) - begin + 1));
  }

  void add_column(const Table& table, const Column& column) {
    const Field& f = *column.field;
    const bool filled = f.in_database && f.fill == Fill::constant;
    if (!f.optional && !filled && (lite_ || !f.in_database)) {
      throw Error(Code::unsupported, "the new field " + label(table, column) +
                                         " needs a value for rows that exist: make it optional, or give it a constant "
                                         "that the database fills in (`initial`, `in_database`)");
    }
    if (lite_ && column.to && !f.optional) {
      throw Error(Code::unsupported,
                  "SQLite cannot add the reference " + label(table, column) + " to a table unless it is optional");
    }
    // SQLite cannot add a column that is UNIQUE; an index does the same.
    std::string definition = column_definition(column, dialect_);
    const std::size_t unique = definition.find(" UNIQUE");
    if (lite_ && f.unique) definition.erase(unique, 7);
    alter(table, "ADD COLUMN " + definition, "adds " + label(table, column));
    if (lite_ && f.unique) add_unique(table, column);
    if (!lite_ && column.to) alter(table, foreign_key(table, column));
    add(column_indexes(table, column, dialect_));
  }

  void add_unique(const Table& table, const Column& column) {
    const std::vector<std::string> columns = {column.column.str()};
    add(fmt::format("CREATE UNIQUE INDEX {} ON {} ({})",
                    identifier(index_name(table.table, columns, "_uniq", dialect_)), identifier(table.table),
                    identifier(column.column)));
  }

  void change_column(const Table& old, const Table& now, const Column& was, const Column& column) {
    if (!was.field || !column.field) return;
    const std::string name = label(now, column);
    if (!is_wider(was, column)) return lose(name + " (its type would become narrower)");
    if (was.field->optional && !column.field->optional) return lose(name + " (null would no longer be allowed)");
    if (!was.field->unique && column.field->unique) {
      if (column.field->index || was.field->index) drop_indexes(now, column);
      add_unique(now, column);
      add({}, "makes " + name + " unique");
    }
    if (lite_) {
      // SQLite does not enforce sizes, and the library fills defaults itself; only NOT NULL stands in the way.
      if (!was.field->optional && column.field->optional) {
        throw Error(Code::unsupported,
                    "SQLite cannot allow null in the existing column " + name + "; add a new optional field instead");
      }
    } else {
      const std::string alter_column = "ALTER COLUMN " + identifier(column.column);
      const std::string type = column_type(column, dialect_);
      if (column_type(was, dialect_) != type) {
        // An index for patterns knows which of the two kinds of text it is made for.
        const bool same = column_indexes(old, was, dialect_) == column_indexes(now, column, dialect_);
        if (!same && was.column == column.column) drop_indexes(old, was);
        alter(now, alter_column + " TYPE " + type, "widens " + name);
        if (!same && was.column == column.column) add(column_indexes(now, column, dialect_));
      }
      if (!was.field->optional && column.field->optional) {
        alter(now, alter_column + " DROP NOT NULL", "lets " + name + " be null");
      }
    }
    const bool done = !lite_ && column_type(was, dialect_) != column_type(column, dialect_);
    if (!done && was.column == column.column && was.field->index != column.field->index && !column.field->unique) {
      if (column.field->index) add(column_indexes(now, column, dialect_));
      if (was.field->index) drop_indexes(old, was);
      add({}, (column.field->index ? "indexes " : "no longer indexes ") + name);
    }
  }

  std::string spelled(const Table& table, const Rule& rule) const {
    return rule_index(table, rule, dialect_) + rule_constraint(table, rule, dialect_);
  }

  void change_rules(const Table& old, const Table& now) {
    const auto has = [&](const Table& table, const std::string& sql) {
      return std::ranges::any_of(table.rules, [&](const Rule& r) { return spelled(table, r) == sql; });
    };
    for (const Rule& rule : old.rules) {
      const std::string sql = spelled(old, rule);
      if (!sql.empty() && !has(now, sql)) drop_rule(now, old, rule);
    }
    for (const Rule& rule : now.rules) {
      const std::string sql = spelled(now, rule);
      if (!sql.empty() && !has(old, sql)) add_rule(now, rule);
    }
  }

  void drop_rule(const Table& table, const Table& old, const Rule& rule) {
    if (const std::string index = rule_index(old, rule, dialect_); !index.empty()) return drop_index(index);
    const std::string constraint = rule_constraint(old, rule, dialect_);
    if (lite_) {
      throw Error(Code::unsupported, "SQLite cannot drop the rule of " + table.qualified.str() + ": " + constraint);
    }
    const std::size_t begin = constraint.find('"');
    alter(table, "DROP CONSTRAINT " + constraint.substr(begin, constraint.find('"', begin + 1) - begin + 1));
  }

  void add_rule(const Table& table, const Rule& rule) {
    const std::string note = "adds a rule to " + table.qualified.str();
    if (std::string index = rule_index(table, rule, dialect_); !index.empty()) return add(std::move(index), note);
    if (!lite_) return alter(table, "ADD " + rule_constraint(table, rule, dialect_), note);
    if (!rule.check.empty()) {
      throw Error(Code::unsupported, "SQLite cannot add the check '" + rule.name.str() + "' to the existing table of " +
                                         table.qualified.str());
    }
    Rule as_index = rule;  // with a condition that always holds, it is an index
    as_index.where = "1";
    add(rule_index(table, as_index, dialect_), note);
  }

  void finish_table(const Table& table) {
    for (const Column& column : table.columns) {
      if (!lite_ && column.to) alter(table, foreign_key(table, column));
      add(column_indexes(table, column, dialect_));
    }
    for (const Rule& rule : table.rules) add(rule_index(table, rule, dialect_));
  }

  void change_functions() {
    std::vector<std::string> old;
    for (const Module& m : stored_.modules()) {
      for (std::string& sql : create_functions(m)) old.push_back(std::move(sql));
    }
    for (const Module& m : now_.modules()) {
      for (std::string& sql : create_functions(m)) {
        if (std::ranges::find(old, sql) == old.end()) add(std::move(sql), "updates a function of " + m.name.str());
      }
    }
  }

  void add_triggers() {
    std::vector<std::string_view> old;
    for (const Module& m : stored_.modules()) {
      for (const Trigger& t : m.triggers) old.push_back(t.name);
    }
    for (const Module& m : now_.modules()) {
      Module fresh{.name = m.name};
      for (const Trigger& t : m.triggers) {
        if (std::ranges::find(old, t.name.view()) == old.end()) fresh.triggers.push_back(t);
      }
      add(create_triggers(now_, fresh));
    }
  }

  const Catalog& stored_;
  const Catalog& now_;
  const Dialect dialect_;
  const bool lite_;
  std::map<std::string_view, const Table*> renamed_;  ///< SQL name now -> the table of pairs before
  std::vector<std::string> lost_;
  Diff diff_;
};

}  // namespace

Diff diff(const Catalog& stored, const Catalog& now, Dialect dialect) { return Differ(stored, now, dialect).run(); }

}  // namespace lamin::schema
