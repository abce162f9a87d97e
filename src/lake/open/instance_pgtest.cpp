// The same guarantees on PostgreSQL: all-or-nothing init, versions of a key from many processes, recovery.
#include <sys/wait.h>
#include <cctype>
#include <set>
#include "lake/instance/settings_file.hpp"
#include "lake/open/contention_testing.hpp"
#include "lake/open/testing.hpp"
#include "lake/record/save_testing.hpp"
#include "lamin/find.hpp"
#include "lamin/remove.hpp"
#include "lamin/user.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::Sandbox;
using testing::scalar;
namespace fs = std::filesystem;

// A separate database, dropped at the end.
class LakePostgres : public ::testing::Test {
 protected:
  Sandbox box;
  std::string server, name, url;

  void SetUp() override {
    const char* given = std::getenv("LAMIN_TEST_POSTGRES");
    ASSERT_NE(given, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
    server = given;
    name = "lamin_lake_" + base::random_uid(8);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    db::open_connection(server)->script("CREATE DATABASE " + name);
    url = server.substr(0, server.rfind('/') + 1) + name;
  }
  void TearDown() override {
    if (!name.empty()) db::open_connection(server)->script("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }
  std::unique_ptr<Instance> make() { return init({.storage = "store", .db = url}); }
  static Record save(Instance& instance, const ArtifactOptions& options) {
    auto draft = prepare_artifact(instance, options);
    save_artifact(instance, draft);
    return draft.record;
  }
  // Runs `work` in `processes` processes at once; each must finish.
  void together(int processes, const std::function<void(int)>& work) {
    std::vector<pid_t> children;
    for (int p = 0; p < processes; ++p) {
      const pid_t child = ::fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        base::set_log_sink([](base::Level, std::string_view) {});
        try {
          work(p);
        } catch (const std::exception& e) {
          static_cast<void>(!::write(2, e.what(), std::char_traits<char>::length(e.what())));
          ::_exit(1);
        }
        ::_exit(0);
      }
      children.push_back(child);
    }
    for (const auto child : children) {
      int status = 0;
      ::waitpid(child, &status, 0);
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
  }
};

TEST_F(LakePostgres, InitFillsTheDatabase) {
  const auto instance = make();
  EXPECT_EQ(instance->settings().name, name);  // the database's
  EXPECT_EQ(instance->settings().db, url);
  EXPECT_EQ(Sandbox::read(box.settings() / ("instance--anonymous--" + name + ".env")),
            lake::to_env(instance->settings()));
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_branch WHERE id IN (-1, 0, 1)"), 3);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_user WHERE id = 1"), 1);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM django_migrations"), 19);
  // The next user is the second one.
  lake::write_text_file(box.settings() / "current_user.env", "lamin_user_uid=adaLvlc1\nlamin_user_handle=ada\n");
  EXPECT_EQ(connect("anonymous/" + name)->database().session().user, 2);
}

TEST_F(LakePostgres, PeopleAreToldApartAndToldSo) {
  constexpr auto warning = "log in by a handle of yours";
  const auto slug = make()->settings().slug();
  EXPECT_TRUE(box.said(warning));
  box.messages().clear();
  connect(slug);
  EXPECT_TRUE(box.said(warning)) << "when a person begins to use it";
  box.messages().clear();
  connect_current();
  EXPECT_FALSE(box.said(warning)) << "not with every command";
  login({.handle = "ada", .name = "Ada Lovelace"});
  const auto ada = connect(slug);
  EXPECT_FALSE(box.said(warning));
  login({.handle = "ben"});
  const auto ben = connect(slug);
  EXPECT_NE(ada->session().user, ben->session().user);
  EXPECT_EQ(scalar(*ben, "SELECT count(*) FROM lamindb_user WHERE handle IN ('anonymous', 'ada', 'ben')"), 3);
  // A handle that another person of this database has: who one is stays told by the uid.
  lake::write_text_file(box.settings() / "current_user.env", "lamin_user_uid=Other123\nlamin_user_handle=caro\n");
  const auto caro = connect(slug)->session().user;
  lake::write_text_file(box.settings() / "current_user.env", "lamin_user_uid=Other123\nlamin_user_handle=ada\n");
  EXPECT_EQ(connect(slug)->session().user, caro);
  EXPECT_TRUE(box.said("somebody else is called 'ada'"));
}

TEST_F(LakePostgres, InitTwiceAndAtOnce) {
  together(4, [&](int) { make(); });
  const auto instance = make();
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_storage"), 1);
  std::string message;
  EXPECT_EQ(code_of([&] { init({.storage = "other", .name = "another", .db = url}); }, &message), Code::conflict);
  EXPECT_NE(message.find("holds another instance"), std::string::npos) << message;
  EXPECT_EQ(code_of([&] { init({.storage = "other", .db = url}); }), Code::conflict);
}

TEST_F(LakePostgres, InitKilledAnywhere) {
  for (int micros = 5'000; micros < 300'000; micros += 60'000) {
    const pid_t child = ::fork();
    if (child == 0) {
      make();
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(micros));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
  }
  const auto instance = make();
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_storage"), 1);
  EXPECT_EQ(save(*instance, {.source = box.write("a.txt", "a"), .key = "a.txt"}).text("key"), "a.txt");
}

TEST_F(LakePostgres, ServerOrDatabaseIsNotThere) {
  EXPECT_EQ(code_of([&] { init({.storage = "s", .db = "postgresql://nobody@127.0.0.1:1/none"}); }), Code::unavailable);
  EXPECT_EQ(code_of([&] { init({.storage = "s", .db = "postgresql://a@b:c/d"}); }), Code::invalid_argument);
  EXPECT_FALSE(fs::exists(box.settings() / "instance--anonymous--none.env"));
}

TEST_F(LakePostgres, SavesVersionsTrashesAndDeletes) {
  const auto instance = make();
  const auto one = save(*instance, {.source = box.write("a.txt", "1"), .key = "k.txt"});
  auto two = save(*instance, {.source = box.write("a.txt", "2"), .key = "k.txt"});
  EXPECT_EQ(two.uid(), std::string(one.uid().substr(0, 16)) + "0001");
  EXPECT_EQ(save(*instance, {.source = box.path("a.txt"), .key = "other.txt"}).id(), two.id());
  remove(*instance, two);
  EXPECT_EQ(find_artifact(*instance, "k.txt")->id(), one.id());
  restore(*instance, two);
  remove(*instance, two, {.permanent = true});
  EXPECT_EQ(find_artifact(*instance, "k.txt")->id(), one.id());
  box.write("d1/a.txt", "A");
  box.write("d1/b.txt", "B");
  box.write("d2/a.txt", "B");
  box.write("d2/b.txt", "A");
  const auto folder = save(*instance, {.source = box.path("d1"), .key = "f/d"});
  const auto swapped = save(*instance, {.source = box.path("d2"), .key = "f/d"});
  EXPECT_NE(folder.id(), swapped.id());
  EXPECT_EQ(Sandbox::read(cache_artifact(*instance, swapped) / "a.txt"), "B");
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamin_intent"), 0);
  std::vector<Draft> drafts;
  for (int i = 0; i < 20; ++i) {
    const auto file = std::to_string(i) + ".txt";
    drafts.push_back(prepare_artifact(*instance, {.source = box.write(file, "b" + file), .key = "b/" + file}));
  }
  save_artifacts(*instance, drafts);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_artifact WHERE key LIKE 'b/%'"), 20);
}

TEST_F(LakePostgres, RunsAndLineage) {
  const auto instance = make();
  const auto transform = make_transform(*instance, {.key = "a.py", .kind = "script", .source_code = "x = 1"});
  EXPECT_EQ(make_transform(*instance, {.key = "a.py", .kind = "script", .source_code = "x = 1"}).id(), transform.id());
  auto run = start_run(*instance, transform, {.params_json = R"({"a": 1})"});
  const auto made = save(*instance, {.source = box.write("a.txt", "1"), .key = "k.txt"});
  save_environment(*instance, run, "a==1\n");
  finish_run(*instance, run, RunStatus::completed, "log\n");
  auto next = start_run(*instance, transform);
  track_input(*instance, made);
  const auto result = save(*instance, {.source = box.write("b.txt", "2"), .key = "r.txt"});
  finish_run(*instance, next, RunStatus::completed);
  EXPECT_EQ(lineage(*instance, result).size(), 2U);
  EXPECT_EQ(lineage(*instance, made, Direction::downstream).size(), 1U);
  EXPECT_NE(describe(*instance, *instance->database().find(run.table(), run.id())).find("status: completed"),
            std::string::npos);
}

TEST_F(LakePostgres, OneKeyFromManyProcesses) {
  make();
  constexpr int processes = 5, saves = 4;
  together(processes, [&](int p) {
    const auto instance = connect("anonymous/" + name);
    for (int i = 0; i < saves; ++i) {
      const auto file = std::to_string(p) + "_" + std::to_string(i);
      save(*instance, {.source = box.write(file + ".txt", file), .key = "shared.txt"});
    }
  });
  const auto instance = connect("anonymous/" + name);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_artifact"), processes * saves);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_artifact WHERE is_latest"), 1);
  EXPECT_EQ(scalar(*instance, "SELECT count(DISTINCT substr(uid, 1, 16)) FROM lamindb_artifact"), 1);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamin_intent"), 0);
  const auto latest = find_artifact(*instance, "shared.txt");
  ASSERT_TRUE(latest);
  std::set<std::string> contents;
  for (const auto& version : versions(*instance, *latest))
    contents.insert(Sandbox::read(cache_artifact(*instance, version)));
  EXPECT_EQ(contents.size(), static_cast<std::size_t>(processes * saves));
  EXPECT_EQ(versions(*instance, *latest).front().id(), latest->id());
}

