// crash_test.cpp -- a save that is killed, or whose database or store fails, at each of its steps.
//
// After each failure nothing half-done is visible, the next open cleans up, and saving again works.
#include <sys/wait.h>
#include <set>
#include "db/faulty_testing.hpp"
#include "lake/instance/owner.hpp"
#include "lake/open/deadly_testing.hpp"
#include "lake/open/open.hpp"
#include "lake/open/testing.hpp"
#include "lamin/find.hpp"
#include "lamin/remove.hpp"
#include "modules/modules.hpp"
#include "store/faulty_testing.hpp"

namespace lamin {
namespace {

using testing::Deadly;
using testing::DeadlyConnection;
using testing::Sandbox;
using testing::scalar;
namespace fs = std::filesystem;

// Content files in the storage, by name.
std::set<std::string> content(const Sandbox& box) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(box.path("store/.lamindb"))) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with("lamin.db") && name != "storage_uid.txt") names.insert(name);
  }
  return names;
}

// Every artifact has its content, every content its artifact, every family one latest version.
void expect_whole(const Sandbox& box, Instance& instance) {
  Query all;
  all.registry = "Artifact";
  std::set<std::string> places;
  for (const auto& artifact : instance.database().all(all)) {
    const auto place = location(instance, artifact).second;
    EXPECT_TRUE(fs::exists(box.path("store/" + place))) << place;
    places.insert(place.substr(std::string_view(".lamindb/").size()));
  }
  EXPECT_EQ(content(box), places);
  EXPECT_EQ(scalar(instance, "SELECT count(*) FROM lamin_intent"), 0);
  EXPECT_EQ(scalar(instance,
                   "SELECT count(*) FROM (SELECT substr(uid, 1, 16) FROM lamindb_artifact WHERE is_latest "
                   "GROUP BY substr(uid, 1, 16) HAVING count(*) > 1)"),
            0);
  EXPECT_EQ(scalar(instance, "SELECT count(DISTINCT substr(uid, 1, 16)) FROM lamindb_artifact"),
            scalar(instance, "SELECT count(*) FROM lamindb_artifact WHERE is_latest"));
  EXPECT_EQ(scalar(instance, "SELECT count(*) FROM lamindb_artifact"),
            scalar(instance, "SELECT count(*) FROM lamin_content"));
}

void save(Instance& instance, const ArtifactOptions& options) {
  auto draft = prepare_artifact(instance, options);
  save_artifact(instance, draft);
}

// An instance over the test's own connection.
template <class C, class... Args>
std::pair<std::unique_ptr<Instance>, C*> open_over(Args&&... args) {
  auto settings = find_settings("lab");
  auto connection = std::make_unique<C>(db::open_connection(settings.database_url()), std::forward<Args>(args)...);
  auto* borrowed = connection.get();
  auto database =
      std::make_unique<Database>(std::move(connection), modules::catalog_of(modules::stored(settings.modules, true)));
  return {lake::make_instance(std::move(settings), std::move(database)), borrowed};
}

// Runs `work` in a child; true if it was killed, false if it finished. Fails the test if it threw.
bool killed(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    base::set_log_sink([](base::Level, std::string_view) {});
    try {
      work();
    } catch (const std::exception& e) {
      static_cast<void>(!::write(2, e.what(), std::char_traits<char>::length(e.what())));
      ::_exit(2);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) != 0);
  return WIFSIGNALED(status);
}

// What is saved when the process dies.
struct Case {
  const char* name;
  std::function<void(const Sandbox&, Instance&)> before, work;
};

// Another suffix, so that the bytes move; done again, nothing does.
std::function<void(const Sandbox&, Instance&)> give_suffix(const char* key, const char* then, const char* suffix) {
  return [=](const Sandbox&, Instance& i) {
    auto artifact = find_artifact(i, key);
    if (!artifact) artifact = find_artifact(i, then);
    artifact->set("suffix", Value(suffix));
    lamin::save(i, *artifact);
  };
}

// Other content for the same version.
std::function<void(const Sandbox&, Instance&)> replace_with(const char* key, const char* file) {
  return [=](const Sandbox& box, Instance& i) {
    box.write(file, "two");
    const auto source = std::string_view(file).starts_with("d/") ? box.path("d") : box.path(file);
    auto draft = prepare_replacement(i, *find_artifact(i, key), {.source = source});
    save_artifact(i, draft);
  };
}

