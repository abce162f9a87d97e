// Releases of public ontologies: which is in use, where its file is, and how its terms are taken over.
#include <gmock/gmock.h>
#include <cstdlib>
#include <fstream>
#include "base/as_nobody_testing.hpp"
#include "lake/open/testing.hpp"
#include "lamin/find.hpp"
#include "lamin/public_terms.hpp"
#include "lamin/remove.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr const char* cells = "bionty.CellType";

class ReleaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("LAMIN_OFFLINE", "1", 1);
    setenv("LAMIN_ONTOLOGIES", box_.path("own").c_str(), 1);
    setenv("LAMIN_CACHE_DIR", box_.path("cache").c_str(), 1);
    instance_ = init({.storage = "store", .name = "lab", .modules = {"bionty"}});
  }
  void TearDown() override {
    for (const char* name : {"LAMIN_OFFLINE", "LAMIN_ONTOLOGIES", "LAMIN_CACHE_DIR"}) unsetenv(name);
  }
  fs::path write(const std::string& name, std::string_view text) {
    fs::create_directories(box_.path("own"));
    std::ofstream(box_.path("own/" + name)) << text;
    return box_.path("own/" + name);
  }
  /// Three cell types, one of them called otherwise in a later release.
  void write_cells(const std::string& version, const std::string& t_cell = "T cell") {
    write("cl-" + version + ".csv",
          "ontology_id,name,synonyms,parents\n"
          "CL:0000542,lymphocyte,,CL:0000000\n"
          "CL:0000000,cell,,\n"
          "CL:0000084," +
              t_cell + ",T-cell|T lymphocyte,CL:0000542\n");
  }
  Record release(const std::string& version) {
    auto row = release_called(*instance_, cells, {.name = "cl", .version = version});
    if (!row.saved()) save(*instance_, row);
    return row;
  }
  std::vector<std::string> names(const char* registry = cells) {
    std::vector<std::string> all;
    for (const auto& row : instance_->database().all({.registry = registry, .order_by = {"name"}}))
      all.emplace_back(row.text("name"));
    return all;
  }
  Record saved_t_cell(const Record& from) {
    const std::string value[] = {"T-cell"};
    auto found = from_release(*instance_, cells, value, {}, from);
    save(*instance_, found.records.at(0));
    return found.records.at(0);
  }

  testing::Sandbox box_;
  std::unique_ptr<Instance> instance_;
};

TEST_F(ReleaseTest, TheOneInUseIsMeant) {
  EXPECT_EQ(release_in_use(*instance_, "bionty.Organism").text("organism"), "vertebrates");
  EXPECT_EQ(release_in_use(*instance_, "bionty.Phenotype").text("organism"), "all");
  EXPECT_EQ(release_in_use(*instance_, "bionty.Phenotype", {.organism = "human"}).text("organism"), "human");
  EXPECT_EQ(release_in_use(*instance_, "bionty.Gene", {.organism = "mouse"}).text("organism"), "mouse");
  std::string message;
  EXPECT_EQ(code_of([&] { release_in_use(*instance_, "bionty.Gene"); }, &message), Code::not_configured);
  EXPECT_EQ(message, "`organism` is required to get Source record for Gene!");
  EXPECT_EQ(code_of([&] { release_in_use(*instance_, cells, {.name = "lc"}); }, &message), Code::not_found);
  EXPECT_THAT(message, HasSubstr("there are cl "));
  const auto other = release_called(*instance_, cells, {.version = "2019-01-01"});
  EXPECT_FALSE(other.saved());
  EXPECT_THAT(std::string(other.text("url")), HasSubstr("releases/2019-01-01/")) << "of the version that was asked for";
}

