// Settings files: who may read them, what they may contain, and where the home folder's are.
#include "lamin/settings.hpp"
#include <gmock/gmock.h>
#include <sys/stat.h>
#include "lake/instance/settings_file.hpp"
#include "lake/open/testing.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::HasSubstr;
using testing::Sandbox;
namespace fs = std::filesystem;

mode_t mode_of(const fs::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

TEST(SettingsFiles, AreForTheirOwnerAlone) {
  Sandbox box;
  const auto mask = ::umask(022);
  fs::create_directories(box.settings());
  ::chmod(box.settings().c_str(), 0755);
  const auto instance = init({.storage = "store", .name = "lab"});
  set_current(instance->settings());
  const auto look = [&] {
    int n = 0;
    for (const auto& entry : fs::directory_iterator(box.settings())) {
      EXPECT_EQ(mode_of(entry.path()), 0600U) << entry.path();
      ++n;
    }
    EXPECT_EQ(mode_of(box.settings()), 0700U);
    return n;
  };
  EXPECT_EQ(look(), 3) << "instance, current instance, user";
  for (const auto& entry : fs::directory_iterator(box.settings())) ::chmod(entry.path().c_str(), 0644);
  ::chmod((box.settings() / "current_user.env").c_str(), 0600);
  lake::write_settings(instance->settings());
  set_current(instance->settings());
  look();
  EXPECT_EQ(mode_of(box.path(".lamin/current_instance")), 0644U)
      << "a folder's pointer is for all who share the folder";
  EXPECT_EQ(mode_of(box.path("store/.lamindb/storage_uid.txt")), 0644U);
  ::umask(mask);
}

TEST(SettingsFiles, HoldNoControlCharacters) {
  Sandbox box;
  std::string message;
  EXPECT_EQ(code_of([] { init({.storage = "s", .name = "a\nb"}); }, &message), Code::invalid_argument);
  EXPECT_THAT(message, HasSubstr("'a\\nb' cannot be the name of an instance"));
  EXPECT_EQ(code_of([] { init({.storage = "s", .name = "a\x1b[31m"}); }, &message), Code::invalid_argument);
  EXPECT_THAT(message, HasSubstr("'a\\x1b[31m'"));
  EXPECT_EQ(code_of([] { init({.storage = "s\nlamindb_instance_db=x", .name = "n"}); }, &message),
            Code::invalid_argument);
  EXPECT_THAT(message, HasSubstr("s\\nlamindb_instance_db=x'"));
  EXPECT_FALSE(fs::exists(box.settings()));
  EXPECT_FALSE(fs::exists(box.path("s")));
}

TEST(SettingsFiles, OfTheHomeFolderHoldEverywhere) {
  Sandbox box;
  ::setenv("HOME", box.path("").c_str(), 1);
  ::unsetenv("LAMIN_SETTINGS_DIR");
  init({.storage = "store", .name = "lab"});
  ASSERT_TRUE(current_settings());
  EXPECT_EQ(current_settings()->slug(), "anonymous/lab");
  EXPECT_FALSE(fs::exists(box.path(".lamin/current_instance"))) << "nobody looks for it there";
  fs::create_directories(box.path("below"));
  fs::current_path(box.path("below"));
  EXPECT_EQ(connect_current()->settings().slug(), "anonymous/lab");
  EXPECT_TRUE(disconnect(box.path(".")));
  EXPECT_FALSE(current_settings());
}

TEST(SettingsFiles, SayWhatComesFirst) {
  Sandbox box;
  const auto one = init({.storage = "one", .name = "one"});
  const auto two = init({.storage = "two", .name = "two"});
  std::string message;
  EXPECT_EQ(code_of([&] { lake::check_binding(one->settings()); }, &message), Code::conflict);
  EXPECT_THAT(message, HasSubstr("lamin disconnect --here"));
  lake::check_binding(two->settings());
  disconnect(fs::current_path());
  lake::check_binding(one->settings());
  ::setenv("LAMIN_CURRENT_INSTANCE", "two", 1);
  EXPECT_EQ(code_of([&] { lake::check_binding(one->settings()); }), Code::conflict);
  ::unsetenv("LAMIN_CURRENT_INSTANCE");
}

TEST(SettingsFiles, HoldWhereTheCacheIs) {
  Sandbox box;
  const auto before = cache_folder();
  const char* fixed = std::getenv("LAMIN_CACHE_DIR");
  const std::string kept = fixed == nullptr ? "" : fixed;
  if (!kept.empty()) {
    EXPECT_EQ(code_of([&] { set_cache_folder(box.path("c")); }), Code::conflict) << "the environment comes first";
    ::unsetenv("LAMIN_CACHE_DIR");
  }
  EXPECT_EQ(code_of([&] { set_cache_folder("relative"); }), Code::invalid_argument);
  set_cache_folder(box.path("cache"));
  EXPECT_EQ(cache_folder(), box.path("cache"));
  EXPECT_TRUE(fs::is_directory(box.path("cache")));
  EXPECT_EQ(Sandbox::read(box.settings() / "storage.env"), "lamindb_cache_path=" + box.path("cache").string() + "\n");
  set_cache_folder({});
  EXPECT_NE(cache_folder(), box.path("cache"));
  if (!kept.empty()) ::setenv("LAMIN_CACHE_DIR", kept.c_str(), 1);
  EXPECT_EQ(cache_folder(), before);
}

TEST(SettingsFiles, TellDevelopmentFolders) {
  Sandbox box;
  const auto instance = init({.storage = "store", .name = "lab"});
  disconnect(fs::current_path());
  EXPECT_FALSE(dev_folder());
  for (const char* folder : {"one", "two/inner"}) {
    fs::create_directories(box.path(folder));
    set_current(instance->settings(), box.path(folder));
  }
  fs::create_directories(box.path("one/below"));
  fs::current_path(box.path("one/below"));
  ASSERT_TRUE(dev_folder());
  EXPECT_EQ(dev_folder()->folder, box.path("one"));
  EXPECT_EQ(dev_folder()->instance, "anonymous/lab");
  EXPECT_EQ(dev_folder()->branch, "main");
  const auto all = dev_folders(box.path(""));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].folder, box.path("two/inner"));
  EXPECT_TRUE(disconnect(fs::current_path())) << "that of the nearest folder above";
  EXPECT_FALSE(dev_folder());
  EXPECT_EQ(dev_folders(box.path("")).size(), 1U);
  EXPECT_EQ(code_of([&] { static_cast<void>(dev_folders(box.path("none"))); }), Code::not_found);
}

}  // namespace
}  // namespace lamin
