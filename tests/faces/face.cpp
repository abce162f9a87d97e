// face.cpp -- the C++ face: carries out a verb of cases.py through include/lamin and answers as the other faces do.
//
//   face < requests        one {"verb": ..., "given": {...}} per line; answers {"answer": ...} or
//                          {"error": code, "message"}
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include "lamin/lamin.hpp"

namespace json = boost::json;
using lamin::Expr;
using lamin::Instance;
using lamin::Op;
using lamin::Record;
using lamin::Value;

namespace {

std::string text(const json::object& given, std::string_view name, std::string_view otherwise = "") {
  const auto* found = given.if_contains(name);
  return found == nullptr ? std::string(otherwise) : std::string(found->as_string());
}

std::vector<std::string> texts(const json::object& given, std::string_view name) {
  std::vector<std::string> all;
  if (const auto* found = given.if_contains(name)) {
    for (const auto& one : found->as_array()) all.emplace_back(one.as_string());
  }
  return all;
}

bool yes(const json::object& given, std::string_view name) { return given.contains(name) && given.at(name).as_bool(); }

Value value_of(const json::value& given) {
  if (given.is_bool()) return given.as_bool();
  if (given.is_int64()) return given.as_int64();
  if (given.is_double()) return given.as_double();
  if (given.is_string()) return std::string(given.as_string());
  return {};
}

json::value answer_of(const Value& value) {
  if (value.is_null()) return nullptr;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return json::string(value.text() != nullptr ? *value.text() : to_string(value));
}

const lamin::schema::Table& table(Instance& instance, const json::object& given) {
  return instance.catalog().table(text(given, "registry", "Artifact"));
}

/// The record that "key" or "name" names.
Record record(Instance& instance, const json::object& given) {
  const auto& of = table(instance, given);
  const std::string field = given.contains("key") ? "key" : "name";
  return get(instance, {.registry = of.qualified.str(), .where = Expr::compare(field, Op::exact, text(given, field))});
}

std::optional<Record> with_name(Instance& instance, std::string_view registry, const std::string& name, bool trash) {
  return instance.database().first({.registry = std::string(registry),
                                    .where = Expr::compare(registry == "Artifact" ? "key" : "name", Op::exact, name),
                                    .order_by = {"-id"},
                                    .any_branch = trash});
}

json::object shown(const Record& row, std::initializer_list<const char*> fields) {
  json::object out;
  for (const auto* field : fields) out[field] = answer_of(row.at(field));
  return out;
}

json::object shown_artifact(const Record& row) {
  auto out = shown(row, {"key", "suffix", "kind", "size", "is_latest"});
  out["version"] = json::string(row.uid().substr(16));
  return out;
}

json::array sorted(std::vector<std::string> all) {
  std::ranges::sort(all);
  json::array out;
  for (const auto& one : all) out.emplace_back(one);
  return out;
}

std::vector<std::string> names_of(const std::vector<Record>& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) {
    const auto field = row.table().name_field.empty() ? std::string("key") : row.table().name_field.str();
    names.emplace_back(row.text(row.table().find_column(field) ? field : "key"));
  }
  return names;
}

/// What remains under a name: visible rows, and rows in all.
json::value left(Instance& instance, const json::object& given) {
  const auto& of = table(instance, given);
  const std::string field = given.contains("key") ? "key" : "name";
  lamin::Query query{.registry = of.qualified.str(), .where = Expr::compare(field, Op::exact, text(given, field))};
  const auto seen = instance.database().count(query);
  query.any_branch = true;
  return json::object{{"seen", seen}, {"rows", instance.database().count(query)}};
}

using Given = json::object;
using Verb = std::function<json::value(Instance&, const Given&)>;

json::value create(Instance& instance, const Given& given) {
  std::map<std::string, Value> fields;
  for (const auto& [name, value] : given.at("fields").as_object()) {
    const auto& of = table(instance, given);
    const auto* column = of.find_column(name);
    if (column != nullptr && column->to != nullptr && value.is_string()) {
      const auto row = with_name(instance, column->to->qualified.view(), std::string(value.as_string()), false);
      fields[name] = Value(row.value().id());
    } else {
      fields[name] = value_of(value);
    }
  }
  auto made = make_record(instance, table(instance, given), fields);
  save(instance, made);
  return json::object{
      {"name", answer_of(made.at(made.table().name_field.empty() ? "uid" : made.table().name_field.view()))}};
}

