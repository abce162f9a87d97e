#include "lamin/collection.hpp"
#include "lake/open/testing.hpp"
#include "lamin/remove.hpp"

namespace lamin {
namespace {

using testing::code_of;

class CollectionTest : public testing::InstanceTest {
 protected:
  Record part(int i) {
    const auto name = "part" + std::to_string(i) + ".txt";
    return save_text(name, "content of " + name, "parts/" + name).record;
  }
  Record collect(const CollectionOptions& options) {
    auto draft = prepare_collection(*instance, options);
    save_collection(*instance, draft);
    return draft.record;
  }
  std::vector<std::string> keys(const Record& collection) {
    std::vector<std::string> all;
    for (const Record& artifact : ordered_artifacts(*instance, collection)) all.emplace_back(artifact.text("key"));
    return all;
  }
  Record reread(const Record& row) { return instance->database().get(row.table(), row.uid()); }
  Record started_run(const std::string& key) { return start_run(*instance, make_transform(*instance, {.key = key})); }

  Record a = part(0), b = part(1), c = part(2);
};

using Keys = std::vector<std::string>;

TEST_F(CollectionTest, KeepsTheOrderAndHashesTheSet) {
  const auto first = collect({.artifacts = {c, a, c}, .key = "set", .description = "two parts"});
  EXPECT_EQ(keys(first), (Keys{"parts/part2.txt", "parts/part0.txt"}));
  EXPECT_EQ(first.uid().substr(16), "0000");
  EXPECT_EQ(first.text("description"), "two parts");
  EXPECT_TRUE(box.said("non-unique hashes"));
  const std::vector<Record> other_way{a, c};
  EXPECT_EQ(first.text("hash"), collection_hash(other_way));
  EXPECT_EQ(collection_hash({}), "");
}

// As LaminDB computed it for artifacts with these hashes.
TEST_F(CollectionTest, TheHashIsLaminDBs) {
  Record x(instance->catalog().table("Artifact")), y(x);
  x.set("hash", Value("u8LTYRNfghOaJ5LeztTHHQ"));
  const std::vector<Record> one{x}, none{y};
  EXPECT_EQ(collection_hash(one), "OIdkeY0XSLmhv4ffZPdmhg");
  EXPECT_EQ(collection_hash(none), "");
}

TEST_F(CollectionTest, TheSameSetIsTheSameCollection) {
  const auto first = collect({.artifacts = {a, b}, .key = "set"});
  EXPECT_EQ(collect({.artifacts = {b, a}, .key = "set", .description = "now described"}).uid(), first.uid());
  EXPECT_EQ(reread(first).text("description"), "now described");
  const auto renamed = collect({.artifacts = {a, b}, .key = "other"});
  EXPECT_EQ(renamed.uid(), first.uid());
  EXPECT_EQ(reread(first).text("key"), "other");
  EXPECT_TRUE(box.said("updated key from set to other"));
  EXPECT_EQ(count("lamindb_collection"), 1);
  const auto another = collect({.artifacts = {a, b}, .key = "third", .skip_hash_lookup = true});
  EXPECT_NE(another.uid(), first.uid());
  EXPECT_EQ(collect({.artifacts = {a, b}, .key = "third", .skip_hash_lookup = true}).uid(), another.uid());
  EXPECT_EQ(count("lamindb_collection"), 2);
}

TEST_F(CollectionTest, AnotherSetIsAnotherVersion) {
  const auto first = collect({.artifacts = {a}, .key = "set"});
  const auto second = collect({.artifacts = {a, b}, .key = "set"});
  EXPECT_EQ(second.uid(), std::string(first.uid().substr(0, 16)) + "0001");
  EXPECT_TRUE(reread(second).at("is_latest").boolean_or(false));
  EXPECT_FALSE(instance->database().get(first.table(), first.uid()).at("is_latest").boolean_or(true));
  auto third = append(*instance, first, c);
  EXPECT_TRUE(box.said("updated it to the current head"));
  save_collection(*instance, third);
  EXPECT_EQ(third.record.uid().substr(16), "0002");
  EXPECT_EQ(keys(third.record), (Keys{"parts/part0.txt", "parts/part2.txt"}));
  EXPECT_EQ(count("lamindb_collection", "is_latest"), 1);
  EXPECT_EQ(append(*instance, third.record, a).record.uid(), third.record.uid());
}

TEST_F(CollectionTest, TheTrashComesBackUnderItsOwnKeyOnly) {
  auto first = collect({.artifacts = {a}, .key = "set"});
  remove(*instance, first);
  const auto elsewhere = collect({.artifacts = {a}, .key = "other"});
  EXPECT_NE(elsewhere.uid(), first.uid());
  auto again = prepare_collection(*instance, {.artifacts = {a}, .key = "set", .skip_hash_lookup = true});
  EXPECT_TRUE(again.existing);
  save_collection(*instance, again);
  EXPECT_EQ(again.record.uid(), first.uid());
  EXPECT_EQ(reread(first).at("branch").integer_or(0), 1);
  EXPECT_TRUE(box.said("returning collection from trash"));
}

TEST_F(CollectionTest, RunsReadTheMembers) {
  const auto run = started_run("collect.py");
  const auto first = collect({.artifacts = {a, b}, .key = "set"});
  EXPECT_EQ(first.at("run").integer_or(0), run.id());
  EXPECT_EQ(count("lamindb_artifact_input_of_runs", "run_id = " + std::to_string(run.id())), 2);
  const auto again = started_run("again.py");
  EXPECT_EQ(collect({.artifacts = {a, b}, .key = "set"}).uid(), first.uid());
  EXPECT_EQ(count("lamindb_collection_recreating_runs", "run_id = " + std::to_string(again.id())), 1);
  const auto reader = started_run("longer.py");
  auto longer = append(*instance, first, c);
  save_collection(*instance, longer);
  EXPECT_EQ(count("lamindb_collection_input_of_runs", "run_id = " + std::to_string(reader.id())), 1);
  EXPECT_EQ(collect({.artifacts = {c}, .key = "without", .run = 0}).at("run").integer_or(0), 0);
}

TEST_F(CollectionTest, WhoComesSecondGetsTheNextVersionOrTheSameRow) {
  auto mine = prepare_collection(*instance, {.artifacts = {a}, .key = "set"});
  auto other = prepare_collection(*instance, {.artifacts = {b}, .key = "set"});
  auto same = prepare_collection(*instance, {.artifacts = {a}, .key = "set"});
  save_collection(*instance, mine);
  save_collection(*instance, other);
  EXPECT_EQ(other.record.uid(), std::string(mine.record.uid().substr(0, 16)) + "0001");
  save_collection(*instance, same);
  EXPECT_EQ(same.record.uid(), mine.record.uid());
  EXPECT_EQ(count("lamindb_collection"), 2);
  EXPECT_EQ(count("lamindb_collection", "is_latest"), 1);
}

TEST_F(CollectionTest, RefusesWhatCannotBe) {
  const auto prepared = [&](const CollectionOptions& options, std::string* why = nullptr) {
    return code_of([&] { prepare_collection(*instance, options); }, why);
  };
  std::string why;
  EXPECT_EQ(prepared({.key = "set"}), Code::invalid_argument);
  EXPECT_EQ(prepared({.artifacts = {a}}), Code::invalid_argument);
  EXPECT_EQ(prepared({.artifacts = {a}, .key = "a/../b"}), Code::invalid_argument);
  const Record unsaved(instance->catalog().table("Artifact"));
  EXPECT_EQ(prepared({.artifacts = {a, unsaved}, .key = "set"}, &why), Code::invalid_argument);
  EXPECT_NE(why.find("Not all artifacts are yet saved"), why.npos) << why;
  EXPECT_EQ(prepared({.artifacts = {instance->storage()}, .key = "set"}), Code::invalid_argument);
  EXPECT_EQ(prepared({.artifacts = {a}, .key = "set", .schema = 7}, &why), Code::validation);
  EXPECT_NE(why.find(a.uid()), why.npos) << why;
  EXPECT_EQ(prepared({.artifacts = {a}, .revises = "nothere"}), Code::not_found);
  const auto tagged = collect({.artifacts = {a}, .key = "set", .version_tag = "1"});
  EXPECT_EQ(prepared({.artifacts = {b}, .version_tag = "1", .revises = std::string(tagged.uid())}),
            Code::invalid_argument);
  EXPECT_EQ(count("lamindb_collection"), 1);
}

}  // namespace
}  // namespace lamin