TEST_F(ReleaseTest, ItsTermsAnswerAsARegistryDoes) {
  write_cells("a");
  const auto terms = open_release(*instance_, release("a"));
  const std::string values[] = {"T cell", "T-cell", "t cell"};
  EXPECT_THAT(validate(*terms, cells, values), ElementsAre(true, false, false));
  EXPECT_EQ(standardize(*terms, cells, values)[1].front(), "T cell");
  EXPECT_EQ(terms->database().count({.registry = cells}), 3);
  EXPECT_TRUE(terms->database().read_only());
  EXPECT_THAT(names(), ElementsAre()) << "nothing is registered by looking";
}

TEST_F(ReleaseTest, ASavedTermBringsWhatIsAboveIt) {
  write_cells("a");
  const auto from = release("a");
  const auto t_cell = saved_t_cell(from);
  EXPECT_THAT(names(), ElementsAre("T cell", "cell", "lymphocyte"));
  EXPECT_EQ(ancestors(*instance_, t_cell).size(), 2U);
  for (const auto& row : instance_->database().all({.registry = cells}))
    EXPECT_EQ(row.at("source").integer_or(0), from.id());
  const std::string values[] = {"T cell", "no such"};
  const auto again = from_release(*instance_, cells, values, {}, from);
  EXPECT_EQ(again.records.at(0).id(), t_cell.id());
  EXPECT_THAT(again.missing, ElementsAre("no such"));
}

TEST_F(ReleaseTest, WhatIsNotRegisteredIsLookedUpThere) {
  write_cells("a");
  const auto from = release("a");
  Record cell(instance_->catalog().table(cells));
  cell.set("name", Value("cell")).set("ontology_id", Value("CL:0000000"));
  save(*instance_, cell);
  const std::string values[] = {"cell", "T cell", "T-cell", "lymphocite"};
  const LabelOptions options{.source_uid = std::string(from.uid()), .from_source = true};
  const auto found = inspect(*instance_, cells, values, options);
  EXPECT_THAT(found.validated, ElementsAre("cell"));
  EXPECT_THAT(found.in_source, ElementsAre("T cell"));
  EXPECT_TRUE(found.synonyms.empty()) << "nothing registered is meant";
  EXPECT_EQ(found.suggestions.at("T-cell").front().value, "T cell");
  EXPECT_EQ(found.suggestions.at("lymphocite").front().value, "lymphocyte");
  EXPECT_THAT(inspect(*instance_, cells, values, {}).in_source, ElementsAre());
  StandardizeOptions standard;
  standard.source_uid = from.uid();
  EXPECT_EQ(standardize(*instance_, cells, values, standard)[2].front(), "T-cell");
  standard.from_source = true;
  EXPECT_EQ(standardize(*instance_, cells, values, standard)[2].front(), "T cell");
  EXPECT_EQ(names().size(), 1U) << "nothing is registered by looking";
}

TEST_F(ReleaseTest, ManySavedTogetherDoSoToo) {
  write_cells("a");
  const std::string values[] = {"T cell", "lymphocyte"};
  auto found = from_release(*instance_, cells, values, {}, release("a"));
  std::vector<SaveItem> items;
  for (auto& record : found.records) items.push_back({.record = &record});
  save_all(*instance_, items);
  EXPECT_THAT(names(), ElementsAre("T cell", "cell", "lymphocyte"));
}

/// As LaminDB does: what is asked for comes back, with what is above it; an import leaves it where it is.
class TrashTest : public ReleaseTest {
 protected:
  void SetUp() override {
    ReleaseTest::SetUp();
    instance_->session().messages.write = [this](Level, std::string_view text) { told_ += std::string(text) + "\n"; };
    write_cells("a");
    from_ = release("a");
    t_cell_ = saved_t_cell(from_);
    for (const char* name : {"T cell", "lymphocyte"}) {
      auto row = instance_->database().one({.registry = cells, .where = Expr::compare("name", Op::exact, Value(name))});
      remove(*instance_, row);
    }
    EXPECT_THAT(names(), ElementsAre("cell"));
  }
  std::string told_;
  Record from_, t_cell_;
};

