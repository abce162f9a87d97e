// Terms in every syntax: the same release says the same, foreign syntaxes are refused by name, and nothing harms.
#include <gmock/gmock.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include "format/format.hpp"
#include "format/term_names.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
namespace fs = std::filesystem;
const fs::path data = LAMIN_SOURCE_DIR "/tests/data/obo";

class TermsTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path file(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  Terms read(std::string_view text) { return read_terms(file("x.owl", text)); }
  Error refused(std::string_view text) {
    try {
      read(text);
    } catch (const Error& error) { return error; }
    ADD_FAILURE() << "nothing was thrown";
    return Error(Code::internal, "");
  }
  fs::path folder_ = fs::temp_directory_path() / ("lamin-terms-" + std::to_string(::getpid()));
};

constexpr std::string_view head =
    R"(<rdf:RDF xml:base="http://purl.obolibrary.org/obo/x.owl" xmlns:obo="http://purl.obolibrary.org/obo/"
 xmlns:owl="http://www.w3.org/2002/07/owl#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">)";
std::string rdf(std::string_view inside) { return std::string(head) + std::string(inside) + "</rdf:RDF>"; }

/// What the syntaxes have in common, by id: live terms with a name.
std::map<std::string, std::string> table_of(const Terms& terms) {
  std::map<std::string, std::string> table;
  for (auto term : terms.terms) {
    if (term.obsolete || term.name.empty()) continue;
    std::set<std::string> rest;
    for (const auto& one : term.synonyms) rest.insert(std::to_string(static_cast<int>(one.scope)) + one.text);
    for (const auto& parent : term.is_a) rest.insert("is_a " + parent);
    auto& row = table[term.id] = term.name + "\n" + term.definition;
    for (const auto& one : rest) row += "\n" + one;
  }
  return table;
}

TEST_F(TermsTest, KeysOfJsonMayHaveEscapes) {
  const auto guide = read(R"({"\u0043L:1": {"l\u0061bel": "one", "synonyms": ["\u0075n"], "ancestors": {}},
      "CL\u003a2": {"lab\u0065l": "two", "\u0061ncestors": {"\u0043L:1": 1, "C\u004c:0": 2}}})");
  ASSERT_EQ(guide.terms.size(), 2U);
  EXPECT_EQ(guide.terms[0].id, "CL:1");
  EXPECT_EQ(guide.terms[0].name, "one");
  EXPECT_EQ(guide.terms[0].synonyms.at(0).text, "un");
  EXPECT_EQ(guide.terms[1].id, "CL:2");
  EXPECT_THAT(guide.terms[1].is_a, ElementsAre("CL:1"));
  const auto graph = read(R"({"gr\u0061phs": [{"n\u006fdes": [{"\u0069d": "http://purl.obolibrary.org/obo/X_1",
      "lbl": "one", "met\u0061": {"deprecat\u0065d": true}}]}]})");
  ASSERT_EQ(graph.terms.size(), 1U);
  EXPECT_TRUE(graph.terms[0].obsolete);
}

TEST_F(TermsTest, OneReleaseSaysTheSameInThreeSyntaxes) {
  const auto obo = read_terms(data / "uo_2026-01-16.obo.gz"), owl = read_terms(data / "uo_2026-01-16.owl.zst"),
             json = read_terms(data / "uo_2026-01-16.json.zst");
  const auto expected = table_of(obo);
  EXPECT_EQ(expected.size(), 573U);
  EXPECT_EQ(table_of(owl), expected) << "among them classes that are individuals, too";
  EXPECT_EQ(table_of(json), expected);
  for (const auto* one : {&obo, &owl, &json}) {
    EXPECT_EQ(one->version, "2026-01-16");
    EXPECT_EQ(one->ontology, "uo");
  }
}

TEST_F(TermsTest, TheGuideOfCellxgene) {
  const auto terms = read_terms(data / "HsapDv-ontology-v2025-01-23.json.zst");
  EXPECT_EQ(terms.version, "2025-01-23");
  const auto stage = std::ranges::find(terms.terms, "HsapDv:0000002", &Term::id);
  ASSERT_NE(stage, terms.terms.end());
  EXPECT_EQ(stage->name, "embryonic stage");
  EXPECT_THAT(stage->is_a, ::testing::UnorderedElementsAre("HsapDv:0000000", "HsapDv:0000045"));
}