TEST_F(LakePostgres, OneTransformFromManyProcesses) {
  make();
  together(5, [&](int) {
    const auto instance = connect("anonymous/" + name);
    make_transform(*instance, {.key = "a.py", .kind = "script", .source_code = "same"});
  });
  const auto instance = connect("anonymous/" + name);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_transform"), 1);
}

// Killed while it saves, at any moment.
TEST_F(LakePostgres, KilledSavesLeaveNothing) {
  make();
  for (int round = 0; round < 12; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      base::set_log_sink([](base::Level, std::string_view) {});
      const auto instance = connect("anonymous/" + name);
      for (int i = 0;; ++i) {
        const auto file = std::to_string(round) + "_" + std::to_string(i);
        save(*instance, {.source = box.write(file + ".txt", file), .key = "k" + std::to_string(i % 3) + ".txt"});
      }
    }
    ::usleep(static_cast<useconds_t>(60'000 + round * 7'300));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
  }
  // The server ends a lost session's transaction a moment later.
  std::unique_ptr<Instance> instance;
  for (int wait = 0; wait < 100; ++wait) {
    instance = connect("anonymous/" + name);
    if (scalar(*instance, "SELECT count(*) FROM lamin_intent") == 0) break;
    ::usleep(50'000);
  }
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamin_intent"), 0);
  Query all;
  all.registry = "Artifact";
  std::set<std::string> places;
  for (const auto& artifact : instance->database().all(all)) {
    const auto place = location(*instance, artifact).second;
    EXPECT_TRUE(fs::exists(box.path("store/" + place))) << place;
    places.insert(fs::path(place).filename());
  }
  EXPECT_FALSE(places.empty());
  for (const auto& entry : fs::directory_iterator(box.path("store/.lamindb"))) {
    const auto file = entry.path().filename().string();
    EXPECT_TRUE(file == "storage_uid.txt" || places.contains(file)) << file;
  }
}

