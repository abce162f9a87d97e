// ontology_fixture_testing.hpp -- a registry for terms, on the database that the file which includes it names:
// `using TestDatabase = OnSqlite`.
#pragma once
#include "lake/label/label_testing.hpp"
#include "lamin/ontology.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::LabelTest;
using testing::Texts;

class OntologyTest : private TestDatabase, public LabelTest {
 protected:
  OntologyTest() : LabelTest(TestDatabase::url) {}
};

}  // namespace
}  // namespace lamin
