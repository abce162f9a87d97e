// import_cases_testing.hpp -- a file of an ontology as rows of a registry, on either database.
#pragma once
#include <algorithm>
#include <map>
#include "lake/ontology/ontology_fixture_testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

constexpr const char* small_obo = R"(format-version: 1.2
data-version: cl/releases/2024-01-01/cl.owl
ontology: cl

[Term]
id: CL:0000000
name: cell
def: "A material entity OF anatomical origin." []

[Term]
id: CL:0000084
name: T cell
synonym: "T-cell" EXACT []
synonym: "T lymphocyte" EXACT []
synonym: "thymic one" RELATED []
synonym: "a|b cell" EXACT []
is_a: CL:0000000

[Term]
id: CL:0000624
name: CD4-positive, alpha-beta T cell
is_a: CL:0000084

[Term]
id: CL:0000792
name: regulatory one
is_a: CL:0000624
is_a: CL:0000084

[Term]
id: CL:0000001
name: primary cell line cell
is_obsolete: true

[Term]
id: CL:0000002
name: obsolete-looking but live

[Term]
id: GO:0000001
name: of another ontology
)";

TEST_F(OntologyTest, ImportsTermsParentsAndSynonyms) {
  const auto file = box.write("cl.obo", small_obo);
  const ImportReport report = import_ontology(*instance, "CellType", file);
  EXPECT_EQ(report.terms, 5);
  EXPECT_EQ(report.created, 5);
  EXPECT_EQ(report.obsolete, 1);
  EXPECT_EQ(report.parents, 4);
  EXPECT_EQ(report.source.text("name"), "cl");
  EXPECT_EQ(report.source.text("version"), "2024-01-01");
  EXPECT_EQ(report.source.uid(), base::derived_uid("bionty.CellTypeclall2024-01-01", 8));
  const Record t = *find_by_name(*instance, table("CellType"), "T cell");
  EXPECT_EQ(t.uid(), "22LvKd01YyNA1a");
  EXPECT_EQ(t.text("synonyms"), "T lymphocyte|T-cell");
  EXPECT_EQ(t.at("source").integer_or(0), report.source.id());
  EXPECT_EQ(find_by_name(*instance, table("CellType"), "cell")->text("description"),
            "A material entity OF anatomical origin.");
  EXPECT_FALSE(find_by_name(*instance, table("CellType"), "primary cell line cell"));
  EXPECT_TRUE(find_by_name(*instance, table("CellType"), "obsolete-looking but live"));
  EXPECT_FALSE(find_by_name(*instance, table("CellType"), "of another ontology"));
}

TEST_F(OntologyTest, SynonymsWithBarsAndOtherScopesAreKept) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  EXPECT_EQ(count("lamin_synonym"), 2);
  // An exact synonym standardizes even with "|" in it; a related one is only suggested.
  const Texts values{"A|B CELL", "a", "thymic one"};
  const auto found = standardize(*instance, "CellType", values);
  EXPECT_EQ(found[0].front(), "T cell");
  EXPECT_EQ(found[1].front(), "a");
  EXPECT_EQ(found[2].front(), "thymic one");
  const auto suggested = inspect(*instance, "CellType", values).suggestions;
  ASSERT_TRUE(suggested.contains("thymic one"));
  EXPECT_EQ(suggested.at("thymic one").front().value, "T cell");
  EXPECT_EQ(suggested.at("thymic one").front().via, "thymic one");
}

// Counted independently of this code.

