// Secrets do not reach a row or a stored text, however they are passed.
#include <gmock/gmock.h>
#include <fstream>
#include "base/hash.hpp"
#include "base/redact.hpp"
#include "lake/open/testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* secret = "Hunter2-is-short";

class SecretsTest : public testing::InstanceTest {
 protected:
  /// Everything that the database file and the storage hold.
  std::string everything() {
    instance->database().connection().script("PRAGMA wal_checkpoint(TRUNCATE)");
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(box.path("store")))
      if (entry.is_regular_file()) all += testing::Sandbox::read(entry.path());
    return all;
  }
  Record stored(const Record& record) { return *instance->database().find(record.table(), record.id()); }
};

TEST_F(SecretsTest, ATransformKeepsItsSourceWithoutThem) {
  const std::string source = "x = 1\napi_key = \"Hunter2-is-short\"\n";
  const auto made = make_transform(*instance, {.key = "a.py", .kind = "script", .source_code = source});
  EXPECT_EQ(made.text("source_code"), "x = 1\napi_key = \"***REDACTED***\"\n");
  EXPECT_EQ(stored(made).text("source_code"), made.text("source_code"));
  EXPECT_EQ(made.text("hash"), base::md5_base64(source)) << "of what ran, as LaminDB has it";
  EXPECT_TRUE(box.said("redacted 1 secret-looking assignment(s) before persisting transform source code"));
  EXPECT_EQ(make_transform(*instance, {.key = "a.py", .kind = "script", .source_code = source}).id(), made.id());
}

TEST_F(SecretsTest, NoWayOfWritingARowLeadsAround) {
  auto& database = instance->database();
  auto transform = make_transform(*instance, {.key = "a.py"});
  transform.set("source_code", Value("token = 'Hunter2-is-short'"))
      .set("reference", Value("https://me:Hunter2-is-short@x.org/"));
  registry::Writes(database).save(transform);
  EXPECT_EQ(transform.text("source_code"), "token = '***REDACTED***'");
  EXPECT_EQ(transform.text("reference"), "https://me:***REDACTED***@x.org/");
  const Query all{.registry = "Transform"};
  registry::Writes(database).update(all, {{"source_code", Value("pwd = \"Hunter2-is-short\"")}});
  EXPECT_EQ(stored(transform).text("source_code"), "pwd = \"***REDACTED***\"");

  auto run = start_run(
      *instance, transform,
      {.params_json = R"({"a": [{"api-key": "Hunter2-is-short"}], "n": 1})", .cli_args = "--token Hunter2-is-short x"});
  EXPECT_EQ(std::get<Json>(run.at("params")).text, R"({"a": [{"api-key": "***REDACTED***"}], "n": 1})");
  EXPECT_EQ(run.text("cli_args"), "--token ***REDACTED*** x");
  run.set("params", Value(Json{R"({"password": "Hunter2-is-short"})"}))
      .set("cli_args", Value("--password=Hunter2-is-short"));
  registry::Writes(database).save(run);
  EXPECT_EQ(stored(run).text("cli_args"), "--password=***REDACTED***");
  std::vector<Record> projects{Record(instance->catalog().table("Project"))};
  projects[0].set("name", Value("p")).set("url", Value("https://me:Hunter2-is-short@lab.org/p"));
  registry::Writes(database).insert(projects);
  EXPECT_EQ(stored(projects[0]).text("url"), "https://me:***REDACTED***@lab.org/p");
  Record storage(instance->catalog().table("Storage"));
  storage.set("root", Value("s3://key:Hunter2-is-short@bucket/x")).set("type", Value("s3"));
  registry::Writes(database).save(storage);
  EXPECT_EQ(stored(storage).text("root"), "s3://key:***REDACTED***@bucket/x");
  EXPECT_THAT(everything(), Not(HasSubstr(secret)));
}

TEST_F(SecretsTest, ArgumentsAreKeptOneByOne) {
  const auto transform = make_transform(*instance, {.key = "a.py"});
  const auto run = start_run(*instance, transform, {.arguments = {"--api-key", "my secret words", "-n", "3"}});
  EXPECT_EQ(run.text("cli_args"), "--api-key ***REDACTED*** -n 3");
  const auto many = start_run(*instance, transform, {.arguments = std::vector<std::string>(400, "größe")});
  EXPECT_LE(many.text("cli_args").size(), 1024U);
  EXPECT_GT(many.text("cli_args").size(), 1020U);
}

TEST_F(SecretsTest, LogsAndEnvironmentsAreKeptWithoutThem) {
  const auto transform = make_transform(*instance, {.key = "a.py"});
  auto run = start_run(*instance, transform);
  save_environment(*instance, run, "numpy==2.0\nOPENAI_API_KEY=Hunter2-is-short\n");
  finish_run(*instance, run, RunStatus::completed, "starts\nlogs in with password: Hunter2-is-short\nends\n");
  const auto report = instance->database().related_one(run, *run.table().find_relation("report"));
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, *report)),
            "starts\nlogs in with password: ***REDACTED***\nends\n");
  EXPECT_THAT(everything(), Not(HasSubstr(secret)));
}

TEST_F(SecretsTest, MessagesAreShownWithoutThem) {
  base::log(base::Level::warning, "cannot open https://me:Hunter2-is-short@lab.org/ \x1b[31m\xe2\x80\xae");
  EXPECT_TRUE(box.said("cannot open https://me:***REDACTED***@lab.org/ \\x1b[31m\\u202e"));
  EXPECT_FALSE(box.said(secret));
}

}  // namespace
}  // namespace lamin
