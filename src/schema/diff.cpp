// diff.cpp -- what changed between two catalogs, table by table; see diff.hpp for what is allowed.
//
// Tables are paired first, by name or by a former name; everything else is expressed in terms of pairs. Indexes and
// constraints are compared as the SQL that makes them: those only in the old table are dropped, those only in the new
// one are made, and a rename shows in their names.
#include "schema/diff.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include "base/hash.hpp"
#include "base/text.hpp"
#include "lamin/error.hpp"
#include "schema/diff_column.hpp"

namespace lamin::schema {

namespace {

/// The name in a CREATE INDEX or CONSTRAINT: the first quoted one.
std::string first_name(const std::string& sql) {
  const std::size_t begin = sql.find('"');
  return sql.substr(begin, sql.find('"', begin + 1) - begin + 1);
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

class Differ {
 public:
  Differ(const Catalog& stored, const Catalog& now, Dialect dialect)
      : stored_(stored), now_(now), dialect_(dialect), lite_(dialect == Dialect::sqlite) {}

  Diff run() {
    for (const Table& table : now_.tables()) pair(table);
    find_lost_tables();
    if (!lite_) change_functions();
    for (const Table& table : now_.tables()) {
      if (const Table* old = before(table)) rename_table(*old, table);
    }
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
    return std::move(diff_);
  }

 private:
  void add(std::string sql, std::string note = {}) {
    diff_.statements.push_back(std::move(sql));
    if (!note.empty()) diff_.notes.push_back(std::move(note));
  }
  void add(std::vector<std::string> all) {
    for (std::string& sql : all) add(std::move(sql));
  }
  void alter(const Table& table, const std::string& what, std::string note = {}) {
    add("ALTER TABLE " + identifier(table.table) + " " + what, std::move(note));
  }

  // -- pairing tables

  const Table* stored_table(std::string_view sql) const {
    const Table* found = stored_.find(sql);
    return found && found->table == sql ? found : nullptr;
  }

  void pair(const Table& table) {
    if (const Table* same = stored_table(table.table); same && !was_.contains(&table)) was_.emplace(&table, same);
    if (table.plain_pairs || !table.registry) return;
    for (Text was : table.registry->was) {
      const Table* old = stored_.find(table.module.str() + "." + was.str());
      if (old && !now_.find(old->table)) was_.emplace(&table, old);
    }
    const Table* old = before(table);
    if (!old) return;
    // A table of pairs is named after its registry and its link.
    for (const Relation& r : table.relations) {
      if (r.shape != Relation::Shape::many_to_many || !r.through->plain_pairs) continue;
      for (const Field& f : table.registry->fields) {
        if (f.name != r.name || stored_table(r.through->table)) continue;
        std::vector<Text> names = f.was;
        names.push_back(f.name);
        for (Text name : names) {
          const Table* pairs = stored_table(old->table.str() + "_" + name.str());
          if (pairs && pairs->plain_pairs && !now_.find(pairs->table)) was_.emplace(r.through, pairs);
        }
      }
    }
  }

  const Table* before(const Table& table) const {
    const auto at = was_.find(&table);
    return at == was_.end() ? nullptr : at->second;
  }

  /// The former version of this column, if it is not new.
  const Column* before(const Table& old, const Table& now, const Column& column) const {
    if (column.position == 0) return &old.columns[0];
    if (now.plain_pairs) return &old.columns[static_cast<std::size_t>(column.position)];
    for (const Column& c : old.columns) {
      if (c.column == column.column) return &c;
    }
    for (Text was : column.field->was) {
      for (const Column& c : old.columns) {
        if (c.name == was && c.position > 0) return &c;
      }
    }
    return nullptr;
  }

  void find_lost_tables() {
    for (const Table& old : stored_.tables()) {
      const bool has_module =
          std::ranges::any_of(now_.modules(), [&](const Module& m) { return m.name == old.module; });
      const bool kept = std::ranges::any_of(was_, [&](const auto& pair) { return pair.second == &old; });
      if (!has_module || kept) continue;
      diff_.losses.push_back({old.table.str(), "",
                              fmt::format("the table of {} is not declared any more; to give it up, drop it by hand: "
                                          "DROP TABLE {}",
                                          old.qualified.view(), identifier(old.table))});
    }
  }

  // -- what changes in a table

  void rename_table(const Table& old, const Table& now) {
    if (old.table == now.table) return;
    alter(old, "RENAME TO " + identifier(now.table), "renames " + old.qualified.str() + " to " + now.qualified.str());
    if (lite_) return;
    alter(now, fmt::format("RENAME CONSTRAINT {} TO {}", identifier(postgres_name(old.table, "", "pkey")),
                           identifier(postgres_name(now.table, "", "pkey"))));
    add(fmt::format("ALTER SEQUENCE {} RENAME TO {}", identifier(postgres_name(old.table, "id", "seq")),
                    identifier(postgres_name(now.table, "id", "seq"))));
  }

  void change_table(const Table& old, const Table& now) {
    std::vector<ColumnChange> kept;
    std::vector<const Column*> fresh;
    if (old.plain_pairs != now.plain_pairs) {
      diff_.guards.push_back({"", fmt::format("the pairs of {} would be kept in another form; declare a new link, and "
                                              "copy them by hand",
                                              now.qualified.view())});
      return;
    }
    for (const Column& column : now.columns) {
      if (const Column* was = before(old, now, column)) {
        const bool same = !column.to || (was->to && before(*column.to) == was->to);
        kept.push_back({old, now, *was, column, same});
      } else {
        fresh.push_back(&column);
      }
    }
    find_lost_columns(old, kept);
    for (const ColumnChange& c : kept) {
      guard_column(c, dialect_, diff_.guards);
      if (c.was.column != c.is.column) {
        diff_.notes.push_back("renames " + label(old, c.was) + " to " + c.is.name.str());
      }
      note_column(c, dialect_, diff_.notes);
    }
    for (const Column* column : fresh) guard_new(old, now, *column);
    note_rules(old, now);
    if (lite_ && needs_rebuild(old, now, kept, fresh)) {
      rebuild(old, now, kept, fresh);
    } else {
      change_in_place(old, now, kept, fresh);
    }
  }

  void find_lost_columns(const Table& old, const std::vector<ColumnChange>& kept) {
    for (const Column& c : old.columns) {
      if (std::ranges::any_of(kept, [&](const ColumnChange& k) { return &k.was == &c; })) continue;
      diff_.losses.push_back({old.table.str(), c.column.str(),
                              fmt::format("{} is not declared any more; to rename it, declare its former name (`was`); "
                                          "to give up what it holds, drop it by hand: ALTER TABLE {} DROP COLUMN {}",
                                          label(old, c), identifier(old.table), identifier(c.column))});
    }
  }

  void guard_new(const Table& old, const Table& now, const Column& column) {
    diff_.notes.push_back("adds " + label(now, column));
    const Field& f = *column.field;
    const std::string rows = fmt::format("SELECT count(*) FROM {}", identifier(old.table));
    if (!f.optional && first_value(column, dialect_).empty()) {
      diff_.guards.push_back(
          {rows, fmt::format("the new field {} needs a value for the rows that exist; make it optional, or declare a "
                             "first value (`fill` constant, `initial`)",
                             label(now, column))});
    } else if (f.unique && !first_value(column, dialect_).empty()) {
      diff_.guards.push_back({rows, fmt::format("the new field {} is unique, and its first value would be the same for "
                                                "all rows that exist; make it optional without one",
                                                label(now, column))});
    }
  }

  std::vector<std::string> indexes(const Table& table) const {
    std::vector<std::string> out;
    for (const Column& c : table.columns) {
      for (std::string& sql : column_indexes(table, c, dialect_)) out.push_back(std::move(sql));
    }
    for (const Rule& rule : table.rules) {
      if (std::string sql = rule_index(table, rule, dialect_); !sql.empty()) out.push_back(std::move(sql));
    }
    return out;
  }
  std::vector<std::string> constraints(const Table& table) const {
    std::vector<std::string> out;
    for (const Rule& rule : table.rules) {
      if (std::string sql = rule_constraint(table, rule, dialect_); !sql.empty()) out.push_back(std::move(sql));
    }
    return out;
  }

  void note_rules(const Table& old, const Table& now) {
    if (old.table != now.table) return;
    const auto spelled = [&](const Table& table) {
      std::vector<std::string> all = indexes(table);
      for (std::string& sql : constraints(table)) all.push_back(std::move(sql));
      return all;
    };
    const auto note = [&](const char* verb, const std::string& sql) {
      const std::string quoted = first_name(sql), name = quoted.substr(1, quoted.size() - 2);
      if (!name.ends_with("_like")) diff_.notes.push_back(std::string(verb) + " the rule or index " + name);
    };
    const std::vector<std::string> before = spelled(old), after = spelled(now);
    for (const std::string& sql : before) {
      if (!contains(after, sql)) note("drops", sql);
    }
    for (const std::string& sql : after) {
      if (!contains(before, sql)) note("adds", sql);
    }
  }

  void change_in_place(const Table& old, const Table& now, const std::vector<ColumnChange>& kept,
                       const std::vector<const Column*>& fresh) {
    const std::vector<std::string> old_indexes = indexes(old), now_indexes = indexes(now);
    const std::vector<std::string> old_rules = constraints(old), now_rules = constraints(now);
    for (const std::string& sql : old_indexes) {
      if (!contains(now_indexes, sql)) add("DROP INDEX IF EXISTS " + first_name(sql));
    }
    for (const std::string& sql : old_rules) {
      if (!contains(now_rules, sql)) alter(now, "DROP CONSTRAINT IF EXISTS " + first_name(sql));
    }
    for (const ColumnChange& c : kept) {
      if (c.was.column != c.is.column) {
        alter(now, fmt::format("RENAME COLUMN {} TO {}", identifier(c.was.column), identifier(c.is.column)));
      }
      if (!lite_) add(alter_column(c));
    }
    for (const Column* column : fresh) add_column(now, *column);
    for (const std::string& sql : now_rules) {
      if (!contains(old_rules, sql)) alter(now, "ADD " + sql);
    }
    for (const std::string& sql : now_indexes) {
      if (!contains(old_indexes, sql)) add(sql);
    }
  }

  void add_column(const Table& table, const Column& column) {
    const bool filled = !column_default(column, dialect_).empty();
    const std::string first = filled ? "" : first_value(column, dialect_);
    alter(table, "ADD COLUMN " + column_definition(column, dialect_, first));
    if (!first.empty()) alter(table, "ALTER COLUMN " + identifier(column.column) + " DROP DEFAULT");
    if (!lite_ && column.to) alter(table, foreign_key(table, column));
  }

  // -- SQLite: rebuilding a table

  bool needs_rebuild(const Table& old, const Table& now, const std::vector<ColumnChange>& kept,
                     const std::vector<const Column*>& fresh) const {
    const auto plain = [&](const Column& c) {  // what ADD COLUMN can do
      if (c.field->unique) return false;
      const std::string first = first_value(c, dialect_), filled = column_default(c, dialect_);
      return first.empty() ? c.field->optional : first == filled && !c.to && c.field->fill == Fill::constant;
    };
    const auto redefined = [&](const ColumnChange& c) { return c.is.position > 0 && is_redefined(c, dialect_); };
    return constraints(old) != constraints(now) || std::ranges::any_of(kept, redefined) ||
           std::ranges::any_of(fresh, [&](const Column* c) { return !plain(*c); });
  }

  void rebuild(const Table& old, const Table& now, const std::vector<ColumnChange>& kept,
               const std::vector<const Column*>& fresh) {
    diff_.rebuilt.push_back(old.table.str());
    const std::string name = "lamin_new_" + base::hex(base::md5(now.table.view())).substr(0, 12);
    std::string into, from;
    const auto take = [&](const Column& column, const std::string& value) {
      into += (into.empty() ? "" : ", ") + identifier(column.column);
      from += (from.empty() ? "" : ", ") + value;
    };
    for (const ColumnChange& c : kept) {
      const std::string first = becomes_required(c) ? first_value(c.is, dialect_) : "";
      const std::string column = identifier(c.was.column);
      take(c.is, first.empty() ? column : fmt::format("coalesce({}, {})", column, first));
    }
    for (const Column* c : fresh) {
      if (const std::string first = first_value(*c, dialect_); !first.empty()) take(*c, first);
    }
    const std::string there = identifier(now.table), anew = identifier(name);
    add(create_table(now, dialect_, name));
    add(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", anew, into, from, there));
    // Ids of deleted rows are not reused.
    add(fmt::format("DELETE FROM sqlite_sequence WHERE name = '{}'", name));
    add(fmt::format("INSERT INTO sqlite_sequence (name, seq) SELECT '{}', seq FROM sqlite_sequence WHERE name = '{}'",
                    name, now.table.view()));
    add("DROP TABLE " + there);
    add(fmt::format("ALTER TABLE {} RENAME TO {}", anew, there));
    add(indexes(now));
  }

  // -- whole tables

  void finish_table(const Table& table) {
    for (const Column& column : table.columns) {
      if (!lite_ && column.to) alter(table, foreign_key(table, column));
    }
    add(indexes(table));
  }

  void change_functions() {
    std::vector<std::string> old;
    for (const Module& m : stored_.modules()) {
      for (std::string& sql : create_functions(m)) old.push_back(std::move(sql));
    }
    for (const Module& m : now_.modules()) {
      for (std::string& sql : create_functions(m)) {
        if (!contains(old, sql)) add(std::move(sql), "updates a function of " + m.name.str());
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
  std::map<const Table*, const Table*> was_;  ///< now -> before
  Diff diff_;
};

}  // namespace

Diff diff(const Catalog& stored, const Catalog& now, Dialect dialect) { return Differ(stored, now, dialect).run(); }

void refuse(const std::vector<std::string>& refusals) {
  throw Error(Code::conflict, "the database has what this program does not know, or a change would lose data: " +
                                  base::join(refusals, "; ") +
                                  ". If the database was made by a newer version, update the program or the plug-in");
}

}  // namespace lamin::schema