TEST_F(OntologyTest, ImportsAReleaseOfCellOntology) {
  const ImportReport report =
      import_ontology(*instance, "CellType", std::string(LAMIN_SOURCE_DIR) + "/examples/data/cl_2026-03-26.obo");
  EXPECT_EQ(report.created, 3324);
  EXPECT_EQ(report.obsolete, 199);
  EXPECT_EQ(report.parents, 4633);
  EXPECT_EQ(count("lamin_closure"), 34425);
  EXPECT_EQ(descendants(*instance, *find_by_name(*instance, table("CellType"), "T cell")).size(), 171U);
  const Texts values{"Treg", "NK cell", "CD19+ B cell", "cytotoxic T cel", "hematopoetic stem cell", "CD14+ monocyte"};
  const Inspection found = inspect(*instance, "CellType", values);
  EXPECT_EQ(found.synonyms.at("NK cell"), "natural killer cell");
  EXPECT_EQ(found.synonyms.at("Treg"), "regulatory T cell");
  EXPECT_EQ(found.suggestions.at("cytotoxic T cel").front().value, "cytotoxic T cell");
  EXPECT_EQ(found.suggestions.at("hematopoetic stem cell").front().value, "hematopoietic stem cell");
}

TEST_F(OntologyTest, ImportingAgainChangesNothing) {
  const auto file = box.write("cl.obo", small_obo);
  import_ontology(*instance, "CellType", file);
  const ImportReport again = import_ontology(*instance, "CellType", file);
  EXPECT_EQ(again.created, 0);
  EXPECT_EQ(again.updated, 0);
  EXPECT_EQ(again.parents, 0);
  EXPECT_EQ(count("bionty_celltype"), 5);
  EXPECT_EQ(count("bionty_celltype_parents"), 4);
  EXPECT_EQ(count("lamin_synonym"), 2);
}

TEST_F(OntologyTest, UpdateRewritesWhatDiffers) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  const std::int64_t id = find_by_name(*instance, table("CellType"), "regulatory one")->id();
  std::string newer = small_obo;
  newer.replace(newer.find("regulatory one"), 14, "regulatory T cell");
  newer.replace(newer.find("2024-01-01"), 10, "2025-02-02");
  const auto file = box.write("newer.obo", newer);
  EXPECT_EQ(import_ontology(*instance, "CellType", file).updated, 0);
  EXPECT_EQ(database().find(table("CellType"), id)->text("name"), "regulatory one");
  const ImportReport report = import_ontology(*instance, "CellType", file, {.update = true});
  EXPECT_EQ(report.created, 0);
  EXPECT_EQ(report.updated, 5);  // the source of all, the name of one
  EXPECT_EQ(database().find(table("CellType"), id)->text("name"), "regulatory T cell");
  // Only the newer version is in use.
  EXPECT_EQ(count("bionty_source WHERE name = 'cl' AND entity = 'bionty.CellType' AND currently_used"), 1);
}

TEST_F(OntologyTest, DescendantsAndAncestors) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  const Record cell = *find_by_name(*instance, table("CellType"), "cell");
  const Record t = *find_by_name(*instance, table("CellType"), "T cell");
  const Record last = *find_by_name(*instance, table("CellType"), "regulatory one");
  EXPECT_EQ(names(descendants(*instance, t)), (Texts{"CD4-positive, alpha-beta T cell", "regulatory one"}));
  EXPECT_EQ(names(descendants(*instance, cell)).size(), 3U);
  EXPECT_TRUE(descendants(*instance, last).empty());
  EXPECT_EQ(names(ancestors(*instance, last)), (Texts{"cell", "T cell", "CD4-positive, alpha-beta T cell"}));
  EXPECT_EQ(count("lamin_closure"), 6);
  EXPECT_EQ(count("lamin_closure WHERE distance = 1"), 4);
}

TEST_F(OntologyTest, ClosureCatchesUpWithForeignWrites) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  const Record t = *find_by_name(*instance, table("CellType"), "T cell");
  const Record live = *find_by_name(*instance, table("CellType"), "obsolete-looking but live");
  EXPECT_EQ(descendants(*instance, t).size(), 2U);
  const auto other = connect("labels");
  const std::vector<std::int64_t> parents{t.id()};
  registry::Writes(other->database())
      .link(*other->database().find(other->catalog().table("CellType"), live.id()),
            *other->catalog().table("CellType").find_relation("parents"), parents);
  EXPECT_EQ(descendants(*instance, t).size(), 3U);
  registry::Writes(other->database())
      .unlink(*other->database().find(other->catalog().table("CellType"), live.id()),
              *other->catalog().table("CellType").find_relation("parents"), parents);
  EXPECT_EQ(descendants(*instance, t).size(), 2U);
  // Own writes count too.
  registry::Writes(database()).link(live, *table("CellType").find_relation("parents"), parents);
  EXPECT_EQ(descendants(*instance, t).size(), 3U);
}

