// Two writers of one key, on PostgreSQL.
#include <cstdlib>
#include "lake/open/testing.hpp"

namespace lamin {
namespace {

class CollectionPostgres : public ::testing::Test {
 protected:
  testing::Sandbox box;
  std::string server, name;
  std::unique_ptr<Instance> instance;

  void SetUp() override {
    const char* url = std::getenv("LAMIN_TEST_POSTGRES");
    ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
    server = url;
    name = "lamin_collection_" + base::random_uid(8);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    db::open_connection(server)->script("CREATE DATABASE " + name);
    instance = init({.storage = "store", .name = "sets", .db = server.substr(0, server.rfind('/') + 1) + name});
  }
  void TearDown() override {
    instance.reset();
    if (!name.empty()) db::open_connection(server)->script("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }
  Record part(const std::string& text) {
    auto draft = prepare_artifact(*instance, {.source = box.write(text + ".txt", text), .key = text + ".txt"});
    save_artifact(*instance, draft);
    return draft.record;
  }
};

TEST_F(CollectionPostgres, VersionsAndSameSetsOfTwoWriters) {
  const Record a = part("a"), b = part("b");
  auto other = connect("sets");
  auto mine = prepare_collection(*instance, {.artifacts = {b, a}, .key = "set"});
  auto theirs = prepare_collection(*other, {.artifacts = {a}, .key = "set"});
  auto same = prepare_collection(*other, {.artifacts = {a, b}, .key = "set"});
  save_collection(*instance, mine);
  save_collection(*other, theirs);
  save_collection(*other, same);
  EXPECT_EQ(theirs.record.uid(), std::string(mine.record.uid().substr(0, 16)) + "0001");
  EXPECT_EQ(same.record.uid(), mine.record.uid());
  const auto members = ordered_artifacts(*other, mine.record);
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].uid(), b.uid());
  EXPECT_EQ(testing::scalar(*instance, "SELECT count(*) FROM lamindb_collection WHERE is_latest"), 1);
}

}  // namespace
}  // namespace lamin
