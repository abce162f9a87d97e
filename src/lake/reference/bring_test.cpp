// Releases without a network: files that somebody brought, and what comes with the program.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include "lake/open/testing.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/genes.hpp"
#include "lamin/public_terms.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
namespace fs = std::filesystem;

constexpr const char* cells = "bionty.CellType";
constexpr std::string_view obo =
    "format-version: 1.2\ndata-version: cl/releases/2020-01-01/cl.obo\nontology: cl\n\n"
    "[Term]\nid: CL:0000000\nname: cell\n\n[Term]\nid: CL:0000084\nname: T cell\nis_a: CL:0000000\n";

class BringTest : public ::testing::Test {
 protected:
  void SetUp() override {
    unsetenv("LAMIN_SUBSETS");
    setenv("LAMIN_OFFLINE", "1", 1);
    setenv("LAMIN_CACHE_DIR", box_.path("cache").c_str(), 1);
    instance_ = init({.storage = "store", .name = "lab", .modules = {"bionty"}});
    instance_->session().messages.write = [this](Level, std::string_view text) { told_.emplace_back(text); };
    fs::create_directories(box_.path("brought"));
  }
  void TearDown() override {
    for (const char* name : {"LAMIN_OFFLINE", "LAMIN_CACHE_DIR"}) unsetenv(name);
  }
  fs::path write(const std::string& name, std::string_view text) {
    std::ofstream(box_.path("brought/" + name)) << text;
    return box_.path("brought/" + name);
  }
  std::vector<ReleaseFile> bring(const fs::path& path, const ReleaseChoice& choice = {}) {
    return bring_releases(path, choice, [this](Level, const Words& words) { told_.push_back(words.in(Face::cpp)); });
  }
  std::string all_told() const {
    std::string text;
    for (const auto& one : told_) text += one + "\n";
    return text;
  }

  testing::Sandbox box_;
  std::unique_ptr<Instance> instance_;
  std::vector<std::string> told_;
};

TEST_F(BringTest, AFileSaysWhichReleaseItIs) {
  const auto brought = bring(write("download (1).obo", obo));
  ASSERT_EQ(brought.size(), 1U);
  EXPECT_EQ(brought[0].path, box_.path("cache/ontologies/cl-2020-01-01.obo"));
  EXPECT_THAT(all_told(), HasSubstr("cl 2020-01-01 (2 terms) is now in the cache"));
  const auto release = release_called(*instance_, cells, {.version = "2020-01-01"});
  EXPECT_EQ(open_release(*instance_, release)->database().count({.registry = cells}), 2);
  bring(write("again.obo", obo));
  EXPECT_THAT(told_.back(), HasSubstr("already in the cache"));
}

TEST_F(BringTest, WhatIsBroughtIsWhatIsRead) {
  fs::create_directories(box_.path("cache/ontologies"));
  const auto earlier = box_.path("cache/ontologies/df_all__cl__2020-01-01__CellType.csv");
  std::ofstream(earlier) << "ontology_id,name\nCL:5,downloaded\n";
  const auto release = release_called(*instance_, cells, {.version = "2020-01-01"});
  EXPECT_EQ(release_file(*instance_, release), earlier);
  const auto file = write("cl.obo", obo);
  bring(file);
  EXPECT_EQ(release_file(*instance_, release).filename(), "cl-2020-01-01.obo");
  fs::last_write_time(earlier, fs::file_time_type::clock::now() + std::chrono::seconds(-1));
  fs::last_write_time(box_.path("cache/ontologies/cl-2020-01-01.obo"),
                      fs::file_time_type::clock::now() + std::chrono::hours(-1));
  EXPECT_EQ(release_file(*instance_, release), earlier);
  bring(file);
  EXPECT_THAT(told_.back(), HasSubstr("already in the cache"));
  EXPECT_EQ(release_file(*instance_, release).filename(), "cl-2020-01-01.obo");
  fs::create_directories(box_.path("own"));
  std::ofstream(box_.path("own/cl-2020-01-01.csv")) << "ontology_id,name\nCL:5,own\n";
  std::ofstream(box_.path("own/cl-2019-01-01.csv")) << "ontology_id,name\nCL:5,of another release\n";
  setenv("LAMIN_ONTOLOGIES", box_.path("own").c_str(), 1);
  std::vector<std::string> warned;
  bring_releases(file, {}, [&](Level level, const Words& words) {
    if (level == Level::warning) warned.push_back(words.in(Face::cpp));
  });
  unsetenv("LAMIN_ONTOLOGIES");
  EXPECT_THAT(warned, ElementsAre(HasSubstr("own/cl-2020-01-01.csv' is read instead")));
}