TEST_F(OntologyTest, DescendantsHideTheTrash) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  Record last = *find_by_name(*instance, table("CellType"), "regulatory one");
  last.set("branch", Value(-1));
  registry::Writes(database()).save(last);
  EXPECT_EQ(names(descendants(*instance, *find_by_name(*instance, table("CellType"), "T cell"))),
            Texts{"CD4-positive, alpha-beta T cell"});
}

TEST_F(OntologyTest, LabelledWithATermOrAnythingBelowIt) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  const auto& artifacts = table("Artifact");
  std::vector<std::string> keys;
  for (const char* name : {"cell", "T cell", "regulatory one", "obsolete-looking but live"}) {
    keys.push_back(std::string("of/") + name + ".txt");
    auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", name), .key = keys.back()});
    save_artifact(*instance, draft);
    const std::vector<Record> labels{find_by_name(*instance, table("bionty.CellType"), name).value()};
    add_labels(*instance, draft.record, labels);
  }
  const auto found = [&](const Expr& where) {
    Texts of;
    for (const Record& row : database().all({.registry = "Artifact", .where = where, .order_by = {"id"}})) {
      of.emplace_back(row.text("key"));
    }
    return of;
  };
  EXPECT_EQ(found(labelled_with_any(*instance, artifacts, "cell_types", "T cell")), (Texts{keys[1], keys[2]}));
  EXPECT_EQ(found(labelled_with_any(*instance, artifacts, "cell_types", "regulatory one")), Texts{keys[2]});
  const Record cell = find_by_name(*instance, table("bionty.CellType"), "cell").value();
  EXPECT_EQ(found(labelled_with_any(*instance, artifacts, "cell_types", cell)), (Texts{keys[0], keys[1], keys[2]}));

  std::string why;
  EXPECT_EQ(code_of([&] { labelled_with_any(*instance, artifacts, "cell_type", "T cell"); }, &why),
            Code::unknown_field);
  EXPECT_NE(why.find("cell_types"), why.npos) << why;
  EXPECT_EQ(code_of([&] { labelled_with_any(*instance, artifacts, "cell_types", "T-cell"); }, &why), Code::not_found);
  EXPECT_NE(why.find("did you mean 'T cell'"), why.npos) << why;
  EXPECT_EQ(code_of([&] { labelled_with_any(*instance, artifacts, "cell_types", "zzzz"); }), Code::not_found);
  EXPECT_EQ(code_of([&] { labelled_with_any(*instance, artifacts, "tissues", cell); }), Code::invalid_argument);
}

TEST_F(OntologyTest, ImportIsAllOrNothing) {
  const bool sqlite = database().connection().dialect() == db::Dialect::sqlite;
  database().connection().script(
      sqlite ? "CREATE TRIGGER stop BEFORE INSERT ON bionty_celltype_parents BEGIN SELECT RAISE(ABORT, 'stop'); END"
             : "ALTER TABLE bionty_celltype_parents ADD CONSTRAINT stop CHECK (id < 0)");
  EXPECT_THROW(import_ontology(*instance, "CellType", box.write("cl.obo", small_obo)), Error);
  EXPECT_EQ(count("bionty_celltype"), 0);
  EXPECT_EQ(count("bionty_celltype_parents"), 0);
  EXPECT_EQ(count("lamin_closure"), 0);
  EXPECT_EQ(count("lamin_term"), 0);
}

