// Other people's suites: OAK's obo-compliance (one construct a file, with what it means in other syntaxes), OAK's and
// pronto's test data, the examples of OBO graphs. And whole releases, with the counts that independent readers agree
// on.
#include <gmock/gmock.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include "format/byte_stream.hpp"
#include "format/format.hpp"
#include "format/owl.hpp"
#include "format/terms_json.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;
const fs::path suites = LAMIN_SOURCE_DIR "/tests/data/conformance", releases = LAMIN_SOURCE_DIR "/tests/data/obo";

/// {"is_a/is_a.obo": its text}
std::map<std::string, std::string> texts_of(const std::string& suite) {
  std::map<std::string, std::string> texts;
  each_member(suites / (suite + ".tar.zst"), [&](std::string_view name, ByteStream& bytes) {
    std::string text, part(1 << 16, '\0');
    while (const auto n = bytes.read(part)) text.append(part, 0, n);
    const auto folder = name.rfind('/', name.rfind('/') - 1);
    texts.emplace(name.substr(folder == name.npos ? 0 : folder + 1), std::move(text));
  });
  return texts;
}

Terms parsed(const std::string& name, const std::string& text) {
  if (name.ends_with(".obo")) return parse_obo(text, name);
  return name.ends_with(".json") ? parse_terms_json(text, name) : owl_reader().read(text, name);
}

/// Where a syntax cannot say the same, and why.
const std::set<std::string, std::less<>> said_otherwise{
    // A property of a term that leads to another is a relationship in the normal form of OBO.
    "prefixes-conflict-skos/prefixes-conflict-skos.expected.obo",
    "property_value-object/property_value-object.expected.obo",
    "property_value-skos-object/property_value-skos-object.expected.obo",
    // A relationship that is not logical is an annotation elsewhere, which asserts nothing of the term.
    "relationship-non-logical/relationship-non-logical.expected.json",
    "relationship-non-logical/relationship-non-logical.expected.owl",
    "relationship-skos-object/relationship-skos-object.expected.json",
    "relationship-skos-object/relationship-skos-object.expected.owl",
    "skos-xref-duplicate/skos-xref-duplicate.expected.json", "skos-xref-duplicate/skos-xref-duplicate.expected.owl",
    // A prefix of one's own is an address elsewhere, from which it cannot be told.
    "prefixes/prefixes.expected.json",
    // A type of synonyms is a node like a term.
    "synonymtypedef-definition/synonymtypedef-definition.expected.json"};

/// What every syntax can say of a live term, by id. An id without anything is not a term; one that was merged into
/// another is a class of its own, without a name, in all syntaxes but OBO.
std::map<std::string, std::set<std::string>> meaning_of(const Terms& terms) {
  static constexpr const char* scopes[] = {"EXACT ", "BROAD ", "NARROW ", "RELATED "};
  std::map<std::string, std::set<std::string>> all;
  for (const auto& term : terms.terms) {
    if (term.obsolete && term.name.empty()) continue;
    std::set<std::string> says;
    if (!term.name.empty()) says.insert("name " + term.name);
    if (!term.definition.empty()) says.insert("def " + term.definition);
    for (const auto& one : term.synonyms) says.insert(scopes[static_cast<int>(one.scope)] + one.text);
    for (const auto& one : term.is_a) says.insert("is_a " + one);
    for (const auto& [relation, to] : term.relationships) {
      const bool annotation = relation == "never_in_taxon" || relation == "present_in_taxon";  // elsewhere
      if (!annotation) says.insert(relation + " " + to);
    }
    for (const auto& one : term.replaced_by) says.insert("replaced_by " + one);
    if (term.obsolete) says.insert("obsolete");
    if (!says.empty()) all.emplace(term.id, std::move(says));
  }
  return all;
}

std::string as_text(const std::map<std::string, std::set<std::string>>& meaning) {
  std::string text;
  for (const auto& [id, says] : meaning) {
    text += id + ":";
    for (const auto& one : says) text += " [" + one + "]";
    text += "\n";
  }
  return text;
}

