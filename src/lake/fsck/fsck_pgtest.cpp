// A check of an instance on PostgreSQL: the same findings, the same repairs.
#include <cstdlib>
#include "lake/open/testing.hpp"
#include "lamin/fsck.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;

class FsckPostgres : public ::testing::Test {
 protected:
  testing::Sandbox box;
  std::string server, name;
  std::unique_ptr<Instance> instance;
  std::vector<Finding> findings;

  void SetUp() override {
    const char* url = std::getenv("LAMIN_TEST_POSTGRES");
    ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
    server = url;
    name = "lamin_fsck_" + base::random_uid(8);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    db::open_connection(server)->script("CREATE DATABASE " + name);
    instance = init({.storage = "store", .name = "checked", .db = server.substr(0, server.rfind('/') + 1) + name});
  }
  void TearDown() override {
    instance.reset();
    if (!name.empty()) db::open_connection(server)->script("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }
  Record saved(const std::string& key, const std::string& text, bool virtual_key = true) {
    auto draft =
        prepare_artifact(*instance, {.source = box.write("source", text), .key = key, .key_is_virtual = virtual_key});
    save_artifact(*instance, draft);
    return draft.record;
  }
  FsckReport check(const FsckOptions& options) {
    findings.clear();
    return fsck(*instance, options, {.finding = [&](const Finding& f) { findings.push_back(f); }});
  }
};

TEST_F(FsckPostgres, FindsAndMends) {
  const auto file = saved("a", "hello");
  saved("real", "one", false);
  saved("real", "two", false);
  auto report = check({.full = true});
  EXPECT_TRUE(report.clean());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::superseded);

  std::ofstream(box.path("store/" + location(*instance, file).second)) << "jello";
  box.write("store/.lamindb/AAAABBBBCCCCDDDD0000", "no row");
  instance->database().connection().script("DROP TABLE lamin_closure");
  report = check({.full = true, .repair = true});
  EXPECT_EQ(report.found, 3);
  EXPECT_EQ(report.repaired, 2);
  EXPECT_TRUE(fs::exists(box.path("store/.lamindb/lost+found/AAAABBBBCCCCDDDD0000")));
  EXPECT_THROW(cache_artifact(*instance, file), Error);
  report = check({.full = true});
  EXPECT_EQ(report.found, 1);

  instance->database().connection().script("DELETE FROM lamin_content");
  std::ofstream(box.path("store/" + location(*instance, file).second)) << "hello";
  EXPECT_TRUE(check({.full = true, .repair = true}).clean());
  EXPECT_EQ(testing::scalar(*instance, "SELECT count(*) FROM lamin_content"), 2);
}

}  // namespace
}  // namespace lamin
