#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include "format/format.hpp"
#include "format/obo_line.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using Scope = Synonym::Scope;

Term only(std::string_view body) {
  auto terms = parse_obo("format-version: 1.4\n\n[Term]\nid: X:1\n" + std::string(body), "test.obo").terms;
  EXPECT_EQ(terms.size(), 1u);
  return terms.empty() ? Term{} : terms[0];
}

std::string message_of(std::string_view text) {
  try {
    parse_obo(text, "test.obo");
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::corrupt);
    return e.what();
  }
  return "nothing was thrown";
}

TEST(Obo, Header) {
  auto read = [](std::string_view header) { return parse_obo(std::string(header) + "\n\n[Term]\nid: X:1\n", "t"); };
  auto terms = read("format-version: 1.2\ndata-version: cl/releases/2022-11-25/cl-basic.owl\nontology: cl/cl-basic");
  EXPECT_EQ(terms.ontology, "cl");
  EXPECT_EQ(terms.version, "2022-11-25");
  EXPECT_FALSE(terms.partial);
  EXPECT_TRUE(read("ontology: efo\nremark: subset").partial);
  EXPECT_FALSE(read("ontology: efo\nremark: subset of nothing").partial);
  EXPECT_EQ(read("data-version: releases/2013-07-13").version, "2013-07-13");
  EXPECT_EQ(read("data-version: 7.97").version, "7.97");
  EXPECT_EQ(read("data-version: x\nproperty_value: owl:versionInfo \"2021-02-05\" xsd:string").version, "2021-02-05");
  EXPECT_EQ(read("date: 13:07:2013 10:00").version, "2013-07-13");
  EXPECT_EQ(read("default-namespace: x").version, "");
}

TEST(Obo, ATerm) {
  auto term = only(
      "name: T cell\nalt_id: X:0\ndef: \"A \\\"cell\\\"\\nof [x].\" [PMID:1, GOC:tfm \"x\"]\n"
      "comment: name: not this\nsubset: s\nxref: Y:1\nis_a: X:2 ! parent\n"
      "is_a: X:3 {is_inferred=\"true\"} ! other\nrelationship: part_of Y:2 {all_only=\"true\"} ! thing\n"
      "is_obsolete: true\nreplaced_by: X:9\nconsider: X:8\n");
  EXPECT_EQ(term.id, "X:1");
  EXPECT_EQ(term.name, "T cell");
  EXPECT_EQ(term.definition, "A \"cell\"\nof [x].");
  EXPECT_THAT(term.is_a, ElementsAre("X:2", "X:3"));
  EXPECT_THAT(term.relationships, ElementsAre(Pair("part_of", "Y:2")));
  EXPECT_THAT(term.alt_ids, ElementsAre("X:0"));
  EXPECT_THAT(term.replaced_by, ElementsAre("X:9"));
  EXPECT_TRUE(term.obsolete);
}

TEST(Obo, SynonymsOfEveryFlavour) {
  auto terms = parse_obo(
      "synonymtypedef: abbr \"abbreviation\" EXACT\nsynonymtypedef: plural \"plural\"\n[Term]\nid: X:1\n"
      "synonym: \"a\" EXACT []\nsynonym: \"b\" BROAD LAY [PMID:1]\nsynonym: \"c|d\" NARROW [] {q=\"1\"}\n"
      "synonym: \"e\" RELATED [x:y]\nsynonym: \"f\" []\nsynonym: \"g\"\nsynonym: \"h\" abbr []\n"
      "synonym: \"i\" plural []\nexact_synonym: \"j\" []\nnarrow_synonym: \"k\" []\nbroad_synonym: \"l\" []\n"
      "related_synonym: \"m \\\"q\\\" \\\\\" []\nsynonym: no quotes\nsynonym: \"\" EXACT []\n",
      "t");
  std::vector<std::pair<std::string, Scope>> got;
  for (auto& s : terms.terms[0].synonyms) got.emplace_back(s.text, s.scope);
  EXPECT_THAT(got, ElementsAre(Pair("a", Scope::exact), Pair("b", Scope::broad), Pair("c|d", Scope::narrow),
                               Pair("e", Scope::related), Pair("f", Scope::related), Pair("g", Scope::related),
                               Pair("h", Scope::exact), Pair("i", Scope::related), Pair("j", Scope::exact),
                               Pair("k", Scope::narrow), Pair("l", Scope::broad), Pair("m \"q\" \\", Scope::related),
                               Pair("no quotes", Scope::related)));
}

TEST(Obo, CommentsQualifiersAndEscapesInNames) {
  EXPECT_EQ(only("name: a ! comment\n").name, "a");
  EXPECT_EQ(only("name: a \\! b\n").name, "a ! b");
  EXPECT_EQ(only("name: wow! it\n").name, "wow! it");
  EXPECT_EQ(only("name: a {x=\"y\"} ! c\n").name, "a");
  EXPECT_EQ(only("name: poly{[x]}\n").name, "poly{[x]}");
  EXPECT_EQ(only("name:no blank\n").name, "no blank");
  EXPECT_EQ(only("name: a\\Wb\\,c\\:d\\qe\n").name, "a b,c:dqe");
  EXPECT_EQ(only("! is_a: X:2\n## is_a: X:3\n  \t\nname: x\n").is_a.size(), 0u);
}