TEST_F(TermsTest, WhatOwlSaysOfAClass) {
  const auto terms = read(rdf(R"(
<owl:Ontology rdf:about="http://purl.obolibrary.org/obo/x.owl"><owl:versionInfo>7</owl:versionInfo></owl:Ontology>
<owl:ObjectProperty rdf:about="http://purl.obolibrary.org/obo/X_lies_in"><rdfs:label>lies in</rdfs:label></owl:ObjectProperty>
<owl:Class rdf:about="http://purl.obolibrary.org/obo/X_1">
  <rdfs:label xml:lang="de">eins</rdfs:label><rdfs:label>one &amp; only</rdfs:label>
  <obo:IAO_0000115>The first.</obo:IAO_0000115>
  <oboInOwl:hasExactSynonym>single</oboInOwl:hasExactSynonym><oboInOwl:hasNarrowSynonym>unit</oboInOwl:hasNarrowSynonym>
  <oboInOwl:hasAlternativeId>X:9</oboInOwl:hasAlternativeId>
  <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/X_0"/>
  <rdfs:subClassOf rdf:resource="http://www.w3.org/2002/07/owl#Thing"/>
  <rdfs:subClassOf><owl:Restriction><owl:onProperty rdf:resource="http://purl.obolibrary.org/obo/BFO_0000050"/>
    <owl:someValuesFrom rdf:resource="http://purl.obolibrary.org/obo/X_2"/></owl:Restriction></rdfs:subClassOf>
  <rdfs:subClassOf><owl:Restriction><owl:onProperty rdf:resource="http://purl.obolibrary.org/obo/X_lies_in"/>
    <owl:someValuesFrom rdf:resource="http://purl.obolibrary.org/obo/X_3"/></owl:Restriction></rdfs:subClassOf>
  <owl:equivalentClass><owl:Class><owl:intersectionOf rdf:parseType="Collection">
    <rdf:Description rdf:about="http://purl.obolibrary.org/obo/X_8"/></owl:intersectionOf></owl:Class></owl:equivalentClass>
</owl:Class>
<rdf:Description rdf:about="http://purl.obolibrary.org/obo/X_0" rdfs:label="zero"><rdf:type
  rdf:resource="http://www.w3.org/2002/07/owl#Class"/></rdf:Description>
<d:Class xmlns:d="http://www.w3.org/2002/07/owl#" rdf:about="http://purl.obolibrary.org/obo/X_4"><d:deprecated>true</d:deprecated>
  <obo:IAO_0100001 rdf:resource="http://purl.obolibrary.org/obo/X_1"/></d:Class>
<owl:NamedIndividual rdf:about="http://purl.obolibrary.org/obo/X_5"><rdfs:label>somebody</rdfs:label></owl:NamedIndividual>)"));
  EXPECT_EQ(terms.version, "7");
  ASSERT_EQ(terms.terms.size(), 3U) << "an individual is no term";
  const auto& one = terms.terms[0];
  EXPECT_EQ(one.id, "X:1");
  EXPECT_EQ(one.name, "one & only") << "without a language before any other";
  EXPECT_EQ(one.definition, "The first.");
  EXPECT_THAT(one.is_a, ElementsAre("X:0")) << "an equivalence is not asserted";
  EXPECT_THAT(one.relationships, ElementsAre(Pair("part_of", "X:2"), Pair("lies_in", "X:3")));
  EXPECT_THAT(one.alt_ids, ElementsAre("X:9"));
  EXPECT_EQ(one.synonyms.size(), 2U);
  EXPECT_EQ(terms.terms[1].name, "zero") << "a literal may be an attribute";
  EXPECT_TRUE(terms.terms[2].obsolete) << "a prefix may be declared where it is used";
  EXPECT_THAT(terms.terms[2].replaced_by, ElementsAre("X:1"));
}

TEST_F(TermsTest, WhatIsSaidOfAStatement) {
  const auto terms = read(rdf(R"(
<owl:Class rdf:about="http://purl.obolibrary.org/obo/X_1"><rdfs:label>one</rdfs:label>
  <rdfs:label>eins</rdfs:label>
  <obo:IAO_0000115>The first.</obo:IAO_0000115><oboInOwl:hasExactSynonym>1</oboInOwl:hasExactSynonym>
  <oboInOwl:hasDbXref>Y:1</oboInOwl:hasDbXref><rdfs:comment>a number</rdfs:comment>
  <oboInOwl:inSubset rdf:resource="http://purl.obolibrary.org/obo/x#slim"/>
  <oboInOwl:consider rdf:resource="http://purl.obolibrary.org/obo/X_2"/></owl:Class>
<owl:Axiom><owl:annotatedSource rdf:resource="http://purl.obolibrary.org/obo/X_1"/>
  <owl:annotatedProperty rdf:resource="http://purl.obolibrary.org/obo/IAO_0000115"/>
  <owl:annotatedTarget>The first.</owl:annotatedTarget><oboInOwl:hasDbXref>PMID:1</oboInOwl:hasDbXref></owl:Axiom>
<owl:Axiom><owl:annotatedSource rdf:resource="http://purl.obolibrary.org/obo/X_1"/>
  <owl:annotatedProperty rdf:resource="http://www.geneontology.org/formats/oboInOwl#hasExactSynonym"/>
  <owl:annotatedTarget>1</owl:annotatedTarget><oboInOwl:hasDbXref>PMID:2</oboInOwl:hasDbXref>
  <oboInOwl:hasSynonymType rdf:resource="http://purl.obolibrary.org/obo/x#SIGN"/></owl:Axiom>)"));
  const auto& one = terms.terms.at(0);
  EXPECT_THAT(one.definition_sources, ElementsAre("PMID:1"));
  EXPECT_THAT(one.synonyms.at(0).sources, ElementsAre("PMID:2"));
  EXPECT_EQ(one.synonyms.at(0).type, "SIGN");
  EXPECT_THAT(one.xrefs, ElementsAre("Y:1"));
  EXPECT_THAT(one.subsets, ElementsAre("slim"));
  EXPECT_THAT(one.consider, ElementsAre("X:2"));
  EXPECT_THAT(one.properties, ElementsAre(Pair("comment", "a number")));
  ASSERT_EQ(terms.complaints.count, 1);
  EXPECT_THAT(to_string(terms.complaints.first[0]), HasSubstr("line 5, column 4: X:1 is called 'one' and 'eins'"));
}

TEST_F(TermsTest, EntitiesOfTheDocumentAreReadAndOthersRefused) {
  const auto with = [](std::string_view declarations, std::string_view inside) {
    return "<?xml version=\"1.0\"?>\n<!DOCTYPE rdf:RDF [" + std::string(declarations) + "]>\n" + rdf(inside);
  };
  const auto terms = read(with(R"(<!ENTITY obo "http://purl.obolibrary.org/obo/">)",
                               R"(<owl:Class rdf:about="&obo;X_1"><rdfs:label>a &lt; b</rdfs:label></owl:Class>)"));
  EXPECT_EQ(terms.terms.at(0).id, "X:1");
  EXPECT_EQ(terms.terms.at(0).name, "a < b");
  auto error = refused(with(R"(<!ENTITY secret SYSTEM "file:///etc/passwd">)", "&secret;"));
  EXPECT_EQ(error.code(), Code::unsupported);
  EXPECT_THAT(error.what(), HasSubstr("'secret' in another file"));
  error = refused(with(R"(<!ENTITY a "ha"><!ENTITY b "&a;&a;">)", "&b;"));
  EXPECT_EQ(error.code(), Code::unsupported);
  std::string much;
  for (int i = 0; i < 5000; ++i) much += "&a;";
  error = refused(with("<!ENTITY a \"" + std::string(5000, 'a') + "\">", much));
  EXPECT_EQ(error.code(), Code::corrupt);
}

TEST_F(TermsTest, OtherSyntaxesAreRefusedByName) {
  for (const auto& [text, name] : std::map<std::string, std::string>{
           {"Prefix(:=<http://x>)\nOntology(<http://x>)", "functional"},
           {"Prefix: : <http://x>\nOntology: <http://x>", "Manchester"},
           {"@prefix owl: <http://www.w3.org/2002/07/owl#> .", "Turtle"},
           {"<?xml version=\"1.0\"?><Ontology xmlns=\"http://www.w3.org/2002/07/owl#\"/>", "RDF/XML"},
       }) {
    const auto error = refused(text);
    EXPECT_EQ(error.code(), Code::unsupported) << text;
    EXPECT_THAT(error.what(), HasSubstr(name));
  }
  EXPECT_EQ(refused("{\"a\": 1}").code(), Code::corrupt);
  EXPECT_THAT(refused("{\"a\": 1}").what(), HasSubstr("CELLxGENE"));
}

TEST_F(TermsTest, WhatIsCutShortSaysWhere) {
  const auto whole = rdf("\n<owl:Class rdf:about=\"http://purl.obolibrary.org/obo/X_1\">\n</owl:Class>\n");
  const auto error = refused(whole.substr(0, whole.size() - 30));
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("line "));
  EXPECT_EQ(refused("{\"graphs\": [{\"nodes\": [").code(), Code::corrupt);
}

void expect_one_term_without_references(const Terms& terms, const std::string& id) {
  ASSERT_EQ(terms.terms.size(), 1U) << id;
  const auto& one = terms.terms[0];
  EXPECT_EQ(one.id, id);
  EXPECT_TRUE(one.synonyms.empty() && one.is_a.empty() && one.relationships.empty() && one.alt_ids.empty()) << id;
  EXPECT_TRUE(one.replaced_by.empty() && one.consider.empty() && one.xrefs.empty() && one.subsets.empty()) << id;
}

TEST_F(TermsTest, EmptyElementsNameNothing) {
  expect_one_term_without_references(
      read(rdf(R"(<owl:Class rdf:about="http://example.org/"><rdfs:label>root</rdfs:label><oboInOwl:hasAlternativeId/>
<oboInOwl:hasExactSynonym></oboInOwl:hasExactSynonym><oboInOwl:consider/><obo:IAO_0100001/><oboInOwl:hasDbXref/>
<oboInOwl:inSubset/></owl:Class>)")),
      "http://example.org/");
  expect_one_term_without_references(
      read(R"({"graphs": [{"nodes": [{"id": "http://example.org/#", "lbl": "root", "meta": {"synonyms": [{"val": ""}],
"xrefs": [{"val": ""}], "subsets": [""], "basicPropertyValues": [{"pred": "consider", "val": ""}]}}]}]})"),
      "http://example.org/#");
  auto guide = read(R"({"X:1": {"label": "one", "synonyms": [""], "ancestors": {"": 1}, "consider": [""]},
"": {"label": "of nothing"}, "X:2": {"label": "two"}})");
  guide.terms.pop_back();
  expect_one_term_without_references(guide, "X:1");
  EXPECT_EQ(guide.complaints.count, 1);
  expect_one_term_without_references(
      parse_obo("[Term]\nid: X:1\nname: one\nis_a:\nrelationship: part_of\nxref: ! none\nsynonym: \"\" EXACT [, ]\n",
                "x.obo"),
      "X:1");
}