TEST_F(TrashTest, ATermThatIsSavedAgainComesBack) {
  const std::string value[] = {"T-cell"};
  auto found = from_release(*instance_, cells, value, {}, from_);
  ASSERT_EQ(found.records.size(), 1U);
  EXPECT_FALSE(found.records[0].saved()) << "nothing comes back by looking";
  EXPECT_EQ(found.records[0].at("branch").integer_or(0), instance_->database().session().branch);
  EXPECT_THAT(names(), ElementsAre("cell"));
  found.records[0].set("space", std::int64_t{4711});
  save(*instance_, found.records[0]);
  EXPECT_EQ(found.records[0].id(), t_cell_.id());
  EXPECT_EQ(found.records[0].at("space"), t_cell_.at("space")) << "it stays where it was";
  EXPECT_THAT(names(), ElementsAre("T cell", "cell", "lymphocyte"));
}

TEST_F(TrashTest, ManySavedTogetherComeBack) {
  const std::string values[] = {"T cell"};
  auto found = from_release(*instance_, cells, values, {}, from_);
  std::vector<SaveItem> items;
  for (auto& record : found.records) items.push_back({.record = &record});
  save_all(*instance_, items);
  EXPECT_THAT(names(), ElementsAre("T cell", "cell", "lymphocyte"));
}

TEST_F(TrashTest, ValuesThatAreRegisteredComeBack) {
  const std::string values[] = {"T cell"};
  EXPECT_THAT(register_from_release(*instance_, cells, values, {.source_uid = std::string(from_.uid())}),
              ElementsAre("T cell"));
  EXPECT_THAT(names(), ElementsAre("T cell", "cell", "lymphocyte"));
  EXPECT_THAT(told_, HasSubstr("restored from the trash: CellType"));
}

TEST_F(TrashTest, AnImportLeavesThemAndSaysSo) {
  EXPECT_EQ(import_release(*instance_, from_).created, 0);
  EXPECT_THAT(names(), ElementsAre("cell"));
  EXPECT_THAT(told_, HasSubstr("2 terms of cl a lie in the trash and stay there: restore them to have them again"));
}

TEST_F(ReleaseTest, AFileThatChangesIsReadAgain) {
  write_cells("a");
  const auto from = release("a");
  const std::string value[] = {"T cell"};
  EXPECT_TRUE(validate(*open_release(*instance_, from), cells, value)[0]);
  write_cells("a", "T lymphocyte cell");
  EXPECT_FALSE(validate(*open_release(*instance_, from), cells, value)[0]);
}

TEST_F(ReleaseTest, WhatAKilledProcessLeftGoes) {
  write_cells("a");
  const auto from = release("a");
  open_release(*instance_, from);
  const auto folder = box_.path("cache/ontologies");
  const auto made = fs::directory_iterator(folder)->path();
  const fs::path left = made.string() + ".1.abcdef", young = made.string() + ".2.abcdef";
  for (const auto& path : {left, young}) std::ofstream(path) << "half a reference";
  fs::last_write_time(left, fs::file_time_type::clock::now() - std::chrono::hours(2));
  fs::remove(made);
  open_release(*instance_, from);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(young)) << "its process may be at work";
}

TEST_F(ReleaseTest, ReferencesThatNobodyOpensGo) {
  const auto folder = box_.path("cache/ontologies");
  const auto age = [](const fs::path& file, int days) {
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::days(days));
  };
  write_cells("a");
  const auto from = release("a");
  open_release(*instance_, from);
  const auto former = fs::directory_iterator(folder)->path();
  age(former, 2);
  const auto month = folder / "df_all__cl__b__CellType.abcdefgh.db",
             week = folder / "df_all__cl__c__CellType.abcdefgh.db", foreign = folder / "notes.db";
  for (const auto& [file, days] : {std::pair{month, 31}, {week, 7}, {foreign, 99}}) {
    std::ofstream(file) << "-";
    age(file, days);
  }
  open_release(*instance_, from);
  EXPECT_LT(fs::file_time_type::clock::now() - fs::last_write_time(former), std::chrono::hours(1)) << "it is in use";
  age(former, 2);
  write_cells("a", "T lymphocyte cell");
  open_release(*instance_, from);
  EXPECT_FALSE(fs::exists(former)) << "made from a file that was replaced";
  EXPECT_FALSE(fs::exists(month));
  EXPECT_TRUE(fs::exists(week));
  EXPECT_TRUE(fs::exists(foreign));
}

