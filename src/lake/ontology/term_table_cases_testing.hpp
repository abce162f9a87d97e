// term_table_cases_testing.hpp -- tables of terms and genes, and organisms, on either database.
#pragma once
#include "lake/ontology/ontology_fixture_testing.hpp"

namespace lamin {
namespace {

TEST_F(OntologyTest, ColumnsThatNoFieldTakesAreNamedWithTheNearest) {
  Frame terms;
  terms.add("name", Column::texts(Texts{"my cell"}));
  terms.add("deskription", Column::texts(Texts{"x"}));
  std::string why;
  EXPECT_EQ(code_of([&] { import_terms(*instance, "bionty.CellType", terms, {.strict = true}); }, &why),
            Code::validation);
  EXPECT_NE(why.find("deskription (did you mean description?)"), why.npos) << why;
  EXPECT_EQ(import_terms(*instance, "bionty.CellType", terms).unused_columns, Texts{"deskription"});
  EXPECT_TRUE(box.said("deskription (did you mean description?)"));
  EXPECT_EQ(count("bionty_celltype"), 1);
}

TEST_F(OntologyTest, ImportsGenes) {
  Frame genes;
  genes.add("ensembl_gene_id", Column::texts(Texts{"ENSG00000081059", "ENSG00000081059", "YAL001C", "", ""}));
  genes.add("symbol", Column::texts(Texts{"TCF7", "TCF7", "TFC3", "NOID", ""}));
  genes.add("ncbi_gene_id", Column::integers({6932, 99, 851262, 5, 6}));
  genes.add("length", Column::integers({1, 2, 3, 4, 5}));
  EXPECT_EQ(code_of([&] { import_terms(*instance, "bionty.Gene", genes); }), Code::not_configured);
  const ImportReport report = import_terms(*instance, "bionty.Gene", genes,
                                           {.source = "ensembl", .version = "release-110", .organism = "human"});
  EXPECT_EQ(report.created, 3);
  EXPECT_TRUE(box.said("length"));
  EXPECT_TRUE(box.said("1 row with neither an identifier nor a name (row 5) was left out"));
  const Record tcf7 = *find_by_name(*instance, table("Gene"), "TCF7");
  EXPECT_EQ(tcf7.uid(), "7IkHKPl0ScQRSB");
  EXPECT_EQ(tcf7.text("ncbi_gene_ids"), "6932|99");
  const Record yeast = *find_by_name(*instance, table("Gene"), "TFC3");
  EXPECT_EQ(yeast.text("stable_id"), "YAL001C");
  EXPECT_TRUE(yeast.at("ensembl_gene_id").is_null());
  EXPECT_EQ(find_by_name(*instance, table("Gene"), "NOID")->uid(), base::derived_uid("NOIDhuman", 14));
  EXPECT_EQ(import_terms(*instance, "bionty.Gene", genes,
                         {.source = "ensembl", .version = "release-110", .organism = "human"})
                .created,
            0);
}

TEST_F(OntologyTest, ImportTermsTakesParents) {
  Frame terms;
  terms.add("ontology_id", Column::texts(Texts{"X:1", "X:2"}));
  terms.add("name", Column::texts(Texts{"upper", "lower"}));
  terms.add("definition", Column::texts(Texts{"What It Says", ""}, {true, false}));
  terms.add("parents", Column::texts(Texts{"", "X:1|X:9"}));
  EXPECT_EQ(import_terms(*instance, "CellType", terms).parents, 1);
  EXPECT_EQ(find_by_name(*instance, table("CellType"), "upper")->text("description"), "What It Says");
  Frame other;
  other.add("colour", Column::texts(Texts{"red"}));
  EXPECT_EQ(code_of([&] { import_terms(*instance, "CellType", other); }), Code::invalid_argument);
}

TEST_F(OntologyTest, OrganismsAreBuiltIn) {
  const Record human = organism(*instance, "human");
  EXPECT_EQ(human.uid(), "1dpCL6TduFJ3AP");
  EXPECT_EQ(human.text("ontology_id"), "NCBITaxon:9606");
  EXPECT_EQ(human.text("scientific_name"), "Homo sapiens");
  EXPECT_EQ(organism(*instance, "Homo sapiens").id(), human.id());
  EXPECT_EQ(organism(*instance, "homo_sapiens").id(), human.id());
  EXPECT_EQ(organism(*instance, "mouse").uid(), "3RZqbcSLWNGQGZ");
  std::string message;
  EXPECT_EQ(code_of([&] { organism(*instance, "humann"); }, &message), Code::not_found);
  EXPECT_NE(message.find("human"), std::string::npos);
}

TEST_F(OntologyTest, UidOfATermThatNeedsItsOrganism) {
  const Record human = organism(*instance, "human");
  EXPECT_EQ(add("bionty.CellMarker", {{"name", "test"}, {"organism", Value(human.id())}}).uid(), "2dZ52W9noUDKVE");
}

}  // namespace
}  // namespace lamin
