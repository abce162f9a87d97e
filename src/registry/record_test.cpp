#include <gtest/gtest.h>

#include "modules/modules.hpp"
#include "registry/testing.hpp"

namespace lamin {
namespace {

using registry::test::error_of;

const schema::Catalog& catalog() {
  static const schema::Catalog all = modules::builtin_catalog();
  return all;
}

TEST(Record, StartsWithConstants) {
  const Record run(catalog().table("Run"));
  EXPECT_EQ(run.at("_status_code"), Value(-3));
  EXPECT_TRUE(run.at("uid").is_null());
  EXPECT_TRUE(run.at("branch").is_null()) << "stamped when it is saved";
  EXPECT_FALSE(run.saved());
  EXPECT_EQ(run.id(), 0);
  EXPECT_EQ(run.uid(), "");
}

TEST(Record, KnowsFieldsByBothNames) {
  Record run(catalog().table("Run"));
  run.set("created_by", Value(3));
  EXPECT_EQ(run.at("created_by_id"), Value(3));
  EXPECT_EQ(error_of([&] { run.set("creator", Value(3)); }).code(), Code::unknown_field);
  EXPECT_EQ(error_of([&] { (void)run.at("creator"); }).code(), Code::unknown_field);
}

TEST(Record, IsShownAsLaminDBShowsIt) {
  Record t(catalog().table("Transform"));
  for (const auto& [field, value] :
       std::vector<std::pair<const char*, Value>>{{"uid", "goldIngest010000"},
                                                  {"key", "scripts/ingest.py"},
                                                  {"description", "CLI: ingest.py"},
                                                  {"kind", "script"},
                                                  {"hash", "FB3ulxkUomTMq663h8FbQQ"},
                                                  {"source_code", "x"},
                                                  {"branch", 1},
                                                  {"created_on", 1},
                                                  {"space", 1},
                                                  {"created_by", 3},
                                                  {"created_at", Time{1'795'358'664'000'000}},
                                                  {"is_latest", false}})
    t.set(field, value);
  EXPECT_EQ(to_string(t),
            "Transform(uid='goldIngest010000', key='scripts/ingest.py', description='CLI: ingest.py', kind='script', "
            "hash='FB3ulxkUomTMq663h8FbQQ', reference=None, reference_type=None, environment=None, plan=None, "
            "branch_id=1, created_on_id=1, space_id=1, run_id=None, created_by_id=3, "
            "created_at=2026-11-22 14:44:24 UTC, is_locked=False, version_tag=None, is_latest=False)");
}

TEST(Record, IsNamedByWhatPeopleKnow) {
  Record transform(catalog().table("Transform"));
  transform.set("uid", "goldIngest010000").set("key", "it's\x1b.py").set("description", "long");
  EXPECT_EQ(named(transform), "Transform('goldIngest010000', key='it's\\x1b.py')");
  Record run(catalog().table("Run"));
  run.set("uid", "goldRun");
  EXPECT_EQ(named(run), "Run('goldRun')");
  EXPECT_EQ(named(Record(catalog().table("ArtifactULabel"))), "ArtifactULabel(id=None)");
  EXPECT_EQ(named(Record()), "Record()");
}

TEST(Record, ShowsDocumentsAsPython) {
  Record f(catalog().table("Feature"));
  f.set("default_value", Json{R"({"a": [1, 2.5, null], "b": true})"});
  const auto shown = to_string(f);
  EXPECT_NE(shown.find("default_value={'a': [1, 2.5, None], 'b': True}"), std::string::npos) << shown;
  EXPECT_NE(shown.find("_dtype_str=None"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("_ounit_str"), std::string::npos) << shown;
  f.set("default_value", Json{"\"none\""});
  EXPECT_NE(to_string(f).find("default_value='none'"), std::string::npos);
}

}  // namespace
}  // namespace lamin