json::value save_file(Instance& instance, const Given& given) {
  const auto saved = lamin::save_file(instance, {.registry = "Artifact",
                                                 .artifact = {.source = text(given, "path"),
                                                              .key = text(given, "key"),
                                                              .description = text(given, "description"),
                                                              .kind = text(given, "kind"),
                                                              .links = lamin::links_called(text(given, "links"))}});
  return shown_artifact(saved.record);
}

json::value save_dataset(Instance& instance, const Given& given) {
  const auto schema = with_name(instance, "Schema", text(given, "schema"), false).value();
  const auto saved = lamin::save_dataset(instance, schema, {.source = text(given, "path"), .key = text(given, "key")});
  auto out = shown(saved, {"key", "kind", "otype", "n_observations"});
  out["schema"] = json::string(schema.text("name"));
  return out;
}

json::value remove(Instance& instance, const Given& given) {
  auto row = yes(given, "trashed") ? with_name(instance, text(given, "registry", "Artifact"),
                                               text(given, given.contains("key") ? "key" : "name"), true)
                                         .value()
                                   : record(instance, given);
  lamin::RemoveOptions options;
  if (given.contains("permanent")) options.permanent = yes(given, "permanent");
  if (given.contains("storage")) options.storage = yes(given, "storage");
  lamin::remove(instance, row, options);
  return left(instance, given);
}

json::value restore(Instance& instance, const Given& given) {
  auto row = with_name(instance, text(given, "registry", "Artifact"),
                       text(given, given.contains("key") ? "key" : "name"), true)
                 .value();
  lamin::restore(instance, row);
  return left(instance, given);
}

json::value update(Instance& instance, const Given& given) {
  auto row = record(instance, given);
  for (const auto& [name, value] : given.at("fields").as_object()) row.set(std::string(name), value_of(value));
  save(instance, row);
  json::object out;
  for (const auto& [name, value] : given.at("fields").as_object()) {
    out[name] = answer_of(instance.database().find(row.table(), row.id())->at(name));
  }
  return out;
}

json::value get_one(Instance& instance, const Given& given) {
  json::object out;
  const auto row = record(instance, given);
  for (const auto& field : texts(given, "fields")) out[field] = answer_of(row.at(field));
  return out;
}

json::value versions(Instance& instance, const Given& given) {
  json::array out;
  for (const auto& row : lamin::versions(instance, record(instance, given))) out.emplace_back(row.uid().substr(16));
  return out;
}

json::value list(Instance& instance, const Given& given) {
  lamin::Query query{.registry = table(instance, given).qualified.str()};
  if (given.contains("where")) query.where = Expr::parse(text(given, "where"));
  return sorted(names_of(instance.database().all(query)));
}

json::value search(Instance& instance, const Given& given) {
  json::array out;
  for (const auto& [row, score] : lamin::search(instance, table(instance, given).qualified, text(given, "text"))) {
    out.emplace_back(names_of({row}).front());
  }
  return out;
}

json::value annotate(Instance& instance, const Given& given) {
  auto row = record(instance, given);
  lamin::Annotations all;
  if (given.contains("labels")) {
    for (const auto& [registry, name] : given.at("labels").as_object()) {
      const std::string called(name.as_string());
      all.labels.push_back(
          get(instance, {.registry = std::string(registry), .where = Expr::compare("name", Op::exact, called)}));
    }
  }
  if (given.contains("features")) {
    for (const auto& [feature, value] : given.at("features").as_object()) {
      all.features[std::string(feature)].push_back(value_of(value));
    }
  }
  lamin::annotate(instance, row, all);
  json::object out;
  for (const auto& [feature, values] : feature_values(instance, row)) out[feature] = answer_of(values.front());
  return out;
}

std::string content(Instance& instance, const Record& row) {
  std::ostringstream all;
  all << std::ifstream(cache_artifact(instance, row)).rdbuf();
  return all.str();
}

