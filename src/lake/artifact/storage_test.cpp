// Locations: marked and managed, those of others, what keeps one from being deleted.
#include "lamin/storage.hpp"
#include <gmock/gmock.h>
#include <filesystem>
#include <fstream>
#include "lake/instance/marker.hpp"
#include "lake/open/testing.hpp"
#include "lamin/remove.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;
using testing::code_of;
std::string message_of(const std::function<void()>& work) {
  std::string message;
  code_of(work, &message);
  return message;
}

class StorageTest : public testing::InstanceTest {
 protected:
  Record saved(const StorageOptions& options) {
    auto storage = make_storage(*instance, options);
    lamin::save(*instance, storage);
    return storage;
  }
  std::string place(const char* name) {
    return (fs::path(instance->storage().text("root")).parent_path() / name).string();
  }
};

TEST_F(StorageTest, ANewLocationIsCreatedMarkedAndFoundAgain) {
  const auto one = saved({.root = place("more") + "/", .host = "cluster-1", .description = "raw"});
  EXPECT_EQ(one.text("root"), place("more"));
  EXPECT_EQ(one.text("type"), "local");
  EXPECT_EQ(one.text("region"), "cluster-1");
  EXPECT_EQ(one.text("instance_uid"), instance->settings().uid());
  const auto mark = lake::read_marker(place("more"));
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->uid, one.uid());
  EXPECT_EQ(mark->slug, instance->settings().slug());
  EXPECT_EQ(make_storage(*instance, {.root = place("more/./")}).id(), one.id());
  // A row saved by any face is the same location.
  Record row(instance->catalog().table("Storage"));
  row.set("root", Value(place("more") + "/"));
  EXPECT_TRUE(lamin::save(*instance, row));
  EXPECT_EQ(row.id(), one.id());
}

TEST_F(StorageTest, AnAttemptThatWasKilledIsCompleted) {
  lake::write_marker(place("half"), {"abcdefghijkl", instance->settings().slug(), instance->settings().id,
                                     instance->settings().uid()});
  EXPECT_EQ(saved({.root = place("half")}).uid(), "abcdefghijkl");
}

TEST_F(StorageTest, TheLocationOfAnotherInstanceIsOnlyRead) {
  lake::write_marker(place("theirs"), {"theirsthe001", "ann/lab", std::string(32, '1'), "annslabuid01"});
  const auto theirs = saved({.root = place("theirs")});
  EXPECT_EQ(theirs.uid(), "theirsthe001");
  EXPECT_EQ(theirs.text("instance_uid"), "annslabuid01");
  EXPECT_THAT(message_of([&] { instance->use_storage(theirs); }), ::testing::HasSubstr("exists in another instance"));
  auto gone = theirs;
  lamin::remove(*instance, gone);
  EXPECT_TRUE(lake::read_marker(place("theirs")));  // not ours to remove
}

TEST_F(StorageTest, WhatIsNotALocationIsRefusedBeforeAnythingIsCreated) {
  EXPECT_EQ(code_of([&] { saved({.root = ""}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { saved({.root = place("a/.lamindb")}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { saved({.root = "ftp://host/folder"}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { saved({.root = "s3://bucket", .host = "cluster-1"}); }), Code::invalid_argument);
  EXPECT_FALSE(fs::exists(place("a")));
}

TEST_F(StorageTest, OneInUseIsNotDeletedAndAnEmptyOneLeavesNoMark) {
  auto initial = instance->storage();
  EXPECT_EQ(code_of([&] { lamin::remove(*instance, initial); }), Code::protected_row);
  auto more = saved({.root = place("more")});
  EXPECT_EQ(code_of([&] { lamin::remove(*instance, more, {.permanent = false}); }), Code::invalid_argument);
  std::ofstream(place("more") + "/.lamindb/left.txt") << "x";
  EXPECT_THAT(message_of([&] { lamin::remove(*instance, more); }), ::testing::HasSubstr("left.txt"));
  fs::remove(place("more") + "/.lamindb/left.txt");
  instance->use_storage(more);
  EXPECT_EQ(code_of([&] { lamin::remove(*instance, more); }), Code::protected_row);
  instance->use_storage(initial);
  lamin::remove(*instance, more);
  EXPECT_FALSE(lake::read_marker(place("more")));
  EXPECT_FALSE(find_storage(*instance, place("more")));
}

}  // namespace
}  // namespace lamin