TEST_F(BringTest, TheCallersWordCountsBeforeTheFiles) {
  EXPECT_EQ(bring(write("x.obo", obo), {.version = "mine"})[0].path.filename(), "cl-mine.obo");
  std::string message;
  const auto nameless = write("y.obo", "[Term]\nid: CL:1\nname: x\n");
  EXPECT_EQ(code_of([&] { bring(nameless); }, &message), Code::invalid_argument);
  EXPECT_THAT(message, HasSubstr("states no version"));
  EXPECT_EQ(bring(write("cl_2019-01-01.obo", "[Term]\nid: CL:1\nname: x\n"))[0].path.filename(), "cl-2019-01-01.obo");
  EXPECT_EQ(code_of([&] { bring(write("x.obo", obo), {.version = "../../x"}); }), Code::invalid_argument);
}

TEST_F(BringTest, GenesOfAnOrganismAreFoundAsItsSourcesCallIt) {
  const auto gtf = write("Mus_musculus.GRCm39.114.gtf",
                         "1\tx\tgene\t1\t9\t.\t+\t.\tgene_id \"ENSMUSG00000000001\"; gene_name \"Gnai3\"; gene_biotype "
                         "\"protein_coding\";\n");
  EXPECT_EQ(bring(gtf)[0].path.filename(), "mouse__ensembl__release-114.gtf");
  const auto release = release_called(*instance_, "bionty.Gene", {.organism = "mouse", .version = "release-114"});
  const std::string symbols[] = {"Gnai3", "GNAI3"};
  EXPECT_THAT(validate(*open_release(*instance_, release), "bionty.Gene", symbols), ElementsAre(true, false));
  const auto list = write("list.csv", "ENSMUSG00000051951,Xkr4,6,6094,protein_coding\n");
  EXPECT_EQ(bring(list, {.version = "release-9"})[0].path.filename(), "mouse__ensembl__release-9.csv");
  std::string message;
  const auto markers = write("markers.csv", "Tissue,CT,Gene\nAbdomen,Macrophage,CD163\n");
  EXPECT_EQ(code_of([&] { bring(markers, {.version = "2.0"}); }, &message), Code::invalid_argument);
  EXPECT_THAT(message, HasSubstr("which organism"));
  EXPECT_EQ(bring(markers, {.organism = "human", .version = "2.0"})[0].path.filename(), "human__cellmarker__2.0.csv");
}

TEST_F(BringTest, AFolderBringsWhatCanBeRead) {
  write("cl.obo", obo);
  write("broken.obo", "[Term]\nthis is not OBO\n");
  write("notes.md", "# nothing");
  EXPECT_EQ(bring(box_.path("brought")).size(), 1U);
  EXPECT_THAT(all_told(), HasSubstr("broken.obo is left out: "));
  std::vector<std::string> names;
  for (const auto& one : release_files()) {
    if (one.where == "cache") names.push_back(one.name + " " + one.version);
  }
  EXPECT_THAT(names, ElementsAre("cl 2020-01-01"));
  EXPECT_EQ(code_of([&] { bring(box_.path("nowhere")); }), Code::not_found);
}