TEST(Obo, EncodingsAndLineEnds) {
  EXPECT_EQ(only("name: caf\xC3\xA9\n").name, "caf\xC3\xA9");
  EXPECT_EQ(only("name: caf\xE9\n").name, "caf\xC3\xA9");  // Latin-1
  auto terms = parse_obo("\xEF\xBB\xBF[Term]\r\nid: X:1\r\nname: a b\r\nis_a: X:2\r\n", "t").terms;
  EXPECT_EQ(terms[0].name, "a b");
  EXPECT_THAT(terms[0].is_a, ElementsAre("X:2"));
  EXPECT_EQ(parse_obo("[Term]\nid: X:1\nname: last line", "t").terms[0].name, "last line");
}

TEST(Obo, OtherFramesAreNoTerms) {
  auto terms = parse_obo(
      "[Typedef]\nid: part_of\nname: part of\nxref: BFO:0000050\n\n[Instance]\nid: I:1\nthis is skipped\n\n"
      "[Term]\nid: X:1\nname: x\nrelationship: BFO:0000050 X:2\nrelationship: RO:0002202 X:3\n"
      "relationship: RO:9 X:4\n\n[Term]\nid: X:9\nis_anonymous: true\n\n[Typedef]\nid: RO:9\nname: is near\n",
      "t");
  ASSERT_EQ(terms.terms.size(), 1u);
  EXPECT_THAT(terms.terms[0].relationships,
              ElementsAre(Pair("part_of", "X:2"), Pair("develops_from", "X:3"), Pair("is_near", "X:4")));
}

TEST(Obo, FramesOfOneIdMerge) {
  auto terms = parse_obo(
                   "[Term]\nid: X:1\nname: a\nis_a: X:2\nsynonym: \"s\" EXACT []\n[Term]\nid: X:2\n"
                   "[Term]\nid: X:1\nname: a\nis_a: X:2\nis_a: X:3\ndef: \"d\" []\nsynonym: \"s\" EXACT []\n",
                   "t")
                   .terms;
  ASSERT_EQ(terms.size(), 2u);
  EXPECT_THAT(terms[0].is_a, ElementsAre("X:2", "X:3"));
  EXPECT_EQ(terms[0].definition, "d");
  EXPECT_EQ(terms[0].synonyms.size(), 1u);
}

TEST(Obo, WhatElseATermSays) {
  auto term = only(
      "name: T cell\ndef: \"A cell.\" [PMID:1, GOC:tfm \"her, words]\", url:http\\://x.org]\n"
      "synonym: \"T-cell\" EXACT ABBREVIATION [PMID:2]\nsynonym: \"x\" [PMID:3]\nsubset: slim\nxref: Y:1 \"why\"\n"
      "xref_analog: Y:2\nconsider: X:8\nconsider: X:7\ncomment: by hand\nproperty_value: skos:exactMatch Y:3\n"
      "intersection_of: X:2\nintersection_of: part_of X:3\n");
  EXPECT_THAT(term.definition_sources, ElementsAre("PMID:1", "GOC:tfm", "url:http://x.org"));
  EXPECT_EQ(term.synonyms[0].type, "ABBREVIATION");
  EXPECT_THAT(term.synonyms[0].sources, ElementsAre("PMID:2"));
  EXPECT_THAT(term.synonyms[1].sources, ElementsAre("PMID:3"));
  EXPECT_THAT(term.subsets, ElementsAre("slim"));
  EXPECT_THAT(term.xrefs, ElementsAre("Y:1", "Y:2"));
  EXPECT_THAT(term.consider, ElementsAre("X:8", "X:7"));
  EXPECT_THAT(term.properties, ElementsAre(Pair("comment", "by hand"), Pair("property_value", "skos:exactMatch Y:3"),
                                           Pair("intersection_of", "X:2"), Pair("intersection_of", "part_of X:3")));
}

/// The first complaint about a file with a good term besides: "4/1: expected 'tag: value'".
std::string complaint_of(std::string_view text) {
  const auto terms = parse_obo(std::string(text) + "\n[Term]\nid: X:100\nname: good\nis_a: X:99\n", "test.obo");
  EXPECT_EQ(terms.terms.back().name, "good") << "the rest is read";
  EXPECT_EQ(terms.terms.back().is_a.size(), 1U);
  EXPECT_EQ(static_cast<std::size_t>(terms.complaints.count), terms.complaints.first.size());
  if (terms.complaints.count == 0) return "none";
  const auto& [at, what] = terms.complaints.first[0];
  return std::to_string(at.line) + "/" + std::to_string(at.column) + ": " + what;
}

