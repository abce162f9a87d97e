// upgrade_fixture_testing.hpp -- a registry of cell types and two releases of their ontology. The file that includes it
// says on which database: `using TestDatabase = OnSqlite`.
#pragma once
#include <gmock/gmock.h>
#include <algorithm>
#include <fstream>
#include <map>
#include "base/text.hpp"
#include "lake/label/counted_testing.hpp"
#include "lake/label/label_testing.hpp"
#include "lake/label/own_synonyms.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/stated.hpp"
#include "lake/upgrade/releases_testing.hpp"
#include "lamin/public_terms.hpp"
#include "lamin/upgrade.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LabelTest;
using testing::new_release;
using ::testing::Not;
using testing::old_release;
using testing::Texts;
using ::testing::UnorderedElementsAre;
using Action = PlannedChange::Action;
using Kind = TermChange::Kind;
namespace fs = std::filesystem;

constexpr const char* cells = "bionty.CellType";

class UpgradeTest : private TestDatabase, public LabelTest {
 protected:
  UpgradeTest() : LabelTest(TestDatabase::url) {
    fs::create_directories(box.path("own"));
    ::setenv("LAMIN_OFFLINE", "1", 1);
    ::setenv("LAMIN_ONTOLOGIES", box.path("own").c_str(), 1);
    put("cl-2020-01-01.obo", old_release);
    put("cl-2021-01-01.obo", new_release);
  }
  ~UpgradeTest() override {
    for (const char* name : {"LAMIN_OFFLINE", "LAMIN_ONTOLOGIES"}) ::unsetenv(name);
  }

  void put(const std::string& name, std::string_view text) { std::ofstream(box.path("own/" + name)) << text; }
  Record release(const std::string& version, const char* registry = cells, const char* source = "cl") {
    return release_called(*instance, registry, {.name = source, .version = version});
  }
  void import_old() {
    auto old = release("2020-01-01");
    save(*instance, old);
    import_release(*instance, old);
  }
  Record term(std::string_view id) {
    return database().one({.registry = cells, .where = Expr::compare("ontology_id", Op::exact, Value(id))});
  }
  /// An artifact with this label.
  Record labelled(const std::string& key, const Record& label) {
    auto draft = prepare_artifact(*instance, {.source = box.write(key, key), .key = key});
    save_artifact(*instance, draft);
    const std::vector<Record> labels{label};
    add_labels(*instance, draft.record, labels);
    return draft.record;
  }
  std::string label_of(const Record& artifact) {
    Texts all;
    for (const auto& row : database().all(database().related(artifact, *table("Artifact").find_relation("cell_types"))))
      all.emplace_back(row.text("ontology_id"));
    return base::join(all, ",");
  }
  Texts parents_of(std::string_view id) {
    Texts all;
    for (const auto& row : database().all(database().related(term(id), *table(cells).find_relation("parents"))))
      all.emplace_back(row.text("ontology_id").empty() ? row.text("name") : row.text("ontology_id"));
    std::ranges::sort(all);
    return all;
  }
  /// "rename CL:3", ...
  static Texts actions(const UpgradePlan& plan) {
    Texts all;
    for (const auto& change : plan.changes) all.push_back(std::string(name_of(change.action)) + " " + change.id);
    return all;
  }
  static const PlannedChange& change(const UpgradePlan& plan, std::string_view id) {
    return *std::ranges::find(plan.changes, id, &PlannedChange::id);
  }
  static Texts kinds(const ReleaseDiff& diff) {
    Texts all;
    for (const auto& one : diff.changes) all.push_back(std::string(name_of(one.kind)) + " " + one.id);
    return all;
  }

  /// Everything that LaminDB or a user can see of the database, and what is derived from it.
  std::map<std::string, Texts> everything() {
    lake::closure_of(database(), table(cells));  // it is brought up to date when it is read
    std::map<std::string, Texts> all;
    const auto read = [&](const std::string& name, const std::string& columns) {
      const auto names = base::split(columns, ',');
      std::string texts;
      for (const auto& column : names) texts += (texts.empty() ? "CAST(" : ", CAST(") + column + " AS text)";
      auto rows = database().connection().query("SELECT " + texts + " FROM \"" + name + "\" ORDER BY " + columns);
      const auto n = static_cast<int>(names.size());
      while (rows->next()) {
        std::string line;
        for (int i = 0; i < n; ++i) line += rows->is_null(i) ? "|-" : "|" + std::string(rows->text(i));
        all[name].push_back(std::move(line));
      }
    };
    for (const auto& one : instance->catalog().tables()) {
      std::string columns;
      for (const auto& column : one.columns) columns += (columns.empty() ? "\"" : ", \"") + column.column.str() + "\"";
      read(one.table.str(), columns);
    }
    read("lamin_synonym", "record, scope, text");
    read("lamin_closure", "ancestor, descendant, distance");
    read("lamin_term", "source, term, name, obsolete, parents, digest");
    read("lamin_term_fact", "kind, position, value, detail");
    return all;
  }
};

}  // namespace
}  // namespace lamin