TEST(OakObo, EveryConstructMeansTheSameInOtherSyntaxes) {
  const auto texts = texts_of("oak_obo-compliance");
  int cases = 0;
  for (const auto& [name, text] : texts) {
    if (!name.ends_with(".obo") || name.find(".expected.") != name.npos || name.find("invalid-") != name.npos) continue;
    ++cases;
    const auto meaning = as_text(meaning_of(parsed(name, text)));
    const auto stem = name.substr(0, name.size() - 4);
    for (const char* syntax : {".expected.obo", ".expected.json", ".expected.owl"}) {
      const auto other = texts.find(stem + syntax);
      if (other == texts.end() || said_otherwise.contains(other->first)) continue;
      EXPECT_EQ(as_text(meaning_of(parsed(other->first, other->second))), meaning) << stem << syntax;
    }
  }
  EXPECT_EQ(cases, 90);
}

TEST(OakObo, InvalidCasesAreComplaintsWithLineAndColumn) {
  std::map<std::string, std::string> said;
  for (const auto& [name, text] : texts_of("oak_obo-compliance")) {
    if (!name.ends_with(".obo") || name.find("invalid-") == name.npos) continue;
    auto& of_case = said[name.substr(name.rfind('/') + 1)];
    try {
      for (const auto& one : parsed(name, text).complaints.first) of_case += to_string(one);
    } catch (const Error& error) {  // no term is left
      EXPECT_EQ(error.code(), Code::corrupt);
      of_case = std::string(error.what()).substr(name.size() + 2);
    }
  }
  const std::map<std::string, std::string> expected{
      {"invalid-intersection_of-single-element.obo",
       "line 6, column 1: term X:1 has a single intersection_of, which means nothing"},
      {"invalid-name-duplicate.obo", "line 7, column 7: X:1 is called 'x1' and 'x2'; the first is taken"},
      {"invalid-owl-axioms-owl-syntax.obo", "line 3, column 13: an axiom is opened by '(' but never closed."}};
  EXPECT_EQ(said, expected) << "with `strict`, an import refuses them";
}

TEST(Suites, EveryFileIsRead) {
  int files = 0;
  for (const char* suite : {"pronto_tests_data", "obographs_examples", "oak_go-nucleus"}) {
    for (const auto& [name, text] : texts_of(suite)) {
      ++files;
      EXPECT_NO_THROW(parsed(name, text)) << suite << " " << name;
    }
  }
  EXPECT_GT(files, 30);
}

TEST(Suites, TheNucleusOfGoSaysTheSameInThreeSyntaxes) {
  const auto texts = texts_of("oak_go-nucleus");
  const auto obo = meaning_of(parsed("x.obo", texts.at("input/go-nucleus.obo")));
  EXPECT_GT(obo.size(), 100U);
  for (const char* syntax : {"json", "owl"}) {
    const auto name = std::string("input/go-nucleus.") + syntax;
    const auto other = meaning_of(parsed(name, texts.at(name)));
    for (const auto& [id, says] : obo) {
      const auto same = other.find(id);
      ASSERT_NE(same, other.end()) << id << " in " << syntax;
      EXPECT_EQ(same->second, says) << id << " in " << syntax;
    }
    for (const auto& [id, says] : other) {
      const bool of_term = id.find(':') != id.npos;  // a type of synonyms is a node as well
      EXPECT_TRUE(!of_term || obo.contains(id)) << id << " only in " << syntax;
    }
  }
}

TEST(Hostile, ALineOfTenMegabytes) {
  const std::string much(10'000'000, 'x');
  const auto obo = parse_obo("[Term]\nid: X:1\nname: a\ndef: \"" + much + "\" []\n", "long");
  EXPECT_EQ(obo.terms.at(0).definition.size(), much.size());
  const auto json = parse_terms_json(
      R"({"graphs":[{"nodes":[{"id":"X:1","lbl":"a","meta":{"definition":{"val":")" + much + R"("}}}]}]})", "long");
  EXPECT_EQ(json.terms.at(0).definition.size(), much.size());
  const auto owl = owl_reader().read(
      R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
 xmlns:obo="http://purl.obolibrary.org/obo/"><owl:Class rdf:about="http://purl.obolibrary.org/obo/X_1"><obo:IAO_0000115>)" +
          much + "</obo:IAO_0000115></owl:Class></rdf:RDF>",
      "long");
  EXPECT_EQ(owl.terms.at(0).definition.size(), much.size());
}