TEST_F(BringTest, TheTaxonomyOfNcbiIsReadTaxonByTaxon) {
  write("names.dmp",
        "1\t|\troot\t|\t\t|\tscientific name\t|\n9605\t|\tHomo\t|\t\t|\tscientific name\t|\n"
        "9606\t|\tHomo sapiens\t|\t\t|\tscientific name\t|\n9606\t|\thuman\t|\t\t|\tgenbank common name\t|\n");
  write("nodes.dmp", "1\t|\t1\t|\tno rank\t|\n9605\t|\t1\t|\tgenus\t|\n9606\t|\t9605\t|\tspecies\t|\n");
  constexpr const char* organisms = "bionty.Organism";
  const auto report =
      import_file(*instance_, organisms, box_.path("brought"), {.source = "ncbitaxon", .version = "2026-01-01"});
  EXPECT_EQ(report.created, 3);
  EXPECT_EQ(report.parents, 2);
  const auto human =
      instance_->database().first({.registry = organisms, .where = Expr::compare("name", Op::exact, Value("human"))});
  ASSERT_TRUE(human);
  EXPECT_EQ(human->text("ontology_id"), "NCBITaxon:9606");
  EXPECT_EQ(human->text("scientific_name"), "Homo sapiens");
  EXPECT_EQ(human->uid(), "1dpCL6TduFJ3AP");
  EXPECT_EQ(ancestors(*instance_, *human).size(), 2U);
  const auto again =
      import_file(*instance_, organisms, box_.path("brought"), {.source = "ncbitaxon", .version = "2026-01-01"});
  EXPECT_EQ(again.created, 0);
  EXPECT_EQ(again.parents, 0);
  EXPECT_EQ(code_of([&] { import_file(*instance_, cells, box_.path("brought"), {.version = "1"}); }),
            Code::invalid_argument);
}

TEST_F(BringTest, ATaxonomyIsBroughtAsAFolder) {
  write("names.dmp", "1\t|\troot\t|\t\t|\tscientific name\t|\n2\t|\tBacteria\t|\t\t|\tscientific name\t|\n");
  write("nodes.dmp", "1\t|\t1\t|\n2\t|\t1\t|\n");
  write("citations.dmp", "not needed");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(bring(box_.path("brought"), {.version = "2026-05"})[0].path,
              box_.path("cache/ontologies/ncbitaxon-2026-05"));
  EXPECT_FALSE(fs::exists(box_.path("cache/ontologies/ncbitaxon-2026-05/citations.dmp")));
  const auto release = release_called(*instance_, "bionty.Organism", {.name = "ncbitaxon", .version = "2026-05"});
  const std::string name[] = {"bacteria"};
  EXPECT_TRUE(validate(*open_release(*instance_, release), "bionty.Organism", name)[0]);
}

TEST_F(BringTest, ATextThatAColumnCannotHoldLeavesOutItsRowOnly) {
  write("cl-2018-01-01.csv", "ontology_id,name\nCL:1,short\nCL:2," + std::string(256, 'x') + "\n");
  const auto report =
      import_file(*instance_, cells, box_.path("brought/cl-2018-01-01.csv"), {.source = "cl", .version = "1"});
  EXPECT_EQ(report.created, 1);
  EXPECT_THAT(all_told(), HasSubstr("1 row with a text that is longer than its field can hold (row 2) was left out"));
}

TEST_F(BringTest, AnotherTaxonomyTakesThePlaceOfTheFormer) {
  const auto brought = box_.path("cache/ontologies/ncbitaxon-2026-05");
  write("nodes.dmp", "1\t|\t1\t|\n");
  for (const char* name : {"root", "all"}) {
    write("names.dmp", fmt::format("1\t|\t{}\t|\t\t|\tscientific name\t|\n", name));
    bring(box_.path("brought"), {.version = "2026-05"});
    EXPECT_THAT(testing::Sandbox::read(brought / "names.dmp"), HasSubstr(name));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(brought.parent_path()), {}), 1) << "nothing is left beside it";
}

