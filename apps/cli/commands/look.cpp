// look.cpp -- get, describe, list, search, versions.
#include <fmt/format.h>
#include <optional>
#include <span>

#include "base/text.hpp"
#include "base/visible.hpp"
#include "commands.hpp"
#include "faces/columns.hpp"
#include "faces/entity.hpp"
#include "faces/grid.hpp"
#include "lamin/describe.hpp"
#include "lamin/find.hpp"
#include "lamin/label.hpp"
#include "lamin/ontology.hpp"
#include "lamin/pages.hpp"
#include "lamin/search.hpp"

namespace lamin::cli {

namespace {

std::vector<std::string> names_of(const schema::Table& table, const std::vector<int>& positions) {
  std::vector<std::string> names;
  for (const int position : positions) names.push_back(table.columns[static_cast<std::size_t>(position)].name.str());
  return names;
}

/// What a record is called.
std::string title(const Record& record) {
  const auto& table = record.table();
  for (const std::string_view field :
       {table.name_field.view(), std::string_view("key"), std::string_view("description")}) {
    const auto* column = field.empty() ? nullptr : table.find_column(field);
    if (column != nullptr && !record[column->position].is_null()) return faces::display(record[column->position]);
  }
  return "";
}

/// "cell_types=T cell" on artifacts.
Expr labelled(Instance& instance, const schema::Table& table, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == text.npos)
    throw Error(Code::invalid_argument,
                "--any takes \"relation=term\", such as \"cell_types=T cell\", not '" + text + "'.");
  return labelled_with_any(instance, table, text.substr(0, equals), std::string_view(text).substr(equals + 1));
}

/// Splits "key, -size".
std::vector<std::string> parts(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& part : base::split(text, ','))
    if (const auto name = base::trim(part); !name.empty()) out.emplace_back(name);
  return out;
}

/// Prints rows, page by page, in the requested columns and form.
class Lister {
 public:
  Lister(Instance& instance, const schema::Table& table, const Given& given)
      : database_(instance.database()), table_(table), json_(given.has("json")), csv_(given.has("csv")) {
    if (json_ && csv_) throw Error(Code::invalid_argument, "--json and --csv exclude each other.");
    paths_ = parts(given.text("columns"));
    if (paths_.empty()) shown_ = faces::shown_columns(table);
    const auto header = paths_.empty() ? names_of(table, shown_) : paths_;
    if (csv_) print(faces::csv_line(header));
    else if (!json_) text_.emplace(text_table(header));
  }

  void add(std::span<const Record> rows) {
    if (!paths_.empty()) return add(faces::make_grid(database_, table_, rows, paths_));
    for (const auto& row : rows) {
      if (json_) {
        print(faces::json_object(row) + "\n");
        continue;
      }
      std::vector<std::string> cells;
      for (const int position : shown_) cells.push_back(faces::display(row[position]));
      if (csv_) print(faces::csv_line(cells));
      else text_->add(std::move(cells));
    }
  }

  void finish() {
    if (text_) text_->finish();
  }

 private:
  void add(const faces::Grid& grid) {
    if (json_) return print(faces::json_lines(grid));
    if (csv_) return print(faces::csv_lines(grid));
    for (const auto& row : grid.rows) text_->add(faces::texts(row));
  }

  Database& database_;
  const schema::Table& table_;
  bool json_, csv_;
  std::vector<std::string> paths_;  ///< empty: the columns of `shown_`
  std::vector<int> shown_;
  std::optional<faces::TextTable> text_;
};

/// Prints what the query finds; returns how many rows.
std::int64_t show(Instance& instance, const schema::Table& table, const Query& query, const Given& given) {
  Lister lister(instance, table, given);
  Pages pages(instance.database(), query);
  std::int64_t found = 0;
  for (auto rows = pages.next(); !rows.empty(); rows = pages.next()) {
    lister.add(rows);
    found += static_cast<std::int64_t>(rows.size());
  }
  lister.finish();
  return found;
}