Record saved_artifact(Instance& instance, const lamin::ArtifactOptions& options) {
  auto draft = prepare_artifact(instance, options);
  save_artifact(instance, draft);
  return std::move(draft.record);
}

json::value save_real(Instance& instance, const Given& given) {
  const auto row =
      saved_artifact(instance, {.source = text(given, "path"), .key = text(given, "key"), .key_is_virtual = false});
  return json::object{{"at", location(instance, row).second}, {"content", content(instance, row)}};
}

json::value rekey(Instance& instance, const Given& given) {
  auto row = record(instance, given);
  const auto [root, before] = location(instance, row);
  row.set("key", text(given, "to"));
  save(instance, row);
  return json::object{{"at", location(instance, row).second},
                      {"content", content(instance, row)},
                      {"there", std::filesystem::exists(std::filesystem::path(root) / before)}};
}

json::value replace(Instance& instance, const Given& given) {
  auto draft = prepare_replacement(instance, record(instance, given), {.source = text(given, "path")});
  save_artifact(instance, draft);
  auto out = shown(draft.record, {"size"});
  out["content"] = content(instance, draft.record);
  out["version"] = json::string(draft.record.uid().substr(16));
  return out;
}

json::value copy(Instance& instance, const Given& given) {
  std::ostringstream all;
  all << std::ifstream(copy_artifact(instance, record(instance, given), text(given, "to") + "/", true)).rdbuf();
  return json::string(all.str());
}

json::value from_dir(Instance& instance, const Given& given) {
  auto drafts = prepare_files(instance, {.source = text(given, "path"), .key = text(given, "key")});
  save_artifacts(instance, drafts);
  std::vector<std::string> keys;
  for (const auto& draft : drafts) keys.emplace_back(draft.record.text("key"));
  return sorted(std::move(keys));
}

json::value from_lazy(Instance& instance, const Given& given) {
  const auto path = lamin::lazy_source(text(given, "suffix"), text(given, "key"));
  std::ofstream(path) << text(given, "text");
  const auto row = saved_artifact(instance, {.source = path, .key = text(given, "key"), .temporary_source = true});
  return json::object{{"key", answer_of(row.at("key"))}, {"content", content(instance, row)}};
}

json::value show(Instance& instance, const Given& given) {
  const auto out = to_text(preview_node(preview(instance, record(instance, given))));
  json::array lines;
  for (const auto& line : texts(given, "lines")) lines.emplace_back(out.find(line) != std::string::npos);
  return lines;
}

json::value index(Instance& instance, const Given& given) {
  const auto row = saved_artifact(instance, {.source = text(given, "path"), .key = text(given, "key")});
  const auto outcome = each(instance, {&row, 1}, lamin::EachWork::index, {.to = text(given, "to")}).at(0);
  if (outcome.error) throw *outcome.error;
  const auto slots = lamin::read_slots(outcome.value);
  json::array names;
  for (const auto& name : slots.at(0).frame.names()) names.emplace_back(name);
  return names;
}

json::value each_of(Instance& instance, const Given& given) {
  std::vector<Value> keys;
  for (const auto& key : texts(given, "keys")) keys.emplace_back(key);
  const auto rows = instance.database().all({.registry = "Artifact", .where = Expr::in("key", keys)});
  const auto outcomes = each(instance, rows, lamin::each_work_called(text(given, "work")), {});
  json::object out;
  for (std::size_t i = 0; i < rows.size(); ++i) out[rows[i].text("key")] = outcomes[i].value;
  return out;
}

json::value delete_storage(Instance& instance, const Given& given) {
  const auto path = text(given, "path");
  if (given.contains("text")) std::ofstream(path) << text(given, "text");
  remove_scrap(instance, path);
  return std::filesystem::exists(path);
}

json::value export_all(Instance& instance, const Given& given) {
  const std::filesystem::path folder = text(given, "folder");
  export_registries(instance, {.folder = folder, .to = lamin::export_called(text(given, "to"))});
  std::int64_t written = 0, deleted = 0;
  for (const auto& table : import_registries(instance, {.folder = folder})) {
    written += table.written;
    deleted += table.deleted;
  }
  return json::object{{"file", std::filesystem::exists(folder / "lamindb_ulabel.parquet")},
                      {"back", json::array{written, deleted}}};
}

