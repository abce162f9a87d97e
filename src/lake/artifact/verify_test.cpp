#include "lake/artifact/verify.hpp"
#include <sys/stat.h>
#include "lake/artifact/holder.hpp"
#include "lake/open/testing.hpp"
#include "store/store.hpp"

namespace lamin {
namespace {

using lake::ContentState;
using testing::code_of;
namespace fs = std::filesystem;

constexpr std::size_t large = (std::size_t{1} << 20) + 1;  // not read unless there is a reason

class VerifyTest : public testing::InstanceTest {
 protected:
  fs::path stored(const Record& artifact) {
    const auto [root, key] = location(*instance, artifact);
    return fs::path(root) / key;
  }
  static void overwrite(const fs::path& file, std::string_view text) { std::ofstream(file, std::ios::binary) << text; }
  // Flips one byte in the middle; the size stays.
  static void flip(const fs::path& file) {
    auto text = testing::Sandbox::read(file);
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
    overwrite(file, text);
  }
  std::string refusal(const Record& artifact, Code code = Code::corrupt) {
    std::string message;
    EXPECT_EQ(code_of([&] { cache_artifact(*instance, artifact); }, &message), code) << message;
    return message;
  }
  ContentState state(const Record& artifact, Verify level = Verify::size) {
    return lake::verify_content(*instance, artifact, level).state;
  }
  Draft save_large(const std::string& key, bool real = false) {
    ArtifactOptions options{.source = box.write("large.bin", std::string(large, 'x')), .key = key};
    if (real) options.key_is_virtual = false;
    return save(options);
  }
  // Records another stamp for the holder of the artifact's place.
  void hold(const Record& artifact, const std::string& stamp) {
    lake::keep_stamp(*instance, artifact.at("storage").integer_or(0), location(*instance, artifact).second,
                     artifact.uid(), stamp);
  }
};

TEST_F(VerifyTest, ATruncatedFileIsNotRead) {
  const auto artifact = save_text("a.txt", "hello", "a.txt").record;
  overwrite(stored(artifact), "");
  const auto message = refusal(artifact);
  EXPECT_NE(message.find("it has 0 bytes, not 5"), std::string::npos) << message;
  EXPECT_NE(message.find(stored(artifact).string()), std::string::npos) << message;
  EXPECT_NE(message.find("lamin fsck"), std::string::npos) << message;
  EXPECT_EQ(state(artifact), ContentState::wrong_size);
}

TEST_F(VerifyTest, AFlippedBitOfASmallFileIsSeenAtOnce) {
  const auto artifact = save_text("a.txt", "hello", "a.txt").record;
  flip(stored(artifact));
  EXPECT_NE(refusal(artifact).find("its digest is"), std::string::npos);
  EXPECT_EQ(state(artifact), ContentState::wrong_content);
}

TEST_F(VerifyTest, AFlippedBitOfALargeFileIsSeenWhenAskedFor) {
  const auto artifact = save_large("large.bin").record;
  flip(stored(artifact));
  EXPECT_EQ(cache_artifact(*instance, artifact), stored(artifact));
  instance->verify() = Verify::full;
  refusal(artifact);
}

TEST_F(VerifyTest, AMissingFileIsNotFound) {
  const auto artifact = save_text("a.txt", "hello", "a.txt").record;
  fs::remove(stored(artifact));
  EXPECT_NE(refusal(artifact, Code::not_found).find("is missing"), std::string::npos);
}

TEST_F(VerifyTest, APipeInTheWayIsRefusedAndDoesNotHang) {
  const auto file = save_text("a.txt", "hello", "a.txt").record;
  const auto empty = save_text("e.txt", "", "e.txt").record;
  for (const auto& artifact : {file, empty}) {
    fs::remove(stored(artifact));
    ASSERT_EQ(::mkfifo(stored(artifact).c_str(), 0600), 0);
    EXPECT_THROW(cache_artifact(*instance, artifact), Error);
  }
  EXPECT_EQ(state(file), ContentState::wrong_size);
  EXPECT_EQ(state(empty), ContentState::unreadable);
}

TEST_F(VerifyTest, AFolderForAFileAndAFileForAFolder) {
  const auto file = save_text("a.txt", "hello", "a.txt").record;
  box.write("d/x.txt", "x");
  const auto folder = save({.source = box.path("d"), .key = "d"}).record;
  fs::remove(stored(file));
  fs::create_directory(stored(file));
  fs::remove_all(stored(folder));
  overwrite(stored(folder), "x");
  EXPECT_NE(refusal(file).find("it is a folder, not a file"), std::string::npos);
  EXPECT_NE(refusal(folder).find("it is a file, not a folder"), std::string::npos);
}

TEST_F(VerifyTest, AFolderSaysWhichFileDiffers) {
  box.write("d/a.txt", "aaa");
  box.write("d/b/c.bin", std::string(large, 'c'));
  const auto artifact = save({.source = box.path("d"), .key = "d"}).record;
  const auto folder = stored(artifact);
  EXPECT_EQ(state(artifact, Verify::full), ContentState::ok);

  box.write("d/extra.txt", "");
  fs::copy(box.path("d/extra.txt"), folder / "extra.txt");
  EXPECT_NE(refusal(artifact).find("'extra.txt' was not saved with it"), std::string::npos);
  fs::remove(folder / "extra.txt");

  fs::rename(folder / "a.txt", folder / "b/moved.txt");  // same number of files, same total size
  EXPECT_EQ(state(artifact), ContentState::ok);
  EXPECT_EQ(state(artifact, Verify::full), ContentState::wrong_content);
  fs::rename(folder / "b/moved.txt", folder / "a.txt");

  overwrite(folder / "a.txt", "aaaa");
  EXPECT_NE(refusal(artifact).find("'a.txt' has 4 bytes, not 3"), std::string::npos);
  fs::remove(folder / "a.txt");
  EXPECT_NE(refusal(artifact).find("'a.txt' is missing"), std::string::npos);
  overwrite(folder / "a.txt", "aaa");

  flip(folder / "b/c.bin");
  EXPECT_EQ(state(artifact), ContentState::ok);
  EXPECT_NE(lake::verify_content(*instance, artifact, Verify::full).what.find("the digest of 'b/c.bin'"),
            std::string::npos);
}

TEST_F(VerifyTest, ASmallFolderIsReadAtOnce) {
  box.write("d/a.txt", "aaa");
  box.write("d/b.txt", "bbb");
  const auto artifact = save({.source = box.path("d"), .key = "d"}).record;
  fs::rename(stored(artifact) / "a.txt", stored(artifact) / "c.txt");
  const auto message = refusal(artifact);
  EXPECT_NE(message.find("'a.txt' is missing, and 1 more file differ"), std::string::npos) << message;
}

// Rows written by LaminDB have only its hash, or nothing.
TEST_F(VerifyTest, WithoutADigestLaminDbsHashDecides) {
  const auto file = save_text("a.txt", "hello", "a.txt").record;
  box.write("d/x.txt", "x");
  const auto folder = save({.source = box.path("d"), .key = "d"}).record;
  instance->database().connection().script("DELETE FROM lamin_content; DELETE FROM lamin_file");
  EXPECT_EQ(state(file, Verify::full), ContentState::ok);
  EXPECT_EQ(state(folder, Verify::full), ContentState::ok);
  flip(stored(file));
  flip(stored(folder) / "x.txt");
  EXPECT_NE(refusal(file).find("its hash (md5)"), std::string::npos);
  EXPECT_NE(refusal(folder).find("its hash (md5-d)"), std::string::npos);
  instance->database().connection().script("UPDATE lamindb_artifact SET hash = NULL");
  const auto unhashed = *instance->database().find(file.table(), file.id());
  EXPECT_EQ(state(unhashed, Verify::full), ContentState::unknown);
  EXPECT_NO_THROW(cache_artifact(*instance, unhashed));
}

// LaminDB replaces content in place, with the row. A program that holds the earlier row gets the current content.
TEST_F(VerifyTest, ARecordOfBeforeAReplacementIsReadAgain) {
  const auto before = save_text("a.txt", "hello", "a.txt").record;
  overwrite(stored(before), "good bye");
  const Value row[] = {Value("md5-other"), before.id()};
  instance->database().connection().execute(
      "UPDATE lamindb_artifact SET size = 8, hash = 'another', _hash_type = ? WHERE id = ?", row);
  EXPECT_EQ(cache_artifact(*instance, before), stored(before));
}

TEST_F(VerifyTest, AnOlderVersionAtARealKeyIsRefused) {
  const auto real = [&](const char* text) {
    return save({.source = box.write("r.txt", text), .key = "r.txt", .key_is_virtual = false}).record;
  };
  const auto first = real("v one"), second = real("v two");
  ASSERT_EQ(stored(first), stored(second));
  const auto one = *instance->database().find(first.table(), first.id());
  EXPECT_NE(refusal(one, Code::invalid_argument).find("outdated artifact version"), std::string::npos);
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, second)), "v two");
  EXPECT_FALSE(lake::holds_place(*instance, one));
  EXPECT_TRUE(lake::content_is_right(*instance, one)) << "its bytes are not to be put over those of the later version";
}

