// describe.cpp -- which parts a record of each registry has.
#include "lamin/describe.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include "base/text.hpp"
#include "faces/columns.hpp"
#include "faces/describe/parts.hpp"
#include "lamin/artifact.hpp"
#include "lamin/find.hpp"
#include "lamin/plugin.hpp"
#include "lamin/storage.hpp"

namespace lamin {
namespace faces {
namespace {

constexpr std::pair<const char*, const char*> gap{"", ""};

void add_created_at(const Record& record, Fields& fields) {
  fields.emplace_back("created_at", display(record.at("created_at")));
}

void add_reference(Instance& instance, const Record& record, std::string_view field, Fields& fields) {
  const auto other = pointed(instance, record, field);
  fields.emplace_back(field, other ? called(*other) : "");
}

void add_origin(Instance& instance, const Record& record, Fields& fields) {
  add_reference(instance, record, "branch", fields);
  add_reference(instance, record, "space", fields);
  add_created_at(record, fields);
  add_reference(instance, record, "created_by", fields);
}

void add_run(Instance& instance, const Record& record, Fields& fields) {
  if (const auto run = pointed(instance, record, "run")) fields.emplace_back("run", run_label(instance, *run));
}

void add_reference_text(const Record& r, Fields& fields) {
  if (r.at("reference").is_null()) fields.push_back(gap);
  else fields.emplace_back("reference", r.text("reference"));
}

Fields artifact_fields(Instance& instance, const Record& r) {
  Fields fields{{"uid", std::string(r.uid())}};
  add_run(instance, r, fields);
  if (!r.at("kind").is_null() || !r.at("otype").is_null()) {
    fields.emplace_back("kind", r.at("kind").text_or("None"));
    fields.emplace_back("otype", r.at("otype").text_or("None"));
  }
  if (!r.at("hash").is_null()) fields.emplace_back("hash", r.text("hash"));
  if (!r.at("size").is_null()) fields.emplace_back("size", display_size(r.at("size").integer_or(0)));
  add_origin(instance, r, fields);
  for (const auto* count : {"n_files", "n_observations"}) {
    if (!r.at(count).is_null()) fields.emplace_back(count, std::to_string(r.at(count).integer_or(0)));
  }
  if (const auto schema = pointed(instance, r, "schema")) fields.emplace_back("schema", called(*schema));
  return fields;
}

Fields transform_fields(Instance& instance, const Record& r) {
  Fields fields{{"uid", std::string(r.uid())}};
  add_reference_text(r, fields);
  fields.emplace_back("hash", r.at("hash").text_or("None"));
  fields.emplace_back("type", r.text("kind"));
  add_origin(instance, r, fields);
  return fields;
}

std::string status_of(const Record& r) {
  const auto code = r.at("_status_code").integer_or(0);
  const auto word = schema::word_of(r.table().column("_status_code"), code);
  return word.empty() ? std::to_string(code) : std::string(word);
}

Fields run_fields(Instance& instance, const Record& r) {
  const auto transform = pointed(instance, r, "transform");
  Fields fields{{"uid", std::string(r.uid())},
                {"transform", transform ? fmt::format("{} ({})", transform->text("key"), version_of(*transform)) : ""},
                {"started_at", display(r.at("started_at"))},
                {"finished_at", display(r.at("finished_at"))},
                {"status", status_of(r)}};
  add_reference_text(r, fields);
  add_origin(instance, r, fields);
  return fields;
}

Fields record_fields(Instance& instance, const Record& r) {
  Fields fields{{"uid", std::string(r.uid())}};
  add_reference(instance, r, "type", fields);
  fields.emplace_back("is_type", display(r.at("is_type")));
  add_reference(instance, r, "schema", fields);
  fields.emplace_back("reference", r.text("reference"));
  add_origin(instance, r, fields);
  return fields;
}

Fields branch_fields(Instance& instance, const Record& r) {
  Fields fields{{"status", status_of(r)}};
  add_reference(instance, r, "space", fields);
  add_created_at(r, fields);
  add_reference(instance, r, "created_by", fields);
  return fields;
}

Fields collection_fields(Instance& instance, const Record& r) {
  Fields fields{{"uid", std::string(r.uid())}};
  add_run(instance, r, fields);
  add_origin(instance, r, fields);
  return fields;
}

// A registry that only its module knows: every field with a value, and the names of what it links to.
Fields plugin_fields(Instance& instance, const Record& r) {
  constexpr std::int64_t most_names = 10;
  Fields fields;
  for (const auto& column : r.table().columns) {
    const auto& value = r[column.position];
    if (value.is_null() || (column.field != nullptr && column.field->hidden)) continue;
    if (column.kind != schema::Kind::ref) {
      fields.emplace_back(column.name, display(value));
    } else if (column.field != nullptr && column.field->fill == schema::Fill::run) {
      add_run(instance, r, fields);
    } else {
      add_reference(instance, r, column.name, fields);
    }
  }
  for (const auto& relation : r.table().relations) {
    if (relation.shape != schema::Relation::Shape::many_to_many) continue;
    Query query = instance.database().related(r, relation);
    query.limit = most_names + 1;
    std::vector<std::string> names;
    for (const auto& other : instance.database().all(query)) names.push_back(called(other));
    if (names.size() > most_names) names.back() = "…";
    if (!names.empty()) fields.emplace_back(relation.name, base::join(names, ", "));
  }
  return fields;
}

Fields fields_of(Instance& instance, const Record& record) {
  const std::string_view name = record.table().qualified;
  if (name == "Artifact") return artifact_fields(instance, record);
  if (name == "Collection") return collection_fields(instance, record);
  if (name == "Transform") return transform_fields(instance, record);
  if (name == "Run") return run_fields(instance, record);
  if (name == "Record") return record_fields(instance, record);
  if (name == "Branch") return branch_fields(instance, record);
  if (name == "Schema") return schema_fields(instance, record);
  return is_builtin(record.table().module) ? Fields{} : plugin_fields(instance, record);
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

// The latest readme of the record, if there is one. LaminDB shows none for schemas and spaces.
void add_notes(Instance& instance, const Record& record, std::vector<Node>& nodes) {
  if (record.table().qualified == "Schema" || record.table().qualified == "Space") return;
  const auto block = readme(instance, record);
  if (!block) return;
  nodes.push_back(quoted("Notes:", block->text("content")));
}

void add_comments(Instance& instance, const Record& record, std::vector<Node>& nodes) {
  const auto* blocks = record.table().find_relation("ablocks");
  if (blocks == nullptr) return;
  auto query = instance.database().related(record, *blocks);
  query.where = Expr::all_of({std::move(query.where), Expr::compare("kind", Op::exact, Value("comment"))});
  query.order_by = {"created_at", "id"};
  for (const auto& comment : instance.database().all(query)) {
    const auto author = pointed(instance, comment, "created_by");
    nodes.push_back(quoted(fmt::format("comment by {} on {}", author ? author->text("handle") : "unknown",
                                       display(comment.at("created_at"))),
                           comment.text("content")));
  }
}

// A part that cannot be read must not hide the others.
void add_part(std::vector<Node>& nodes, const std::function<void()>& part) {
  try {
    part();
  } catch (const Error& e) { nodes.push_back({.title = fmt::format("(not readable: {})", e.what())}); }
}

}  // namespace

std::string called(const Record& record) {
  const auto& table = record.table();
  const auto* column = table.name_field.empty() ? nullptr : table.find_column(table.name_field);
  if (column == nullptr) column = table.find_column("name");
  if (column == nullptr) column = table.find_column("key");
  if (column == nullptr) return std::string(record.uid());
  const auto& value = record[column->position];
  return value.text() != nullptr ? *value.text() : display(value);
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

Node quoted(std::string title, std::string_view text, const QuoteOptions& options) {
  Node node{.title = std::move(title)};
  auto lines = base::split(text, '\n');
  while (!lines.empty() && base::trim(lines.back()).empty()) lines.pop_back();
  node.cut = options.marks_cut && lines.size() > options.most_lines;
  if (lines.size() > options.most_lines) lines.resize(options.most_lines);
  constexpr std::string_view ellipsis = "…";
  for (auto& line : lines) {
    auto cut = options.most_width > 0 ? shortened(line, options.most_width + 1) : line;
    if (cut != line) cut = cut.substr(0, cut.size() - ellipsis.size()) + " …";
    node.lines.push_back(std::move(cut));
  }
  return node;
}

}  // namespace faces

Node describe_tree(Instance& instance, const Record& record, const DescribeOptions& options) {
  using namespace faces;
  if (!record) return {.title = "no record"};
  Node root{.title = title_of(instance, record)};
  const std::string_view name = record.table().qualified;
  const bool described = name == "Artifact" || name == "Collection" || name == "Transform" || name == "Schema";
  if (described) root.description = record.text("description");
  auto& nodes = root.children;
  if (!record.saved()) {
    nodes.push_back({.title = "not saved yet"});
    return root;
  }
  add_part(nodes, [&] {
    if (auto fields = fields_of(instance, record); !fields.empty()) nodes.push_back({.fields = std::move(fields)});
  });
  add_part(nodes, [&] {
    if (name != "Artifact") return;
    const auto [storage, key] = location(instance, record);
    nodes.push_back({.fields = {{"storage/path", address(storage, key)}}});
  });
  if (name == "Transform" && !record.text("source_code").empty()) {
    nodes.push_back(
        quoted("source_code:", record.text("source_code"), {.most_lines = 20, .most_width = 80, .marks_cut = true}));
  }
  add_part(nodes, [&] {
    if (name == "Run") describe_run(instance, record, nodes);
  });
  add_part(nodes, [&] {
    if (name == "Artifact" || name == "Run" || name == "Record") describe_values(instance, record, options, nodes);
  });
  add_part(nodes, [&] {
    if (name == "Schema") describe_members(instance, record, options, nodes);
  });
  add_part(nodes, [&] {
    if (options.runs && name == "Run") describe_run_links(instance, record, nodes);
    if (options.runs && name == "Transform") describe_runs_of(instance, record, nodes);
  });
  add_part(nodes, [&] { add_notes(instance, record, nodes); });
  add_part(nodes, [&] {
    if (options.comments) add_comments(instance, record, nodes);
  });
  return root;
}

namespace {

Node only(Node root, std::initializer_list<std::string_view> shown) {
  std::erase_if(root.children, [&](const Node& node) { return std::ranges::find(shown, node.title) == shown.end(); });
  return root;
}

}  // namespace

Node describe_features(Instance& instance, const Record& record) {
  return only(describe_tree(instance, record), {"Dataset features", "External features", "Features"});
}

Node describe_labels(Instance& instance, const Record& record) {
  return only(describe_tree(instance, record), {"Entities"});
}

std::string describe(Instance& instance, const Record& record, const DescribeOptions& options) {
  return to_text(describe_tree(instance, record, options));
}

}  // namespace lamin
