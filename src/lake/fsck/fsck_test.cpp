// Damage of each kind is found, and nothing else.
#include <sys/stat.h>
#include <sys/wait.h>
#include <map>
#include <random>
#include <set>
#include "lake/artifact/intent.hpp"
#include "lake/fsck/fsck_testing.hpp"
#include "lamin/remove.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::FsckTest;
namespace fs = std::filesystem;

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
    const auto a = save({.source = fresh.write("a.txt", "hello"), .key = "a.txt"}).record;
    save({.source = fresh.write("b.txt", "other"), .key = "b.txt"});
    fresh.write("d/x.txt", "x");
    fresh.write("d/deep/y.txt", "yy");
    const auto d = save({.source = fresh.path("d"), .key = "d"}).record;
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
    const auto repaired = expect_one(damage.kind, {.full = true, .repair = true});  // there is no copy
    EXPECT_TRUE(repaired.remains());
    instance.reset();
  }
}

// Damages the file in a random way.
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
    drafts.push_back(prepare_artifact(*instance, {.source = box.write(name, text), .key = name}));
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

// Saves new files and versions of one key, and permanently deletes some, until the time is up.
void keep_writing(const testing::Sandbox& box, int number) {
  const auto mine = connect("lab");
  const auto name = "w" + std::to_string(number) + ".txt";
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  for (int i = 0; std::chrono::steady_clock::now() < until; ++i) {
    const auto text = std::to_string(number) + " " + std::to_string(i);
    const auto key = i % 2 == 0 ? "common.txt" : "own/" + std::to_string(i % 7) + name;
    auto draft = prepare_artifact(*mine, {.source = box.write(name, text), .key = key});
    save_artifact(*mine, draft);
    if (i % 6 == 3) remove(*mine, draft.record, {.permanent = true});  // its own
  }
}

TEST_F(FsckTest, BesideRunningWritersNothingIsFoundAndNothingIsMoved) {
  populate();
  instance.reset();
  std::vector<pid_t> writers;
  for (int number = 0; number < 3; ++number) {
    writers.push_back(::fork());
    if (writers.back() != 0) continue;
    base::set_log_sink([](base::Level, std::string_view) {});
    try {
      keep_writing(box, number);
    } catch (const std::exception& e) {
      std::fputs(e.what(), stderr);
      ::_exit(1);
    }
    ::_exit(0);
  }
  instance = connect("lab");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  int checks = 0;
  for (; std::chrono::steady_clock::now() < until; ++checks) expect_clean({.full = true, .repair = true});
  for (const auto writer : writers) {
    int status = 0;
    ::waitpid(writer, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  EXPECT_GT(checks, 1);
  EXPECT_FALSE(fs::exists(box.path("store/.lamindb/lost+found")));
  EXPECT_GT(expect_clean({.full = true}).report.artifacts, 20);
}

TEST_F(FsckTest, WhatOpeningHasMendedIsSaid) {
  populate();
  instance->mended() = {.operations = 2, .files = 1};
  const auto out = expect_clean();
  ASSERT_EQ(out.of(FindingKind::mended).size(), 1U);
  EXPECT_EQ(check().findings.size(), 0U) << "it is said once";
}

TEST_F(FsckTest, SupersededVersionsAreInformation) {
  populate();
  box.write("d/x.txt", "second");
  save({.source = box.path("d"), .key = "d"});
  save({.source = box.write("r.txt", "real, too"), .key = "real/r.txt", .key_is_virtual = false});
  for (const bool full : {false, true}) {
    const auto out = expect_clean({.full = full, .repair = full});
    EXPECT_EQ(out.of(FindingKind::superseded).size(), 2U) << out.text();
    EXPECT_EQ(out.report.information, 2);
  }
}

TEST_F(FsckTest, AStorageThatIsAwayIsSaidAndTheOthersAreChecked) {
  populate();
  instance->database().connection().script(
      "INSERT INTO lamindb_storage (uid, root, type, instance_uid, branch_id, created_on_id, space_id, created_by_id) "
      "VALUES ('AAAAAAAAAAAA', '/nowhere', 'local', 'other', 1, 1, 1, 1)");
  expect_clean();  // nothing is stored there
  instance->database().connection().script("UPDATE lamindb_artifact SET storage_id = 2 WHERE key = 'b.txt'");
  const auto out = check();
  ASSERT_EQ(out.of(FindingKind::unreachable).size(), 1U) << out.text();
  EXPECT_EQ(out.of(FindingKind::unreachable).front().place, "/nowhere");
  EXPECT_EQ(out.of(FindingKind::no_row).size(), 2U) << out.text();
  EXPECT_EQ(out.report.artifacts, 7);
}

// Content that another instance keeps in its storage has its rows in that instance.
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
    drafts.push_back(prepare_artifact(*instance, {.source = box.write(name, "text " + name), .key = name}));
  }
  save_artifacts(*instance, drafts);
  for (const std::size_t i : {3U, 300U, 699U}) fs::remove(stored(drafts[i].record));
  std::vector<std::string> found;
  const auto note = [&](const Finding& f) { found.push_back(f.key); };
  const auto stop_early = [](const FsckProgress& now) {
    EXPECT_EQ(now.of, 700);
    return now.artifacts <= 256;  // the end of the first batch
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

}  // namespace
}  // namespace lamin
