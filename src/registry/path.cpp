// path.cpp -- paths across relations, in both directions, and into times and documents.
#include "registry/path.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lamin/error.hpp"
#include "lamin/query.hpp"
#include "registry/expr.hpp"

namespace lamin::registry {
namespace {

using schema::Relation;
using schema::Table;

constexpr std::array<std::string_view, 13> part_names = {"",      "date",   "year",  "iso_year", "quarter",
                                                         "month", "week",   "day",   "week_day", "iso_week_day",
                                                         "hour",  "minute", "second"};

/// A quoted segment starting at `at`; moves `at` past the closing quote.
std::string quoted_segment(std::string_view path, std::size_t& at) {
  std::string out;
  for (++at; at < path.size() && path[at] != '"'; ++at) {
    if (path[at] == '\\' && at + 1 < path.size()) ++at;
    out += path[at];
  }
  if (at == path.size())
    throw Error(Code::unknown_field, "The quote in the path '" + std::string(path) + "' is not closed.");
  ++at;
  return out;
}

/// The segment starting at `at`; moves `at` past the dot that ends it, or to the end.
std::string next_segment(std::string_view path, std::size_t& at) {
  std::string out;
  for (bool fresh = true; at < path.size(); fresh = false) {
    if (path[at] == '.' || (!fresh && path.substr(at).starts_with("__"))) {
      at += path[at] == '.' ? 1 : 2;
      return out;
    }
    if (fresh && path[at] == '"') out = quoted_segment(path, at);
    else out += path[at++];
  }
  at = std::string_view::npos;  // nothing follows
  return out;
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at != std::string_view::npos;) out.push_back(next_segment(path, at));
  return out;
}

std::string in_path(const Table& table, std::string_view path) {
  return " of " + table.name.str() + (path.empty() ? "" : " in '" + std::string(path) + "'");
}

std::string did_you_mean(std::string_view wrong, std::span<const std::string_view> known) {
  auto near = base::nearest(wrong, known);
  for (const auto name : known)
    if (name.starts_with(wrong) || name.substr(std::min<std::size_t>(1, name.size())).starts_with(wrong))
      near.emplace_back(name);  // "starts": startswith, istartswith
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  return near.empty() ? "" : " Did you mean " + base::join(near, " or ") + "?";
}

Part part_of_time(const Path& path, const std::string& name, std::string_view text) {
  const std::span parts(part_names);
  const auto at = std::find(parts.begin() + 1, parts.end(), name);
  if (at == parts.end()) {
    std::vector<std::string_view> known(parts.begin() + 1, parts.end());
    known.insert(known.end(), all_op_names().begin(), all_op_names().end());
    throw Error(Code::unknown_field,
                "'" + name + "' in '" + std::string(text) + "' is neither a look-up nor a part of the " +
                    (path.column->type == Type::time ? "time" : "date") + " '" + path.column->name.str() + "'." +
                    did_you_mean(name, known) + " The parts are " +
                    base::join(std::vector<std::string>(parts.begin() + 1, parts.end()), ", ") + ".");
  }
  const auto part = static_cast<Part>(at - parts.begin());
  if (path.column->type == Type::date && part >= Part::hour)
    throw Error(Code::unknown_field, "'" + path.column->name.str() + "' holds days, which have no " + name + ".");
  return part;
}

[[noreturn]] void no_way_on(const Table& table, const std::string& before, const std::string& next,
                            std::string_view text) {
  throw Error(Code::unknown_field, "'" + before + "'" + in_path(table, text) + " is a value and no relation, and '" +
                                       next + "' is no look-up." + did_you_mean(next, all_op_names()));
}

}  // namespace

std::string_view part_name(Part part) { return part_names[static_cast<std::size_t>(part)]; }

bool Path::to_many() const {
  return std::any_of(relations.begin(), relations.end(),
                     [](const Relation* r) { return r->shape != Relation::Shape::to_one; });
}

Type Path::type() const { return part == Part::whole ? column->type : part == Part::date ? Type::date : Type::integer; }

std::pair<std::string, std::string> head_of(std::string_view path) {
  std::size_t at = 0;
  std::string head = next_segment(path, at);
  return {std::move(head), at == std::string_view::npos ? "" : std::string(path.substr(at))};
}

bool is_field(const Table& table, std::string_view name) {
  return name == "pk" || table.find_column(name) != nullptr || table.find_relation(name) != nullptr;
}

void unknown_field(const Table& table, std::string_view field, std::string_view path) {
  std::vector<std::string> known;
  for (const auto& c : table.columns)
    if (!c.name.view().starts_with('_')) known.push_back(c.name.str());
  for (const auto& r : table.relations)
    if (!r.name.view().starts_with('_')) known.push_back(r.name.str());
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const auto near = table.nearest(field);
  throw Error(Code::unknown_field, "Unknown field '" + std::string(field) + "'" +
                                       (path.empty() ? "" : in_path(table, path)) + "." +
                                       (near.empty() ? "" : " Did you mean " + near + "?") +
                                       " Available fields: " + base::join(known, ", "));
}

Path follow(const Table& from, std::string_view text) {
  Path path;
  const Table* table = &from;
  auto parts = segments(text);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& part = parts[i];
    const bool last = i + 1 == parts.size();
    const auto* column = part == "pk" ? &table->columns[0] : table->find_column(part);
    const auto* relation = last && column != nullptr ? nullptr : table->find_relation(part);
    if (relation != nullptr) {
      path.relations.push_back(relation);
      table = relation->to;
      if (last) path.column = &table->columns[0];
      continue;
    }
    if (column == nullptr) unknown_field(*table, part, parts.size() > 1 ? text : "");
    path.column = column;
    if (last) break;
    if (column->type == Type::json) {
      path.keys.assign(std::make_move_iterator(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1),
                       std::make_move_iterator(parts.end()));
      break;
    }
    const bool dated = column->type == Type::time || column->type == Type::date;
    if (!dated || i + 2 < parts.size()) no_way_on(*table, part, parts[i + (dated ? 2 : 1)], text);
    path.part = part_of_time(path, parts[i + 1], text);
    break;
  }
  path.table = table;
  return path;
}

}  // namespace lamin::registry

namespace lamin {

void check_paths(const schema::Table& from, const Expr& expr) {
  if (expr.node == Expr::Node::compare) registry::follow(from, expr.path);
  for (const auto& child : expr.children) check_paths(from, child);
}

}  // namespace lamin
