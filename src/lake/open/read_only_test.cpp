// An instance that its user may only read: everything can be read, nothing is changed, and what cannot be done is
// reported.
#include <algorithm>
#include <fstream>
#include "base/as_nobody_testing.hpp"
#include "lake/open/testing.hpp"
#include "lamin/find.hpp"
#include "lamin/remove.hpp"
#include "registry/writes.hpp"
#include "store/store.hpp"

namespace lamin {
namespace {

using lamin::test::AsNobody;
using lamin::test::Unwritable;
using testing::code_of;
using testing::scalar;
namespace fs = std::filesystem;

class ReadOnly : public testing::InstanceTest {
 protected:
  std::unique_ptr<Unwritable> unwritable;
  std::unique_ptr<AsNobody> nobody;
  std::string before;

  void SetUp() override {
    save_text("a.txt", "first", "a.txt");
    save_text("a.txt", "second", "a.txt");
    Record label(instance->catalog().table("ULabel"));
    label.set("name", Value("T cell"));
    registry::Writes(instance->database()).save(label);
    box.write("home.txt", "a file of the reader's");
  }
  /// After this, everything in the instance is read-only. The connecting user's row may or may not exist.
  void close() {
    instance.reset();
    unwritable = std::make_unique<Unwritable>(box.path("store"));
    before = everything();
    lamin::test::give_to_nobody(box.settings());
    nobody = std::make_unique<AsNobody>();
  }
  void open() {
    close();
    instance = connect("lab");
  }
  void TearDown() override {
    instance.reset();
    EXPECT_EQ(everything(), before) << "something was changed";
    nobody.reset();
    unwritable.reset();
  }
  /// Names, sizes and times of everything in the storage, including the database.
  std::string everything() const {
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(box.path("store"))) {
      lines.push_back(entry.path().string() + (entry.is_regular_file() ? std::to_string(entry.file_size()) : "") + " " +
                      std::to_string(entry.last_write_time().time_since_epoch().count()));
    }
    std::ranges::sort(lines);
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
  }
  Record artifact() { return *find_artifact(*instance, "a.txt"); }
  void refuses(const std::function<void()>& write, const std::string& part = "lamin.db") {
    std::string message;
    EXPECT_EQ(code_of(write, &message), Code::no_access) << message;
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
};

TEST_F(ReadOnly, IsLookedAt) {
  open();
  EXPECT_TRUE(instance->database().read_only());
  EXPECT_EQ(instance->database().count({.registry = "Artifact"}), 2);
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, artifact())), "second");
  EXPECT_EQ(versions(*instance, artifact()).size(), 2U);
  EXPECT_EQ(search(*instance, "ULabel", "t cel").size(), 1U);
  EXPECT_NE(describe(*instance, artifact()).find("a.txt"), std::string::npos);
  auto& store = instance->store_of(instance->storage().id());
  EXPECT_EQ(store.list(".lamindb").empty(), false);
  EXPECT_EQ(current_branch(*instance).text("name"), "main");
}

TEST_F(ReadOnly, RefusesToBeWritten) {
  open();
  auto label = *instance->database().first({.registry = "ULabel"});
  refuses([&] { save({.source = box.path("home.txt"), .key = "new.txt"}); });
  refuses([&] {
    label.set("description", Value("x"));
    registry::Writes(instance->database()).save(label);
  });
  refuses([&] {
    auto record = artifact();
    remove(*instance, record);
  });
  refuses([&] {
    auto record = artifact();
    remove(*instance, record, {.permanent = true, .storage = true});
  });
  refuses([&] { create_branch(*instance, "dev"); });
  refuses([&] { make_transform(*instance, {.key = "t.py", .kind = "script", .source_code = "1"}); });
  refuses(
      [&] { registry::Writes(instance->database()).update({.registry = "ULabel"}, {{"description", Value("x")}}); });
  refuses([&] { registry::Writes(instance->database()).remove(label); });
  refuses([] { delete_instance("lab", true); });
  EXPECT_EQ(instance->database().count({.registry = "Artifact"}), 2);
  EXPECT_EQ(recover(*instance).intents, 0);
}