TEST_F(VerifyTest, TwoRowsOfOneFileDoNotSupersedeEachOther) {
  box.write("store/mine/f.txt", "first");
  const auto one = save({.source = "store/mine/f.txt"}).record;
  const auto two = save({.source = "store/mine/f.txt", .key = "other/f.txt"}).record;
  ASSERT_NE(one.id(), two.id());
  EXPECT_NO_THROW(cache_artifact(*instance, one));
  EXPECT_NO_THROW(cache_artifact(*instance, two));
}

TEST_F(VerifyTest, AFileThatWasEditedInItsPlaceIsRefused) {
  box.write("store/mine/f.txt", "first");
  const auto artifact = save({.source = "store/mine/f.txt"}).record;
  EXPECT_NO_THROW(cache_artifact(*instance, artifact));
  box.write("store/mine/f.txt", "secnd");
  const auto message = refusal(artifact);
  EXPECT_NE(message.find("save it as a new version"), std::string::npos) << message;
}

TEST_F(VerifyTest, ALargeFileUnderARealKeyIsReadWholeOnlyWhenItWasTouched) {
  const auto artifact = save_large("r.bin", true).record;
  const auto file = stored(artifact);
  auto& store = instance->store_of(artifact.at("storage").integer_or(0));
  const auto stamp = store.stat("r.bin")->stamp;
  hold(artifact, stamp);
  flip(file);
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(1));
  refusal(artifact);
  EXPECT_EQ(lake::kept_stamp(*instance, 1, "r.bin", artifact.uid()), stamp) << "what is wrong is not taken for seen";
  flip(file);
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(2));
  EXPECT_EQ(cache_artifact(*instance, artifact), file);
  const auto now = store.stat("r.bin")->stamp;
  EXPECT_NE(now, stamp);
  EXPECT_EQ(lake::kept_stamp(*instance, 1, "r.bin", artifact.uid()), now) << "the next read need not read it whole";
}

