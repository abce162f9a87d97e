#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "lake/instance/settings_file.hpp"
#include "lake/open/testing.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::Sandbox;
using testing::scalar;
namespace fs = std::filesystem;

TEST(Settings, FileHasLaminDBsKeysInItsOrder) {
  InstanceSettings settings;
  settings.owner = "anonymous";
  settings.name = "lab";
  settings.storage_root = "/data/store";
  settings.modules = {"bionty", "pertdb"};
  settings.id = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(lake::to_env(settings),
            "lamindb_instance_owner=anonymous\nlamindb_instance_name=lab\nlamindb_instance_storage_root=/data/store\n"
            "lamindb_instance_storage_region=null\nlamindb_instance_db=null\n"
            "lamindb_instance_schema_str=bionty,pertdb\nlamindb_instance_id=0123456789abcdef0123456789abcdef\n"
            "lamindb_instance_git_repo=null\nlamindb_instance_keep_artifacts_local=False\n"
            "lamindb_instance_api_url=null\nlamindb_instance_schema_id=null\n"
            "lamindb_instance_fine_grained_access=False\nlamindb_instance_db_permissions=null\n"
            "lamindb_instance_is_clone=False\n");
}

TEST(Settings, ReadingKeepsWhatItDoesNotKnow) {
  InstanceSettings settings;
  settings.name = "lab";
  settings.storage_root = "/data";
  settings.id = "00";
  settings.others = {{"api_url", "https://example.org"}, {"future", "1"}};
  const auto again = lake::from_env(lake::to_env(settings), "x.env");
  EXPECT_EQ(again.others.at("api_url"), "https://example.org");
  EXPECT_EQ(again.others.at("future"), "1");
  EXPECT_TRUE(again.modules.empty());
  EXPECT_EQ(again.db, "");
}

TEST(Settings, MissingKeyIsNamed) {
  std::string message;
  EXPECT_EQ(code_of([] { lake::from_env("lamindb_instance_owner=a\n", "f.env"); }, &message), Code::corrupt);
  EXPECT_NE(message.find("lamindb_instance_name"), std::string::npos);
  EXPECT_NE(message.find("f.env"), std::string::npos);
}

TEST(Settings, UidFollowsFromTheSlug) {
  InstanceSettings settings;
  settings.id = base::uuid5_url("anonymous/test");
  EXPECT_EQ(settings.uid(), "ITxvyjWeWURE");
}

TEST(Init, WritesEverythingThatLaminDBLooksFor) {
  Sandbox box;
  const auto instance = init({.storage = "store", .name = "lab", .modules = {"bionty"}});
  const auto root = box.path("store").string();
  EXPECT_EQ(instance->settings().slug(), "anonymous/lab");
  EXPECT_EQ(instance->settings().id, base::uuid5_url("anonymous/lab"));
  EXPECT_TRUE(fs::exists(root + "/.lamindb/lamin.db"));
  EXPECT_EQ(Sandbox::read(box.path(".lamin/current_instance")), "anonymous/lab");
  EXPECT_FALSE(fs::exists(box.settings() / "current_instance.env"));
  EXPECT_EQ(Sandbox::read(box.settings() / "instance--anonymous--lab.env"), lake::to_env(instance->settings()));
  EXPECT_EQ(Sandbox::read(box.settings() / "current_user.env"),
            "lamin_user_email=null\nlamin_user_password=null\nlamin_user_access_token=null\nlamin_user_uid=00000000\n"
            "lamin_user_uuid=null\nlamin_user_handle=anonymous\nlamin_user_name=null\nlamin_user_api_key=null\n");
  const auto& storage = instance->storage();
  EXPECT_EQ(storage.text("root"), root);
  EXPECT_EQ(storage.text("instance_uid"), instance->settings().uid());
  EXPECT_EQ(Sandbox::read(root + "/.lamindb/storage_uid.txt"),
            std::string(storage.uid()) + "\ncreation info:\ninstance_slug=anonymous/lab\ninstance_id=" +
                instance->settings().id + "\ninstance_uid=" + instance->settings().uid());
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_branch WHERE id IN (-1, 0, 1)"), 3);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_user WHERE id = 1 AND uid = '00000000'"), 1);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM bionty_source"), 43);
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM django_migrations"), 24);
}

TEST(Init, TakesTheNameFromTheFolderInLowerCase) {
  Sandbox box;
  EXPECT_EQ(init({.storage = "Data/MyLab"})->settings().name, "mylab");
  const auto folder = box.path("");
  EXPECT_EQ(init({})->settings().name, "work");  // ./storage: the working directory's name
  EXPECT_TRUE(fs::exists(box.path("storage/.lamindb/lamin.db")));
}

TEST(Init, TwiceConnects) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  const auto again = init({.storage = "store", .name = "lab"});
  EXPECT_EQ(scalar(*again, "SELECT count(*) FROM lamindb_storage"), 1);
}

