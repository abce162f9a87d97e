// as_nobody_testing.hpp -- for tests of access rights: root ignores them, so a test that root runs becomes nobody for a
// while.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>
#include <filesystem>

namespace lamin::test {

class AsNobody {
 public:
  AsNobody() : root_(::geteuid() == 0) {
    if (root_) { EXPECT_EQ(::seteuid(nobody), 0); }
  }
  /// `folder` is given to nobody.
  explicit AsNobody(const std::filesystem::path& folder) : root_(::geteuid() == 0) {
    if (!root_) return;
    EXPECT_EQ(::chown(folder.c_str(), nobody, static_cast<gid_t>(-1)), 0);
    EXPECT_EQ(::seteuid(nobody), 0);
  }
  ~AsNobody() {
    if (root_ && ::seteuid(0) != 0) ADD_FAILURE() << "cannot become root again";
  }
  AsNobody(const AsNobody&) = delete;

 private:
  static constexpr uid_t nobody = 65534;
  bool root_;
};

/// Gives a reader's own folder to nobody, where root runs the test.
inline void give_to_nobody(const std::filesystem::path& folder) {
  constexpr uid_t nobody = 65534;
  if (::geteuid() != 0) return;
  EXPECT_EQ(::chown(folder.c_str(), nobody, static_cast<gid_t>(-1)), 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    EXPECT_EQ(::chown(entry.path().c_str(), nobody, static_cast<gid_t>(-1)), 0);
}

/// Makes everything in a folder read-only, and writable again at the end.
class Unwritable {
 public:
  explicit Unwritable(std::filesystem::path folder) : folder_(std::move(folder)) {
    change(std::filesystem::perm_options::remove);
  }
  ~Unwritable() { change(std::filesystem::perm_options::add); }
  Unwritable(const Unwritable&) = delete;

 private:
  void change(std::filesystem::perm_options how) const {
    namespace fs = std::filesystem;
    const auto all = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
    const auto rights = how == fs::perm_options::remove ? all : fs::perms::owner_write;
    fs::permissions(folder_, rights, how);
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) fs::permissions(entry.path(), rights, how);
  }
  std::filesystem::path folder_;
};

}  // namespace lamin::test
