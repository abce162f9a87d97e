// main_job.cpp -- the main job with the public C++ API; see main_job.py for what it does.
//
//   main_job DATA_FOLDER [WORK_FOLDER]     works in a new temporary folder by default; LAMIN_DEMO_DB names a database
//
// It prints each step and its duration, and exits with a message and status 1 on the first wrong result.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>
#include "lamin/lamin.hpp"

namespace fs = std::filesystem;
using lamin::Expr;
using lamin::Op;
using lamin::Record;
using lamin::Value;

namespace {

struct WrongAnswer {
  std::string what;
};

template <class A, class B>
void expect(const std::string& what, const A& got, const B& wanted) {
  if (got == wanted) return;
  std::ostringstream text;
  text << what << ": got '" << got << "', wanted '" << wanted << "'";
  throw WrongAnswer{text.str()};
}

// Prints the next step, with the time since the previous one.
void step(const std::string& text) {
  static bool first = true;
  static auto start = std::chrono::steady_clock::now();
  const auto now = std::chrono::steady_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - start).count();
  if (!first) std::cout << "        (" << ms << " ms)\n\n";
  std::cout << "== " << text << std::endl;
  first = false;
  start = now;
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

lamin::Query rows_of(const std::string& registry, Expr where = {}) {
  lamin::Query query;
  query.registry = registry;
  query.where = std::move(where);
  return query;
}

Record by_name(lamin::Instance& instance, const std::string& registry, const std::string& name) {
  return instance.database().one(rows_of(registry, Expr::compare("name", Op::exact, Value(name))));
}

Record make_feature(lamin::Instance& instance, const char* name, const char* dtype) {
  Record feature(instance.catalog().table("Feature"));
  feature.set("name", Value(name));
  feature.set("_dtype_str", Value(dtype));
  lamin::save(instance, feature);
  return feature;
}

Record make_schema(lamin::Instance& instance, const lamin::SchemaOptions& options) {
  auto draft = lamin::prepare_schema(instance, options);
  lamin::save_schema(instance, draft);
  return draft.record;
}

// What a valid dataset is: cell types of Cell Ontology, human genes.
Record dataset_schema(lamin::Instance& instance) {
  const auto cell_type = make_feature(instance, "cell_type", "cat[bionty.CellType]");
  const auto n_genes = make_feature(instance, "n_genes", "int");
  const auto obs = make_schema(instance, {.name = "cells typed by ontology", .members = {cell_type, n_genes}});
  const auto var = make_schema(instance, {.name = "human gene symbols", .itype = "bionty.Gene.symbol"});
  return make_schema(instance, {.name = "typed cells", .otype = "AnnData", .slots = {{"obs", obs}, {"var.T", var}}});
}

// Saves a valid file with the labels it contains.
Record save_dataset(lamin::Instance& instance, const fs::path& file, const Record& schema) {
  return lamin::save_dataset(
      instance, schema,
      {.source = file, .key = "blood/pbmc.h5ad", .description = "10x PBMC, cell types from Cell Ontology"});
}

void import_terms_of(lamin::Instance& instance, const fs::path& data) {
  step("Import Cell Ontology");
  const auto cells = lamin::import_ontology(instance, "bionty.CellType", data / "cl_2026-03-26.obo", {.source = "cl"});
  std::cout << cells.terms << " cell types, " << cells.parents << " parent links\n";
  expect("more than 3000 cell types", instance.database().count(rows_of("bionty.CellType")) > 3000, true);
  const auto below = lamin::descendants(instance, by_name(instance, "bionty.CellType", "T cell"));
  std::cout << below.size() << " kinds of T cell, such as " << below.front().text("name") << "\n";
  expect("kinds of T cell", below.size() > 50, true);

  step("Import the human genes");
  const auto table = lamin::read_slots(data / "human_genes.csv.gz");
  const auto genes = lamin::import_terms(instance, "bionty.Gene", table.front().frame,
                                         {.source = "ensembl", .version = "release-114", .organism = "human"});
  std::cout << genes.created << " genes\n";
  expect("more than 70000 genes", genes.created > 70'000, true);
}

// Finds values that are not registered; returns typos with the nearest name.
std::map<std::string, std::string> find_typos(lamin::Instance& instance, const std::vector<lamin::Slot>& slots) {
  const auto typed = slots.front().frame.at("cell_type").unique_texts();
  const auto result = lamin::inspect(instance, "bionty.CellType", typed);
  for (const auto& [value, name] : result.synonyms) std::cout << "'" << value << "' is a synonym of '" << name << "'\n";
  std::map<std::string, std::string> typos;
  for (const auto& [value, suggestions] : result.suggestions) {
    std::cout << "'" << value << "' is not known; nearest:";
    for (const auto& suggestion : suggestions) std::cout << " '" << suggestion.value << "'";
    std::cout << "\n";
    if (!suggestions.empty()) typos[value] = suggestions.front().value;
  }
  expect("synonyms", result.synonyms.size(), 3U);
  expect("Treg", result.synonyms.at("Treg"), "regulatory T cell");
  expect("typos", typos.size(), 2U);
  expect("first typo", typos["cytotoxic T cel"], "cytotoxic T cell");
  expect("second typo", typos["hematopoetic stem cell"], "hematopoietic stem cell");
  return typos;
}

// Fixes synonyms using the ontology and typos as decided by a person; writes a file with valid cell types only.
void fix(lamin::Instance& instance, const Record& schema, const fs::path& from, const fs::path& to,
         const std::map<std::string, std::string>& typos) {
  step("Validate: it is refused, and says why");
  lamin::Curator curator(instance, schema, lamin::read_slots(from));
  try {
    curator.validate();
    throw WrongAnswer{"a dataset with typos passed"};
  } catch (const lamin::Error& e) {
    expect("refused for its values", e.code() == lamin::Code::validation, true);
    std::cout << e.what() << "\n";
  }
  step("Fix it: synonyms by the ontology, typos by a person");
  for (const auto& [old, now] : curator.standardize("obs", "cell_type")) std::cout << old << " -> " << now << "\n";
  for (const auto& [old, now] : typos) curator.replace("obs", "cell_type", old, now);
  for (const auto& [slot, column, rule, message, inspection] : curator.check())
    std::cout << message.in(lamin::Face::cpp) << "\n";
  expect("problems left", curator.check().size(), 0U);
  curator.write(from, to);
}

void find_and_load(lamin::Instance& instance, const Record& second) {
  step("Find all datasets with any T cell");
  const auto any_t_cell =
      lamin::labelled_with_any(instance, instance.catalog().table("Artifact"), "cell_types", "T cell");
  const auto found =
      instance.database().all(rows_of("Artifact", Expr::all_of({any_t_cell, Expr::parse("is_latest = true")})));
  expect("datasets with any T cell", found.size(), 1U);
  expect("the one found", found.front().uid(), second.uid());
  std::cout << to_string(found.front()) << "\n";
  expect("datasets with platelets",
         instance.database().count(rows_of("Artifact", Expr::parse("cell_types.name = 'platelet'"))), 0);

  step("Load it");
  const auto path = lamin::cache_artifact(instance, *lamin::find_artifact(instance, "blood/pbmc.h5ad"));
  const auto [n_obs, n_vars] = lamin::shape_of(path);
  std::cout << path.string() << ": " << n_obs << " cells x " << n_vars << " genes\n";
  expect("cells", n_obs, 700);
  expect("genes", n_vars, 765);
  const auto types = lamin::read_slots(path).front().frame.at("cell_type").unique_texts();
  for (const bool valid : lamin::validate(instance, "bionty.CellType", types))
    expect("every cell type is valid", valid, true);
}

void main_job(const fs::path& data, const fs::path& work) {
  fs::create_directories(work);
  fs::current_path(work);
  const char* database = std::getenv("LAMIN_DEMO_DB");
  step("Make an instance");
  const auto instance =
      lamin::init({.storage = "cells", .db = database != nullptr ? database : "", .modules = {"bionty"}});

  step("Track this program: what is saved from here on is its output");
  const auto transform =
      lamin::make_transform(*instance, {.key = "main_job.cpp", .kind = "script", .source_code = text_of(__FILE__)});
  auto run = lamin::start_run(*instance, transform);
  import_terms_of(*instance, data);

  step("Open a dataset whose cell types were typed by hand: which does Cell Ontology know?");
  const auto raw = data / "pbmc68k_typed.h5ad";
  const auto typos = find_typos(*instance, lamin::read_slots(raw));
  step("Say what a valid dataset is: a schema");
  const auto schema = dataset_schema(*instance);
  std::cout << lamin::describe(*instance, schema) << "\n";
  fix(*instance, schema, raw, "pbmc.h5ad", typos);

  step("Save it, validated and annotated");
  const auto first = save_dataset(*instance, "pbmc.h5ad", schema);
  std::cout << to_string(first) << "\n";

  step("Save a second version under the same key");
  lamin::Curator curator(*instance, schema, lamin::read_slots("pbmc.h5ad"));
  curator.replace("obs", "phase", "G1", "g1");
  curator.write("pbmc.h5ad", "pbmc_2.h5ad");
  const auto second = save_dataset(*instance, "pbmc_2.h5ad", schema);
  expect("the family", second.uid().substr(0, 16), first.uid().substr(0, 16));
  const auto versions = lamin::versions(*instance, second);
  expect("versions", versions.size(), 2U);
  expect("the latest", versions.front().uid(), second.uid());
  expect("the former is not", versions.back().at("is_latest").boolean_or(true), false);

  find_and_load(*instance, second);
  step("What is it, and where does it come from?");
  const auto text = lamin::describe(*instance, second);
  std::cout << text << "\n\n" << lamin::print_lineage(*instance, second);
  expect("describe names the labels", text.find("bionty.CellType") != std::string::npos, true);
  const auto steps = lamin::lineage(*instance, second);
  expect("steps of the lineage", steps.size(), 1U);
  expect("made by", steps.front().transform.text("key"), "main_job.cpp");
  expect("outputs", steps.front().outputs.size() >= 2, true);

  step("Finish: the run of this program is recorded");
  lamin::finish_run(*instance, run, lamin::RunStatus::completed);
  std::cout << lamin::describe(*instance, run) << "\n";
  step("Done. The instance is " + instance->settings().slug() + " in " + work.string());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: main_job DATA_FOLDER [WORK_FOLDER]\n";
    return 2;
  }
  std::string made = (fs::temp_directory_path() / "lamin-main-job-XXXXXX").string();
  try {
    const auto data = fs::canonical(argv[1]);
    if (argc < 3 && ::mkdtemp(made.data()) == nullptr) throw WrongAnswer{"cannot make " + made};
    main_job(data, argc < 3 ? fs::path(made) : fs::absolute(argv[2]));
    return 0;
  } catch (const WrongAnswer& wrong) {
    std::cerr << "main job: " << wrong.what << "\n";
  } catch (const lamin::Error& e) {
    std::cerr << "main job: " << e.what() << "\n";
    for (const auto& context : e.context()) std::cerr << "  " << context << "\n";
  } catch (const std::exception& e) { std::cerr << "main job: " << e.what() << "\n"; }
  return 1;
}