std::vector<Case> cases() {
  const auto text = [](const char* content, const char* key) {
    return [=](const Sandbox& box, Instance& i) { save(i, {.source = box.write("s.txt", content), .key = key}); };
  };
  const auto folder = [](const char* content) {
    return [=](const Sandbox& box, Instance& i) {
      box.write("d/a.txt", content);
      save(i, {.source = box.path("d"), .key = "f/d"});
    };
  };
  return {
      {"new", [](const Sandbox&, Instance&) {}, text("one", "k.txt")},
      {"version", text("one", "k.txt"), text("two", "k.txt")},
      {"folder", [](const Sandbox&, Instance&) {}, folder("one")},
      {"folder version", folder("one"), folder("two")},
      {"batch", text("0", "b/0.txt"),
       [](const Sandbox& box, Instance& i) {
         std::vector<Draft> drafts;
         for (const char* n : {"0", "1", "2"}) {
           drafts.push_back(prepare_artifact(i, {.source = box.write(std::string(n) + ".txt", std::string("new ") + n),
                                                 .key = "b/" + std::string(n) + ".txt"}));
         }
         save_artifacts(i, drafts);
       }},
      {"delete", text("one", "k.txt"),
       [](const Sandbox&, Instance& i) {
         auto artifact = find_artifact(i, "k.txt");
         remove(i, *artifact, {.permanent = true});
       }},
      {"suffix", text("one", "k.txt"), give_suffix("k.txt", "k.csv", ".csv")},
      {"folder suffix", folder("one"), give_suffix("f/d", "f/d.zarr", ".zarr")},
      {"replace", text("one", "k.txt"), replace_with("k.txt", "s.txt")},
      {"folder replace", folder("one"), replace_with("f/d", "d/b.txt")},
  };
}

// An instance in the state before the work, which can be restored any number of times.
class Prepared {
 public:
  explicit Prepared(const Case& c) {
    const auto instance = init({.storage = "store", .name = "lab"});
    c.before(box, *instance);
  }
  void again() {
    if (!fs::exists(box.path("kept"))) { fs::rename(box.path("store"), box.path("kept")); }
    fs::remove_all(box.path("store"));
    fs::copy(box.path("kept"), box.path("store"), fs::copy_options::recursive);
  }
  Sandbox box;
};

void run_case(const Case& c, bool in_store, bool after) {
  constexpr int most_steps = 300;
  Prepared prepared(c);
  const auto& box = prepared.box;
  for (int n = 1; n < most_steps; ++n) {
    SCOPED_TRACE(std::string(c.name) + (in_store ? ", store call " : ", database call ") + std::to_string(n));
    prepared.again();
    const bool died = killed([&] {
      if (in_store) {
        const auto instance = connect("lab");
        const auto id = instance->storage().id();
        instance->use_store(id, std::make_unique<Deadly>(store::open_store(box.path("store").string()), n, after));
        c.work(box, *instance);
      } else {
        auto [instance, connection] = open_over<DeadlyConnection>(n, after);
        connection->arm();
        c.work(box, *instance);
      }
    });
    const auto instance = connect("lab");
    expect_whole(box, *instance);
    if (std::string_view(c.name) == "delete" && !find_artifact(*instance, "k.txt")) c.before(box, *instance);
    c.work(box, *instance);
    expect_whole(box, *instance);
    EXPECT_TRUE(died || n > (in_store ? 1 : 10)) << "nothing was killed";
    if (::testing::Test::HasFailure() || !died) return;
  }
  FAIL() << "more steps than a save has";
}

TEST(Crash, KilledAtEachCallOfTheStore) {
  for (const auto& c : cases()) {
    run_case(c, true, false);
    run_case(c, true, true);
  }
}

TEST(Crash, KilledAtEachCallOfTheDatabase) {
  for (const auto& c : cases()) run_case(c, false, false);
}

// What this process could not clean up waits until it ends: then everything must be whole.
void expect_whole_after_death(const Sandbox& box, Instance& instance) {
  instance.database().connection().script("UPDATE lamin_intent SET expires_at = 0");
  recover(instance);
  expect_whole(box, instance);
}

TEST(Crash, EachFailureOfTheStoreLeavesNothing) {
  for (const auto& c : cases()) {
    Prepared prepared(c);
    const auto& box = prepared.box;
    for (const bool after : {false, true}) {
      for (std::int64_t n = 0; n < 100; ++n) {
        SCOPED_TRACE(std::string(c.name) + ", store call " + std::to_string(n));
        prepared.again();
        const auto instance = connect("lab");
        auto faulty =
            std::make_unique<store::Faulty>(store::open_store(box.path("store").string()), n, Code::unavailable, after);
        auto* store = faulty.get();
        instance->use_store(instance->storage().id(), std::move(faulty));
        bool failed = false;
        try {
          c.work(box, *instance);
        } catch (const Error& e) {
          failed = true;
          EXPECT_EQ(e.code(), Code::unavailable) << e.what();
        }
        const bool done = store->calls() <= n;  // there was no such call; failures after the commit are not errors
        EXPECT_TRUE(!failed || !done);
        store->fail_at(1'000'000);
        expect_whole_after_death(box, *instance);
        EXPECT_TRUE(!done || n > 0) << "nothing failed";
        if (done || ::testing::Test::HasFailure()) break;
      }
    }
  }
}