json::value source(Instance&, const Given& given) {
  const auto source = lamin::source_of(text(given, "path"));
  return json::object{{"key", source.key}, {"kind", source.kind}};
}

json::value save_source(Instance& instance, const Given& given) {
  const auto source = lamin::source_of(text(given, "path"));
  const auto made = make_transform(instance, {.key = source.key, .kind = source.kind, .source_code = source.code});
  return shown(made, {"key", "kind", "is_latest"});
}

json::value command(Instance& instance, const json::object& given) {
  const auto program = given.contains("program") ? text(given, "program") : "sh";
  const auto done = run_command(
      instance,
      {.words = {program, "-c", text(given, "line")}, .save_outputs = true, .printed = [](int, std::string_view) {}});
  json::array inputs, outputs;
  for (const auto& one : done.inputs) inputs.emplace_back(one.text("key"));
  for (const auto& one : done.outputs) outputs.emplace_back(one.text("key"));
  return json::object{{"status", done.exit_status}, {"inputs", inputs}, {"outputs", outputs}};
}

json::value verify(Instance& instance, const json::object& given) {
  const auto artifact = find_artifact(instance, text(given, "key")).value();
  const auto run = instance.database().related_one(artifact, *artifact.table().find_relation("run")).value();
  const auto again = rerun(instance, run, {.printed = [](int, std::string_view) {}});
  json::object outputs;
  for (const auto& output : again.outputs) outputs[output.key] = name_of(output.sameness);
  return json::object{{"same", again.same()}, {"outputs", outputs}};
}

json::value run_something(Instance& instance, const Given& given) {
  const auto transform = make_transform(instance, {.key = text(given, "key"), .kind = "script"});
  auto run = start_run(instance, transform);
  auto draft = prepare_artifact(instance, {.source = text(given, "path"), .key = text(given, "output")});
  save_artifact(instance, draft);
  finish_run(instance, run, lamin::RunStatus::completed);
  const auto steps = lineage(instance, draft.record);
  return json::object{{"made by", steps.at(0).transform.text("key")},
                      {"status", answer_of(steps.at(0).run.at("_status_code"))}};
}

/// The names at both ends of each edge.
json::value lineage_edges(Instance& instance, const Given& given) {
  const auto graph = lamin::lineage_graph(instance, record(instance, given), {.up = 2, .down = 0, .siblings = false});
  json::array edges;
  for (const auto& edge : graph.edges) edges.push_back({graph.nodes[edge.from].name, graph.nodes[edge.to].name});
  return edges;
}

json::value import_run(Instance& instance, const Given& given) {
  const auto workflow = import_run(instance, lamin::read_trace_file(text(given, "path"))).run;
  json::object out;
  auto runs = instance.database().all(
      {.registry = "Run", .where = Expr::compare("initiated_by_run", Op::exact, Value(workflow.id()))});
  runs.push_back(workflow);
  for (const auto& run : runs) {
    const auto transform = instance.database().related_one(run, *run.table().find_relation("transform"));
    out[transform->text("key")] = answer_of(run.at("_status_code"));
  }
  return out;
}

json::value compare_runs(Instance& instance, const Given& given) {
  const auto run = [&](const char* name) {
    return instance.database().one(
        {.registry = "Run", .where = Expr::compare("transform.key", Op::exact, Value(text(given, name)))});
  };
  const auto diff = diff_runs(instance, run("before"), run("after"));
  json::array fields;
  for (const auto& change : diff.fields) fields.emplace_back(change.name);
  return json::object{{"fields", fields}, {"only_before", diff.outputs.only_before.size()}};
}

json::value import(Instance& instance, const Given& given) {
  const auto report = lamin::import_ontology(instance, table(instance, given).qualified, text(given, "path"),
                                             {.source = text(given, "source"), .version = text(given, "version")});
  return json::object{{"created", report.created}, {"parents", report.parents}};
}

