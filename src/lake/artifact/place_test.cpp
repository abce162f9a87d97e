#include "base/testing.hpp"
#include "lake/open/testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
namespace fs = std::filesystem;

class PlaceTest : public testing::InstanceTest {};

TEST_F(PlaceTest, NoChangeOfARowPartsItFromItsBytes) {
  const auto keyless = save({.source = box.write("a.txt", "0"), .description = "no key"}).record;
  const auto one = save_text("a.txt", "1", "k.txt").record;
  const auto real = save({.source = box.write("a.txt", "2"), .key = "real/b.txt", .key_is_virtual = false}).record;
  const auto changed = [&](Record record, std::string_view field, Value value) {
    record.set(field, std::move(value));
    return test::failure_of(Code::invalid_argument, [&] { registry::Writes(instance->database()).save(record); });
  };
  EXPECT_EQ(changed(one, "key", Value()), "Cannot update an artifact key to None.");
  EXPECT_EQ(changed(one, "key", Value("k.csv")),
            "The suffix '.csv' of the provided key is incorrect, it should be '.txt'.");
  EXPECT_THAT(changed(one, "key", Value("../k.txt")), ::testing::HasSubstr("'../k.txt'"));
  EXPECT_THAT(changed(one, "key", Value(".lamindb/k.txt")), ::testing::HasSubstr("managed storage path"));
  auto other_suffix = one;
  other_suffix.set("suffix", Value(".csv"));
  EXPECT_EQ(code_of([&] { registry::Writes(instance->database()).save(other_suffix); }), Code::invalid_argument);
  EXPECT_THAT(changed(one, "uid", Value("0123456789abcdef0000")), ::testing::HasSubstr("would be looked for at"));
  EXPECT_THAT(changed(real, "key", Value("real/c.txt")), ::testing::HasSubstr("Change the artifact and save it"));
  Query query{.registry = "Artifact", .where = Expr::compare("id", Op::exact, real.id())};
  EXPECT_EQ(code_of([&] { registry::Writes(instance->database()).update(query, {{"key", Value("real/c.txt")}}); }),
            Code::invalid_argument);
  for (const auto& record : {keyless, one, real}) EXPECT_TRUE(fs::exists(cache_artifact(*instance, record)));

  auto named = keyless;
  named.set("key", Value("named.txt"));
  registry::Writes(instance->database()).save(named);
  auto renamed = one;
  renamed.set("key", Value("other/k.txt"));
  registry::Writes(instance->database()).save(renamed);
  EXPECT_EQ(box.read(cache_artifact(*instance, *find_artifact(*instance, "other/k.txt"))), "1");
  fs::rename(box.path("store/real/b.txt"), box.path("store/real/c.txt"));
  auto moved = real;
  moved.set("key", Value("real/c.txt"));
  registry::Writes(instance->database()).save(moved);
  EXPECT_EQ(box.read(cache_artifact(*instance, moved)), "2");
}

TEST_F(PlaceTest, IsFoundByThePathOfItsBytes) {
  const auto at = [&](const fs::path& path) {
    const auto found = artifact_at(*instance, path);
    return found ? std::string(found->uid()) : "";
  };
  const auto one = save_text("a.txt", "1", "k.txt").record;
  const auto two = save_text("a.txt", "2", "k.txt").record;
  EXPECT_EQ(at(cache_artifact(*instance, one)), one.uid());
  EXPECT_EQ(at(cache_artifact(*instance, two)), two.uid());
  const auto in_place = save({.source = box.write("store/sub/c.txt", "3")}).record;
  const auto renamed = save({.source = box.write("store/sub/d.txt", "4"), .key = "v/d.txt"}).record;
  EXPECT_EQ(at(box.path("store/sub/c.txt")), in_place.uid());
  EXPECT_EQ(at(box.path("store/sub/../sub/d.txt")), renamed.uid());
  EXPECT_EQ(at(box.path("store/v/d.txt")), "");
  save({.source = box.write("a.txt", "5"), .key = "real/b.txt", .key_is_virtual = false});
  const auto latest = save({.source = box.write("a.txt", "6"), .key = "real/b.txt", .key_is_virtual = false}).record;
  EXPECT_EQ(at(box.path("store/real/b.txt")), latest.uid());
  box.write("folder/x.txt", "7");
  const auto folder = save({.source = box.path("folder"), .key = "folder"}).record;
  const auto [root, place] = location(*instance, folder);
  EXPECT_EQ(at(fs::path(root) / place), folder.uid());
  EXPECT_EQ(at(fs::path(root) / place / "x.txt"), folder.uid());
  EXPECT_EQ(at(box.path("a.txt")), "");
  EXPECT_EQ(at(fs::path(root) / ".lamindb"), "");
}

TEST_F(PlaceTest, DraftIsCheckedWhenItIsSaved) {
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "1"), .key = "k.txt"});
  draft.record.set("key", Value("k.csv"));
  EXPECT_EQ(code_of([&] { save_artifact(*instance, draft); }), Code::invalid_argument);
  auto in_place = prepare_artifact(*instance, {.source = box.write("store/sub/c.txt", "2")});
  in_place.record.set("key", Value("sub/d.txt"));
  EXPECT_EQ(code_of([&] { save_artifact(*instance, in_place); }), Code::invalid_argument);
  EXPECT_EQ(count("lamindb_artifact"), 0);
  EXPECT_EQ(count("lamin_intent"), 0);
}

}  // namespace
}  // namespace lamin