TEST(Crash, EachFailureOfTheDatabaseIsCleanedUp) {
  for (const auto& c : cases()) {
    for (const auto when : {db::Fault::When::before, db::Fault::When::after}) {
      Prepared prepared(c);
      const auto& box = prepared.box;
      for (std::int64_t n = 1; n < 300; ++n) {
        SCOPED_TRACE(std::string(c.name) + ", database call " + std::to_string(n));
        prepared.again();
        bool failed = false;
        {
          db::Fault fault;
          auto [instance, connection] = open_over<db::FaultyConnection>(fault);
          fault = {.fail_at = n, .when = when, .for_good = true};
          try {
            c.work(box, *instance);
          } catch (const Error&) { failed = true; }
          fault = {};
          expect_whole_after_death(box, *instance);
        }
        EXPECT_TRUE(failed || n > 0) << "nothing failed";
        if (!failed || ::testing::Test::HasFailure()) break;
      }
    }
  }
}

TEST(Crash, DatabaseThatAsksAgainIsAskedAgain) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  for (std::int64_t n = 1; n < 60; n += 3) {
    db::Fault fault;
    auto [instance, connection] = open_over<db::FaultyConnection>(fault);
    fault = {.fail_at = n, .retry = true};
    try {
      save(*instance, {.source = box.write("s.txt", std::to_string(n)), .key = "k" + std::to_string(n) + ".txt"});
    } catch (const db::Retry&) {
      continue;  // a call outside any transaction
    }
    fault = {};
    expect_whole(box, *instance);
  }
}

TEST(Recover, LeavesLivingWritersAlone) {
  Sandbox box;
  const auto instance = init({.storage = "store", .name = "lab"});
  box.write("store/.lamindb/someone0000.txt", "being written");
  const auto announce = [&](const std::string& owner, std::int64_t expires_at) {
    const std::vector<Value> row = {"op" + owner, ".lamindb/someone0000.txt", std::int64_t{1}, "put", owner,
                                    expires_at};
    instance->database().connection().execute(
        "INSERT INTO lamin_intent (operation, place, storage_id, kind, owner, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        row);
  };
  const std::int64_t long_ago = 0, later = std::int64_t{1} << 60;
  announce(lake::this_owner(), later);  // this process
  announce("elsewhere/0/1/1", later);   // another machine, in time
  EXPECT_EQ(recover(*instance).intents, 0);
  EXPECT_TRUE(fs::exists(box.path("store/.lamindb/someone0000.txt")));
  announce("elsewhere/0/2/2", long_ago);  // another machine, too late
  const auto done = recover(*instance);
  EXPECT_EQ(done.intents, 1);
  EXPECT_EQ(done.files, 1);
  EXPECT_FALSE(fs::exists(box.path("store/.lamindb/someone0000.txt")));
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamin_intent"), 2);
}

// A writer whose lease was taken can no longer make its row visible.
TEST(Recover, RobbedWriterDoesNotCommit) {
  Sandbox box;
  const auto instance = init({.storage = "store", .name = "lab"});
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "y"), .key = "a.txt"});
  instance->database().connection().script(
      "CREATE TRIGGER rob AFTER INSERT ON lamin_intent BEGIN UPDATE lamin_intent SET reaper = 'x/0/1/1'; END");
  EXPECT_EQ(testing::code_of([&] { save_artifact(*instance, draft); }), Code::conflict);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_artifact"), 0);
}

// Many processes, one key: as many versions as saves, one latest, each with its content.
TEST(Concurrent, OneKeyFromManyProcesses) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  constexpr int processes = 6, saves = 5;
  std::vector<pid_t> children;
  for (int p = 0; p < processes; ++p) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      base::set_log_sink([](base::Level, std::string_view) {});
      try {
        const auto instance = connect("lab");
        for (int i = 0; i < saves; ++i) {
          const auto name = std::to_string(p) + "_" + std::to_string(i);
          save(*instance, {.source = box.write(name + ".txt", name), .key = "shared.txt"});
        }
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
  const auto instance = connect("lab");
  expect_whole(box, *instance);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_artifact"), processes * saves);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_artifact WHERE is_latest"), 1);
  const auto latest = find_artifact(*instance, "shared.txt");
  ASSERT_TRUE(latest);
  const auto family = versions(*instance, *latest);
  EXPECT_EQ(family.size(), static_cast<std::size_t>(processes * saves));
  EXPECT_EQ(family.front().id(), latest->id());
  std::set<std::string> contents;
  for (const auto& version : family) contents.insert(Sandbox::read(cache_artifact(*instance, version)));
  EXPECT_EQ(contents.size(), family.size());
}

}  // namespace
}  // namespace lamin