json::value bring(Instance&, const Given& given) {
  const auto brought = lamin::bring_releases(text(given, "path"), {.version = text(given, "version")});
  return json::string(brought.at(0).path.filename().string());
}

json::value validate(Instance& instance, const Given& given) {
  const auto found =
      inspect(instance, table(instance, given).qualified, texts(given, "values"), {.field = text(given, "field")});
  json::object synonyms;
  for (const auto& [value, name] : found.synonyms) synonyms[value] = name;
  return json::object{{"valid", sorted(found.validated)}, {"synonyms", std::move(synonyms)}};
}

json::value standardize(Instance& instance, const Given& given) {
  json::array out;
  for (const auto& names : lamin::standardize(instance, table(instance, given).qualified, texts(given, "values"))) {
    out.emplace_back(names.front());
  }
  return out;
}

json::value describe(Instance& instance, const Given& given) {
  const auto lines = describe(instance, record(instance, given));
  json::array out;
  for (const auto& wanted : texts(given, "lines")) out.emplace_back(lines.find(wanted) != std::string::npos);
  return out;
}

json::value below(Instance& instance, const Given& given) {
  const auto any = labelled_with_any(instance, instance.catalog().table("Artifact"), text(given, "relation"),
                                     std::string_view(text(given, "term")));
  return sorted(names_of(instance.database().all({.registry = "Artifact", .where = any})));
}

json::value term(Instance& instance, const Given& given) {
  const auto known = term_info(instance, text(given, "registry"), text(given, "text"));
  json::array relations, synonyms, uses;
  for (const auto& one : known.relations) relations.emplace_back(one.relation + " " + one.name);
  for (const auto& one : known.synonyms) synonyms.emplace_back(one.text);
  for (const auto& one : known.uses)
    uses.emplace_back(one.registry + " " + std::to_string(one.count) + " " + one.some.front());
  return json::object{{"id", known.id}, {"relations", relations}, {"synonyms", synonyms}, {"uses", uses}};
}

json::value terms(Instance& instance, const Given& given) {
  json::array names;
  for (const auto& one : search_terms(instance, text(given, "registry"), text(given, "text")).terms)
    names.emplace_back(std::string(one.record.text("name")) + (one.registered ? ", registered" : ""));
  return names;
}

json::value move(Instance& instance, const Given& given) {
  const auto registry = text(given, "registry"), from = text(given, "from"), to = text(given, "to");
  const auto row = with_name(instance, registry, text(given, "name"), false).value();
  const auto name = [&] {
    return json::value(
        json::string(instance.database().get(instance.catalog().table(registry), row.uid()).text("name")));
  };
  const auto release = release_called(instance, registry, {.version = to});
  apply_upgrade(instance, plan_upgrade(instance, registry, release, {.from = from}));
  const auto after = name();
  undo_upgrade(instance, registry, find_upgrade(instance, registry, to, from).number);
  return json::array{after, name()};
}

json::value tree(Instance& instance, const Given& given) {
  const auto graph = term_graph(instance, text(given, "registry"), text(given, "text"),
                                {.down = static_cast<int>(given.at("down").as_int64())});
  json::array lines;
  std::istringstream shown(to_text(graph_node(graph)));
  for (std::string line; std::getline(shown, line);) lines.emplace_back(line);
  return lines;
}

json::value curate(Instance& instance, const Given& given) {
  const auto schema = with_name(instance, "Schema", text(given, "schema"), false).value();
  lamin::Curator curator(instance, schema, lamin::read_slots(text(given, "path")));
  std::vector<std::string> rules;
  for (const auto& problem : curator.check()) rules.push_back(problem.message.in(lamin::Face::cpp));
  json::array out;
  for (const auto& rule : rules) out.emplace_back(rule);
  return out;
}

json::value note(Instance& instance, const Given& given) {
  const auto row = record(instance, given);
  const auto kind = text(given, "kind"), content = text(given, "text");
  json::array out;
  if (kind == "comment") {
    add_comment(instance, row, content);
    for (const auto& comment : comments(instance, row)) out.emplace_back(json::string(comment.text("content")));
    return out;
  }
  auto versions = lamin::versions(instance, write_readme(instance, row, content));
  std::ranges::reverse(versions);
  for (const auto& version : versions) out.emplace_back(json::string(version.text("content")));
  return out;
}