/// Terms "X:1" and "X:2" in each syntax, of which the second says `more` of its own, in that syntax.
constexpr std::string_view rdf_begin =
    R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">)";
std::string owl_class(const std::string& number, const std::string& inside) {
  return "<owl:Class rdf:about=\"http://purl.obolibrary.org/obo/X_" + number + "\">" + inside + "</owl:Class>\n";
}
std::string owl_parent(const std::string& number) {
  return "<rdfs:subClassOf rdf:resource=\"http://purl.obolibrary.org/obo/X_" + number + "\"/>";
}

TEST(Hostile, DeclarationsOfTypesAreReadOver) {
  const auto one =
      std::string(rdf_begin) + owl_class("1", "<rdfs:label>a</rdfs:label>\n<rdfs:label>b</rdfs:label>") + "</rdf:RDF>";
  for (const std::string before :
       {"", "<?xml version=\"1.0\"?>\n<!DOCTYPE rdf:RDF>\n",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE rdf:RDF SYSTEM \"http://nowhere.example/x.dtd\">\n",
        "<!DOCTYPE rdf:RDF [\n<!ELEMENT x ANY>\n<!ENTITY obo \"http://purl\">\n]>\n"}) {
    const auto terms = owl_reader().read(before + one, "dtd");
    ASSERT_EQ(terms.terms.size(), 1U) << before;
    EXPECT_EQ(terms.complaints.first.at(0).at.line, std::count(before.begin(), before.end(), '\n') + 3) << before;
  }
}

TEST(Hostile, CirclesAndParentsThatAreNowhere) {
  const auto obo =
      parse_obo("[Term]\nid: X:1\nname: a\nis_a: X:2\n[Term]\nid: X:2\nname: b\nis_a: X:1\nis_a: X:9\n", "o");
  const auto owl = owl_reader().read(std::string(rdf_begin) + owl_class("1", owl_parent("2")) +
                                         owl_class("2", owl_parent("1") + owl_parent("9")) + "</rdf:RDF>",
                                     "o");
  const auto json = parse_terms_json(
      R"({"graphs":[{"edges":[{"sub":"http://x/X_1","pred":"is_a","obj":"http://x/X_2"},
 {"sub":"http://x/X_2","pred":"is_a","obj":"http://x/X_1"},{"sub":"http://x/X_2","pred":"is_a","obj":"http://x/X_9"}],
 "nodes":[{"id":"http://x/X_1","lbl":"a"},{"id":"http://x/X_2","lbl":"b"}]}]})",
      "o");
  for (const auto* terms : {&obo, &owl, &json}) {
    ASSERT_EQ(terms->terms.size(), 2U) << "a parent that is nowhere is no term";
    EXPECT_THAT(terms->terms[0].is_a, ::testing::ElementsAre("X:2"));
    EXPECT_THAT(terms->terms[1].is_a, ::testing::ElementsAre("X:1", "X:9"));
  }
}

TEST(Hostile, LatinOneAndLineEndsOfWindows) {
  const auto body = owl_class("1", "<rdfs:label>caf\xE9</rdfs:label>\r\n<rdfs:label>tea</rdfs:label>\r\n");
  const auto owl = owl_reader().read(
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\r\n" + std::string(rdf_begin) + "\r\n" + body + "</rdf:RDF>\r\n",
      "latin");
  EXPECT_EQ(owl.terms.at(0).name, "caf\xC3\xA9");
  EXPECT_EQ(owl.complaints.first.at(0).at.line, 5);
  const auto json =
      parse_terms_json("{\"graphs\":\r\n[{\"nodes\":[\r\n{\"id\":\"X:1\",\"lbl\":\"a\\r\\nb\"}]}]}\r\n", "crlf");
  EXPECT_EQ(json.terms.at(0).name, "a\r\nb");
  const auto obo = parse_obo("[Term]\r\nid: X:1\r\nname: caf\xE9\r\nsynonym: \"caf\xC3\xA9\" EXACT []\r\n", "crlf");
  EXPECT_EQ(obo.terms.at(0).name, "caf\xC3\xA9");
}