TEST_F(ReadOnly, SaysThatNothingCanBeTracked) {
  open();
  try {
    make_transform(*instance, {.key = "t.py", .kind = "script", .source_code = "1"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.context(), std::vector<std::string>{"while tracking 't.py'"});
    EXPECT_NE(std::string(error.what()).find("may only be read"), std::string::npos) << error.what();
  }
}

TEST_F(ReadOnly, ByAUserWhomNobodyKnows) {
  std::ofstream(box.settings() / "current_user.env") << "lamin_user_uid=adaLvlc1\nlamin_user_handle=ada\n";
  close();
  instance = connect("anonymous/lab");
  EXPECT_EQ(instance->database().session().user, 0);
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, artifact())), "second");
}

// LaminDB created the database, or has dropped our tables.
TEST_F(ReadOnly, WithoutTablesOfOurOwn) {
  auto& connection = instance->database().connection();
  std::vector<std::string> own;
  {
    auto rows =
        connection.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'lamin\\_%' ESCAPE '\\'");
    while (rows->next()) own.emplace_back(rows->text(0));
  }
  EXPECT_GE(own.size(), 6U);
  for (const auto& name : own) connection.script("DROP TABLE " + name);
  open();
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, artifact())), "second");
  EXPECT_EQ(search(*instance, "ULabel", "T cell").size(), 1U);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamin_content"), 0);
  EXPECT_NE(describe(*instance, artifact()).find("a.txt"), std::string::npos);
  refuses([&] { save({.source = box.path("home.txt"), .key = "new.txt"}); });
}

TEST_F(ReadOnly, IsConnectedToByInit) {
  close();
  nobody.reset();  // the reader has separate settings
  fs::remove_all(box.settings());
  fs::create_directories(box.settings());
  fs::permissions(box.path(""), fs::perms::all);
  lamin::test::give_to_nobody(box.settings());
  if (fs::exists(box.path(".lamin"))) lamin::test::give_to_nobody(box.path(".lamin"));
  nobody = std::make_unique<AsNobody>();
  instance = init({.storage = box.path("store").string(), .name = "lab"});
  EXPECT_TRUE(instance->database().read_only());
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, artifact())), "second");
  refuses([&] { init({.storage = box.path("store/sub").string(), .name = "sub"}); }, "store/sub");
}

/// The database belongs to the user, but the storage does not.
class ReadOnlyStorage : public ::testing::Test {
 protected:
  testing::Sandbox box;
};

TEST_F(ReadOnlyStorage, IsReadAndNamedByAWrite) {
  const auto file = box.path("own/lamin.db");
  fs::create_directories(file.parent_path());
  auto instance = init({.storage = "store", .name = "lab", .db = "sqlite://" + file.string()});
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "a"), .key = "a.txt"});
  save_artifact(*instance, draft);
  instance.reset();
  for (const auto& path : {box.path("own"), box.settings()}) lamin::test::give_to_nobody(path);
  const Unwritable unwritable(box.path("store"));
  box.write("b.txt", "b");
  const AsNobody nobody;
  instance = connect("lab");
  EXPECT_FALSE(instance->database().read_only());
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, *find_artifact(*instance, "a.txt"))), "a");
  std::string message;
  EXPECT_EQ(code_of(
                [&] {
                  auto other = prepare_artifact(*instance, {.source = box.path("b.txt"), .key = "b.txt"});
                  save_artifact(*instance, other);
                },
                &message),
            Code::no_access);
  EXPECT_NE(message.find("Cannot write to the storage '" + box.path("store").string() + "'"), std::string::npos)
      << message;
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_artifact"), 1);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamin_intent"), 0);
  EXPECT_FALSE(fs::exists(box.path("store/.lamin-tmp")));
}

}  // namespace
}  // namespace lamin
