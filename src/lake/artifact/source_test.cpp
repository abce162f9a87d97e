// source_test.cpp -- artifacts from memory and from objects of a store.
#include "lake/artifact/source.hpp"
#include "lake/open/testing.hpp"
#include "registry/writes.hpp"
#include "store/store.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;
using testing::code_of;

class SourceTest : public testing::InstanceTest {
 protected:
  /// A storage of the instance that is not a folder.
  store::Store& far() {
    Record storage(instance->catalog().table("Storage"));
    storage.set("uid", Value("farfarfarfar"));
    storage.set("root", Value("memory://"));
    storage.set("type", Value("memory"));
    storage.set("instance_uid", Value(instance->settings().uid()));
    registry::Writes(instance->database()).save(storage);
    instance->use_store(storage.id(), store::open_memory());
    return instance->store_of(storage.id());
  }
  static std::string text_of(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(SourceTest, BytesBecomeAnArtifactAndNoFileIsLeft) {
  fs::path copy;
  {
    auto draft = prepare_artifact(*instance, {.source = Source::of_bytes("a,b\n1,2\n", "t.csv"), .key = "t.csv"});
    copy = draft.source;
    EXPECT_TRUE(fs::exists(copy));
    save_artifact(*instance, draft);
    EXPECT_EQ(draft.record.text("suffix"), ".csv");
    EXPECT_EQ(draft.record.text("otype"), "DataFrame");
    EXPECT_EQ(text_of(cache_artifact(*instance, draft.record)), "a,b\n1,2\n");
  }
  EXPECT_FALSE(fs::exists(copy.parent_path()));
  {
    const auto dropped = prepare_artifact(*instance, {.source = Source::of_bytes("z", "z.txt"), .key = "z.txt"});
    copy = dropped.source;
  }
  EXPECT_FALSE(fs::exists(copy)) << "a draft that is dropped leaves nothing";
}

TEST_F(SourceTest, AnObjectInAStorageIsRegisteredInPlace) {
  far().put(store::BytesReader("hello"), "mine/a.txt");
  const auto artifact = save({.source = "memory://mine/a.txt"}).record;
  EXPECT_EQ(artifact.text("key"), "mine/a.txt");
  EXPECT_EQ(location(*instance, artifact), std::pair(std::string("memory://"), std::string("mine/a.txt")));
  EXPECT_EQ(text_of(cache_artifact(*instance, artifact)), "hello");
  EXPECT_TRUE(prepare_artifact(*instance, {.source = box.write("b.txt", "hello"), .key = "b.txt"}).existing)
      << "its content is known";
}

TEST_F(SourceTest, AFolderOfObjectsToo) {
  auto& store = far();
  store.put(store::BytesReader("1"), "set/x.txt");
  store.put(store::BytesReader("2"), "set/sub/y.txt");
  const auto artifact = save({.source = "memory://set"}).record;
  EXPECT_EQ(artifact.at("n_files").integer_or(0), 2);
  EXPECT_EQ(text_of(cache_artifact(*instance, artifact) / "sub/y.txt"), "2");
}

TEST_F(SourceTest, WhatIsNotThereIsNamed) {
  far();
  std::string message;
  EXPECT_EQ(code_of([&] { save({.source = "memory://none.txt"}); }, &message), Code::not_found);
  EXPECT_NE(message.find("memory://none.txt"), std::string::npos) << message;
  EXPECT_EQ(code_of([&] { save({.source = "sftp://host/a.txt", .key = "a.txt"}); }, &message), Code::unsupported);
  EXPECT_NE(message.find("sftp://"), std::string::npos) << message;
}

}  // namespace
}  // namespace lamin