TEST_F(ReleaseTest, WhoMayNotWriteToTheCacheReadsReleasesToo) {
  write_cells("a");
  const auto from = release("a");
  const auto own = box_.path("tmp");
  for (const auto& folder : {box_.path("cache/ontologies"), own}) fs::create_directories(folder);
  fs::permissions(own, fs::perms::all);
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TMPDIR", own.c_str(), 1);
  {
    const test::Unwritable cache(box_.path("cache"));
    const test::AsNobody nobody;
    EXPECT_EQ(open_release(*instance_, from)->database().count({.registry = cells}), 3);
    EXPECT_EQ(open_release(*instance_, from)->database().count({.registry = cells}), 3);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(own), {}), 1) << "one folder, which is used again";
  kept.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", kept.c_str(), 1);
}

TEST_F(ReleaseTest, GenesBelongToTheOrganismThatTheirIdentifierNames) {
  const auto human = release_in_use(*instance_, "bionty.Gene", {.organism = "human"});
  const auto mouse = release_in_use(*instance_, "bionty.Gene", {.organism = "mouse"});
  const std::string version(human.text("version"));
  write("human__ensembl__" + version + ".csv", "ensembl_gene_id,symbol\nENSG00000081059,TCF7\n");
  write("mouse__ensembl__" + std::string(mouse.text("version")) + ".csv",
        "ensembl_gene_id,symbol\nENSMUSG00000000782,Tcf7\n");
  const std::string ids[] = {"ENSMUSG00000000782", "ENSG00000081059"};
  auto found = from_release(*instance_, "bionty.Gene", ids, {.field = "ensembl_gene_id"});
  ASSERT_EQ(found.records.size(), 2U);
  std::vector<std::string> organisms;
  for (auto& gene : found.records) {
    save(*instance_, gene);
    const auto& of = *gene.table().find_relation("organism");
    organisms.emplace_back(instance_->database().related_one(gene, of)->text("name"));
  }
  EXPECT_THAT(organisms, ::testing::UnorderedElementsAre("human", "mouse"));
  const std::string symbol[] = {"PDCD1"};
  EXPECT_EQ(code_of([&] { from_release(*instance_, "bionty.Gene", symbol, {.field = "symbol"}); }),
            Code::not_configured);
}

TEST_F(ReleaseTest, OneThatCannotBeHadSaysWhatToBring) {
  std::string message;
  const auto from = release_in_use(*instance_, cells);
  EXPECT_EQ(code_of([&] { open_release(*instance_, from); }, &message), Code::unavailable);
  EXPECT_THAT(message, HasSubstr("LAMIN_ONTOLOGIES"));
  EXPECT_THAT(message, HasSubstr("cl-" + std::string(from.text("version")) + ".obo"));
  const std::string value[] = {"T cell"};
  EXPECT_THAT(from_release(*instance_, cells, value).missing, ElementsAre("T cell")) << "a look-up goes on without it";
}

TEST_F(ReleaseTest, NamesThatLeadOutOfAFolderAreRefused) {
  for (const char* version : {"../../etc/passwd", "a/b", ".hidden", ""}) {
    auto row = release_in_use(*instance_, cells);
    row.set("version", Value(version));
    EXPECT_EQ(code_of([&] { open_release(*instance_, row); }), Code::invalid_argument) << version;
  }
}