TEST_F(BringTest, AFullDiskLeavesNothingHalfDone) {
  const auto file = write("cl.obo", std::string(obo) + "\n! " + std::string(20'000, 'x') + "\n");
  const auto folder = box_.path("cache/ontologies");
  fs::create_directories(folder);
  std::ofstream(folder / "cl-2020-01-01.obo") << "the former";
  std::ofstream(folder / "old.obo.abcdefgh.copy") << "half";
  std::ofstream(folder / "young.obo.abcdefgh.copy") << "half";
  fs::last_write_time(folder / "old.obo.abcdefgh.copy", fs::file_time_type::clock::now() - std::chrono::hours(2));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{.rlim_cur = 8192, .rlim_max = before.rlim_max};
  ::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto code = code_of([&] { bring(file); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(code, ::testing::AnyOf(Code::unavailable, Code::no_access));
  EXPECT_EQ(testing::Sandbox::read(folder / "cl-2020-01-01.obo"), "the former");
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(folder)) left.push_back(entry.path().filename().string());
  EXPECT_THAT(left, ::testing::UnorderedElementsAre("cl-2020-01-01.obo", "young.obo.abcdefgh.copy"))
      << "what a killed process left goes, what one may be writing stays";
  bring(file);
  EXPECT_THAT(testing::Sandbox::read(folder / "cl-2020-01-01.obo"), HasSubstr("T cell"));
}

/// What comes with the program.

TEST_F(BringTest, ASubsetStandsInForWhatCannotBeHad) {
  const std::string values[] = {"T cell", "T-cell"};
  auto found = from_release(*instance_, cells, values);
  ASSERT_EQ(found.records.size(), 1U);
  EXPECT_THAT(all_told(), HasSubstr("cannot be downloaded: cl 2026-03-26, the subset that comes with the program"));
  save(*instance_, found.records[0]);
  const auto& of = *found.records[0].table().find_relation("source");
  const auto source = instance_->database().related_one(found.records[0], of);
  EXPECT_EQ(source->text("version"), "2026-03-26") << "its rows say what they come from";
  EXPECT_FALSE(source->at("currently_used").boolean_or(true));
  EXPECT_GT(ancestors(*instance_, found.records[0]).size(), 3U);
  const auto told = told_.size();
  from_release(*instance_, cells, values);
  EXPECT_EQ(told_.size(), told) << "once is enough";
}

TEST_F(BringTest, ASubsetIsNotTakenForAnotherRelease) {
  std::string message;
  const auto in_use = release_in_use(*instance_, cells);
  EXPECT_EQ(code_of([&] { open_release(*instance_, in_use); }, &message), Code::unavailable);
  EXPECT_THAT(message, HasSubstr("Version 2026-03-26 is here"));
  setenv("LAMIN_SUBSETS", "0", 1);
  const std::string value[] = {"T cell"};
  EXPECT_TRUE(from_release(*instance_, cells, value).records.empty());
  unsetenv("LAMIN_SUBSETS");
}

TEST_F(BringTest, EverySubsetCanBeReadAndSaysWhatItIs) {
  std::map<std::string, std::int64_t> terms;
  for (const auto& one : release_files()) {
    if (one.where != "subset of the program") continue;
    const auto registry = one.registry == "BFXPipeline" ? one.registry : "bionty." + one.registry;
    const auto release =
        release_called(*instance_, registry, {.organism = one.organism, .name = one.name, .version = one.version});
    const auto place = registry_for_release(registry);
    terms[one.organism + " " + one.registry] = open_release(*instance_, release)->database().count({.registry = place});
  }
  EXPECT_THAT(terms, ElementsAre(Pair("all BFXPipeline", 484), Pair("all CellLine", ::testing::Gt(1000)),
                                 Pair("all CellType", 3324), Pair("all Disease", 27990),
                                 Pair("all ExperimentalFactor", ::testing::Gt(300)),
                                 Pair("all Phenotype", ::testing::Gt(1800)), Pair("all Tissue", 14971),
                                 Pair("human DevelopmentalStage", 239), Pair("human Ethnicity", ::testing::Gt(580)),
                                 Pair("human Gene", 78894), Pair("mouse DevelopmentalStage", 134),
                                 Pair("mouse Gene", 78317), Pair("vertebrates Organism", 24)));
}

TEST_F(BringTest, APartOfAReleaseIsNotTakenForTheWhole) {
  constexpr const char* factors = "bionty.ExperimentalFactor";
  const auto efo = release_called(*instance_, factors, {.name = "efo", .version = "3.90.0"});
  const auto part = import_release(*instance_, efo);
  EXPECT_GT(part.created, 300);
  EXPECT_FALSE(part.source.at("in_db").boolean_or(true));
  EXPECT_THAT(all_told(), HasSubstr("are a part of efo 3.90.0: bring the whole file with `lamin ontology add`"));
  const std::string other[] = {"brought factor"};
  EXPECT_TRUE(from_release(*instance_, factors, other).records.empty());
  bring(write("efo.obo",
              "data-version: 3.90.0\nontology: efo\n\n[Term]\nid: EFO:0000001\nname: experimental factor\n\n"
              "[Term]\nid: EFO:0999999\nname: brought factor\nis_a: EFO:0000001\n"));
  const auto source = instance_->database().get(instance_->catalog().table("bionty.Source"), part.source.uid());
  EXPECT_EQ(from_release(*instance_, factors, other, {}, source).records.size(), 1U);
  const auto whole = import_release(*instance_, source);
  EXPECT_EQ(whole.created, 1);
  EXPECT_TRUE(whole.source.at("in_db").boolean_or(false));
  EXPECT_EQ(from_release(*instance_, factors, other).records.size(), 1U) << "registered";
}

TEST_F(BringTest, TablesSayThatTheyAreAPart) {
  for (const auto& [registry, organism] :
       {std::pair{"bionty.Gene", "human"}, {"bionty.Gene", "mouse"}, {"bionty.Organism", "vertebrates"}}) {
    const auto release = release_called(*instance_, registry, {.organism = organism, .version = "release-114"});
    EXPECT_TRUE(lake::is_partial(*open_release(*instance_, release))) << registry << " " << organism;
  }
  const auto table = write("cl-2017-01-01.csv", "#!subset\nontology_id,name\nCL:1,short\n");
  const auto report = import_file(*instance_, cells, table, {.source = "cl", .version = "2017-01-01"});
  EXPECT_EQ(report.created, 1);
  EXPECT_FALSE(report.source.at("in_db").boolean_or(true));
  bring(write("cl-2016-01-01.obo", "ontology: cl\nremark: subset\n\n[Term]\nid: CL:1\nname: x\n"));
  EXPECT_THAT(told_.back(), HasSubstr("cl 2016-01-01 (1 term, a part of the release) is now in the cache"));
}

/// Genes.

TEST_F(BringTest, GenesAreFoundByEverythingTheyAreCalled) {
  const std::vector<std::string> values{"ENSG00000141510",    "ENSG00000141510.20", "TP53",       "p53",        "7157",
                                        "ENSMUSG00000059552", "mm10___Trp53",       "GRCh38_CD4", "not a gene", ""};
  const auto report = find_genes(*instance_, values, {});
  std::vector<std::string> found;
  for (const auto& one : report.findings)
    found.push_back(std::string(name_of(one.match)) + " " + one.symbol + " " + one.organism);
  EXPECT_THAT(found, ElementsAre("id TP53 human", "versioned id TP53 human", "symbol TP53 human", "alias TP53 human",
                                 "NCBI id TP53 human", "id Trp53 mouse", "symbol Trp53 mouse", "symbol CD4 human",
                                 "unknown  ", "unknown  "));
  EXPECT_EQ(report.biotypes.at("protein_coding"), 8);
  EXPECT_THAT(report.organisms, ElementsAre(Pair("human", 6), Pair("mouse", 2)));
  EXPECT_THAT(report.text(values), HasSubstr("alias: p53 -> ENSG00000141510 TP53"));
}

TEST_F(BringTest, AnAliasOfSeveralGenesIsNotGuessed) {
  const std::vector<std::string> values{"KET"};
  const std::vector<std::string> human{"human"};
  const auto report = find_genes(*instance_, values, human);
  const auto& found = report.findings.at(0);
  EXPECT_THAT(found.match, ::testing::AnyOf(GeneMatch::alias, GeneMatch::ambiguous));
  EXPECT_EQ(found.match == GeneMatch::ambiguous, found.candidates.size() > 1);
  EXPECT_EQ(code_of([&] { find_genes(*instance_, values, {}); }), Code::not_configured);
}

TEST_F(BringTest, NamesOfHgncAndGenesOfOnesOwnCount) {
  write("hgnc_complete_set.txt",
        "hgnc_id\tsymbol\tname\tlocus_group\talias_symbol\tprev_symbol\tentrez_id\tensembl_gene_id\n"
        "HGNC:11998\tTP53\ttumor protein p53\tprotein-coding gene\tALIAS99\tOLDNAME1\t7157\tENSG00000141510\n");
  EXPECT_EQ(bring(box_.path("brought/hgnc_complete_set.txt"), {.version = "2026-05"})[0].path.filename(),
            "human__hgnc__2026-05.txt");
  Record own(instance_->catalog().table("bionty.Gene"));
  own.set("symbol", "dCas9").set("stable_id", "plasmid-1").set("organism", organism(*instance_, "human").id());
  save(*instance_, own);
  const std::vector<std::string> values{"HGNC:11998", "alias99", "OLDNAME1", "dCas9", "plasmid-1"};
  const std::vector<std::string> human{"human"};
  std::vector<std::string> found;
  for (const auto& one : find_genes(*instance_, values, human).findings)
    found.push_back(std::string(name_of(one.match)) + " " + one.symbol);
  EXPECT_THAT(found, ElementsAre("HGNC id TP53", "alias TP53", "alias TP53", "symbol dCas9", "id dCas9"));
}

TEST_F(BringTest, AVarIndexIsLookedUpInOnePass) {
  const auto release = release_called(*instance_, "bionty.Gene", {.organism = "human", .version = "release-114"});
  std::vector<std::string> values;
  const auto table = release_table(*instance_, release);
  const auto& ids = table->at("ensembl_gene_id");
  for (std::int64_t row = 0; row < 60'000; ++row) values.push_back(std::string(ids.text(row)) + ".1");
  const auto report = find_genes(*instance_, values, {});
  EXPECT_THAT(report.matches, ElementsAre(Pair("versioned id", 60'000)));
  EXPECT_GT(report.biotypes.at("protein_coding"), 10'000);
  EXPECT_THAT(report.text(values), HasSubstr("60000 values"));
}

TEST_F(BringTest, RetiredIdsLeadToThoseOfTheRelease) {
  fs::create_directories(box_.path("own"));
  std::ofstream(box_.path("own/human__ensembl__release-9.csv"))
      << "ensembl_gene_id,symbol\nENSG00000000001,A\nENSG00000000002,B\n";
  std::ofstream(box_.path("own/df-legacy_human__ensembl__release-9__Gene.csv"))
      << "old_stable_id,new_stable_id\nENSG00000000011,ENSG00000000001\nENSG00000000012,ENSG00000000001\n"
         "ENSG00000000012,ENSG00000000002\nENSG00000000013,ENSG00000000099\n";
  setenv("LAMIN_ONTOLOGIES", box_.path("own").c_str(), 1);
  const auto release = release_called(*instance_, "bionty.Gene", {.organism = "human", .version = "release-9"});
  const std::vector<std::string> values{"ENSG00000000011.3", "ENSG00000000012", "ENSG00000000013", "ENSG00000000013"};
  const auto mapped = map_retired_ids(*instance_, release, values);
  EXPECT_THAT(mapped.mapped, ElementsAre(Pair("ENSG00000000011.3", "ENSG00000000001")));
  EXPECT_THAT(mapped.ambiguous,
              ElementsAre(Pair("ENSG00000000012", ElementsAre("ENSG00000000001", "ENSG00000000002"))));
  EXPECT_THAT(mapped.unmapped, ElementsAre("ENSG00000000013"));
  fs::remove(box_.path("own/df-legacy_human__ensembl__release-9__Gene.csv"));
  const auto other = init({.storage = "other", .name = "other", .modules = {"bionty"}});
  EXPECT_EQ(code_of([&] { map_retired_ids(*other, release, values); }), Code::unavailable);
  unsetenv("LAMIN_ONTOLOGIES");
}

}  // namespace
}  // namespace lamin
