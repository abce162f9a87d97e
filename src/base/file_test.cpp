#include "base/file.hpp"
#include <sys/stat.h>
#include <unistd.h>
#include "base/testing.hpp"

namespace lamin::base {
namespace {

using test::failure_of;
using test::TempFolder;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

/// Restores the process's umask at the end.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  ~Umask() { ::umask(before_); }
  Umask(const Umask&) = delete;

 private:
  mode_t before_;
};

TEST(File, IsForItsOwnerAlone) {
  const TempFolder folder;
  const Umask usual(022);
  const auto file = folder.path() / "settings/a.env";
  write_file(file, "one", Readers::owner);
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_EQ(mode_of(file.parent_path()), 0700U);
  ::chmod(file.c_str(), 0666);
  ::chmod(file.parent_path().c_str(), 0777);
  write_file(file, "two", Readers::owner);
  EXPECT_EQ(mode_of(file), 0600U) << "a looser one is tightened";
  EXPECT_EQ(mode_of(file.parent_path()), 0700U);
  EXPECT_EQ(read_file(file), "two");
}

TEST(File, IsForAllWhereTheUmaskAllowsIt) {
  const TempFolder folder;
  for (const auto& [mask, file_mode, folder_mode] :
       {std::tuple{mode_t{022}, 0644U, 0755U}, {mode_t{077}, 0600U, 0700U}, {mode_t{027}, 0640U, 0750U}}) {
    const Umask set(mask);
    const auto file = folder.path() / std::to_string(mask) / "a.txt";
    write_file(file, "x", Readers::all);
    EXPECT_EQ(mode_of(file), file_mode);
    EXPECT_EQ(mode_of(file.parent_path()), folder_mode);
  }
}

TEST(File, LeavesNothingWhereItFails) {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "taken/by a folder");
  failure_of(Code::unavailable, [&] { write_file(folder.path() / "taken", "x", Readers::all); });
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
  EXPECT_EQ(read_file(folder.path() / "none"), std::nullopt);
}

}  // namespace
}  // namespace lamin::base
