// Addresses: their parts, what is none, and which artifact one means.
#include "lamin/lamin_uri.hpp"
#include <gmock/gmock.h>
#include "lake/open/testing.hpp"
#include "lamin/branch.hpp"
#include "lamin/remove.hpp"
#include "store/store.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;
using testing::code_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* stem = "abcdefghij123456";

TEST(LaminUriTest, HasTwoForms) {
  auto uri = parse_lamin_uri("lamin://lab/cells/artifact/abcdefghij123456");
  EXPECT_EQ(uri.instance, "lab/cells");
  EXPECT_EQ(uri.uid, stem);
  EXPECT_TRUE(uri.segments.empty());
  uri = parse_lamin_uri("lamin://lab/cells/artifact/abcdefghij1234560001/sub/a%20b.txt");
  EXPECT_EQ(uri.uid, "abcdefghij1234560001");
  EXPECT_THAT(uri.segments, ElementsAre("sub", "a b.txt"));
  uri = parse_lamin_uri(
      "lamin://lab/cells/artifact/key/blut/z%C3%BCrich%231.h5ad?version=2%2e0&branch=my+line&space=all");
  EXPECT_EQ(uri.uid, "");
  EXPECT_THAT(uri.segments, ElementsAre("blut", "zürich#1.h5ad"));
  EXPECT_EQ(uri.version, "2.0");
  EXPECT_EQ(uri.branch, "my line");
  EXPECT_EQ(uri.space, "all");
  EXPECT_THAT(parse_lamin_uri("lamin://a/b/artifact/key/x%2Fy%3Fz").segments, ElementsAre("x", "y?z"));
  EXPECT_THAT(parse_lamin_uri("lamin://a/b/artifact/key/100%").segments, ElementsAre("100%"));
}

TEST(LaminUriTest, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> bad[] = {
      {"https://a/b/artifact/key/x", "does not start with lamin://"},
      {"lamin://", "empty"},
      {"lamin://a/b", "ends too early"},
      {"lamin://a/b/artifact", "ends too early"},
      {"lamin:///b/artifact/key/x", "empty"},
      {"lamin://a/b/artifact/key", "no key after"},
      {"lamin://a/b/artifact/key/x/", "empty"},
      {"lamin://a/b/artifact/key/x//y", "empty"},
      {"lamin://a/b/transform/key/x", "'transform'"},
      {"lamin://a/b/artifact/blood.h5ad", "'blood.h5ad' is not a uid"},
      {"lamin://a/b/artifact/abcdefghij12345", "not a uid"},
      {"lamin://a/b/artifact/abcdefghij123456?version=1", "needs nothing after"},
      {"lamin://a/b/artifact/key/x/../../y", "'..'"},
      {"lamin://a/b/artifact/abcdefghij123456/%2E%2E/y", "'..'"},
      {"lamin://a/b/artifact/abcdefghij123456/..%2F..%2Fy", "'..'"},
      {"lamin://a/b/artifact/key/./x", "'.'"},
      {"lamin://a/b/artifact/key/x#1", "%23"},
      {"lamin://a/b/artifact/key/x%00", "UTF-8"},
      {"lamin://a/b/artifact/key/%FF", "UTF-8"},
      {"lamin://a/b/artifact/key/x?colour=red", "'colour'"},
      {"lamin://a/b/artifact/key/x?", "not ''"},
      {"lamin://a/b/artifact/key/x?version", "no value"},
      {"lamin://a/b/artifact/key/x?version=", "no value"},
      {"lamin://a/b/artifact/key/x?version=1&version=2", "twice"},
  };
  for (const auto& [text, why] : bad) {
    std::string message;
    EXPECT_EQ(code_of([&] { parse_lamin_uri(text); }, &message), Code::invalid_argument) << text;
    EXPECT_THAT(message, HasSubstr(why)) << text;
    EXPECT_THAT(message, HasSubstr(text)) << text;
  }
}

TEST(LaminUriTest, AccessIsAList) {
  EXPECT_THAT(access_called("cache, mount"), ElementsAre(Access::cache, Access::mount));
  EXPECT_THAT(access_called("mount"), ElementsAre(Access::mount));
  for (const char* bad : {"", "mount,", "disk", "mount,mount"})
    EXPECT_EQ(code_of([&] { access_called(bad); }), Code::invalid_argument) << bad;
  for (const char* other : {"presigned", "mount,credentials"})
    EXPECT_EQ(code_of([&] { access_called(other); }), Code::unsupported) << other;
}

class ArtifactAtUriTest : public testing::InstanceTest {
 protected:
  std::string base = "lamin://" + instance->settings().slug() + "/artifact/";
  std::string uid_of(const std::string& rest) {
    return std::string(artifact_at_uri(*instance, base + rest).artifact.uid());
  }
  Code code(const std::string& uri, std::string* message = nullptr) {
    return code_of([&] { local_artifact(*instance, uri); }, message);
  }
};

