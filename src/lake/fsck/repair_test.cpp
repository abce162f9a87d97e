// What a check repairs, and what it leaves: the second run is clean.
#include <map>
#include "base/time.hpp"
#include "lake/fsck/fsck_testing.hpp"
#include "lake/fsck/leftovers.hpp"
#include "lake/instance/owner.hpp"

namespace lamin {
namespace {

using testing::FsckTest;
namespace fs = std::filesystem;
using std::chrono::seconds;

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

TEST_F(FsckTest, WhatADeadWriterAnnouncedIsTakenBack) {
  populate();
  const auto owner = lake::this_owner();
  const auto dead = owner.substr(0, owner.rfind('/')) + "/1";  // this process's pid, started at another time
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
  EXPECT_EQ(left.staged, 1) << "an empty folder is removed, and is no loss to tell of";
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
