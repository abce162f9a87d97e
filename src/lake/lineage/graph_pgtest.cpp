// The lineage graph on PostgreSQL: the same as the model says.
#include <cctype>
#include <cstdlib>
#include "lake/lineage/graph_testing.hpp"

namespace lamin {
namespace {

class LineageGraphPostgres : public ::testing::Test {
 protected:
  testing::Sandbox box;
  std::string server, name;
  std::unique_ptr<Instance> instance;

  void SetUp() override {
    const char* url = std::getenv("LAMIN_TEST_POSTGRES");
    ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
    server = url;
    name = "lamin_lineage_" + base::random_uid(8);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    db::open_connection(server)->script("CREATE DATABASE " + name);
    instance = init({.storage = "store", .name = "made", .db = server.substr(0, server.rfind('/') + 1) + name});
  }
  void TearDown() override {
    instance.reset();
    if (!name.empty()) db::open_connection(server)->script("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }
};

TEST_F(LineageGraphPostgres, IsWhatFollowingEveryLinkGives) { testing::Lineages(*instance, box, 7).check(); }

TEST_F(LineageGraphPostgres, OfATransform) {
  const auto first = make_transform(*instance, {.key = "first.py", .source_code = "1"});
  const auto second = make_transform(*instance, {.key = "second.py", .source_code = "2"});
  auto run = start_run(*instance, first);
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "a"), .key = "a.txt"});
  save_artifact(*instance, draft);
  finish_run(*instance, run, RunStatus::completed);
  auto next = start_run(*instance, second);
  track_input(*instance, draft.record);
  finish_run(*instance, next, RunStatus::completed);
  EXPECT_EQ(to_text(lineage_graph(*instance, second)), "second.py (0000)\n└── after first.py (0000)\n");
  EXPECT_EQ(to_text(lineage_graph(*instance, first, {.up = 0, .down = 1})),
            "first.py (0000)\n└── before second.py (0000)\n");
}

}  // namespace
}  // namespace lamin