TEST(TermNames, AreThoseOfObo) {
  EXPECT_EQ(curie_of("http://purl.obolibrary.org/obo/CL_0000084"), "CL:0000084");
  EXPECT_EQ(curie_of("obo.CL_0011026"), "CL:0011026");
  EXPECT_EQ(curie_of("http://www.ebi.ac.uk/efo/EFO_0000001"), "EFO:0000001");
  EXPECT_EQ(curie_of("http://www.orpha.net/ORDO/Orphanet_101"), "Orphanet:101");
  EXPECT_EQ(curie_of("https://web.expasy.org/cellosaurus/CVCL_0030"), "CVCL_0030");
  EXPECT_EQ(curie_of("http://purl.obolibrary.org/obo/ro#part_of"), "part_of");
  EXPECT_EQ(curie_of("CL:1"), "CL:1");
  EXPECT_EQ(curie_of("http://example.org/"), "http://example.org/");
  EXPECT_EQ(curie_of("obo."), "obo.");
  EXPECT_EQ(version_in("http://purl.obolibrary.org/obo/cl/releases/2022-11-25/cl-simple.owl"), "2022-11-25");
  EXPECT_EQ(ontology_in("http://purl.obolibrary.org/obo/cl/cl-simple.owl"), "cl/cl-simple");
}

}  // namespace
}  // namespace lamin::format