TEST(Init, RefusesWhatBelongsToOthers) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  std::string message;
  EXPECT_EQ(code_of([] { init({.storage = "store", .name = "other"}); }, &message), Code::conflict);
  EXPECT_NE(message.find("anonymous/lab"), std::string::npos);
  EXPECT_EQ(code_of([] { init({.storage = "elsewhere", .name = "lab"}); }, &message), Code::conflict);
  EXPECT_NE(message.find("store"), std::string::npos);
  EXPECT_EQ(code_of([] { init({.storage = "s", .name = "a/b"}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([] { init({.storage = "s", .name = "n", .modules = {"nope"}}); }), Code::not_found);
  EXPECT_EQ(code_of([] { init({.storage = "s", .name = "n", .db = "mysql://x"}); }), Code::invalid_argument);
  EXPECT_FALSE(fs::exists(box.settings() / "instance--anonymous--n.env"));
}

TEST(Init, StorageThatCannotBeWritten) {
  Sandbox box;
  box.write("file", "not a folder");
  std::string message;
  EXPECT_EQ(code_of([] { init({.storage = "file/store", .name = "n"}); }, &message), Code::no_access);
  EXPECT_NE(message.find("file/store"), std::string::npos);
}

TEST(Init, ComesBackAfterTheFolderWasDeleted) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  fs::remove_all(box.path("store"));
  const auto again = init({.storage = "other", .name = "lab"});
  EXPECT_EQ(again->settings().storage_root, box.path("other").string());
}

TEST(Init, CompletesWhatAKilledOneLeft) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  fs::remove(box.path("store/.lamindb/storage_uid.txt"));
  fs::remove_all(box.settings());
  fs::remove_all(box.path(".lamin"));
  box.write("store/.lamindb/lamin.db.init-0+0_1_1_1.abcdef", "half");
  const auto again = init({.storage = "store", .name = "lab"});
  EXPECT_TRUE(fs::exists(box.path("store/.lamindb/storage_uid.txt")));
  EXPECT_EQ(scalar(*again, "SELECT count(*) FROM lamindb_storage"), 1);
}

// Killed at any moment, an init leaves nothing that blocks the next one.
TEST(Init, KilledAnywhereLeavesNothingHalf) {
  Sandbox box;
  for (int micros = 0; micros < 120'000; micros += 4'000) {
    const auto name = "k" + std::to_string(micros);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      try {
        init({.storage = name, .name = name});
      } catch (...) { ::_exit(2); }
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(micros));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) == 2);
    const auto instance = init({.storage = name, .name = name});
    EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_storage"), 1);
    for (const auto& entry : fs::directory_iterator(box.path(name) / ".lamindb")) {
      EXPECT_EQ(entry.path().string().find(".init-"), std::string::npos) << entry.path();
    }
  }
}

TEST(Connect, FindsTheCurrentInstanceByEachPointer) {
  Sandbox box;
  EXPECT_FALSE(current_settings());
  EXPECT_EQ(code_of([] { connect_current(); }), Code::not_configured);
  init({.storage = "store", .name = "lab"});
  init({.storage = "store2", .name = "lab2", .here = box.path("elsewhere")});
  EXPECT_EQ(current_settings()->slug(), "anonymous/lab");
  fs::create_directories(box.path("a/b"));
  fs::current_path(box.path("a/b"));
  EXPECT_EQ(connect_current()->settings().slug(), "anonymous/lab");  // found above
  fs::current_path(box.path("elsewhere"));
  EXPECT_EQ(current_settings()->slug(), "anonymous/lab2");
  ::setenv("LAMIN_CURRENT_INSTANCE", "anonymous/lab", 1);
  EXPECT_EQ(current_settings()->slug(), "anonymous/lab");
  ::unsetenv("LAMIN_CURRENT_INSTANCE");
  EXPECT_TRUE(disconnect(box.path("elsewhere")));
  EXPECT_TRUE(disconnect(box.path("elsewhere")));  // the folder above it, which is the nearest now
  fs::current_path(box.path(""));
  EXPECT_FALSE(disconnect(box.path("")));
  EXPECT_FALSE(current_settings());
  set_current(find_settings("lab2"));
  EXPECT_EQ(current_settings()->slug(), "anonymous/lab2");
  EXPECT_TRUE(disconnect());
  EXPECT_FALSE(current_settings());
}

TEST(Connect, UnknownNamesTheKnown) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  std::string message;
  EXPECT_EQ(code_of([] { connect("nobody/nothing"); }, &message), Code::not_found);
  EXPECT_NE(message.find("anonymous/lab"), std::string::npos);
  EXPECT_EQ(code_of([] { connect("a/b/c"); }), Code::invalid_argument);
  EXPECT_EQ(code_of([] { connect(""); }), Code::invalid_argument);
  EXPECT_EQ(known_instances(), std::vector<std::string>{"anonymous/lab"});
}

