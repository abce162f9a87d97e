#include "lake/artifact/moves.hpp"
#include "base/testing.hpp"
#include "lake/open/testing.hpp"
#include "lamin/storage.hpp"

namespace lamin {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class MovesTest : public testing::InstanceTest {
 protected:
  Record storage(const std::string& name) {
    fs::create_directories(box.path(name));
    auto record = make_storage(*instance, {.root = box.path(name).string()});
    lamin::save(*instance, record);
    return record;
  }
  fs::path at(const Record& artifact) {
    const auto [root, place] = location(*instance, artifact);
    return fs::path(root) / place;
  }
  Record stored(const Record& artifact) { return *instance->database().find(artifact.table(), artifact.id()); }
  std::string text_of(const Record& artifact) { return box.read(cache_artifact(*instance, stored(artifact))); }
  std::string refused(Record record, std::string_view field, Value value, Code code = Code::invalid_argument) {
    record.set(field, std::move(value));
    return test::failure_of(code, [&] { lamin::save(*instance, record); });
  }
};

TEST_F(MovesTest, AnotherStorageTakesTheBytes) {
  const auto other = storage("other");
  for (const auto* key : {"k.txt", ""}) {
    auto one = save({.source = box.write("a.txt", std::string("1") + key), .key = key, .description = "d"}).record;
    const auto before = at(one);
    one.set("storage", other.id());
    lamin::save(*instance, one);
    EXPECT_EQ(text_of(one), std::string("1") + key);
    EXPECT_FALSE(fs::exists(before));
    EXPECT_EQ(at(one), box.path("other") / ".lamindb" / (std::string(one.uid()) + ".txt"));
    one.set("storage", instance->storage().id());  // and back
    lamin::save(*instance, one);
    EXPECT_EQ(at(one), before);
    EXPECT_EQ(text_of(one), std::string("1") + key);
  }
  EXPECT_EQ(count("lamin_intent"), 0);
}

TEST_F(MovesTest, AFolderMovesWithItsVersions) {
  const auto other = storage("other");
  box.write("d/x.txt", "1");
  const auto first = save({.source = box.path("d"), .key = "d"}).record;
  box.write("d/y.txt", "2");
  auto second = save({.source = box.path("d"), .key = "d"}).record;
  const auto before = at(second);
  second.set("storage", other.id());
  lamin::save(*instance, second);
  EXPECT_FALSE(fs::exists(before));
  EXPECT_EQ(box.read(cache_artifact(*instance, stored(second)) / "y.txt"), "2");
  EXPECT_EQ(testing::code_of([&] { cache_artifact(*instance, stored(first)); }), Code::invalid_argument);
  box.write("d/z.txt", "3");
  const auto third = save({.source = box.path("d"), .key = "d"}).record;
  EXPECT_EQ(box.read(cache_artifact(*instance, stored(third)) / "z.txt"), "3");
}

TEST_F(MovesTest, ARealKeyIsRenamedWithItsBytes) {
  auto real = save({.source = box.write("a.txt", "2"), .key = "real/b.txt", .key_is_virtual = false}).record;
  real.set("key", Value("real/deeper/c.txt"));
  lamin::save(*instance, real);
  EXPECT_FALSE(fs::exists(box.path("store/real/b.txt")));
  EXPECT_EQ(box.read(box.path("store/real/deeper/c.txt")), "2");
  EXPECT_EQ(text_of(real), "2");
  EXPECT_EQ(count("lamin_intent"), 0);
  EXPECT_EQ(count("lamin_place"), 1);
}

TEST_F(MovesTest, NothingIsOverwritten) {
  auto real = save({.source = box.write("a.txt", "1"), .key = "real/b.txt", .key_is_virtual = false}).record;
  const auto other = save({.source = box.write("a.txt", "2"), .key = "real/c.txt", .key_is_virtual = false}).record;
  EXPECT_THAT(refused(real, "key", Value("real/c.txt"), Code::conflict), HasSubstr(std::string(other.uid())));
  box.write("store/real/foreign.txt", "not an artifact");
  EXPECT_THAT(refused(real, "key", Value("real/foreign.txt"), Code::conflict), HasSubstr("already exists"));
  EXPECT_EQ(box.read(box.path("store/real/foreign.txt")), "not an artifact");
  EXPECT_EQ(text_of(real), "1");
  EXPECT_EQ(text_of(other), "2");
  EXPECT_EQ(stored(real).text("key"), "real/b.txt");
}

TEST_F(MovesTest, ASuffixChangesKeyAndPlace) {
  auto one = save_text("a.txt", "1", "k.txt").record;
  const auto before = at(one);
  one.set("suffix", Value(".csv"));
  lamin::save(*instance, one);
  EXPECT_EQ(one.text("key"), "k.csv");
  EXPECT_FALSE(fs::exists(before));
  EXPECT_EQ(at(one).extension(), ".csv");
  EXPECT_EQ(text_of(one), "1");
  one.set("suffix", Value("")).set("key", Value("k"));
  lamin::save(*instance, one);
  EXPECT_EQ(one.text("key"), "k");
  EXPECT_EQ(text_of(one), "1");
  auto in_place = save({.source = box.write("store/sub/c.csv", "3"), .key = "mine.csv"}).record;
  in_place.set("suffix", Value(".tsv"));
  lamin::save(*instance, in_place);
  EXPECT_EQ(in_place.text("key"), "mine.tsv");
  EXPECT_EQ(in_place.text("_real_key"), "sub/c.tsv");
  EXPECT_EQ(box.read(box.path("store/sub/c.tsv")), "3");
  EXPECT_FALSE(fs::exists(box.path("store/sub/c.csv")));
}

TEST_F(MovesTest, ASpaceHasStoragesOfItsOwn) {
  Record space(instance->catalog().table("Space"));
  space.set("uid", Value("labspace0001")).set("name", Value("lab"));
  lamin::save(*instance, space);
  auto one = save_text("a.txt", "1", "k.txt").record;
  EXPECT_THAT(refused(one, "space", space.id()),
              HasSubstr("No local storage locations managed by the current instance found for the space 'lab'"));
  auto own = storage("own");
  own.set("space", space.id());
  lamin::save(*instance, own);
  EXPECT_THAT(refused(one, "storage", own.id()), HasSubstr("not in the same space"));
  one.set("space", space.id());
  lamin::save(*instance, one);
  EXPECT_EQ(stored(one).at("storage").integer_or(0), own.id());
  EXPECT_EQ(text_of(one), "1");
  const auto fresh = save({.source = box.write("b.txt", "2"), .key = "n.txt", .space = space.id()}).record;
  EXPECT_EQ(fresh.at("storage").integer_or(0), own.id());
  one.set("space", std::int64_t{1});
  lamin::save(*instance, one);
  EXPECT_EQ(stored(one).at("storage").integer_or(0), instance->storage().id()) << "the default one is preferred";
}

TEST_F(MovesTest, TheStorageOfAnotherInstanceIsNotTouched) {
  auto other = storage("other");
  auto one = save_text("a.txt", "1", "k.txt").record;
  const Query all{.registry = "Storage", .where = Expr::compare("id", Op::exact, other.id())};
  update(*instance, all, {{"instance_uid", Value("elsewhere000")}});
  EXPECT_THAT(refused(one, "storage", other.id()), HasSubstr("not managed by the current instance"));
  EXPECT_EQ(text_of(one), "1");
}

TEST_F(MovesTest, WrongBytesDoNotMove) {
  const auto other = storage("other");
  auto one = save_text("a.txt", "right", "k.txt").record;
  fs::permissions(at(one), fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(at(one)) << "wrong";
  refused(one, "storage", other.id(), Code::corrupt);
  EXPECT_EQ(box.read(at(one)), "wrong");
  EXPECT_EQ(count("lamin_intent"), 0);
  EXPECT_TRUE(fs::is_empty(box.path("other/.lamindb")) ||
              std::distance(fs::directory_iterator(box.path("other/.lamindb")), {}) == 1);
}

TEST_F(MovesTest, OtherContentForTheSameVersion) {
  for (const bool real : {false, true}) {
    const std::string key = real ? "real/r.txt" : "v.txt";
    auto one = save({.source = box.write("a.txt", "old" + key), .key = key, .key_is_virtual = !real}).record;
    const auto before = at(one);
    auto draft = prepare_replacement(*instance, one, {.source = box.write("b.csv", "new" + key)});
    EXPECT_EQ(text_of(one), "old" + key) << "until it is saved";
    save_artifact(*instance, draft);
    EXPECT_EQ(draft.record.uid(), one.uid());
    EXPECT_EQ(text_of(one), "new" + key);
    EXPECT_FALSE(fs::exists(before)) << before;
    EXPECT_EQ(stored(one).text("key"), real ? "real/r.csv" : "v.csv");
    auto again = prepare_replacement(*instance, stored(one), {.source = box.write("c.csv", "third" + key)});
    save_artifact(*instance, again);
    EXPECT_EQ(text_of(one), "third" + key);
  }
  EXPECT_EQ(count("lamin_intent"), 0);
  EXPECT_EQ(count("lamin_content"), 2);
}

TEST_F(MovesTest, AFolderIsReplacedByAFolder) {
  box.write("d/x.txt", "1");
  const auto folder = save({.source = box.path("d"), .key = "d"}).record;
  const auto file = save_text("a.txt", "1", "k.txt").record;
  const auto why = [&](const Record& artifact, const fs::path& source) {
    return test::failure_of(Code::invalid_argument,
                            [&] { prepare_replacement(*instance, artifact, {.source = source}); });
  };
  EXPECT_THAT(why(folder, box.path("a.txt")), HasSubstr("replace a folder with a file"));
  EXPECT_THAT(why(file, box.path("d")), HasSubstr("replace a file with a folder"));
  EXPECT_THAT(why(file, box.write("store/in.txt", "x")), HasSubstr("not in any Storage"));
  box.write("e/y.txt", "2");
  auto draft = prepare_replacement(*instance, folder, {.source = box.path("e")});
  save_artifact(*instance, draft);
  const auto path = cache_artifact(*instance, stored(folder));
  EXPECT_TRUE(fs::exists(path / "y.txt") && !fs::exists(path / "x.txt"));
}

TEST_F(MovesTest, ContentReplacedWhileItsArtifactMoves) {
  const auto other = storage("other");
  for (const auto* key : {"k.csv", ""}) {
    const auto one =
        save({.source = box.write("a.csv", std::string("old") + key), .key = key, .description = "d"}).record;
    auto draft = prepare_replacement(*instance, one, {.source = box.write("b.csv", std::string("new") + key)});
    auto moving = stored(one);
    moving.set("storage", other.id());
    lamin::save(*instance, moving);
    EXPECT_THAT(test::failure_of(Code::conflict, [&] { save_artifact(*instance, draft); }), HasSubstr("was moved by"));
    EXPECT_EQ(text_of(one), std::string("old") + key);
  }
  EXPECT_EQ(count("lamin_intent"), 0);
}

}  // namespace
}  // namespace lamin