TEST(Obo, BadClausesAreNamedAndTheRestIsRead) {
  EXPECT_THAT(complaint_of("[Term]\nid: X:1\nname: a\ndef: \"never closed [x]\n"), HasSubstr("4/6: a quote"));
  EXPECT_THAT(complaint_of("[Term]\nid: X:1\n\nthis is no tag\n"),
              HasSubstr("4/1: expected 'tag: value': this is no tag"));
  EXPECT_THAT(complaint_of("[Term]\nname: a\n[Term]\nid: X:1\n"), HasSubstr("1/1: the frame has no id"));
  EXPECT_THAT(complaint_of("[Term]\nid: X:1\nrelationship: part_of\n"), HasSubstr("3/1: a relationship"));
  EXPECT_THAT(complaint_of("[Term]\nid: X:1\nid: X:2\n"), HasSubstr("3/5: a second id"));
  EXPECT_THAT(complaint_of("[Term]\nid:\n"), HasSubstr("2/1: 'id' has no value"));
  EXPECT_THAT(complaint_of("[Term\nid: X:1\n"), HasSubstr("1/1: a frame begins"));
  EXPECT_THAT(complaint_of("[Term]\nid: X:1\nname: a\nname: b\n"), HasSubstr("4/7: X:1 is called 'a' and 'b'"));
  EXPECT_THAT(complaint_of("[Term]\nid: X:1\nintersection_of: X:2\n"), HasSubstr("3/1: term X:1 has a single"));
  EXPECT_THAT(complaint_of("owl-axioms: SubObjectPropertyOf(\n"), HasSubstr("1/13: an axiom is opened"));
  EXPECT_THAT(complaint_of("[Term]\nid: X:1\ncaf\xC3\xA9: \xC3\xA9\n\xC3\xA9\xC3\xA9 x\n"), HasSubstr("4/1: expected"));
  EXPECT_EQ(complaint_of("[Term]\nid: X:1\n"), "none");
  EXPECT_EQ(complaint_of("owl-axioms: A(B(<http://x.org/(> \\\"(\\\"))\\nC()\n"), "none");
}

TEST(Obo, FilesOfNoTermNameTheLine) {
  EXPECT_THAT(message_of("[Term]\nname: a\n"), HasSubstr("test.obo, line 1"));
  EXPECT_THAT(message_of("<?xml version=\"1.0\"?>\n<rdf:RDF>"), HasSubstr("XML"));
  EXPECT_THAT(message_of(""), HasSubstr("is this an OBO file"));
  EXPECT_THAT(message_of("PK\x03\x04 zip\n"), HasSubstr("line 1"));
}

TEST(Obo, MissingFile) {
  try {
    read_obo("/nowhere/at/all.obo");
    FAIL();
  } catch (const Error& e) { EXPECT_EQ(e.code(), Code::not_found); }
}

TEST(OboLine, Words) {
  std::string_view rest = "part_of  X\\ 1\\:2 {q} ! c";
  EXPECT_EQ(obo::next_word(rest), "part_of");
  EXPECT_EQ(obo::next_word(rest), "X\\ 1\\:2");
  EXPECT_EQ(obo::next_word(rest), "");
}

// The counts that independent readers of this release agree on, in its three syntaxes.
TEST(Obo, CellOntology2022) {
  auto terms = read_obo(LAMIN_SOURCE_DIR "/tests/data/obo/cl-basic_2022-11-25.obo.gz");
  EXPECT_EQ(terms.ontology, "cl");
  EXPECT_EQ(terms.version, "2022-11-25");
  std::size_t live = 0, obsolete = 0, parents = 0, definitions = 0, exact = 0, synonyms = 0;
  for (auto& term : terms.terms) {
    if (!term.id.starts_with("CL:") || term.name.empty()) continue;
    if (term.obsolete) {
      ++obsolete;
      continue;
    }
    ++live;
    parents += term.is_a.size();
    definitions += !term.definition.empty();
    synonyms += term.synonyms.size();
    for (auto& synonym : term.synonyms) exact += synonym.scope == Scope::exact;
  }
  EXPECT_EQ(live, 2535u);
  EXPECT_EQ(obsolete, 148u);
  EXPECT_EQ(parents, 3561u);
  EXPECT_EQ(definitions, 2171u);
  EXPECT_EQ(exact, 2126u);
  EXPECT_EQ(synonyms, 2643u);
}

TEST(Obo, ATruncatedArchiveIsCorrupt) {
  auto source = std::filesystem::path(LAMIN_SOURCE_DIR "/tests/data/obo/cl-basic_2022-11-25.obo.gz");
  auto copy = std::filesystem::temp_directory_path() / "lamin-truncated.obo.gz";
  std::filesystem::copy_file(source, copy, std::filesystem::copy_options::overwrite_existing);
  std::filesystem::resize_file(copy, std::filesystem::file_size(source) / 2);
  try {
    read_obo(copy);
    ADD_FAILURE();
  } catch (const Error& e) { EXPECT_EQ(e.code(), Code::corrupt); }
  std::filesystem::remove(copy);
}

}  // namespace
}  // namespace lamin::format
