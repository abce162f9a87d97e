// look.cpp -- get, describe, list, search, lineage, versions.
#include <charconv>
#include <cstdio>

#include "base/text.hpp"
#include "commands.hpp"
#include "faces/columns.hpp"
#include "faces/entity.hpp"
#include "faces/grid.hpp"
#include "lamin/describe.hpp"
#include "lamin/find.hpp"
#include "lamin/label.hpp"
#include "lamin/ontology.hpp"
#include "lamin/search.hpp"

namespace lamin::cli {

namespace {

std::int64_t number(const Given& given, const char* name) {
  const auto text = given.text(name);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < 1) {
    throw Error(Code::invalid_argument,
                std::string("--") + name + " takes a whole number from 1 on, not '" + text + "'.");
  }
  return value;
}

void print(const schema::Table& table, const std::vector<Record>& records) {
  const auto shown = faces::shown_columns(table);
  std::vector<std::string> header;
  for (const int position : shown) header.push_back(table.columns[static_cast<std::size_t>(position)].name.str());
  std::vector<std::vector<std::string>> rows;
  for (const auto& record : records) {
    auto& row = rows.emplace_back();
    for (const int position : shown) row.push_back(faces::display(record[position]));
  }
  std::fputs(faces::text_table(header, std::move(rows), static_cast<std::size_t>(width())).c_str(), stdout);
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

/// Prints what the query finds, in the requested columns and form; returns how many rows.
std::size_t show(Instance& instance, const schema::Table& table, const Query& query, const Given& given) {
  if (given.has("json") && given.has("csv"))
    throw Error(Code::invalid_argument, "--json and --csv exclude each other.");
  auto columns = parts(given.text("columns"));
  if (columns.empty() && !given.has("csv")) {
    const auto records = instance.database().all(query);
    if (given.has("json")) std::fputs(faces::json_lines(records).c_str(), stdout);
    else print(table, records);
    return records.size();
  }
  if (columns.empty())
    for (const int position : faces::shown_columns(table))
      columns.push_back(table.columns[static_cast<std::size_t>(position)].name.str());
  const auto grid = faces::make_grid(instance.database(), query, columns);
  const auto text = given.has("json")  ? faces::json_lines(grid)
                    : given.has("csv") ? faces::csv(grid)
                                       : faces::text_table(grid, static_cast<std::size_t>(width()));
  std::fputs(text.c_str(), stdout);
  return grid.rows.size();
}

}  // namespace

int get(const Given& given) {
  const auto instance = open();
  const auto record = find(*instance, given);
  if (given.has("field")) print_value(faces::display(record.at(given.text("field"))));
  else if (given.has("json")) std::printf("%s\n", faces::json_object(record).c_str());
  else std::puts(lamin::describe(*instance, record).c_str());
  return 0;
}

int describe(const Given& given) {
  const auto instance = open();
  const auto tree = describe_tree(*instance, find(*instance, given), {.comments = given.has("comments")});
  std::puts((given.has("json") ? to_json(tree) : to_text(tree)).c_str());
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
  if (static_cast<std::int64_t>(found) == query.limit)
    std::fprintf(stderr, "! first %zu records; --limit shows more\n", found);
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
      std::printf("{\"registry\": \"%s\", \"score\": %.6g, \"record\": %s}\n", record.table().qualified.str().c_str(),
                  score, faces::json_object(record).c_str());
    }
  } else if (given.has("registry")) {
    std::vector<Record> records;
    for (auto& one : found) records.push_back(std::move(one.record));
    print(faces::entity(instance->catalog(), given.text("registry")), records);
  } else {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [record, score] : found) {
      rows.push_back({faces::entity_name(record.table()), std::string(record.uid()), title(record)});
    }
    const std::vector<std::string> header{"registry", "uid", "name"};
    std::fputs(faces::text_table(header, std::move(rows), static_cast<std::size_t>(width())).c_str(), stdout);
  }
  return 0;
}

int show_lineage(const Given& given) {
  const auto instance = open();
  std::fputs(print_lineage(*instance, find(*instance, given)).c_str(), stdout);
  return 0;
}

int versions(const Given& given) {
  const auto instance = open();
  const auto record = find(*instance, given);
  std::vector<std::vector<std::string>> rows;
  for (const auto& version : lamin::versions(*instance, record)) {
    auto& row = rows.emplace_back();
    for (const auto* field : {"uid", "version_tag", "is_latest", "created_at", "description"}) {
      row.push_back(faces::display(version.at(field)));
    }
  }
  const std::vector<std::string> header{"uid", "version", "latest", "created", "description"};
  std::fputs(faces::text_table(header, std::move(rows), static_cast<std::size_t>(width())).c_str(), stdout);
  return 0;
}

}  // namespace lamin::cli