/// The word for the status of a branch, run or project.
std::string status_of(const Record& record) {
  const auto* column = record.table().find_column("_status_code");
  if (column == nullptr) throw Error(Code::unknown_field, "a " + record.table().name.str() + " has no status");
  return std::string(schema::word_of(*column, record[column->position].integer_or(0)));
}

}  // namespace

namespace {

void print_asked(Instance& instance, const Record& record, const Given& given) {
  if (given.has("status")) print_value(status_of(record));
  else if (given.has("description")) print_value(faces::display(record.at("description")));
  else if (given.has("field")) print_value(faces::display(record.at(given.text("field"))));
  else if (given.has("json")) print(faces::json_object(record) + "\n");
  else print(to_text(describe_tree(instance, record), coloured(), terminal_width()) + "\n");
}

}  // namespace

int get(const Given& given) {
  const auto instance = open(given);
  for (const auto& record : find_all(*instance, given)) print_asked(*instance, record, given);
  return 0;
}

int describe(const Given& given) {
  const auto instance = open(given);
  const auto include = given.text("include");
  if (!include.empty() && include != "comments" && include != "hidden")
    throw Error(Code::invalid_argument, "--include takes comments or hidden, not '" + include + "'.");
  for (const auto& record : find_all(*instance, given)) {
    const auto tree = describe_tree(*instance, record,
                                    {.comments = include == "comments", .hidden = include == "hidden", .runs = true});
    print((given.has("json") ? to_json(tree) : to_text(tree, coloured(), terminal_width())) + "\n");
  }
  return 0;
}

int list(const Given& given) {
  const auto instance = open();
  const auto& table = faces::entity(instance->catalog(), given.text("registry"));
  Query query{.registry = table.qualified.str(), .order_by = parts(given.text("order"))};
  if (given.text("limit") != "all") query.limit = number(given, "limit");
  std::vector<Expr> conditions;
  if (given.has("where")) conditions.push_back(Expr::parse(given.text("where")));
  if (given.has("any")) conditions.push_back(labelled(*instance, table, given.text("any")));
  query.where = Expr::all_of(std::move(conditions));
  const auto found = show(*instance, table, listed(instance->catalog(), query), given);
  if (found == query.limit) tell("! first " + std::to_string(found) + " records; --limit shows more");
  return 0;
}

int search(const Given& given) {
  const auto instance = open();
  const SearchOptions options{
      .fields = given.has("field") ? std::vector{given.text("field")} : std::vector<std::string>(),
      .limit = number(given, "limit"),
      .fuzzy = given.has("fuzzy")};
  std::vector<Found> found;
  if (given.has("registry")) {
    const auto& table = faces::entity(instance->catalog(), given.text("registry"));
    found = lamin::search(*instance, table.qualified, given.text("text"), options);
  } else {
    found = search_all(*instance, given.text("text"), options);
  }
  if (given.has("json")) {
    for (const auto& [record, score] : found) {
      print(fmt::format("{{\"registry\": \"{}\", \"score\": {:.6g}, \"record\": {}}}\n", record.table().qualified.str(),
                        score, faces::json_object(record)));
    }
  } else if (given.has("registry")) {
    Lister lister(*instance, faces::entity(instance->catalog(), given.text("registry")), Given());
    for (const auto& one : found) lister.add({&one.record, 1});
    lister.finish();
  } else {
    auto table = text_table({"registry", "uid", "name"});
    for (const auto& [record, score] : found) {
      table.add({faces::entity_name(record.table()), std::string(record.uid()), title(record)});
    }
    table.finish();
  }
  return 0;
}

int versions(const Given& given) {
  const auto instance = open(given);
  const auto record = find(*instance, given);
  auto table = text_table({"uid", "version", "latest", "created", "description"});
  for (const auto& version : lamin::versions(*instance, record)) {
    std::vector<std::string> row;
    for (const auto* field : {"uid", "version_tag", "is_latest", "created_at", "description"}) {
      row.push_back(faces::display(version.at(field)));
    }
    table.add(std::move(row));
  }
  table.finish();
  return 0;
}

}  // namespace lamin::cli