TEST_F(ArtifactAtUriTest, AKeyMeansTheLatestVersionUnlessOneIsNamed) {
  const auto one = save_text("a.txt", "one", "k/a b.txt").record;
  auto draft =
      prepare_artifact(*instance, {.source = box.write("b.txt", "two"), .key = "k/a b.txt", .version_tag = "2"});
  save_artifact(*instance, draft);
  const auto two = draft.record;
  ASSERT_EQ(two.uid().substr(0, 16), one.uid().substr(0, 16));
  EXPECT_EQ(uid_of("key/k/a%20b.txt"), two.uid());
  EXPECT_EQ(uid_of("key/k/a%20b.txt?version=2"), two.uid());
  EXPECT_EQ(uid_of(std::string(one.uid())), one.uid());
  EXPECT_EQ(uid_of(std::string(one.uid().substr(0, 16))), two.uid());
  EXPECT_EQ(box.read(local_artifact(*instance, base + "key/k/a%20b.txt").path), "two");
  EXPECT_EQ(code(base + "key/k/a%20b.txt?version=3"), Code::not_found);
  EXPECT_EQ(code(base + "key/k/c.txt"), Code::not_found);
  EXPECT_EQ(code(base + stem), Code::not_found);
  EXPECT_EQ(code(base + "key/k/a%20b.txt?branch=nothing"), Code::not_found);
  auto gone = two;
  lamin::remove(*instance, gone, {});
  EXPECT_EQ(uid_of("key/k/a%20b.txt"), one.uid());
}

TEST_F(ArtifactAtUriTest, ASubpathIsInAFolder) {
  box.write("folder/x/y.txt", "inside");
  box.write("folder/z.txt", "z");
  const auto folder = save({.source = box.path("folder"), .key = "data/folder"}).record;
  const auto file = save_text("f.txt", "file", "data/f.txt").record;
  const auto local = local_artifact(*instance, base + "key/data/folder/x/y.txt");
  EXPECT_EQ(local.artifact.uid(), folder.uid());
  EXPECT_EQ(local.access, Access::mount);
  EXPECT_EQ(box.read(local.path), "inside");
  EXPECT_EQ(box.read(local_artifact(*instance, base + std::string(folder.uid()) + "/x/y.txt").path), "inside");
  EXPECT_TRUE(fs::is_directory(local_artifact(*instance, base + "key/data/folder").path));
  EXPECT_EQ(code(base + "key/data/folder/x/n.txt"), Code::not_found);
  EXPECT_EQ(code(base + "key/data/f.txt/x"), Code::not_found);
  EXPECT_EQ(code(base + std::string(file.uid()) + "/x"), Code::not_found);
  // A key that exists is meant before a file in a folder.
  const auto longer = save_text("l.txt", "longer", "data/folder/x/y.txt").record;
  EXPECT_EQ(uid_of("key/data/folder/x/y.txt"), longer.uid());
}

TEST_F(ArtifactAtUriTest, WhatIsFarAwayComesIntoTheCache) {
  instance->use_store(1, store::open_memory());
  box.write("far/x/y.txt", "far away");
  save({.source = box.path("far"), .key = "far"});
  save({.source = box.write("f.txt", "file"), .key = "f.txt"});
  for (const auto& [rest, text] : {std::pair("key/far/x/y.txt", "far away"), {"key/f.txt", "file"}}) {
    const auto local = local_artifact(*instance, base + rest);
    EXPECT_EQ(local.access, Access::cache);
    EXPECT_EQ(box.read(local.path), text);
    constexpr Access in_place[] = {Access::mount};
    EXPECT_EQ(code_of([&] { local_artifact(*instance, base + rest, in_place); }), Code::unavailable);
  }
}

TEST_F(ArtifactAtUriTest, NothingIsGuessed) {
  const auto one = save_text("a.txt", "one", "same.txt").record;
  const auto line = create_branch(*instance, "line");
  instance->session().branch = line.id();
  const auto two = save_text("b.txt", "two", "same.txt").record;
  EXPECT_EQ(uid_of("key/same.txt?branch=line"), two.uid());
  EXPECT_EQ(uid_of("key/same.txt?branch=main"), one.uid());
  instance->session().branch = 1;
  EXPECT_EQ(uid_of("key/same.txt"), one.uid());
  EXPECT_EQ(uid_of("key/same.txt?branch=line"), two.uid());
  std::string message;
  auto draft = prepare_artifact(*instance, {.source = box.write("c.txt", "three"), .key = "other.txt"});
  save_artifact(*instance, draft);
  instance->database().connection().execute("UPDATE lamindb_artifact SET key = 'same.txt' WHERE id = " +
                                            std::to_string(draft.record.id()));
  EXPECT_EQ(code(base + "key/same.txt", &message), Code::multiple_found);
  EXPECT_THAT(message, HasSubstr(std::string(one.uid())));
  EXPECT_THAT(message, HasSubstr("?branch="));
}

TEST_F(ArtifactAtUriTest, OnlyThisInstanceIsThere) {
  std::string message;
  EXPECT_EQ(code("lamin://else/where/artifact/key/a.txt", &message), Code::unsupported);
  EXPECT_THAT(message, HasSubstr("else/where"));
  EXPECT_THAT(message, HasSubstr(instance->settings().slug()));
}

}  // namespace
}  // namespace lamin
