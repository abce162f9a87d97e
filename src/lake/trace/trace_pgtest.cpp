// Traces on PostgreSQL.
#include "lake/trace/trace_cases_testing.hpp"

namespace lamin {
namespace {

/// A separate database, dropped at the end.
class TracePostgres : public ::testing::Test {
 protected:
  testing::Sandbox box;
  std::string server, name;
  std::unique_ptr<Instance> instance;
  std::optional<testing::TraceWorld> world;

  void SetUp() override {
    const char* url = std::getenv("LAMIN_TEST_POSTGRES");
    ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
    server = url;
    name = "lamin_trace_" + base::random_uid(8);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    db::open_connection(server)->script("CREATE DATABASE " + name);
    const std::string own = server.substr(0, server.rfind('/') + 1) + name;
    instance = init({.storage = "store", .name = "traces", .db = own});
    world.emplace(box, *instance);
  }
  void TearDown() override {
    instance.reset();
    if (!name.empty()) db::open_connection(server)->script("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }
};

TEST_F(TracePostgres, Complete) { import_is_complete(*world, *instance); }
TEST_F(TracePostgres, AgainChangesNothing) { again_changes_nothing(*world, *instance); }
TEST_F(TracePostgres, AllOutputsOnDemand) { all_outputs_on_demand(*world, *instance); }
TEST_F(TracePostgres, CachedTasksAreThoseThatRan) { cached_tasks_are_those_that_ran(*world, *instance); }

TEST_F(TracePostgres, ImportsAtOnce) { imports_at_once(box, *instance, "traces"); }

}  // namespace
}  // namespace lamin
