// Damage of each kind is found, and nothing else; what a repair mends is clean the second time.
#include "lamin/fsck.hpp"
#include <sys/stat.h>
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/time.hpp"
#include "lake/intent.hpp"
#include "lake/leftovers.hpp"
#include "lake/owner.hpp"
#include "lake/test_support.hpp"
#include "store/cache.hpp"
#include "store/store.hpp"

namespace lamin {
namespace {

using testing::code_of;
namespace fs = std::filesystem;
using std::chrono::seconds;

struct Outcome {
  FsckReport report;
  std::vector<Finding> findings;
  std::vector<Finding> of(FindingKind kind) const {
    std::vector<Finding> found;
    std::ranges::copy_if(findings, std::back_inserter(found), [&](const Finding& f) { return f.kind == kind; });
    return found;
  }
  std::string text() const {
    std::string all;
    for (const auto& f : findings) {
      all += std::string(name_of(f.kind)) + " " + f.uid + " " + f.place + ": " + f.what + " -> " + f.done + "\n";
    }
    return all;
  }
};

class FsckTest : public testing::InstanceTest {
 protected:
  Outcome check(const FsckOptions& options = {}) {
    Outcome out;
    out.report = fsck(*instance, options, {.finding = [&](const Finding& f) { out.findings.push_back(f); }});
    return out;
  }
  Outcome expect_clean(const FsckOptions& options = {}) {
    auto out = check(options);
    EXPECT_TRUE(out.report.clean()) << out.text();
    EXPECT_EQ(out.report.found, 0) << out.text();
    return out;
  }
  // Exactly one finding, of this kind.
  Finding expect_one(FindingKind kind, const FsckOptions& options = {}) {
    const auto out = check(options);
    EXPECT_EQ(out.report.found, 1) << out.text();
    if (out.of(kind).size() == 1) return out.of(kind).front();
    ADD_FAILURE() << "not one " << name_of(kind) << ": " << out.text();
    return {};
  }
  fs::path stored(const Record& artifact) {
    const auto [root, key] = location(*instance, artifact);
    return fs::path(root) / key;
  }
  static void overwrite(const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  // An artifact of every kind.
  void populate() {
    file = save_text("a.txt", "hello", "a.txt").record;
    save_text("b.txt", "one", "b.txt");
    save_text("b.txt", "two", "b.txt");
    save_text("empty.txt", "", "empty.txt");
    save({.path = box.write("described", "no key"), .description = "without a key or a suffix"});
    box.write("d/x.txt", "x");
    box.write("d/deep/y.txt", "yy");
    folder = save({.path = box.path("d"), .key = "d"}).record;
    save({.path = box.write("r.txt", "real"), .key = "real/r.txt", .key_is_virtual = false});
    box.write("store/mine/f.txt", "in place");
    save({.path = "store/mine/f.txt"});
    auto trashed = save_text("t.txt", "trash", "t.txt").record;
    trash(*instance, trashed);
    box.write("store/mine/not registered.txt", "the user's own");
  }
  // A copy in the cache, as a read from far away leaves it.
  void keep_in_cache(const Record& artifact, const fs::path& source) {
    auto far = store::open_memory();
    const auto digest = base::hash_path(source).digest;
    const auto place = location(*instance, artifact).second;
    far->put(source, place);
    store::Cache(base::cache_folder()).materialise(artifact.uid(), digest, *far, place);
  }

  Record file, folder;
};

TEST_F(FsckTest, AHealthyInstanceIsClean) {
  populate();
  const auto sizes = expect_clean();
  EXPECT_EQ(sizes.report.artifacts, 9);
  EXPECT_EQ(sizes.report.bytes, 0);
  EXPECT_EQ(sizes.findings.size(), 0U) << sizes.text();
  const auto full = expect_clean({.full = true});
  EXPECT_EQ(full.report.bytes, 5 + 3 + 3 + 6 + 3 + 4 + 8 + 5);
  expect_clean({.full = true, .repair = true});
  expect_clean({.storage = box.path("store").string()});
  EXPECT_EQ(code_of([&] { check({.storage = "elsewhere"}); }), Code::not_found);
}

struct Damage {
  const char* name;
  FindingKind kind;
  bool only_full;
  std::function<void(const fs::path& file, const fs::path& folder)> work;
};

const std::vector<Damage>& damages() {
  static const std::vector<Damage> all = {
      {"removed", FindingKind::missing, false, [](const fs::path& file, const fs::path&) { fs::remove(file); }},
      {"truncated", FindingKind::wrong_size, false,
       [](const fs::path& file, const fs::path&) { fs::resize_file(file, 0); }},
      {"longer", FindingKind::wrong_size, false,
       [](const fs::path& file, const fs::path&) { std::ofstream(file, std::ios::app) << "!"; }},
      {"bit rot", FindingKind::wrong_content, true,
       [](const fs::path& file, const fs::path&) { std::ofstream(file) << "jello"; }},
      {"pipe", FindingKind::wrong_size, false,
       [](const fs::path& file, const fs::path&) {
         fs::remove(file);
         ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
       }},
      {"folder removed", FindingKind::missing, false,
       [](const fs::path&, const fs::path& folder) { fs::remove_all(folder); }},
      {"file of a folder removed", FindingKind::wrong_size, false,
       [](const fs::path&, const fs::path& folder) { fs::remove(folder / "deep/y.txt"); }},
      {"file of a folder added", FindingKind::wrong_size, false,
       [](const fs::path&, const fs::path& folder) { std::ofstream(folder / "z.txt") << "z"; }},
      {"file of a folder changed", FindingKind::wrong_content, true,
       [](const fs::path&, const fs::path& folder) { std::ofstream(folder / "deep/y.txt") << "zz"; }},
      {"files of a folder swapped", FindingKind::wrong_content, true,
       [](const fs::path&, const fs::path& folder) { fs::rename(folder / "x.txt", folder / "deep/x.txt"); }},
      {"folder for a file", FindingKind::wrong_content, false,
       [](const fs::path& file, const fs::path&) {
         fs::remove(file);
         fs::create_directory(file);
       }},
  };
  return all;
}

TEST_F(FsckTest, EachDamageIsFoundAndNothingElse) {
  for (const auto& damage : damages()) {
    SCOPED_TRACE(damage.name);
    const testing::Sandbox fresh;
    instance = init({.storage = fresh.path("store").string(), .name = "lab"});
    const auto a = save({.path = fresh.write("a.txt", "hello"), .key = "a.txt"}).record;
    save({.path = fresh.write("b.txt", "other"), .key = "b.txt"});
    fresh.write("d/x.txt", "x");
    fresh.write("d/deep/y.txt", "yy");
    const auto d = save({.path = fresh.path("d"), .key = "d"}).record;
    const auto before = std::pair(stored(a), stored(d));
    damage.work(before.first, before.second);
    if (damage.only_full) expect_clean();
    const auto found = expect_one(damage.kind, {.full = true});
    const bool of_folder = std::string_view(damage.name).find("folder") != std::string_view::npos &&
                           std::string_view(damage.name) != "folder for a file";
    EXPECT_EQ(found.uid, (of_folder ? d : a).uid());
    EXPECT_EQ(found.key, of_folder ? "d" : "a.txt");
    EXPECT_EQ(found.place, (of_folder ? before.second : before.first).string());
    EXPECT_TRUE(found.remains());
    const auto repaired = expect_one(damage.kind, {.full = true, .repair = true});  // nobody has a copy
    EXPECT_TRUE(repaired.remains());
    instance.reset();
  }
}

// One of a thousand ways to be wrong.
void mutate(const fs::path& file, std::mt19937& random) {
  auto text = testing::Sandbox::read(file);
  const auto at = random() % text.size();
  switch (random() % 6) {
    case 0: text[at] = static_cast<char>(text[at] ^ (1 << random() % 8)); break;
    case 1: text.resize(at); break;
    case 2: text.insert(at, 1, static_cast<char>(random())); break;
    case 3: text.erase(at, 1); break;
    case 4: std::fill(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), text[at] == 0 ? '\1' : '\0'); break;
    default: fs::remove(file); return;
  }
  std::ofstream(file, std::ios::binary) << text;
}

TEST_F(FsckTest, AThousandMutatedFilesAreAllFound) {
  std::mt19937 random(12);
  std::vector<Draft> drafts;
  constexpr int damaged = 1000, untouched = 100;
  for (int i = 0; i < damaged + untouched; ++i) {
    std::string text(1 + random() % 3000, '\0');
    for (auto& c : text) c = static_cast<char>(random());
    text += std::to_string(i);
    const auto name = "m/" + std::to_string(i) + ".bin";
    drafts.push_back(prepare_artifact(*instance, {.path = box.write(name, text), .key = name}));
  }
  save_artifacts(*instance, drafts);
  std::set<std::string> expected, found;
  for (int i = 0; i < damaged; ++i) {
    const auto& record = drafts[static_cast<std::size_t>(i)].record;
    mutate(stored(record), random);
    expected.insert(std::string(record.uid()));
  }
  const auto out = check({.full = true});
  for (const auto& f : out.findings) found.insert(f.uid);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(out.report.found, damaged);
  EXPECT_EQ(out.report.artifacts, damaged + untouched);
}

TEST_F(FsckTest, BytesWithoutARowAreSetAside) {
  populate();
  overwrite(box.path("store/.lamindb/AAAABBBBCCCCDDDD0000.txt"), "an acknowledged save that the database has lost");
  overwrite(box.path("store/.lamindb/AAAABBBBCCCCDDDE/x.txt"), "of a folder");
  overwrite(box.path("store/.lamindb/AAAABBBBCCCCDDDE/y.txt"), "also");
  overwrite(box.path("store/.lamindb/stray"), "");
  auto out = check();
  ASSERT_EQ(out.report.found, 3) << out.text();
  std::map<std::string, Finding> by_uid;
  for (const auto& f : out.findings) by_uid[f.uid] = f;
  const auto lost = by_uid.at("AAAABBBBCCCCDDDD0000");
  EXPECT_EQ(lost.kind, FindingKind::no_row);
  EXPECT_EQ(lost.size, 47);
  EXPECT_NE(lost.what.find("these 47 bytes, written at 20"), std::string::npos) << lost.what;
  EXPECT_EQ(by_uid.at("AAAABBBBCCCCDDDE").size, 15);
  EXPECT_FALSE(out.report.clean());
  EXPECT_TRUE(fs::exists(box.path("store/.lamindb/stray")));

  out = check({.repair = true});
  EXPECT_EQ(out.report.repaired, 3) << out.text();
  EXPECT_TRUE(out.report.clean());
  const auto aside = box.path("store/.lamindb/lost+found");
  EXPECT_EQ(box.read(aside / "AAAABBBBCCCCDDDD0000.txt"), "an acknowledged save that the database has lost");
  EXPECT_EQ(box.read(aside / "AAAABBBBCCCCDDDE/y.txt"), "also");
  expect_clean({.full = true});

  overwrite(box.path("store/.lamindb/AAAABBBBCCCCDDDD0000.txt"), "once more");
  expect_one(FindingKind::no_row, {.repair = true});
  EXPECT_EQ(box.read(aside / "AAAABBBBCCCCDDDD0000.2.txt"), "once more");
  EXPECT_EQ(box.read(aside / "AAAABBBBCCCCDDDD0000.txt"), "an acknowledged save that the database has lost");
}

// A row and its digest are gone, as after the loss of a write-ahead log.
TEST_F(FsckTest, AnAcknowledgedRowThatIsLostIsReportedByItsUid) {
  populate();
  const auto place = stored(file);
  const Value key[] = {file.id()};
  for (const char* sql :
       {"DELETE FROM lamindb_artifact WHERE id = ?", "DELETE FROM lamin_content WHERE artifact_id = ?"}) {
    instance->database().connection().execute(sql, key);
  }
  const auto found = expect_one(FindingKind::no_row);
  EXPECT_EQ(found.uid, file.uid());
  EXPECT_EQ(found.place, place.string());
  EXPECT_EQ(found.size, 5);
}

TEST_F(FsckTest, WhatARunningWriterAnnouncedIsLeftAlone) {
  populate();
  const auto announce = [&](const std::string& place, const std::string& target) {
    lake::Intent intent;
    intent.operation = "OPERATIONOPERATION01";
    intent.place = place;
    intent.kind = target.empty() ? "put" : "swap";
    intent.target = target;
    intent.storage_id = 1;
    lake::declare(*instance, {intent});
  };
  announce(".lamindb/AAAABBBBCCCCDDDD0000.txt", "");
  announce(".lamindb/EEEE.OPERATIONOPERATION01.txt", location(*instance, file).second);
  overwrite(box.path("store/.lamindb/AAAABBBBCCCCDDDD0000.txt"), "on its way");
  overwrite(box.path("store/.lamindb/EEEE.OPERATIONOPERATION01.txt"), "the next version");
  overwrite(stored(file), "half of the next version");
  expect_clean({.full = true, .repair = true});
  EXPECT_EQ(box.read(box.path("store/.lamindb/AAAABBBBCCCCDDDD0000.txt")), "on its way");
  EXPECT_EQ(box.read(stored(file)), "half of the next version");
}

TEST_F(FsckTest, WhatADeadWriterAnnouncedIsTakenBack) {
  populate();
  const auto owner = lake::this_owner();
  const auto dead = owner.substr(0, owner.rfind('/')) + "/1";  // this process's number, started at another time
  const Value row[] = {Value(dead), Value(base::now().micros)};
  instance->database().connection().execute(
      "INSERT INTO lamin_intent (operation, storage_id, place, kind, owner, expires_at, artifact_uid) VALUES "
      "('OPERATIONOPERATION02', 1, '.lamindb/AAAABBBBCCCCDDDD0000.txt', 'put', ?, ?, 'AAAABBBBCCCCDDDD0000')",
      row);
  overwrite(box.path("store/.lamindb/AAAABBBBCCCCDDDD0000.txt"), "half");
  EXPECT_TRUE(expect_one(FindingKind::interrupted).remains());
  EXPECT_FALSE(expect_one(FindingKind::interrupted, {.repair = true}).remains());
  EXPECT_FALSE(fs::exists(box.path("store/.lamindb/AAAABBBBCCCCDDDD0000.txt")));
  expect_clean();
}

TEST_F(FsckTest, WhatOpeningHasMendedIsSaid) {
  populate();
  instance->mended() = {.operations = 2, .files = 1};
  const auto out = expect_clean();
  ASSERT_EQ(out.of(FindingKind::mended).size(), 1U);
  EXPECT_EQ(check().findings.size(), 0U) << "it is said once";
}

TEST_F(FsckTest, AVerifiedCopyInTheCachePutsBytesBack) {
  populate();
  keep_in_cache(file, box.write("copy/a.txt", "hello"));
  fs::remove(stored(file));
  auto found = expect_one(FindingKind::missing, {.repair = true});
  EXPECT_NE(found.done.find("restored from"), std::string::npos) << found.done;
  EXPECT_EQ(box.read(stored(file)), "hello");
  expect_clean({.full = true});

  overwrite(stored(file), "jello");
  found = expect_one(FindingKind::wrong_content, {.full = true, .repair = true});
  EXPECT_EQ(box.read(cache_artifact(*instance, file)), "hello");
  EXPECT_EQ(box.read(box.path("store/.lamindb/lost+found") / stored(file).filename()), "jello") << found.done;
  expect_clean({.full = true});

  keep_in_cache(folder, box.path("d"));
  fs::remove(stored(folder) / "x.txt");
  found = expect_one(FindingKind::wrong_size, {.repair = true});
  EXPECT_EQ(box.read(stored(folder) / "x.txt"), "x") << found.done;
  expect_clean({.full = true});
}

TEST_F(FsckTest, ADamagedCopyInTheCacheIsNotTaken) {
  populate();
  keep_in_cache(file, box.write("copy/a.txt", "hello"));
  for (const auto& entry : fs::recursive_directory_iterator(base::cache_folder())) {
    if (entry.path().extension() == ".txt") overwrite(entry.path(), "jello");
  }
  overwrite(stored(file), "");
  EXPECT_TRUE(expect_one(FindingKind::wrong_size, {.repair = true}).remains());
  EXPECT_EQ(box.read(stored(file)), "");
}

TEST_F(FsckTest, SupersededVersionsAreInformation) {
  populate();
  box.write("d/x.txt", "second");
  save({.path = box.path("d"), .key = "d"});
  save({.path = box.write("r.txt", "real, too"), .key = "real/r.txt", .key_is_virtual = false});
  for (const bool full : {false, true}) {
    const auto out = expect_clean({.full = full, .repair = full});
    EXPECT_EQ(out.of(FindingKind::superseded).size(), 2U) << out.text();
    EXPECT_EQ(out.report.information, 2);
  }
}

TEST_F(FsckTest, DigestsOfWhatLaminDbWroteAreAdopted) {
  populate();
  instance->database().connection().script("DELETE FROM lamin_content; DELETE FROM lamin_file");
  EXPECT_EQ(expect_clean({.full = true}).of(FindingKind::no_digest).size(), 1U);
  EXPECT_EQ(count("lamin_content"), 0);
  overwrite(stored(file), "jello");  // the hash disagrees: this one is not adopted
  const auto out = check({.full = true, .repair = true});
  EXPECT_EQ(out.report.found, 1) << out.text();
  EXPECT_EQ(count("lamin_content"), 8);
  EXPECT_EQ(count("lamin_file"), 2);
  overwrite(stored(file), "hello");
  expect_clean({.full = true, .repair = true});
  EXPECT_EQ(expect_clean({.full = true}).findings.size(), 0U);
  EXPECT_EQ(count("lamin_content"), 9);
}

TEST_F(FsckTest, LostTablesAreMadeAgain) {
  populate();
  const auto drop = [&] {
    instance->database().connection().script("DROP TABLE lamin_content; DROP TABLE lamin_file");
  };
  drop();
  auto out = check({.full = true, .repair = true});
  EXPECT_EQ(out.of(FindingKind::lost_table).size(), 2U) << out.text();
  EXPECT_TRUE(out.report.clean());
  EXPECT_EQ(count("lamin_content"), 9) << "and the digests are computed again";
  drop();
  reopen();
  EXPECT_TRUE(box.said("the table lamin_content was lost"));
  EXPECT_EQ(box.read(cache_artifact(*instance, *find_artifact(*instance, "a.txt"))), "hello");
  out = check();
  EXPECT_EQ(out.of(FindingKind::lost_table).size(), 2U) << out.text();
  instance->database().connection().script("PRAGMA foreign_keys = OFF; DROP TABLE lamindb_projectrecord");
  const auto gone = expect_one(FindingKind::lost_table, {.repair = true});
  EXPECT_EQ(gone.place, "lamindb_projectrecord");
  EXPECT_TRUE(gone.remains()) << "LaminDB's own table: only a backup has it";
}

TEST_F(FsckTest, AStorageThatIsAwayIsSaidAndTheOthersAreChecked) {
  populate();
  instance->database().connection().script(
      "INSERT INTO lamindb_storage (uid, root, type, instance_uid, branch_id, created_on_id, space_id, created_by_id) "
      "VALUES ('AAAAAAAAAAAA', '/nowhere', 'local', 'other', 1, 1, 1, 1)");
  expect_clean();  // nothing is kept there
  instance->database().connection().script("UPDATE lamindb_artifact SET storage_id = 2 WHERE key = 'b.txt'");
  const auto out = check();
  ASSERT_EQ(out.of(FindingKind::unreachable).size(), 1U) << out.text();
  EXPECT_EQ(out.of(FindingKind::unreachable).front().place, "/nowhere");
  EXPECT_EQ(out.of(FindingKind::no_row).size(), 2U) << out.text();
  EXPECT_EQ(out.report.artifacts, 7);
}

// What another instance keeps in its storage has its rows there.
TEST_F(FsckTest, TheStorageOfAnotherInstanceIsReadAndNotJudged) {
  populate();
  overwrite(box.path("store/.lamindb/AAAABBBBCCCCDDDD0000.txt"), "theirs");
  instance->database().connection().script("UPDATE lamindb_storage SET instance_uid = 'another'");
  expect_clean({.repair = true});
}

TEST_F(FsckTest, AnInterruptedCheckGoesOn) {
  std::vector<Draft> drafts;
  for (int i = 0; i < 700; ++i) {
    const auto name = std::to_string(i) + ".txt";
    drafts.push_back(prepare_artifact(*instance, {.path = box.write(name, "text " + name), .key = name}));
  }
  save_artifacts(*instance, drafts);
  for (const std::size_t i : {3U, 300U, 699U}) fs::remove(stored(drafts[i].record));
  std::vector<std::string> found;
  const auto note = [&](const Finding& f) { found.push_back(f.key); };
  const auto stop_early = [](const FsckProgress& now) {
    EXPECT_EQ(now.of, 700);
    return now.artifacts <= 256;  // the end of the first stretch
  };
  std::string message;
  const auto interrupted = [&] { fsck(*instance, {.full = true}, {.finding = note, .progress = stop_early}); };
  EXPECT_EQ(code_of(interrupted, &message), Code::interrupted);
  EXPECT_NE(message.find("--resume"), std::string::npos) << message;
  EXPECT_EQ(found.front(), "3.txt");
  EXPECT_LT(found.size(), 3U);
  const auto report = fsck(*instance, {.full = true, .resume = true}, {.finding = note});
  EXPECT_EQ(found, (std::vector<std::string>{"3.txt", "300.txt", "699.txt"})) << "nothing is checked twice";
  EXPECT_EQ(report.artifacts, 700);
  EXPECT_EQ(report.found, 3) << "what was found before still counts";
  found.clear();
  fsck(*instance, {.full = true, .resume = true}, {.finding = note});
  EXPECT_EQ(found.size(), 3U) << "a check that came to its end begins anew";
}

TEST_F(FsckTest, DraftsOfDeadProcessesGoAfterAWhile) {
  const auto mine = lake::new_draft(".parquet");
  overwrite(mine, "about to be saved");
  auto dead = mine.parent_path().filename().string();
  dead = dead.substr(0, dead.rfind('_')) + "_1";
  const auto drafts = base::cache_folder() / "drafts";
  overwrite(drafts / dead / "x.parquet", "lost");
  overwrite(drafts / dead / "y.zarr/.zgroup", "{}");
  overwrite(drafts / "ofAFormerVersion.csv", "lost");
  const auto age = [](const fs::path& path, seconds by) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - by);
  };
  expect_clean();
  EXPECT_EQ(remove_leftovers(*instance).young, 3);
  age(drafts / dead / "x.parquet", std::chrono::hours(2));
  age(drafts / "ofAFormerVersion.csv", std::chrono::hours(2));
  EXPECT_EQ(expect_one(FindingKind::draft).place, (drafts / dead / "x.parquet").string());
  expect_one(FindingKind::draft, {.repair = true});
  EXPECT_FALSE(fs::exists(drafts / dead / "x.parquet"));
  auto left = remove_leftovers(*instance, seconds(0));
  EXPECT_EQ(left.drafts, 1) << "whoever wrote the old one may still be there: for a day";
  EXPECT_EQ(left.bytes, 2);
  EXPECT_EQ(left.young, 1);
  EXPECT_FALSE(fs::exists(drafts / dead));
  age(drafts / "ofAFormerVersion.csv", std::chrono::hours(25));
  EXPECT_EQ(remove_leftovers(*instance).drafts, 1);
  EXPECT_EQ(box.read(mine), "about to be saved");
}

TEST_F(FsckTest, UnfinishedCopiesOfDeadProcessesGo) {
  populate();
  overwrite(box.path("store/.lamin-tmp/deadbeefdead/half"), "half a file");
  fs::create_directories(box.path("store/.lamin-tmp/emptyemptyem"));
  const auto left = remove_leftovers(*instance);
  EXPECT_EQ(left.staged, 2);
  EXPECT_EQ(left.bytes, 11);
  EXPECT_FALSE(fs::exists(box.path("store/.lamin-tmp/deadbeefdead")));
  overwrite(box.path("store/.lamin-tmp/deadbeefdead/half"), "half a file");
  reopen();
  EXPECT_EQ(remove_leftovers(*instance).staged, 1) << "also what opening the storage removes is counted";
  overwrite(box.path("store/.lamin-tmp/deadbeefdead/half"), "half a file");
  const auto out = check();
  EXPECT_EQ(out.of(FindingKind::leftover).size(), 1U) << out.text();
  EXPECT_TRUE(out.report.clean()) << out.text();
}

}  // namespace
}  // namespace lamin