TEST_F(OntologyTest, WhatIsLeftOutIsNamedAndTheRestComes) {
  std::string text = small_obo;
  text += "\n[Term]\nid: CL:0000003\nname: a" + std::string(1, '\0') + "b\n";
  text += "\n[Term]\nid: CL:0000004\nname: " + std::string(300, 'x') + "\n";
  text += "\n[Term]\nid: CL:0000005\nis_a: CL:0000000\n";
  text += "\n[Term]\nid: CL:0000006\nname: good\nthis is no tag\ndef: \"never closed\n";
  const auto file = box.write("bad.obo", text);
  std::string why;
  EXPECT_EQ(code_of([&] { import_ontology(*instance, "CellType", file, {.strict = true}); }, &why), Code::validation);
  EXPECT_NE(why.find("this is no tag"), why.npos) << why;
  EXPECT_EQ(count("bionty_celltype"), 0);
  const ImportReport report = import_ontology(*instance, "CellType", file);
  EXPECT_EQ(report.created, 6);
  EXPECT_EQ(report.n_complaints, 2);
  const auto lines = std::count(text.begin(), text.end(), '\n');
  ASSERT_EQ(report.complaints.size(), 2U);
  EXPECT_EQ(report.complaints[0],
            "line " + std::to_string(lines - 1) + ", column 1: expected 'tag: value': this is no tag");
  EXPECT_TRUE(report.complaints[1].starts_with("line " + std::to_string(lines)));
  std::map<std::string, std::vector<std::string>> left;
  for (const auto& reason : report.left_out) left[reason.why] = reason.some;
  EXPECT_EQ(left.at("without a name"), Texts{"CL:0000005"});
  EXPECT_EQ(left.at("with a name of more than 255 characters"), Texts{"CL:0000004"});
  EXPECT_EQ(left.at("with a NUL character"), Texts{"CL:0000003"});
  EXPECT_EQ(left.at("of other ontologies"), Texts{"go (1)"});
  EXPECT_TRUE(box.said("2 things that cannot be understood"));
  EXPECT_TRUE(box.said("CL:0000005"));
}

/// `count` terms, each the child of the one before it.
std::string chain_obo(int count, const std::string& first_is_a = {}) {
  std::string text = "format-version: 1.2\ndata-version: 1\nontology: cl\n";
  for (int i = 0; i < count; ++i) {
    text += "\n[Term]\nid: CL:" + std::to_string(i) + "\nname: term " + std::to_string(i) + "\n";
    const std::string parent = i > 0 ? "CL:" + std::to_string(i - 1) : first_is_a;
    if (!parent.empty()) text += "is_a: " + parent + "\n";
  }
  return text;
}

TEST_F(OntologyTest, AChainOfThousandsOfTermsIsImportedAndWalked) {
  import_ontology(*instance, "CellType", box.write("chain.obo", chain_obo(3000)));
  EXPECT_EQ(count("bionty_celltype_parents"), 2999);
  EXPECT_EQ(count("lamin_closure"), 0);
  const auto top = find_by_name(*instance, table("bionty.CellType"), "term 0").value();
  EXPECT_EQ(descendants(*instance, top).size(), 2999U);
}

TEST_F(OntologyTest, ACircleOfParentsIsReported) {
  import_ontology(*instance, "CellType", box.write("line.obo", chain_obo(3)));
  EXPECT_FALSE(box.said("circle"));
  import_ontology(*instance, "CellType", box.write("circle.obo", chain_obo(3, "CL:2")));
  EXPECT_TRUE(box.said("circle of 3"));
}

TEST_F(OntologyTest, OneTermThatDoesNotFitIsLeftOutByName) {
  std::string file = small_obo;
  file += "\n[Term]\nid: CL:0000003\nname: " + std::string(300, 'x') + "\n";
  EXPECT_EQ(import_ontology(*instance, "CellType", box.write("long.obo", file)).created, 5);
  EXPECT_TRUE(box.said("left out, with a name of more than 255 characters: CL:0000003"));
}