TEST_F(LakePostgres, ManyProcessesWriteVersionsOfTheSameKeys) {
  make();
  testing::write_versions_together(box, name, 32);
}

TEST_F(LakePostgres, EachFailureLeavesTheDatabaseAsBeforeOrAsAfter) {
  testing::fail_at_every_call(testing::LakeOn(box, url));
}

/// A role that may only read, and the instance as it sees it.
class LakeReader : public LakePostgres {
 protected:
  std::string role;

  void SetUp() override {
    LakePostgres::SetUp();
    role = "reader_" + name;
    {
      const auto instance = make();
      save(*instance, {.source = box.write("a.txt", "one"), .key = "k.txt"});
      save(*instance, {.source = box.write("a.txt", "two"), .key = "k.txt"});
      Record top(instance->catalog().table("ULabel")), low(instance->catalog().table("ULabel"));
      top.set("name", Value("cell"));
      low.set("name", Value("T cell"));
      for (auto* label : {&top, &low}) registry::Writes(instance->database()).save(*label);
      const std::int64_t parent[] = {top.id()};
      registry::Writes(instance->database()).link(low, *low.table().find_relation("parents"), parent);
    }
    owner()->script("CREATE ROLE " + role + " LOGIN PASSWORD 'reader'");
  }
  void TearDown() override {
    LakePostgres::TearDown();
    if (!role.empty()) db::open_connection(server)->script("DROP ROLE IF EXISTS " + role);
  }
  std::unique_ptr<db::Connection> owner() const { return db::open_connection(url); }
  std::unique_ptr<Instance> read() {
    auto settings = find_settings(name);
    const auto at = url.find('@');
    settings.db = "postgresql://" + role + ":reader" + url.substr(at);
    lake::write_settings(settings);
    return connect(name);
  }
  void looks_at(Instance& instance) {
    EXPECT_TRUE(instance.database().read_only());
    EXPECT_EQ(Sandbox::read(cache_artifact(instance, *find_artifact(instance, "k.txt"))), "two");
    EXPECT_EQ(versions(instance, *find_artifact(instance, "k.txt")).size(), 2U);
    EXPECT_EQ(search(instance, "ULabel", "t cel").size(), 1U);
    const auto top =
        instance.database().one({.registry = "ULabel", .where = Expr::compare("name", Op::exact, Value("cell"))});
    EXPECT_EQ(descendants(instance, top).size(), 1U);
    EXPECT_NE(describe(instance, *find_artifact(instance, "k.txt")).find("k.txt"), std::string::npos);
    std::string message;
    EXPECT_EQ(code_of([&] { save(instance, {.source = box.write("b.txt", "b"), .key = "b.txt"}); }, &message),
              Code::no_access);
    EXPECT_NE(message.find(role), std::string::npos) << message;
    EXPECT_NE(message.find("may only be read"), std::string::npos) << message;
    EXPECT_EQ(code_of([&] { make_transform(instance, {.key = "t.py", .kind = "script", .source_code = "1"}); }),
              Code::no_access);
    EXPECT_EQ(scalar(instance, "SELECT count(*) FROM lamindb_artifact"), 2);
  }
};