TEST(Hostile, BarsInSynonymsStayInOne) {
  const auto owl =
      owl_reader().read(std::string(rdf_begin) +
                            owl_class("1", "<oboInOwl:hasExactSynonym>a|b</oboInOwl:hasExactSynonym>") + "</rdf:RDF>",
                        "b");
  const auto json = parse_terms_json(
      R"({"graphs":[{"nodes":[{"id":"X:1","meta":{"synonyms":[{"pred":"hasExactSynonym","val":"a|b"}]}}]}]})", "b");
  const auto obo = parse_obo("[Term]\nid: X:1\nsynonym: \"a|b\" EXACT []\n", "b");
  for (const auto* terms : {&obo, &owl, &json}) {
    ASSERT_EQ(terms->terms.at(0).synonyms.size(), 1U);
    EXPECT_EQ(terms->terms[0].synonyms[0].text, "a|b");
  }
}

TEST(Hostile, ATermThatIsStatedTwiceIsOne) {
  const auto owl =
      owl_reader().read(std::string(rdf_begin) + owl_class("1", "<rdfs:label>a</rdfs:label>" + owl_parent("2")) +
                            owl_class("1", "<rdfs:label>b</rdfs:label>" + owl_parent("3")) + "</rdf:RDF>",
                        "twice");
  const auto json = parse_terms_json(
      R"({"graphs":[{"nodes":[{"id":"http://x/X_1","lbl":"a"},
{"id":"http://x/X_1","lbl":"b"}],"edges":[{"sub":"http://x/X_1","pred":"is_a","obj":"http://x/X_2"},
{"sub":"http://x/X_1","pred":"is_a","obj":"http://x/X_3"}]}]})",
      "twice");
  const auto obo = parse_obo("[Term]\nid: X:1\nname: a\nis_a: X:2\n[Term]\nid: X:1\nname: b\nis_a: X:3\n", "twice");
  for (const auto* terms : {&obo, &owl, &json}) {
    ASSERT_EQ(terms->terms.size(), 1U);
    EXPECT_EQ(terms->terms[0].name, "a");
    EXPECT_THAT(terms->terms[0].is_a, ::testing::ElementsAre("X:2", "X:3"));
    ASSERT_EQ(terms->complaints.count, 1);
    EXPECT_THAT(to_string(terms->complaints.first[0]), HasSubstr("X:1 is called 'a' and 'b'; the first is taken"));
    EXPECT_GT(terms->complaints.first[0].at.line, 0);
  }
}

