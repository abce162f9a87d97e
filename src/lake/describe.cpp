#include "lake/describe.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <functional>
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/visible.hpp"
#include "lake/place.hpp"
#include "lamin/artifact.hpp"
#include "lamin/lineage.hpp"
#include "modules/modules.hpp"

namespace lamin {
namespace lake {
namespace {

using Cells = std::vector<std::string>;

std::string cell(std::string_view name, std::string_view value) { return fmt::format("{}: {}", name, value); }

std::string created_at(const Record& record) { return cell("created_at", display_value(record.at("created_at"))); }

void add_reference(Instance& instance, const Record& record, std::string_view field, Cells& cells) {
  const auto other = pointed(instance, record, field);
  cells.push_back(cell(field, other ? called(*other) : ""));
}

void add_origin(Instance& instance, const Record& record, Cells& cells) {
  add_reference(instance, record, "branch", cells);
  add_reference(instance, record, "space", cells);
  cells.push_back(created_at(record));
  add_reference(instance, record, "created_by", cells);
}

void add_run(Instance& instance, const Record& record, Cells& cells) {
  if (const auto run = pointed(instance, record, "run")) cells.push_back(cell("run", run_label(instance, *run)));
}

Cells artifact_cells(Instance& instance, const Record& r) {
  Cells cells{cell("uid", r.uid())};
  add_run(instance, r, cells);
  if (!r.at("kind").is_null() || !r.at("otype").is_null()) {
    cells.push_back(cell("kind", r.at("kind").text_or("None")));
    cells.push_back(cell("otype", r.at("otype").text_or("None")));
  }
  if (!r.at("hash").is_null()) cells.push_back(cell("hash", r.text("hash")));
  if (!r.at("size").is_null()) cells.push_back(cell("size", display_size(r.at("size").integer_or(0))));
  add_origin(instance, r, cells);
  for (const auto* count : {"n_files", "n_observations"}) {
    if (!r.at(count).is_null()) cells.push_back(cell(count, std::to_string(r.at(count).integer_or(0))));
  }
  if (const auto schema = pointed(instance, r, "schema")) cells.push_back(cell("schema", called(*schema)));
  return cells;
}

Cells transform_cells(Instance& instance, const Record& r) {
  Cells cells{cell("uid", r.uid()), r.at("reference").is_null() ? "" : cell("reference", r.text("reference")),
              cell("hash", r.at("hash").text_or("None")), cell("type", r.text("kind"))};
  add_origin(instance, r, cells);
  return cells;
}

std::string status_name(std::int64_t code, std::span<const std::string_view> names, std::int64_t first) {
  const auto i = code - first;
  return i >= 0 && i < static_cast<std::int64_t>(names.size()) ? std::string(names[static_cast<std::size_t>(i)])
                                                               : std::to_string(code);
}

Cells run_cells(Instance& instance, const Record& r) {
  constexpr std::array<std::string_view, 6> status{"scheduled", "restarted", "started",
                                                   "completed", "errored",   "aborted"};
  const auto transform = pointed(instance, r, "transform");
  Cells cells{
      cell("uid", r.uid()),
      cell("transform", transform ? fmt::format("{} ({})", transform->text("key"), version_of(*transform)) : ""),
      cell("started_at", display_value(r.at("started_at"))),
      cell("finished_at", display_value(r.at("finished_at"))),
      cell("status", status_name(r.at("_status_code").integer_or(-3), status, -3)),
      r.at("reference").is_null() ? "" : cell("reference", r.text("reference"))};
  add_origin(instance, r, cells);
  return cells;
}

Cells record_cells(Instance& instance, const Record& r) {
  Cells cells{cell("uid", r.uid())};
  add_reference(instance, r, "type", cells);
  cells.push_back(cell("is_type", r.at("is_type").boolean_or(false) ? "True" : "False"));
  add_reference(instance, r, "schema", cells);
  cells.push_back(cell("reference", r.text("reference")));
  add_origin(instance, r, cells);
  return cells;
}

Cells branch_cells(Instance& instance, const Record& r) {
  constexpr std::array<std::string_view, 5> status{"closed", "merged", "standalone", "draft", "review"};
  Cells cells{cell("status", status_name(r.at("_status_code").integer_or(0), status, -2))};
  add_reference(instance, r, "space", cells);
  cells.push_back(created_at(r));
  add_reference(instance, r, "created_by", cells);
  return cells;
}

Cells collection_cells(Instance& instance, const Record& r) {
  Cells cells{cell("uid", r.uid())};
  add_run(instance, r, cells);
  add_origin(instance, r, cells);
  return cells;
}

// A registry that only its module knows: every field that has a value, and what its links name.
Cells plugin_cells(Instance& instance, const Record& r) {
  constexpr std::int64_t most_names = 10;
  Cells cells;
  for (const auto& column : r.table().columns) {
    const auto& value = r[column.position];
    if (value.is_null() || (column.field != nullptr && column.field->hidden)) continue;
    if (column.kind != schema::Kind::ref) {
      cells.push_back(cell(column.name, display_value(value)));
    } else if (column.field != nullptr && column.field->fill == schema::Fill::run) {
      add_run(instance, r, cells);
    } else {
      add_reference(instance, r, column.name, cells);
    }
  }
  for (const auto& relation : r.table().relations) {
    if (relation.shape != schema::Relation::Shape::many_to_many) continue;
    Query query = instance.database().related(r, relation);
    query.limit = most_names + 1;
    std::vector<std::string> names;
    for (const auto& other : instance.database().all(query)) names.push_back(called(other));
    if (names.size() > most_names) names.back() = "…";
    if (!names.empty()) cells.push_back(cell(relation.name, base::join(names, ", ")));
  }
  return cells;
}

Cells cells_of(Instance& instance, const Record& record) {
  const std::string_view name = record.table().qualified;
  if (name == "Artifact") return artifact_cells(instance, record);
  if (name == "Collection") return collection_cells(instance, record);
  if (name == "Transform") return transform_cells(instance, record);
  if (name == "Run") return run_cells(instance, record);
  if (name == "Record") return record_cells(instance, record);
  if (name == "Branch") return branch_cells(instance, record);
  if (name == "Schema") return schema_cells(instance, record);
  const auto builtin = modules::builtin_names();
  const bool known = std::ranges::find(builtin, record.table().module.view()) != builtin.end();
  return known ? Cells{} : plugin_cells(instance, record);
}

std::string title_of(Instance& instance, const Record& record) {
  const std::string_view registry = record.table().name;
  if (record.table().qualified == "Run") return "Run: " + run_label(instance, record);
  if (record.table().qualified == "Schema") {
    const auto type = pointed(instance, record, "type");
    const auto name = called(record);
    return fmt::format("Schema: {}{}", type ? called(*type) + " · " : "", name.empty() ? "unnamed" : name);
  }
  const bool versioned = record.table().has(schema::Trait::versioned);
  return fmt::format("{}: {}{}", registry, called(record), versioned ? " (" + version_of(record) + ")" : "");
}

// The latest readme of the record, if somebody wrote one. LaminDB shows none for schemas and spaces.
void add_notes(Instance& instance, const Record& record, std::vector<TreeNode>& nodes) {
  if (record.table().qualified == "Schema" || record.table().qualified == "Space") return;
  const auto* blocks = instance.catalog().find(record.table().name.str() + "Block");
  if (blocks == nullptr) return;
  Query query;
  query.registry = blocks->qualified.str();
  query.any_branch = true;
  const auto host = base::snake(record.table().name);
  if (blocks->find_column(host) == nullptr) return;
  query.where =
      Expr::all_of({Expr::compare(host, Op::exact, record.id()), Expr::compare("kind", Op::exact, Value("readme")),
                    Expr::compare("is_latest", Op::exact, Value(true))});
  query.order_by = {"-id"};
  const auto block = instance.database().first(query);
  if (!block) return;
  TreeNode node{{"Notes:"}};
  quote_lines(node.lines, block->text("content"), 1000, 0, false);
  nodes.push_back(std::move(node));
}

// A part that cannot be read must not hide the others.
void add_part(std::vector<TreeNode>& nodes, const std::function<void()>& part) {
  try {
    part();
  } catch (const Error& e) { nodes.push_back({{fmt::format("(not readable: {})", e.what())}}); }
}

}  // namespace

std::string called(const Record& record) {
  const auto& table = record.table();
  const auto* column = table.name_field.empty() ? nullptr : table.find_column(table.name_field);
  if (column == nullptr) column = table.find_column("name");
  if (column == nullptr) column = table.find_column("key");
  if (column == nullptr) return std::string(record.uid());
  const auto& value = record[column->position];
  return value.text() != nullptr ? *value.text() : display_value(value);
}

std::string display_size(std::int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto size = static_cast<double>(bytes);
  for (const auto* unit : {"KB", "MB", "GB", "TB"}) {
    size /= 1024;
    if (size < 1024) return fmt::format("{:.1f} {}", size, unit);
  }
  return fmt::format("{:.1f} PB", size / 1024);
}

std::string display_value(const Value& value) {
  if (value.is_null()) return {};
  if (const auto* time = std::get_if<Time>(&value)) return base::display(*time);
  if (const auto* text = value.text()) return *text;
  return to_string(value);
}

std::string version_of(const Record& record) {
  const auto tag = record.text("version_tag");
  const auto uid = record.uid();
  return std::string(!tag.empty() || uid.size() < 4 ? tag : uid.substr(uid.size() - 4));
}

std::optional<Record> pointed(Instance& instance, const Record& record, std::string_view field) {
  const auto* relation = record.table().find_relation(field);
  if (relation == nullptr || record.at(field).is_null()) return std::nullopt;
  return instance.database().related_one(record, *relation);
}

std::string run_label(Instance& instance, const Record& run) {
  const auto transform = pointed(instance, run, "transform");
  const auto name = run.text("name");
  auto key = transform ? std::string(transform->text("key")) : std::string();
  return fmt::format("{} ({})", name.empty() ? run.uid().substr(0, 7) : name, key);
}

void quote_lines(std::vector<std::string>& into, std::string_view text, std::size_t most_lines, std::size_t most_width,
                 bool more_mark) {
  auto lines = base::split(text, '\n');
  while (!lines.empty() && base::trim(lines.back()).empty()) lines.pop_back();
  for (std::size_t i = 0; i < lines.size() && i < most_lines; ++i) {
    auto line = lines[i];
    if (most_width > 0) {
      const auto cut = shortened(line, most_width + 1);
      if (cut != line)
        line = shortened(line, most_width + 1).substr(0, cut.size() - std::string_view("…").size()) + " …";
    }
    into.push_back("│ " + line);
  }
  if (more_mark && lines.size() > most_lines) into.emplace_back("│ …");
}

}  // namespace lake

std::string describe(Instance& instance, const Record& record) {
  if (!record) return "no record";
  lake::TreeNode root{{lake::title_of(instance, record)}};
  const std::string_view name = record.table().qualified;
  const bool described = name == "Artifact" || name == "Collection" || name == "Transform" || name == "Schema";
  if (described && !record.text("description").empty()) {
    root.lines.push_back(fmt::format("|   description: {}", record.text("description")));
  }
  if (!record.saved()) {
    root.children.push_back({{"not saved yet"}});
    return base::visible(lake::print_tree(root));
  }
  auto& nodes = root.children;
  lake::add_part(nodes, [&] {
    if (auto cells = lake::cells_of(instance, record); !cells.empty()) nodes.push_back({lake::two_columns(cells)});
  });
  lake::add_part(nodes, [&] {
    if (name != "Artifact") return;
    const auto [storage, key] = location(instance, record);
    nodes.push_back({{fmt::format("storage/path: {}/{}", storage, key)}});
  });
  if (name == "Transform" && !record.text("source_code").empty()) {
    lake::TreeNode source{{"source_code:"}};
    lake::quote_lines(source.lines, record.text("source_code"), 20, 80, true);
    nodes.push_back(std::move(source));
  }
  lake::add_part(nodes, [&] {
    if (name == "Run") lake::describe_run(instance, record, nodes);
  });
  lake::add_part(nodes, [&] {
    if (name == "Artifact" || name == "Run" || name == "Record") lake::describe_values(instance, record, nodes);
  });
  lake::add_part(nodes, [&] {
    if (name == "Schema") lake::describe_members(instance, record, nodes);
  });
  lake::add_part(nodes, [&] { lake::add_notes(instance, record, nodes); });
  return base::visible(lake::print_tree(root));
}

}  // namespace lamin