json::value login(Instance& here, const Given& given) {
  lamin::login({.handle = text(given, "handle"), .name = text(given, "name")});
  const auto instance = lamin::connect(here.settings().slug());
  lamin::logout();
  Record label(instance->catalog().table("ULabel"));
  label.set("name", text(given, "label"));
  save(*instance, label);
  const auto author =
      instance->database().find(instance->catalog().table("User"), label.at("created_by").integer_or(0));
  return shown(*author, {"handle", "name"});
}

json::value branch(Instance& instance, const Given& given) {
  switch_branch(instance, create_branch(instance, text(given, "branch")));
  Record label(instance.catalog().table("ULabel"));
  label.set("name", text(given, "name"));
  save(instance, label);
  switch_branch(instance, lamin::branch(instance, "main"));
  const auto before = left(instance, {{"registry", "ULabel"}, {"name", text(given, "name")}});
  merge_branch(instance, lamin::branch(instance, text(given, "branch")), current_branch(instance));
  return json::array{before, left(instance, {{"registry", "ULabel"}, {"name", text(given, "name")}})};
}

json::value rows(Instance& instance, const Given& given) {
  const auto type = import_rows(instance, text(given, "type"), lamin::read_sheet(text(given, "path"))).sheet;
  std::vector<std::string> names;
  for (const auto& row :
       instance.database().all({.registry = "Record", .where = Expr::compare("type", Op::exact, type.id())}))
    names.emplace_back(row.text("name"));
  std::ranges::sort(names);
  json::array out;
  for (const auto& name : names) out.emplace_back(name);
  return out;
}

json::value cells(Instance& instance, const Given& given) {
  const auto checked =
      check_table(instance, *find_sheet(instance, text(given, "type")), lamin::read_sheet(text(given, "path")));
  json::array out;
  for (const auto& error : checked.errors)
    out.push_back(json::array{json::string(error.place), json::string(error.column), json::string(error.value),
                              json::string(error.rule)});
  return out;
}

const std::map<std::string, Verb> verbs = {
    // NOLINT(cert-err58-cpp): a table of this program
    {"create", create},
    {"save_file", save_file},
    {"save_dataset", save_dataset},
    {"remove", remove},
    {"restore", restore},
    {"update", update},
    {"get", get_one},
    {"versions", versions},
    {"list", list},
    {"search", search},
    {"annotate", annotate},
    {"source", source},
    {"save_source", save_source},
    {"run", run_something},
    {"lineage", lineage_edges},
    {"import_run", import_run},
    {"diff_runs", compare_runs},
    {"command", command},
    {"verify", verify},
    {"import", import},
    {"bring", bring},
    {"validate", validate},
    {"standardize", standardize},
    {"describe", describe},
    {"below", below},
    {"term", term},
    {"terms", terms},
    {"move", move},
    {"tree", tree},
    {"curate", curate},
    {"rows", rows},
    {"cells", cells},
    {"branch", branch},
    {"note", note},
    {"login", login},
    {"save_real", save_real},
    {"rekey", rekey},
    {"replace", replace},
    {"copy", copy},
    {"from_dir", from_dir},
    {"from_lazy", from_lazy},
    {"show", show},
    {"index", index},
    {"each", each_of},
    {"delete_storage", delete_storage},
    {"export", export_all},
};

json::object answer(Instance& instance, const json::object& request) {
  try {
    return {
        {"answer", verbs.at(std::string(request.at("verb").as_string()))(instance, request.at("given").as_object())}};
  } catch (const lamin::Error& error) {
    return {{"error", row(error.code()).name}, {"message", error.what()}};
  } catch (const std::exception& error) { return {{"error", "bug"}, {"message", error.what()}}; }
}

}  // namespace

int main() {
  const auto instance = lamin::connect_current();
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << json::serialize(answer(*instance, json::parse(line).as_object())) << std::endl;
  }
}