TEST_F(OntologyTest, TermsThatBecomeObsoleteAreNoLongerValid) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  const Record cell = *find_by_name(*instance, table("CellType"), "T cell");
  std::string newer = small_obo;
  newer.replace(newer.find("is_a: CL:0000000"), 16, "is_obsolete: true\nreplaced_by: CL:0000624");
  newer.replace(newer.find("2024-01-01"), 10, "2025-02-02");
  const auto file = box.write("newer.obo", newer);
  const Texts values{"T cell", "T-cell"};
  import_ontology(*instance, "CellType", file);
  EXPECT_TRUE(box.said("1 registered term is obsolete in cl 2025-02-02, and stay valid without an update"));
  EXPECT_TRUE(box.said("cl 2025-02-02 is the release in use now, no longer 2024-01-01"));
  EXPECT_EQ(validate(*instance, "CellType", values), (std::vector<bool>{true, false}));
  EXPECT_EQ(import_ontology(*instance, "CellType", file, {.update = true}).obsolete, 2);
  EXPECT_TRUE(box.said("CL:0000084 'T cell' (replaced by CL:0000624)"));
  EXPECT_EQ(validate(*instance, "CellType", values), (std::vector<bool>{false, false}));
  EXPECT_EQ(standardize(*instance, "CellType", values)[1], Texts{"T-cell"});
  EXPECT_EQ(database().find(table("CellType"), cell.id())->text("name"), "obsolete T cell");
}

TEST_F(OntologyTest, AFileThatNamesNoOntologyIsAboutWhatMostTermsAre) {
  std::string file = "format-version: 1.2\ndata-version: 1\nontology: http://purl.obolibrary.org/obo\n";
  for (const char* id : {"PLANA:1", "PLANA:2", "PLANA:3", "UBERON:0000105"}) {
    file += std::string("\n[Term]\nid: ") + id + "\nname: organ " + id + "\n";
  }
  const auto report = import_ontology(*instance, "Tissue", box.write("p.obo", file));
  EXPECT_EQ(report.created, 3);
  EXPECT_EQ(report.source.text("name"), "plana");
  EXPECT_TRUE(box.said("1 terms of other ontologies in the file are left out: uberon (1)"));
  EXPECT_EQ(import_ontology(*instance, "Tissue", box.path("p.obo"), {.source = "uberon"}).created, 1);
}

TEST_F(OntologyTest, BadImportsAreRefused) {
  EXPECT_EQ(code_of([&] {
              import_ontology(*instance, "CellType",
                              box.write("cut.obo", std::string(small_obo) + "\n[Term]\nid: CL:00"));
            }),
            Code::corrupt);
  std::string owl;
  EXPECT_EQ(code_of([&] { import_file(*instance, "CellType", box.write("cl.owl", "<rdf/>")); }, &owl),
            Code::unsupported);
  EXPECT_NE(owl.find("not OWL in RDF/XML"), std::string::npos) << owl;
  EXPECT_EQ(code_of([&] { import_ontology(*instance, "CellType", box.path("missing.obo")); }), Code::not_found);
  EXPECT_EQ(code_of([&] { import_ontology(*instance, "ULabel", box.write("cl.obo", small_obo)); }),
            Code::invalid_argument);
  EXPECT_EQ(code_of([&] { import_ontology(*instance, "CellType", box.write("x.obo", "{\"graphs\": []}")); }),
            Code::corrupt);
  const auto nameless = box.write("y.obo", "format-version: 1.2\n\n[Term]\nid: CL:1\nname: one\n");
  std::string message;
  EXPECT_EQ(code_of([&] { import_ontology(*instance, "CellType", nameless); }, &message), Code::invalid_argument);
  EXPECT_NE(message.find("set source"), std::string::npos) << message;
}

TEST_F(OntologyTest, PartOfCountsForAnatomy) {
  const char* uberon = R"(format-version: 1.2
data-version: releases/2025-05-28
ontology: uberon

[Term]
id: UBERON:0000955
name: brain

[Term]
id: UBERON:0001890
name: forebrain
relationship: part_of UBERON:0000955
)";
  EXPECT_EQ(import_ontology(*instance, "Tissue", box.write("u.obo", uberon)).parents, 1);
  EXPECT_EQ(names(descendants(*instance, *find_by_name(*instance, table("Tissue"), "brain"))), Texts{"forebrain"});
}

}  // namespace
}  // namespace lamin
