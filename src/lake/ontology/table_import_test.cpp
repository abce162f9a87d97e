// Tables of publishers in registries: what they say beyond their layout is taken, what does not fit is named.
#include "base/text.hpp"
#include "lake/label/label_testing.hpp"
#include "lamin/ontology.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::LabelTest;
using testing::Texts;

TEST_F(LabelTest, ColumnsThatOnlyOtherRegistriesHaveRaiseNoWarning) {
  add("bionty.Organism", {{"name", "human"}, {"ontology_id", "NCBITaxon:9606"}, {"scientific_name", "Homo sapiens"}});
  const auto file = box.write("hgnc.tsv",
                              "hgnc_id\tsymbol\tname\tlocus_group\tensembl_gene_id\tstable_id\n"
                              "HGNC:1100\tBRCA1\tBRCA1 DNA repair associated\tcoding\tENSG00000012048\tS1\n");
  const auto report = import_file(*instance, "Gene", file, {.source = "hgnc", .version = "1", .strict = true});
  EXPECT_EQ(report.created, 1);
  EXPECT_FALSE(box.said("takes the column hgnc_id"));
  EXPECT_EQ(report.unused_columns, (Texts{"locus_group", "hgnc_id"}));
  const auto gene = database().first({.registry = "bionty.Gene"});
  ASSERT_TRUE(gene);
  EXPECT_EQ(gene->text("description"), "BRCA1 DNA repair associated") << "as HGNC's name is meant";
  EXPECT_EQ(gene->text("stable_id"), "S1") << "a field of the registry that the layout does not know";
}

TEST_F(LabelTest, RowsThatDoNotFitTheirTableAreNamedOrRefused) {
  const auto file = box.write("Model.csv", "ModelID,CellLineName\nACH-1,HeLa\nACH-2\nACH-3,K562,more\nACH-4");
  const ImportOptions options{.source = "depmap", .version = "1"};
  auto strict = options;
  strict.strict = true;
  std::string why;
  EXPECT_EQ(code_of([&] { import_file(*instance, "CellLine", file, strict); }, &why), Code::validation);
  EXPECT_NE(why.find("line 3: 1 cell in a table of 2 columns"), why.npos) << why;
  EXPECT_EQ(names(database().all({.registry = "bionty.CellLine"})), Texts());
  const auto report = import_file(*instance, "CellLine", file, options);
  EXPECT_EQ(names(database().all({.registry = "bionty.CellLine"})), Texts{"HeLa"});
  EXPECT_EQ(report.n_complaints, 3);
  EXPECT_EQ(report.complaints.back(), "line 5: 1 cell in a table of 2 columns, where the file ends: it was cut short");
  EXPECT_TRUE(box.said("line 4: 3 cells in a table of 2 columns"));
}

TEST_F(LabelTest, ClausesAgainstTheStandardAreRefusedWithLineAndColumn) {
  const std::string head = "format-version: 1.4\ndata-version: 1\nontology: cl\n";
  const std::string good = "\n[Term]\nid: CL:1\nname: a\n";
  for (const auto& [text, place] :
       std::map<std::string, std::string>{{head + "owl-axioms: SubObjectPropertyOf(\n" + good, "line 4, column 13: "},
                                          {head + good + "name: b\n", "line 8, column 7: "},
                                          {head + good + "intersection_of: CL:2\n", "line 8, column 1: "}}) {
    std::string why;
    const auto file = box.write("bad.obo", text);
    EXPECT_EQ(code_of([&] { import_file(*instance, "CellType", file, {.strict = true}); }, &why), Code::validation);
    EXPECT_NE(why.find(place), why.npos) << why;
    EXPECT_EQ(names(database().all({.registry = "bionty.CellType"})), Texts());
  }
}

TEST_F(LabelTest, ParentsThatAreNowhereAreLeftOutAndTheTermComes) {
  const auto file =
      box.write("dangling.obo",
                "data-version: 1\nontology: cl\n\n[Term]\nid: CL:0000001\nname: a\nis_a: CL:0000009\nis_a: "
                "CL:0000002\n\n[Term]\nid: CL:0000002\nname: b\n");
  const auto report = import_file(*instance, "CellType", file);
  EXPECT_EQ(report.created, 2);
  EXPECT_EQ(report.parents, 1);
}

}  // namespace
}  // namespace lamin
