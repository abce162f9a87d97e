// Search: rows ranked as LaminDB ranks them, and rows whose name is nearly right.
#include <algorithm>

#include "base/text.hpp"
#include "lake/label_scope.hpp"
#include "lake/rank.hpp"
#include "lake/suggest.hpp"
#include "lake/value_index.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"

namespace lamin {
namespace {

std::vector<const schema::Column*> searched_columns(const schema::Table& table, const std::string& field) {
  if (!field.empty()) return {&lake::text_column(table, field)};
  std::vector<const schema::Column*> columns;
  for (const schema::Column& column : table.columns) {
    if (column.type == Type::text && column.kind == schema::Kind::text) columns.push_back(&column);
  }
  return columns;
}

int rank_record(const Record& record, const std::vector<const schema::Column*>& columns, std::string_view part,
                bool case_sensitive, std::string& buffer) {
  int rank = 0;
  for (const schema::Column* column : columns) {
    const std::string* text = record[column->position].text();
    if (!text) continue;
    rank += lake::rank_text(case_sensitive ? std::string_view(*text) : lake::fold_into(buffer, *text), part);
  }
  return rank;
}

void add_nearly_right(Instance& instance, const schema::Table& table, std::string_view text,
                      const SearchOptions& options, std::vector<Record>& found) {
  const LabelOptions label{.field = options.field, .within = options.within};
  const auto index = lake::value_index(instance.database(), lake::label_scope(instance, table.qualified, label));
  const auto missing = static_cast<std::size_t>(options.limit) - found.size();
  for (const Suggestion& guess : lake::suggest(*index, text, missing)) {
    const auto entry = index->values().find(guess.value);
    if (entry == lake::TextMap::none) continue;
    const std::int64_t id = index->id(index->values().row(entry));
    if (std::any_of(found.begin(), found.end(), [&](const Record& r) { return r.id() == id; })) continue;
    if (auto record = instance.database().find(table, id)) found.push_back(std::move(*record));
  }
}

}  // namespace

std::vector<Record> search(Instance& instance, std::string_view registry, std::string_view text,
                           const SearchOptions& options) {
  const schema::Table& table = instance.catalog().table(registry);
  const std::string part(base::trim(text));
  if (part.empty()) throw Error(Code::invalid_argument, "nothing to search for: the text is empty");
  const auto columns = searched_columns(table, options.field);
  std::vector<Expr> any;
  for (const schema::Column* column : columns) {
    any.push_back(
        Expr::compare(column->name.str(), options.case_sensitive ? Op::contains : Op::icontains, Value(part)));
  }
  Query query{.registry = table.qualified.str(), .where = Expr::any_of(std::move(any)), .order_by = {"id"}};
  if (options.within.node != Expr::Node::all_of || !options.within.children.empty()) {
    query.where = Expr::all_of({std::move(query.where), options.within});
  }
  std::vector<std::pair<int, Record>> ranked;
  std::string buffer, folded;
  const std::string_view needle = options.case_sensitive ? std::string_view(part) : lake::fold_into(folded, part);
  instance.database().each(query, [&](Record&& record) {
    ranked.emplace_back(rank_record(record, columns, needle, options.case_sensitive, buffer), std::move(record));
    return true;
  });
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const std::size_t limit = options.limit < 0 ? ranked.size() : static_cast<std::size_t>(options.limit);
  std::vector<Record> found;
  for (auto& [rank, record] : ranked) {
    if (found.size() < limit) found.push_back(std::move(record));
  }
  if (options.typos && options.limit > 0 && found.size() < limit) {
    add_nearly_right(instance, table, part, options, found);
  }
  return found;
}

}  // namespace lamin