TEST(Hostile, ManyComplaintsCostNoMoreThanTheirLines) {
  std::string owl(rdf_begin), obo = "ontology: x\n";
  for (int i = 0; i < 60'000; ++i) {
    owl += owl_class(std::to_string(i), "<rdfs:label>a</rdfs:label>\n<rdfs:label>b</rdfs:label>");
    obo += "[Term]\nid: X:" + std::to_string(i) + "\nname: a\nintersection_of: X:1\nname: b\n";
  }
  const auto of_owl = owl_reader().read(owl + "</rdf:RDF>", "many"), of_obo = parse_obo(obo, "many");
  EXPECT_EQ(of_owl.complaints.count, 60'000);
  EXPECT_EQ(of_obo.complaints.count, 120'000);
  EXPECT_EQ(of_owl.complaints.first.back().at.line, 3 + 2 * 999);
  EXPECT_EQ(of_obo.complaints.first.back().at.line, 500 * 5);
}

TEST(Hostile, FunctionalSyntaxOfAReleaseIsRefusedByName) {
  const auto file = fs::temp_directory_path() / ("lamin-functional-" + std::to_string(::getpid()) + ".owl");
  std::ofstream(file) << "# a comment first\nPrefix(owl:=<http://www.w3.org/2002/07/owl#>)\nOntology(<http://x>\n)\n";
  try {
    read_terms(file);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("functional syntax"));
  }
  fs::remove(file);
}

/// Releases

struct Counts {
  int live = 0, obsolete = 0, is_a = 0, part_of = 0, definitions = 0, exact = 0, synonyms = 0;
  bool operator==(const Counts&) const = default;
  friend void PrintTo(const Counts& counts, std::ostream* out) {
    *out << counts.live << " live, " << counts.obsolete << " obsolete, " << counts.is_a << " is_a, " << counts.part_of
         << " part_of, " << counts.definitions << " definitions, " << counts.exact << " exact of " << counts.synonyms;
  }
};

Counts counts_of(const std::string& file, std::string_view prefix) {
  Counts counts;
  for (const auto& term : read_terms(releases / file).terms) {
    if (!term.id.starts_with(prefix)) continue;
    if (term.obsolete) {
      ++counts.obsolete;
      continue;
    }
    if (term.name.empty()) continue;
    ++counts.live;
    counts.is_a += static_cast<int>(term.is_a.size());
    for (const auto& [relation, to] : term.relationships) counts.part_of += relation == "part_of" ? 1 : 0;
    counts.definitions += term.definition.empty() ? 0 : 1;
    counts.synonyms += static_cast<int>(term.synonyms.size());
    for (const auto& one : term.synonyms) counts.exact += one.scope == Synonym::Scope::exact ? 1 : 0;
  }
  return counts;
}

TEST(Releases, CellOntology) {
  // Merged ids are alt_ids in OBO, obsolete classes elsewhere.
  EXPECT_EQ(counts_of("cl-basic_2022-11-25.obo.gz", "CL:"), (Counts{2535, 148, 3561, 0, 2171, 2126, 2643}));
  EXPECT_EQ(counts_of("cl-basic_2022-11-25.json.zst", "CL:"), (Counts{2535, 224, 3561, 0, 2171, 2126, 2643}));
  EXPECT_EQ(counts_of("cl-simple_2022-11-25.owl.zst", "CL:"), (Counts{2535, 224, 3561, 0, 2171, 2126, 2643}));
}

TEST(Releases, Hancestro) {
  for (const char* syntax : {"obo", "json", "owl"}) {
    const auto counts = counts_of(std::string("hancestro_2025-04-01.") + syntax + ".zst", "HANCESTRO:");
    EXPECT_EQ(counts, (Counts{562, 43, 1123, counts.part_of, 301, 362, 362})) << syntax;
  }
}

TEST(Releases, Pato) {
  EXPECT_EQ(counts_of("pato_2021-05-26.obo.zst", "PATO:"), (Counts{1822, 893, 2137, 0, 1803, 600, 876}));
  for (const char* syntax : {"json", "owl"}) {
    const auto counts = counts_of(std::string("pato_2021-05-26.") + syntax + ".zst", "PATO:");
    EXPECT_EQ(counts, (Counts{1822, 977, 2139, counts.part_of, 1803, 600, 876}))
        << syntax << ": OBO leaves out two of BFO";
  }
}

TEST(Releases, DevelopmentalStages) {
  // Seven relations of the first are annotated: restrictions that stand apart, which a naive reader misses.
  EXPECT_EQ(counts_of("hsapdv_2025-01-23.owl.zst", "HsapDv:"), (Counts{239, 21, 238, 237, 239, 36, 50}));
  EXPECT_EQ(counts_of("mmusdv_2025-01-23.owl.zst", "MmusDv:"), (Counts{134, 44, 133, 132, 134, 76, 107}));
}

TEST(Releases, LifeStages) {
  for (const char* syntax : {"obo", "json", "owl"}) {
    const auto counts = counts_of(std::string("life-stages_2025-01-23.") + syntax + ".zst", "");
    EXPECT_EQ(counts.live, 1253) << syntax;
    EXPECT_EQ(counts.is_a, 2312) << syntax;
    // OBO has six more: classes of BFO that are part of nothing else than themselves (all_only), which asserts no part.
    EXPECT_EQ(counts.part_of, syntax == std::string_view("obo") ? 1160 : 1154) << syntax;
    EXPECT_EQ(counts.definitions, 1136) << syntax;
    EXPECT_EQ(counts.exact, 261) << syntax;
    EXPECT_EQ(counts.synonyms, 443) << syntax;
  }
}

}  // namespace
}  // namespace lamin::format
