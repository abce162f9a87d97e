// scope.cpp -- joins.
#include "registry/scope.hpp"
#include "db/sql.hpp"

#include <algorithm>

namespace lamin::registry {
namespace {
using Shape = schema::Relation::Shape;
}

Scope::Scope(const schema::Table& table, int& aliases)
    : table_(&table), aliases_(&aliases), alias_("t" + std::to_string(aliases++)) {}

std::string Scope::own(std::string_view column) {
  used_ = true;
  return alias_ + "." + db::quote(column);
}

std::string Scope::id() { return own(table_->columns[0].column); }

int Scope::enter(const schema::Relation& relation, int parent, bool left) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].relation != &relation || steps_[i].parent != parent) continue;
    // Once a strict use requires it, a missing row can never satisfy the whole: the join may drop it.
    if (!left) steps_[i].left = false;
    return static_cast<int>(i);
  }
  Step step{.relation = &relation, .parent = parent, .left = left};
  if (relation.shape == Shape::many_to_many) step.link = "t" + std::to_string((*aliases_)++);
  step.to = "t" + std::to_string((*aliases_)++);
  step.to_used = relation.shape != Shape::many_to_many;
  // A reference is a column of the row it starts from; if that row comes through pairs, it has to be joined.
  if (parent >= 0 && relation.shape == Shape::to_one) steps_[static_cast<std::size_t>(parent)].to_used = true;
  steps_.push_back(std::move(step));
  return static_cast<int>(steps_.size()) - 1;
}

bool Scope::has(const Path& path) const {
  int at = -1;
  for (const auto* relation : path.relations) {
    const auto there = std::find_if(steps_.begin(), steps_.end(),
                                    [&](const Step& s) { return s.relation == relation && s.parent == at; });
    if (there == steps_.end()) return false;
    at = static_cast<int>(there - steps_.begin());
  }
  return true;
}

std::string Scope::source(int step, std::string_view column) {
  if (step < 0) return own(column);
  auto& s = steps_[static_cast<std::size_t>(step)];
  s.to_used = true;
  return s.to + "." + db::quote(column);
}

Term Scope::term(const Path& path, bool left) {
  Term out{.column = path.column, .keys = path.keys, .part = path.part, .type = path.type()};
  const std::size_t n = path.relations.size();
  const bool ends_in_id = n > 0 && path.column == &path.table->columns[0];
  int at = -1;
  bool maybe_missing = false;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& relation = *path.relations[i];
    if (ends_in_id && i + 1 == n) {
      out.relation = &relation;
      if (relation.shape == Shape::to_one) {
        out.sql = source(at, relation.from_column->column);
        out.nullable = true;
        return out;
      }
    }
    // Everything after a join that may find nothing may find nothing, too.
    at = enter(relation, at, left);
    maybe_missing = maybe_missing || steps_[static_cast<std::size_t>(at)].left;
    if (out.relation != nullptr && relation.shape == Shape::many_to_many) {
      out.sql = steps_[static_cast<std::size_t>(at)].link + "." + db::quote(relation.to_column->column);
      out.nullable = maybe_missing;
      return out;
    }
  }
  out.sql = source(at, path.column->column);
  const bool key = path.column == &path.table->columns[0];
  out.nullable = maybe_missing || (!key && (path.column->field == nullptr || path.column->field->optional));
  if (out.relation == nullptr && path.column->kind == schema::Kind::ref)
    out.relation = path.table->find_relation(path.column->name);
  return out;
}

std::string Scope::source_of(const Step& step, std::string_view column) const {
  return (step.parent < 0 ? alias_ : steps_[static_cast<std::size_t>(step.parent)].to) + "." + db::quote(column);
}

/// A step's column that holds the id of the row it starts from.
std::string Scope::key_of(const Step& step) const {
  const auto& r = *step.relation;
  return r.shape == Shape::to_many ? step.to + "." + db::quote(r.to_column->column)
                                   : step.link + "." + db::quote(r.from_column->column);
}

/// The id of the row that a step starts from; after pairs, it is in the pair.
std::string Scope::source_id(const Step& step) const {
  if (step.parent < 0 && standing_in_ >= 0 && &step != &steps_[static_cast<std::size_t>(standing_in_)])
    return key_of(steps_[static_cast<std::size_t>(standing_in_)]);
  if (step.parent >= 0) {
    const auto& before = steps_[static_cast<std::size_t>(step.parent)];
    if (before.relation->shape == Shape::many_to_many)
      return before.link + "." + db::quote(before.relation->to_column->column);
  }
  return source_of(step, step.relation->from->columns[0].column);
}

void Scope::join(const Step& step, std::string& out) const {
  const auto& r = *step.relation;
  const std::string_view word = step.left ? " LEFT JOIN " : " JOIN ";
  const std::string id = db::quote(r.to->columns[0].column);
  auto add = [&](std::string_view table, const std::string& alias, const std::string& on) {
    out += word;
    out += db::quote(table) + " " + alias + " ON " + on;
  };
  switch (r.shape) {
    case Shape::to_one:
      add(r.to->table, step.to, step.to + "." + id + " = " + source_of(step, r.from_column->column));
      break;
    case Shape::to_many:
      add(r.to->table, step.to, step.to + "." + db::quote(r.to_column->column) + " = " + source_id(step));
      break;
    case Shape::many_to_many:
      add(r.through->table, step.link, step.link + "." + db::quote(r.from_column->column) + " = " + source_id(step));
      if (step.to_used)
        add(r.to->table, step.to, step.to + "." + id + " = " + step.link + "." + db::quote(r.to_column->column));
      break;
  }
}

std::string Scope::from() const {
  std::string out = db::quote(table_->table) + " " + alias_;
  for (const auto& step : steps_) join(step, out);
  return out;
}

std::string Scope::select_ids(const std::string& condition, bool never_null) {
  const Step* first = nullptr;
  bool alone = !used_;
  for (const auto& step : steps_) {
    if (step.parent >= 0) continue;
    if (first == nullptr) first = &step;
    alone = alone && !step.left && step.relation->shape != Shape::to_one;
  }
  alone = alone && first != nullptr;
  std::string key, from;
  if (alone) {
    standing_in_ = static_cast<int>(first - steps_.data());
    const auto& r = *first->relation;
    key = key_of(*first);
    if (r.shape == Shape::to_many) {
      from = db::quote(r.to->table) + " " + first->to;
    } else {
      from = db::quote(r.through->table) + " " + first->link;
      if (first->to_used)
        from += " JOIN " + db::quote(r.to->table) + " " + first->to + " ON " + first->to + "." +
                db::quote(r.to->columns[0].column) + " = " + first->link + "." + db::quote(r.to_column->column);
    }
    for (const auto& step : steps_)
      if (&step != first) join(step, from);
  } else {
    key = alias_ + "." + db::quote(table_->columns[0].column);
    from = this->from();
  }
  std::string where = condition;
  // A single null among the ids would make NOT IN true for no row.
  if (alone && never_null) where += (where.empty() ? "" : " AND ") + key + " IS NOT NULL";
  return "SELECT " + key + " FROM " + from + (where.empty() ? "" : " WHERE " + where);
}

}  // namespace lamin::registry