TEST_F(VerifyTest, AStampThatIsNotThereAsksForOneRead) {
  const auto artifact = save_large("r.bin", true).record;
  hold(artifact, "");
  EXPECT_NO_THROW(cache_artifact(*instance, artifact));
  EXPECT_EQ(lake::kept_stamp(*instance, 1, "r.bin", artifact.uid()), instance->store_of(1).stat("r.bin")->stamp);
  EXPECT_EQ(lake::kept_stamp(*instance, 1, "r.bin", "somebody else"), std::nullopt);
}

// For a remote storage only the size is checked; the digest is compared on the way into the cache.
TEST_F(VerifyTest, WhatIsFarAwayIsVerifiedWhenItIsFetched) {
  instance->use_store(1, store::open_memory());
  auto& far = instance->store_of(1);
  const auto artifact = save_text("a.txt", "hello", "a.txt").record;
  const auto place = location(*instance, artifact).second;
  far.put(store::BytesReader("jello"), place, true);
  refusal(artifact);
  far.put(store::BytesReader("hello"), place, true);
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, artifact)), "hello");
  far.put(store::BytesReader("hello!"), place, true);
  EXPECT_NE(refusal(artifact).find("it has 6 bytes, not 5"), std::string::npos);
  instance->verify() = Verify::full;
  far.put(store::BytesReader("jello"), place, true);
  refusal(artifact);
}

TEST_F(VerifyTest, ContentIsRightOrToBePutThereAgain) {
  const auto small = save_text("a.txt", "hello", "a.txt").record;
  const auto big = save_large("large.bin").record;
  EXPECT_TRUE(lake::content_is_right(*instance, small));
  EXPECT_TRUE(lake::content_is_right(*instance, big));
  flip(stored(big));
  fs::remove(stored(small));
  EXPECT_FALSE(lake::content_is_right(*instance, small));
  EXPECT_FALSE(lake::content_is_right(*instance, big));
}

// A save never succeeds without the content: it is stored again, or the save fails.
TEST_F(VerifyTest, SavingAGoodCopyAgainNeverLeavesWrongBytes) {
  const auto artifact = save_text("a.txt", "hello", "a.txt").record;
  const auto save_again = [&] {
    try {
      save_text("a.txt", "hello", "a.txt");
      return true;
    } catch (const Error&) { return false; }
  };
  fs::remove(stored(artifact));
  EXPECT_TRUE(save_again());
  EXPECT_EQ(testing::Sandbox::read(stored(artifact)), "hello");
  overwrite(stored(artifact), "");
  if (save_again()) { EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, artifact)), "hello"); }
}

TEST_F(VerifyTest, TheSettingHasTwoValues) {
  EXPECT_EQ(verify_called("size"), Verify::size);
  EXPECT_EQ(verify_called("full"), Verify::full);
  EXPECT_EQ(name_of(Verify::full), "full");
  std::string message;
  EXPECT_EQ(code_of([] { verify_called("sometimes"); }, &message), Code::invalid_argument);
  for (const char* part : {"'size'", "'full'", "'sometimes'"}) EXPECT_NE(message.find(part), std::string::npos);
  EXPECT_EQ(instance->verify(), Verify::size);
  ::setenv("LAMIN_VERIFY", "full", 1);
  reopen();
  EXPECT_EQ(instance->verify(), Verify::full);
  ::setenv("LAMIN_VERIFY", "never", 1);
  EXPECT_EQ(code_of([&] { reopen(); }), Code::invalid_argument);
  ::unsetenv("LAMIN_VERIFY");
}

}  // namespace
}  // namespace lamin