TEST(Connect, EnvironmentHasItsOwnSettings) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  ::setenv("LAMIN_ENV", "staging", 1);
  EXPECT_TRUE(known_instances().empty());
  init({.storage = "store2", .name = "lab2"});
  EXPECT_TRUE(fs::exists(box.settings() / "staging--instance--anonymous--lab2.env"));
  ::setenv("LAMIN_ENV", "prod", 1);
  EXPECT_EQ(known_instances(), std::vector<std::string>{"anonymous/lab"});
  ::unsetenv("LAMIN_ENV");
}

TEST(Connect, MissingDatabaseFile) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  fs::remove(box.path("store/.lamindb/lamin.db"));
  EXPECT_EQ(code_of([] { connect("lab"); }), Code::not_found);
  EXPECT_FALSE(fs::exists(box.path("store/.lamindb/lamin.db")));
}

TEST(Connect, AnotherUserGetsARow) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  lake::write_text_file(box.settings() / "current_user.env",
                        "lamin_user_uid=adaLvlc1\nlamin_user_handle=ada\n"
                        "lamin_user_name=Ada\nlamin_user_email=null\n");
  const auto instance = connect("anonymous/lab");
  EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamindb_user WHERE handle = 'ada' AND name = 'Ada'"), 1);
  EXPECT_EQ(instance->database().session().user, 2);
  EXPECT_EQ(connect("anonymous/lab")->database().session().user, 2);
}

TEST(Damage, TablesOfOurOwnThatWereDroppedAreMadeAnew) {
  Sandbox box;
  for (const char* table : {"lamin_content", "lamin_intent", "lamin_module"}) {
    SCOPED_TRACE(table);
    auto instance = init({.storage = "store", .name = "lab"});
    instance->database().connection().script("DROP TABLE " + std::string(table));
    instance = connect("lab");
    auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", table), .key = "a.txt"});
    save_artifact(*instance, draft);
    EXPECT_EQ(scalar(*instance, "SELECT count(*) FROM lamin_intent"), 0);
  }
}

TEST(Damage, IsSaidWithTheFileAndWhatToDo) {
  Sandbox box;
  const auto file = box.path("store/.lamindb/lamin.db");
  const auto whole = [&] {
    init({.storage = "store", .name = "lab"});
    const auto bytes = Sandbox::read(file);
    return bytes;
  }();
  const auto said = [&](Code code) {
    std::string message;
    EXPECT_EQ(code_of([] { connect("lab"); }, &message), code) << message;
    EXPECT_NE(message.find(file.string()), std::string::npos) << message;
    return message;
  };
  const auto put = [&](const std::string& bytes) {
    for (const char* tail : {"-wal", "-shm"}) fs::remove(file.string() + tail);
    std::ofstream(file, std::ios::binary) << bytes;
  };
  put(std::string(100, '\0') + whole.substr(100));
  EXPECT_NE(said(Code::corrupt).find("beginning was overwritten"), std::string::npos);
  put("garbage");
  EXPECT_NE(said(Code::corrupt).find("not a SQLite database"), std::string::npos);
  put(whole.substr(0, whole.size() / 2));
  EXPECT_NE(said(Code::corrupt).find("Restore it"), std::string::npos);
  put("");
  EXPECT_NE(said(Code::not_found).find("If it held one, restore it from a copy"), std::string::npos);
  fs::remove(file);
  for (const char* tail : {"-wal", "-shm"}) fs::remove(file.string() + tail);
  EXPECT_NE(said(Code::not_found).find("put it back"), std::string::npos);
  put(whole);
  const auto instance = connect("lab");
  instance->database().connection().script("DROP TABLE lamindb_reference");
  std::string message;
  EXPECT_EQ(code_of([&] { instance->database().count({.registry = "Reference"}); }, &message), Code::corrupt);
  EXPECT_NE(message.find(file.string()), std::string::npos) << message;
  EXPECT_NE(message.find("no such table: lamindb_reference"), std::string::npos) << message;
}

TEST(DeleteInstance, RemovesWhatInitMade) {
  Sandbox box;
  init({.storage = "store", .name = "lab"});
  delete_instance("lab");
  EXPECT_FALSE(fs::exists(box.path("store/.lamindb")));
  EXPECT_TRUE(known_instances().empty());
  EXPECT_FALSE(current_settings());
  EXPECT_EQ(code_of([] { delete_instance("lab"); }), Code::not_found);
}

TEST(DeleteInstance, AsksForForceWhereArtifactsAre) {
  Sandbox box;
  {
    const auto instance = init({.storage = "store", .name = "lab"});
    auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "a"), .key = "a.txt"});
    save_artifact(*instance, draft);
  }
  EXPECT_EQ(code_of([] { delete_instance("lab"); }), Code::conflict);
  delete_instance("lab", true);
  EXPECT_FALSE(fs::exists(box.path("store/.lamindb/lamin.db")));
}

}  // namespace
}  // namespace lamin