TEST_F(LakeReader, LooksAtEverythingAndChangesNothing) {
  owner()->script("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role);
  const auto instance = read();
  looks_at(*instance);
  // It reconnects after the server has ended its connection, with everything it needs.
  owner()->script("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '" + role + "'");
  looks_at(*instance);
}

// The rights were granted before our own tables were created, or only for LaminDB's tables.
TEST_F(LakeReader, NeedsNoTableOfOurOwn) {
  owner()->script("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role +
                  "; REVOKE ALL ON lamin_module, lamin_intent, lamin_content, lamin_file, lamin_closure, "
                  "lamin_closure_state, lamin_synonym FROM " +
                  role);
  looks_at(*read());
  owner()->script(
      "DROP TABLE lamin_module, lamin_intent, lamin_content, lamin_file, lamin_closure, lamin_closure_state, "
      "lamin_synonym");
  const auto instance = read();
  looks_at(*instance);
  owner()->script("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '" + role + "'");
  looks_at(*instance);
}

TEST_F(LakePostgres, TablesOfOurOwnThatWereDroppedAreMadeAnew) {
  make();
  db::open_connection(url)->script("DROP TABLE lamin_content, lamin_intent");
  const auto instance = connect(name);
  EXPECT_EQ(save(*instance, {.source = box.write("a.txt", "a"), .key = "a.txt"}).text("key"), "a.txt");
}

}  // namespace
}  // namespace lamin
