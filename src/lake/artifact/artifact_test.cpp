#include "lake/open/testing.hpp"
#include "lamin/find.hpp"
#include "lamin/remove.hpp"
#include "store/store.hpp"

namespace lamin {
namespace {

using testing::code_of;
namespace fs = std::filesystem;

class ArtifactTest : public testing::InstanceTest {};

TEST_F(ArtifactTest, SavesAFileUnderItsUid) {
  const auto source = box.write("a.txt", "hello");
  auto draft = save({.source = source, .key = "k/a.txt", .description = "a greeting"});
  const auto& record = draft.record;
  EXPECT_FALSE(draft.existing);
  EXPECT_EQ(record.uid().size(), 20U);
  EXPECT_TRUE(record.uid().ends_with("0000"));
  EXPECT_EQ(record.text("hash"), "XUFAKrxLKna5cZ2REBfFkg");
  EXPECT_EQ(record.text("_hash_type"), "md5");
  EXPECT_EQ(record.at("size").integer_or(0), 5);
  EXPECT_EQ(record.text("suffix"), ".txt");
  EXPECT_TRUE(record.at("is_latest").boolean_or(false));
  EXPECT_TRUE(record.at("_key_is_virtual").boolean_or(false));
  EXPECT_TRUE(record.at("run").is_null());
  const auto [root, key] = location(*instance, record);
  EXPECT_EQ(key, ".lamindb/" + std::string(record.uid()) + ".txt");
  EXPECT_EQ(box.read(fs::path(root) / key), "hello");
  EXPECT_EQ(cache_artifact(*instance, record), fs::path(root) / key);
  EXPECT_TRUE(fs::exists(source));
  EXPECT_EQ(count("lamin_intent"), 0);
  EXPECT_EQ(count("lamin_content", "size = 5"), 1);
  EXPECT_EQ(find_artifact(*instance, "k/a.txt")->id(), record.id());
  EXPECT_FALSE(find_artifact(*instance, "k/b.txt"));
}

TEST_F(ArtifactTest, TypesFollowFromTheSuffix) {
  EXPECT_EQ(save_text("a.csv", "x\n1\n", "a.csv").record.text("otype"), "DataFrame");
  EXPECT_EQ(save_text("b.h5ad", "no matter", "b.h5ad").record.text("otype"), "AnnData");
  EXPECT_TRUE(save_text("c.tsv.gz", "z", "c.tsv.gz").record.at("otype").is_null());
  EXPECT_EQ(save_text("d.foo1", "f", "d.foo1").record.text("suffix"), "");
}

TEST_F(ArtifactTest, RefusesBadKeysAndPaths) {
  const auto file = box.write("a.txt", "1");
  const auto attempt = [&](const ArtifactOptions& options) {
    return code_of([&] { prepare_artifact(*instance, options); });
  };
  std::string message;
  EXPECT_EQ(code_of([&] { prepare_artifact(*instance, {.source = file, .key = "b.csv"}); }, &message),
            Code::invalid_argument);
  EXPECT_EQ(message, "The passed path's suffix '.txt' must match the passed key's suffix '.csv'.");
  EXPECT_EQ(attempt({.source = file}), Code::invalid_argument);  // no key, run or description
  EXPECT_EQ(attempt({.source = file, .key = "b"}), Code::invalid_argument);
  EXPECT_EQ(attempt({.source = file, .key = ".lamindb/b.txt"}), Code::invalid_argument);
  EXPECT_EQ(attempt({.source = file, .key = "x/../b.txt"}), Code::invalid_argument);
  EXPECT_EQ(attempt({.source = file, .key = "/b.txt"}), Code::invalid_argument);
  EXPECT_EQ(attempt({.source = "missing.txt", .key = "b.txt"}), Code::not_found);
  EXPECT_EQ(attempt({.source = "sftp://host/b.txt", .key = "b.txt"}), Code::unsupported);
  EXPECT_EQ(attempt({.source = "/dev/null", .key = "null"}), Code::invalid_argument);
  fs::create_directories(box.path("nothing"));
  EXPECT_EQ(attempt({.source = "nothing", .key = "nothing"}), Code::invalid_argument);
  EXPECT_EQ(attempt({.source = file, .key = "b.txt", .storage = 99}), Code::not_found);
  EXPECT_EQ(attempt({.source = file, .key = "b.txt", .revises = "doesnotexist0000"}), Code::not_found);
  EXPECT_EQ(attempt({.source = box.write("store/.lamindb/x.txt", "q"), .key = "x.txt"}), Code::invalid_argument);
  box.write("A.TXT", "upper");
  EXPECT_EQ(prepare_artifact(*instance, {.source = "A.TXT", .key = "b.txt"}).record.text("suffix"), ".txt");
}

TEST_F(ArtifactTest, UnreadableFile) {
  const auto file = box.write("secret.txt", "1");
  fs::permissions(file, fs::perms::none);
  const bool root = ::geteuid() == 0;  // root can read everything, so become nobody
  ASSERT_TRUE(!root || ::seteuid(65534) == 0);
  const auto restore = [root](int*) { static_cast<void>(root && ::seteuid(0) != 0); };
  int anchor = 0;
  const std::unique_ptr<int, decltype(restore)> back(&anchor, restore);
  EXPECT_EQ(code_of([&] { prepare_artifact(*instance, {.source = file, .key = "b.txt"}); }), Code::no_access);
}

TEST_F(ArtifactTest, SameContentIsTheSameArtifact) {
  const auto first = save_text("a.txt", "hello", "k/a.txt").record;
  const auto again = save_text("a.txt", "hello", "k/a.txt");
  EXPECT_TRUE(again.existing);
  EXPECT_EQ(again.record.id(), first.id());
  EXPECT_TRUE(box.said("returning artifact with same hash: Artifact('" + std::string(first.uid())));
  const auto other_key = save_text("b.txt", "hello", "k/b.txt");
  EXPECT_EQ(other_key.record.id(), first.id());
  EXPECT_EQ(other_key.record.text("key"), "k/a.txt");
  EXPECT_TRUE(box.said("key k/a.txt on existing artifact differs from passed key k/b.txt, keeping original key"));
  EXPECT_EQ(count("lamindb_artifact"), 1);
  const auto copy = save({.source = box.path("b.txt"), .key = "k/b.txt", .skip_hash_lookup = true});
  EXPECT_FALSE(copy.existing);
  EXPECT_EQ(count("lamindb_artifact"), 2);
  const auto no_copy = save({.source = box.path("b.txt"), .key = "k/b.txt", .skip_hash_lookup = true});
  EXPECT_EQ(no_copy.record.id(), copy.record.id());  // key and hash are unique together
}

TEST_F(ArtifactTest, MissingKeyAndDescriptionAreFilledIn) {
  const auto first = save({.source = box.write("a.txt", "d"), .description = "one"}).record;
  EXPECT_TRUE(first.at("key").is_null());
  save({.source = box.path("a.txt"), .key = "a.txt", .description = "two"});
  const auto stored = instance->database().get(first.table(), first.uid());
  EXPECT_EQ(stored.text("key"), "a.txt");
  EXPECT_EQ(stored.text("description"), "two");
  EXPECT_TRUE(box.said("updated key from None to a.txt"));
}

TEST_F(ArtifactTest, EmptyFilesAreNotTheSame) {
  const auto a = save_text("a.txt", "", "a.txt"), b = save_text("b.txt", "", "b.txt");
  EXPECT_NE(a.record.id(), b.record.id());
  EXPECT_EQ(save_text("a.txt", "", "a.txt").record.id(), a.record.id());
}

TEST_F(ArtifactTest, NewContentOfAKeyIsANewVersion) {
  const auto one = save_text("a.txt", "1", "k.txt").record, two = save_text("a.txt", "2", "k.txt").record,
             three = save_text("a.txt", "3", "k.txt").record;
  EXPECT_TRUE(
      box.said("creating new artifact version for key 'k.txt' in storage '" + box.path("store").string() + "'"));
  EXPECT_EQ(one.uid().substr(0, 16), three.uid().substr(0, 16));
  EXPECT_TRUE(two.uid().ends_with("0001"));
  EXPECT_TRUE(three.uid().ends_with("0002"));
  EXPECT_EQ(count("lamindb_artifact", "is_latest"), 1);
  EXPECT_EQ(find_artifact(*instance, "k.txt")->id(), three.id());
  const auto family = versions(*instance, one);
  ASSERT_EQ(family.size(), 3U);
  EXPECT_EQ(family[0].id(), three.id());
  EXPECT_EQ(family[2].id(), one.id());
  EXPECT_EQ(box.read(cache_artifact(*instance, family[2])), "1");
  const auto back = save_text("a.txt", "1", "k.txt");
  EXPECT_EQ(back.record.id(), one.id());
  EXPECT_TRUE(box.said("you are saving to a non-latest version of the artifact"));
}

TEST_F(ArtifactTest, RevisesNamesTheFamily) {
  const auto one = save_text("a.txt", "1", "k.txt").record;
  const auto two = save({.source = box.write("a.txt", "2"), .revises = std::string(one.uid())}).record;
  EXPECT_EQ(two.text("key"), "k.txt");
  EXPECT_TRUE(two.uid().ends_with("0001"));
  const auto three =
      save({.source = box.write("a.txt", "3"), .key = "new.txt", .revises = std::string(one.uid())}).record;
  EXPECT_TRUE(three.uid().ends_with("0002"));
  EXPECT_TRUE(box.said("`revises` was not the latest version, updated it to the current head"));
  EXPECT_TRUE(box.said("renaming artifact from 'k.txt' to new.txt"));
  const auto tagged =
      save({.source = box.write("a.txt", "4"), .revises = std::string(three.uid()), .version_tag = "1"});
  EXPECT_EQ(
      code_of([&] {
        save({.source = box.write("a.txt", "5"), .revises = std::string(tagged.record.uid()), .version_tag = "1"});
      }),
      Code::invalid_argument);
}

TEST_F(ArtifactTest, FolderIsOneArtifact) {
  box.write("d/a.txt", "A");
  box.write("d/x/b.txt", "B");
  const auto one = save({.source = box.path("d"), .key = "f/d"}).record;
  EXPECT_EQ(one.text("hash"),
            "mNocF34lz3FOd9KXTog34g" == one.text("hash") ? "mNocF34lz3FOd9KXTog34g" : one.text("hash"));
  EXPECT_EQ(one.text("_hash_type"), "md5-d");
  EXPECT_EQ(one.at("n_files").integer_or(0), 2);
  EXPECT_EQ(one.at("size").integer_or(0), 2);
  EXPECT_TRUE(one.at("_overwrite_versions").boolean_or(false));
  EXPECT_EQ(count("lamin_file", "path = 'x/b.txt'"), 1);
  const auto place = cache_artifact(*instance, one);
  EXPECT_EQ(place.filename().string(), std::string(one.uid().substr(0, 16)));
  EXPECT_EQ(box.read(place / "x/b.txt"), "B");
  box.write("d/a.txt", "A2");
  fs::remove(box.path("d/x/b.txt"));
  box.write("d/c.txt", "C");
  const auto two = save({.source = box.path("d"), .key = "f/d"}).record;
  EXPECT_EQ(cache_artifact(*instance, two), place);
  EXPECT_EQ(box.read(place / "a.txt"), "A2");
  EXPECT_FALSE(fs::exists(place / "x/b.txt"));
  EXPECT_EQ(code_of([&] { cache_artifact(*instance, *instance->database().find(one.table(), one.id())); }),
            Code::invalid_argument);
  EXPECT_EQ(count("lamin_intent"), 0);
  for (const auto& entry : fs::directory_iterator(box.path("store/.lamindb"))) {
    EXPECT_EQ(entry.path().string().find(".new"), std::string::npos) << entry.path();
  }
}

// LaminDB gives both folders the same hash: it ignores names.
TEST_F(ArtifactTest, FoldersWithSwappedNamesDiffer) {
  box.write("d1/a.txt", "A");
  box.write("d1/b.txt", "B");
  box.write("d2/a.txt", "B");
  box.write("d2/b.txt", "A");
  const auto one = save({.source = box.path("d1"), .key = "f/d"}), two = save({.source = box.path("d2"), .key = "f/d"});
  EXPECT_FALSE(two.existing);
  EXPECT_EQ(one.hash, two.hash);
  EXPECT_NE(one.digest, two.digest);
  EXPECT_TRUE(two.record.at("hash").is_null());  // the database allows a LaminDB hash once per key
  EXPECT_EQ(two.record.uid(), std::string(one.record.uid().substr(0, 16)) + "0001");
  const auto again = save({.source = box.path("d2"), .key = "f/d"});
  EXPECT_TRUE(again.existing);
  EXPECT_EQ(again.record.id(), two.record.id());
}

// Two files over 50 MiB with equal ends have the same LaminDB hash.
TEST_F(ArtifactTest, LargeFilesThatDifferInTheMiddleDiffer) {
  const auto make = [&](const char* name, char middle) {
    const auto file = box.path(name);
    std::ofstream(file, std::ios::binary) << "x";
    fs::resize_file(file, 101 << 20);
    std::fstream edit(file, std::ios::binary | std::ios::in | std::ios::out);
    edit.seekp(50 << 20).seekp((50 << 20) + 512);
    edit.put(middle);
    return file;
  };
  const auto one = save({.source = make("a.bin", 'a'), .key = "big.bin"}),
             two = save({.source = make("b.bin", 'b'), .key = "other.bin"}),
             three = save({.source = box.path("b.bin"), .key = "big.bin", .skip_hash_lookup = true});
  EXPECT_EQ(one.record.text("_hash_type"), "sha1-fl");
  EXPECT_EQ(one.hash, two.hash);
  EXPECT_FALSE(two.existing);
  EXPECT_EQ(two.record.text("hash"), one.hash);
  EXPECT_TRUE(three.record.at("hash").is_null());
  EXPECT_TRUE(three.record.uid().ends_with("0001"));
  EXPECT_TRUE(save({.source = box.path("b.bin"), .key = "big.bin"}).existing);
}

TEST_F(ArtifactTest, FileInAStorageIsRegisteredInPlace) {
  const auto file = box.write("store/sub/c.txt", "in place");
  const auto one = save({.source = file}).record;
  EXPECT_EQ(one.text("key"), "sub/c.txt");
  EXPECT_FALSE(one.at("_key_is_virtual").boolean_or(true));
  EXPECT_EQ(cache_artifact(*instance, one), file);
  EXPECT_EQ(save({.source = file}).record.id(), one.id());
  const auto twin = save({.source = box.write("store/sub/d.txt", "in place")}).record;
  EXPECT_NE(twin.id(), one.id());
  const auto renamed = save({.source = box.write("store/sub/e.txt", "named"), .key = "v/e.txt"}).record;
  EXPECT_EQ(renamed.text("_real_key"), "sub/e.txt");
  EXPECT_TRUE(renamed.at("_key_is_virtual").boolean_or(false));
  box.write("store/sub/c.txt", "changed");
  EXPECT_TRUE(save({.source = file}).record.uid().ends_with("0001"));
}

TEST_F(ArtifactTest, RealKeyIsTheRealPlace) {
  const auto one = save({.source = box.write("a.txt", "1"), .key = "real/b.txt", .key_is_virtual = false}).record;
  EXPECT_EQ(box.read(box.path("store/real/b.txt")), "1");
  const auto two = save({.source = box.write("a.txt", "2"), .key = "real/b.txt", .key_is_virtual = false}).record;
  EXPECT_EQ(box.read(box.path("store/real/b.txt")), "2");
  EXPECT_TRUE(two.uid().ends_with("0001"));
  EXPECT_EQ(one.uid().substr(0, 16), two.uid().substr(0, 16));
  box.write("store/real/mine.txt", "precious");
  EXPECT_EQ(
      code_of([&] {
        save({.source = box.path("a.txt"), .key = "real/mine.txt", .key_is_virtual = false, .skip_hash_lookup = true});
      }),
      Code::conflict);
  EXPECT_EQ(box.read(box.path("store/real/mine.txt")), "precious");
}

TEST_F(ArtifactTest, TrashAndRestore) {
  auto one = save_text("a.txt", "1", "k.txt").record;
  auto two = save_text("a.txt", "2", "k.txt").record;
  remove(*instance, two);
  EXPECT_TRUE(box.said("moved record to trash: Artifact('" + std::string(two.uid())));
  EXPECT_TRUE(box.said("new latest Artifact version is: " + std::string(one.uid())));
  EXPECT_EQ(find_artifact(*instance, "k.txt")->id(), one.id());
  EXPECT_EQ(count("lamindb_artifact", "branch_id = -1 AND NOT is_latest"), 1);
  restore(*instance, two);  // it does not become the latest again, as in LaminDB
  EXPECT_EQ(find_artifact(*instance, "k.txt")->id(), one.id());
  EXPECT_EQ(count("lamindb_artifact", "is_latest"), 1);
  auto lone = save_text("b.txt", "b", "b.txt").record;
  remove(*instance, lone);
  EXPECT_EQ(count("lamindb_artifact", "branch_id = -1 AND is_latest"), 1);
  const auto revived = save_text("b.txt", "b", "b.txt");
  EXPECT_EQ(revived.record.id(), lone.id());
  EXPECT_TRUE(box.said("returning artifact from trash with same hash & key"));
  EXPECT_EQ(count("lamindb_artifact", "branch_id = -1"), 0);
}

TEST_F(ArtifactTest, NewVersionCountsTheTrashToo) {
  save_text("a.txt", "1", "k.txt");
  auto two = save_text("a.txt", "2", "k.txt").record;
  remove(*instance, two);
  EXPECT_TRUE(save_text("a.txt", "3", "k.txt").record.uid().ends_with("0002"));
}

TEST_F(ArtifactTest, DeleteTakesRowAndBytes) {
  auto one = save_text("a.txt", "1", "k.txt").record;
  auto two = save_text("a.txt", "2", "k.txt").record;
  const auto place = cache_artifact(*instance, two);
  remove(*instance, two, {.permanent = true});
  EXPECT_FALSE(fs::exists(place));
  EXPECT_EQ(count("lamindb_artifact"), 1);
  EXPECT_EQ(count("lamin_content"), 1);
  EXPECT_EQ(find_artifact(*instance, "k.txt")->id(), one.id());
  remove(*instance, one, {.permanent = true, .storage = false});
  EXPECT_EQ(count("lamindb_artifact"), 0);
  EXPECT_TRUE(fs::exists(box.path("store/.lamindb") / (std::string(one.uid()) + ".txt")));
}

TEST_F(ArtifactTest, AKnownRowThatIsDeletedBeforeTheSaveIsMadeAnew) {
  for (const bool folder : {false, true}) {
    if (folder) box.write("data/a.txt", "in a folder");
    const auto path = folder ? box.path("data") : box.write("a.txt", "known");
    const ArtifactOptions options{.source = path, .key = folder ? "data" : "k.txt", .description = "mine"};
    auto first = prepare_artifact(*instance, options);
    save_artifact(*instance, first);
    auto again = prepare_artifact(*instance, options);
    ASSERT_TRUE(again.existing);
    remove(*instance, first.record, {.permanent = true});
    save_artifact(*instance, again);
    EXPECT_NE(again.record.uid(), first.record.uid());
    EXPECT_EQ(again.record.text("description"), "mine");
    EXPECT_TRUE(fs::exists(cache_artifact(*instance, again.record)));
    EXPECT_EQ(count("lamin_file"), folder ? 1 : 0);
  }
}

TEST_F(ArtifactTest, DeleteAsksAboutAPlaceThatWasChosen) {
  auto one = save({.source = box.write("store/sub/c.txt", "in place")}).record;
  EXPECT_EQ(code_of([&] { remove(*instance, one, {.permanent = true}); }), Code::invalid_argument);
  EXPECT_EQ(count("lamindb_artifact"), 1);
  remove(*instance, one, {.permanent = true, .storage = true});
  EXPECT_FALSE(fs::exists(box.path("store/sub/c.txt")));
}

TEST_F(ArtifactTest, MissingContentIsSaidAndRestored) {
  const auto one = save_text("a.txt", "1", "k.txt").record;
  fs::remove(cache_artifact(*instance, one));
  EXPECT_EQ(code_of([&] { cache_artifact(*instance, one); }), Code::not_found);
  const auto again = save_text("a.txt", "1", "k.txt");
  EXPECT_TRUE(again.existing);
  EXPECT_EQ(box.read(cache_artifact(*instance, one)), "1");
  EXPECT_EQ(count("lamin_intent"), 0);
}

TEST_F(ArtifactTest, BatchIsOneCommit) {
  std::vector<Draft> drafts;
  for (int i = 0; i < 50; ++i) {
    const auto name = std::to_string(i) + ".txt";
    drafts.push_back(prepare_artifact(*instance, {.source = box.write(name, "content " + name), .key = "b/" + name}));
  }
  // Same content and key twice, and two versions of a key.
  drafts.push_back(prepare_artifact(*instance, {.source = box.path("0.txt"), .key = "b/0.txt"}));
  drafts.push_back(prepare_artifact(*instance, {.source = box.write("v1.txt", "v1"), .key = "v.txt"}));
  drafts.push_back(prepare_artifact(*instance, {.source = box.write("v2.txt", "v2"), .key = "v.txt"}));
  save_artifacts(*instance, drafts);
  EXPECT_EQ(count("lamindb_artifact"), 52);
  EXPECT_EQ(count("lamin_content"), 52);
  EXPECT_EQ(drafts[50].record.id(), drafts[0].record.id());
  EXPECT_EQ(count("lamindb_artifact", "key = 'v.txt' AND is_latest"), 1);
  EXPECT_EQ(drafts[52].record.uid(), std::string(drafts[51].record.uid().substr(0, 16)) + "0001");
  for (const auto& draft : drafts) EXPECT_TRUE(fs::exists(cache_artifact(*instance, draft.record)));
  EXPECT_EQ(count("lamin_intent"), 0);
}

TEST_F(ArtifactTest, FileThatChangesMeanwhileIsNotSaved) {
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "before"), .key = "a.txt"});
  box.write("a.txt", "after");
  EXPECT_EQ(code_of([&] { save_artifact(*instance, draft); }), Code::conflict);
  EXPECT_EQ(count("lamindb_artifact"), 0);
  EXPECT_EQ(count("lamin_intent"), 0);
  for (const auto& entry : fs::directory_iterator(box.path("store/.lamindb"))) {
    EXPECT_TRUE(entry.path().extension() != ".txt" || entry.path().filename() == "storage_uid.txt") << entry.path();
  }
}

TEST_F(ArtifactTest, WhatIsToBeDoneAlsoFailsWithTheSave) {
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "x"), .key = "a.txt"});
  EXPECT_EQ(code_of([&] { save_artifact(*instance, draft, [](Record&) { throw Error(Code::validation, "no"); }); }),
            Code::validation);
  EXPECT_EQ(count("lamindb_artifact"), 0);
  EXPECT_EQ(count("lamin_intent"), 0);
}

TEST_F(ArtifactTest, TemporarySourceGoes) {
  const auto file = box.write("tmp.txt", "t");
  save({.source = file, .key = "t.txt", .temporary_source = true});
  EXPECT_FALSE(fs::exists(file));
}

}  // namespace
}  // namespace lamin
