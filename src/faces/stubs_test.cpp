// The committed stubs are those generated from the committed schema.
#include "faces/stubs.hpp"
#include <gmock/gmock.h>
#include <fstream>
#include <iterator>
#include "schema/json.hpp"

namespace lamin::faces {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

schema::Catalog catalog_of(std::string_view json) {
  schema::Catalog catalog;
  for (const auto& module : schema::modules_from_json(json)) catalog.add(module);
  return catalog;
}

TEST(Stubs, AreCommitted) {
  const auto written = written_methods(read(LAMIN_SOURCE_DIR "/python/lamindb/_typed.pyi"));
  EXPECT_TRUE(written.contains("ArtifactMethods"));
  const std::string now = stubs(catalog_of(read(LAMIN_SOURCE_DIR "/tests/golden/schema.json")), written);
  EXPECT_TRUE(now == read(LAMIN_SOURCE_DIR "/python/lamindb/_registries.pyi")) << "run ./dev schema";
}

TEST(Stubs, OfAPlugInReferToTheOthers) {
  schema::Catalog catalog = catalog_of(R"([{"name": "lab", "registries": [{"name": "Donor", "doc": "Who gave."}]},
    {"name": "clinic", "needs": ["lab"], "registries": [{"name": "Visit", "doc": "A visit.", "fields": [
      {"name": "donor", "kind": "ref", "to": "Donor", "inverse": "visits", "doc": "Who."}]}]}])");
  const std::string text = plugin_stubs(catalog, "clinic");
  EXPECT_THAT(text, HasSubstr("from lamindb._registries import *\n"));
  EXPECT_THAT(text, HasSubstr("class Visit(BaseSQLRecord):"));
  EXPECT_THAT(text, HasSubstr("    donor: Donor\n"));
  EXPECT_THAT(text, Not(HasSubstr("class Donor")));
}

TEST(Stubs, KnowWhatIsWrittenByHand) {
  EXPECT_EQ(written_methods("import x\n\nclass AMethods:\n  a: B\nclass Methodsless: ...\nclass BMethods(C): ...\n"),
            (std::set<std::string>{"AMethods", "BMethods"}));
  EXPECT_TRUE(written_methods("").empty());
}

TEST(Stubs, SayWhatAFieldIs) {
  const std::string text = stubs(catalog_of(R"([{"name": "lab", "registries": [
    {"name": "Donor", "doc": "Who gave."},
    {"name": "Sample", "doc": "A sample.", "traits": ["typed"], "fields": [
      {"name": "type", "kind": "ref", "to": "self", "optional": true, "doc": "Its type."},
      {"name": "is_type", "kind": "boolean", "doc": "Whether it is one."},
      {"name": "name", "doc": "Name."},
      {"name": "taken", "kind": "time", "optional": true, "doc": "When."},
      {"name": "_code", "kind": "integer", "hidden": true, "doc": "State."},
      {"name": "donor", "kind": "ref", "to": "Donor", "inverse": "samples", "doc": "From whom."},
      {"name": "parents", "kind": "link", "to": "self", "inverse": "children", "doc": "Broader."}]}]}])"),
                                 {"DonorMethods"});
  EXPECT_THAT(text, HasSubstr("class Donor(DonorMethods, BaseSQLRecord):\n"));
  EXPECT_THAT(text, HasSubstr("class Sample(BaseSQLRecord, HasType):\n    \"\"\"A sample.\"\"\"\n"));
  EXPECT_THAT(text, HasSubstr("    name: str\n    \"\"\"Name.\"\"\"\n"));
  EXPECT_THAT(text, HasSubstr("    taken: datetime.datetime | None\n"));
  EXPECT_THAT(text, HasSubstr("    donor: Donor\n    \"\"\"From whom.\"\"\"\n    donor_id: int\n"));
  EXPECT_THAT(text, HasSubstr("    children: RelatedManager[Sample]\n"));
  EXPECT_THAT(text, HasSubstr("    samples: RelatedManager[Sample]\n"));
  EXPECT_THAT(text, HasSubstr("        taken: datetime.datetime | None = ...,\n"));
  EXPECT_THAT(text, Not(HasSubstr("_code: int = ...")));
  EXPECT_THAT(text, Not(HasSubstr("Sample_parents")));
}

}  // namespace
}  // namespace lamin::faces
