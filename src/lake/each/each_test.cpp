// each_test.cpp -- work on many artifacts: outcomes in order, and what goes wrong with one.
#include "lamin/each.hpp"
#include "lake/open/testing.hpp"
#include "lamin/artifact.hpp"

namespace lamin {
namespace {

TEST(Executors, AreNamed) {
  EXPECT_EQ(executor_called("").kind, Executor::Kind::local);
  EXPECT_EQ(executor_called("local://").workers, 0U);
  EXPECT_EQ(executor_called("local://3").workers, 3U);
  EXPECT_EQ(executor_called("dask://host:8786").address, "host:8786");
  EXPECT_EQ(executor_called("ray://auto").kind, Executor::Kind::ray);
  for (const char* wrong : {"spark://host:1", "dask://host", "local://many", "dask", "dask://:1", "ray://host:", "3"})
    EXPECT_THROW(executor_called(wrong), Error) << wrong;
}

TEST(EachWorks, AreNamed) {
  EXPECT_EQ(each_work_called("index"), EachWork::index);
  EXPECT_TRUE(is_each_work("verify"));
  EXPECT_FALSE(is_each_work("convert"));
  EXPECT_THROW(each_work_called("eat"), Error);
}

class EachTest : public testing::InstanceTest {
 protected:
  std::vector<Record> all() { return instance->database().all({.registry = "Artifact", .order_by = {"id"}}); }
};

TEST_F(EachTest, OutcomesAreInOrderAndOneFailureStopsNothing) {
  for (int i = 0; i < 20; ++i) {
    const auto name = "f" + std::to_string(i) + ".txt";
    save({.source = box.write(name, name), .key = "each/" + name});
  }
  const auto artifacts = all();
  const auto broken = cache_artifact(*instance, artifacts[7]);
  testing::fs::permissions(broken, testing::fs::perms::owner_all);
  std::ofstream(broken) << "fX.txt";
  for (const std::size_t threads : {1, 4}) {
    const auto outcomes = each(*instance, artifacts, EachWork::verify, {.threads = threads});
    ASSERT_EQ(outcomes.size(), 20U);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      EXPECT_EQ(outcomes[i].uid, artifacts[i].uid());
      EXPECT_EQ(outcomes[i].value, i == 7 ? "" : "sound");
      EXPECT_EQ(outcomes[i].error.has_value(), i == 7);
    }
    EXPECT_EQ(outcomes[7].error->code(), Code::corrupt);
    EXPECT_EQ(instance->verify(), Verify::size);
  }
  const auto copies = each(*instance, std::span(artifacts).first(3), EachWork::copy, {.to = "copies/"});
  EXPECT_EQ(copies[2].value, box.path("copies/each/f2.txt"));
  EXPECT_EQ(box.read(copies[2].value), "f2.txt");
  EXPECT_TRUE(each(*instance, {}, EachWork::cache, {}).empty());
}

TEST_F(EachTest, OptionsBelongToTheirWork) {
  const auto code = [&](EachWork work, const EachOptions& options) {
    return testing::code_of([&] { each(*instance, {}, work, options); });
  };
  EXPECT_EQ(code(EachWork::copy, {}), Code::invalid_argument);
  EXPECT_EQ(code(EachWork::index, {}), Code::invalid_argument);
  EXPECT_EQ(code(EachWork::verify, {.to = "x"}), Code::invalid_argument);
}

}  // namespace
}  // namespace lamin