TEST_F(ReleaseTest, TermsOfOnesOwnAreKeptAsAnArtifact) {
  const auto file = write("mine.csv", "ontology_id,name\nMY:1,my cell\n");
  auto mine = release_called(*instance_, cells, {.version = "mine"});
  const auto row = add_source(*instance_, cells, mine, file);
  fs::remove(file);
  const std::string value[] = {"my cell"};
  EXPECT_TRUE(validate(*open_release(*instance_, row), cells, value)[0]);
  EXPECT_EQ(add_source(*instance_, cells, mine).id(), row.id()) << "the same release";
  EXPECT_EQ(import_release(*instance_, row).created, 1);
  const auto other =
      add_source(*instance_, "bionty.Tissue", row, write("again.csv", "ontology_id,name\nMY:1,my cell\n"));
  EXPECT_EQ(other.text("entity"), "bionty.Tissue");
  EXPECT_NE(other.id(), row.id()) << "each registry has its own sources";
}

/// No source is for compounds: what is known of drugs is, if it is named.
TEST_F(ReleaseTest, ASourceIsOfUseToARegistryThatHasNone) {
  const auto lab = init({.storage = "drugs", .name = "drugs", .modules = {"bionty", "pertdb"}});
  constexpr const char* compounds = "pertdb.Compound";
  std::string why;
  EXPECT_EQ(code_of([&] { release_called(*lab, compounds); }, &why), Code::not_found);
  EXPECT_NE(why.find("known for Drug, has such terms: add it as a source"), why.npos) << why;
  EXPECT_EQ(code_of([&] { release_called(*lab, compounds, {.name = "chebbi"}); }), Code::not_found);
  const auto chebi = release_called(*lab, compounds, {.name = "chebi"});
  EXPECT_EQ(chebi.text("entity"), compounds);
  EXPECT_FALSE(chebi.saved());
  const auto file =
      write("compounds.csv", "ontology_id,name,synonyms,parents\nCHEBI:1,drug,,\nCHEBI:15365,aspirin,ASA,CHEBI:1\n");
  const auto row = add_source(*lab, compounds, chebi, file);
  const std::string value[] = {"ASA"};
  auto found = from_release(*lab, compounds, value, {}, row);
  ASSERT_EQ(found.records.size(), 1U);
  save(*lab, found.records[0]);
  EXPECT_EQ(found.records[0].text("name"), "aspirin");
  EXPECT_EQ(ancestors(*lab, found.records[0]).size(), 1U);
  EXPECT_EQ(import_release(*lab, row).created, 0);
}

TEST_F(ReleaseTest, ASourceKeepsAFileOfTwoSuffixes) {
  const auto file = write("guide.json.gz", "{}");
  auto release = release_called(*instance_, cells, {.version = "2031-01-01"});
  const auto row = add_source(*instance_, cells, release, file);
  const auto artifact =
      instance_->database().find(instance_->catalog().table("Artifact"), row.at("dataframe_artifact").integer_or(0));
  ASSERT_TRUE(artifact);
  EXPECT_TRUE(artifact->text("key").ends_with(".json.gz")) << artifact->text("key");
}

TEST_F(ReleaseTest, KnownSourcesComeBack) {
  EXPECT_TRUE(sync_sources(*instance_).empty());
  const auto known = release_in_use(*instance_, cells);
  auto earlier = release_called(*instance_, cells, {.version = "2019-01-01"});
  earlier.set("currently_used", Value(true));
  save(*instance_, earlier);
  EXPECT_TRUE(sync_sources(*instance_).empty());
  sync_sources(*instance_, true);
  EXPECT_EQ(release_in_use(*instance_, cells).id(), known.id());
  auto gone = known;
  remove(*instance_, gone, {.permanent = true});
  const auto added = sync_sources(*instance_);
  ASSERT_EQ(added.size(), 1U);
  EXPECT_EQ(added[0].text("version"), known.text("version"));
}

}  // namespace
}  // namespace lamin
