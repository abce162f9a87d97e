// Notes as files: which record a file is, and what a renamed file does.
#include <gmock/gmock.h>
#include <fstream>
#include "lake/open/testing.hpp"
#include "lamin/find.hpp"
#include "lamin/note.hpp"
#include "lamin/save.hpp"
#include "lamin/settings.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::HasSubstr;
using testing::Sandbox;
using ::testing::StartsWith;
namespace fs = std::filesystem;

struct Notes {
  Sandbox box;
  std::unique_ptr<Instance> instance = init({.storage = "store", .name = "lab"});
  Record topic{instance->catalog().table("Record")};

  Notes() {
    topic.set("name", Value("Topic"));
    topic.set("is_type", Value(true));
    save(*instance, topic);
  }
  fs::path file(const char* name, std::string_view text) {
    const auto path = box.path(name);
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }
};

TEST(NoteFiles, AreRecordsBelowTheTypesThatTheirFoldersName) {
  Notes notes;
  const auto path = notes.file("topic/first.md", "# First\n");
  ASSERT_TRUE(is_note(*notes.instance, path));
  const auto saved = save_note(*notes.instance, path);
  EXPECT_EQ(saved.record.text("name"), "first");
  EXPECT_EQ(saved.record.at("type").integer_or(0), notes.topic.id()) << "whatever its case";
  EXPECT_EQ(saved.readme.text("content"), "# First\n");
  EXPECT_EQ(Sandbox::read(path), "---\nlamindb:\n  uid: " + std::string(saved.record.uid()) + "\n---\n\n# First\n");
  EXPECT_EQ(save_note(*notes.instance, path).readme.id(), saved.readme.id()) << "nothing new";
  notes.file("topic/first.md", "# Second\n");
  const auto again = save_note(*notes.instance, path);
  EXPECT_EQ(again.record.id(), saved.record.id()) << "by its name";
  EXPECT_NE(again.readme.id(), saved.readme.id());
  EXPECT_EQ(note_at(*notes.instance, "Topic/first.md").id(), saved.record.id());
  const auto root = save_note(*notes.instance, notes.file("root.md", "# Root\n")).record;
  EXPECT_TRUE(root.at("type").is_null());
  EXPECT_TRUE(root.at("is_type").boolean_or(false)) << "notes can be below it";
}

TEST(NoteFiles, ARenamedFileRenamesItsRecord) {
  Notes notes;
  const auto before = save_note(*notes.instance, notes.file("topic/a.md", "---\ntitle: x\n---\n# A\n")).record;
  save_note(*notes.instance, notes.file("topic/b.md", "# B\n"));
  fs::rename(notes.box.path("topic/a.md"), notes.box.path("topic/c.md"));
  const auto after = save_note(*notes.instance, notes.box.path("topic/c.md"));
  EXPECT_TRUE(after.renamed);
  EXPECT_EQ(after.record.id(), before.id());
  EXPECT_EQ(after.record.text("name"), "c");
  EXPECT_THAT(std::string(after.readme.text("content")), StartsWith("---\ntitle: x\n---\n"));
  fs::copy_file(notes.box.path("topic/c.md"), notes.box.path("topic/b.md"), fs::copy_options::overwrite_existing);
  std::string message;
  EXPECT_EQ(code_of([&] { save_note(*notes.instance, notes.box.path("topic/b.md")); }, &message), Code::conflict);
  EXPECT_THAT(message, HasSubstr("Cannot rename record 'c' to 'b'"));
}

TEST(NoteFiles, SayWhatIsMissing) {
  Notes notes;
  std::string message;
  EXPECT_EQ(code_of([&] { save_note(*notes.instance, notes.file("nothing/x.md", "x")); }, &message), Code::not_found);
  EXPECT_THAT(message, HasSubstr("Record type 'nothing' not found under '<root>'"));
  EXPECT_EQ(code_of([&] { save_note(*notes.instance, notes.file("topic/none/x.md", "x")); }, &message),
            Code::not_found);
  EXPECT_THAT(message, HasSubstr("'none' not found under 'topic'"));
  const auto unknown = notes.file("topic/u.md", "---\nlamindb:\n  uid: missinguid000000\n---\nx\n");
  EXPECT_EQ(code_of([&] { save_note(*notes.instance, unknown); }, &message), Code::not_found);
  EXPECT_THAT(message, HasSubstr("missinguid000000"));
  EXPECT_EQ(code_of([&] { save_note(*notes.instance, notes.file("topic/README.md", "x")); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { static_cast<void>(note_at(*notes.instance, "Topic/nothing")); }), Code::not_found);
  EXPECT_EQ(code_of([&] { static_cast<void>(note_at(*notes.instance, "../x")); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { static_cast<void>(write_note(*notes.instance, notes.topic)); }), Code::not_found)
      << "no text";
  EXPECT_EQ(notes.instance->database().count({.registry = "Record"}), 1);
}

TEST(NoteFiles, AreWrittenBack) {
  Notes notes;
  const auto path = notes.file("Topic/first.md", "# First\n");
  const auto record = save_note(*notes.instance, path).record;
  const auto text = Sandbox::read(path);
  EXPECT_EQ(fs::canonical(write_note(*notes.instance, record)), fs::canonical(path)) << "it is there";
  fs::remove_all(notes.box.path("Topic"));
  write_note(*notes.instance, record);
  EXPECT_EQ(Sandbox::read(path), text);
  notes.file("Topic/first.md", "changed");
  EXPECT_EQ(code_of([&] { write_note(*notes.instance, record); }), Code::conflict) << "nobody's work is overwritten";
  disconnect(fs::current_path());
  fs::create_directories(notes.box.path("elsewhere"));
  fs::current_path(notes.box.path("elsewhere"));
  write_note(*notes.instance, record);
  EXPECT_EQ(Sandbox::read(notes.box.path("elsewhere/first.md")), text);
}

TEST(PlanFiles, AreKnownByTheirPlace) {
  Notes notes;
  const auto plan = notes.file(".cursor/plans/sort.plan.md", "---\noverview: Sort the cells\n---\n\n# Sort\n");
  EXPECT_TRUE(is_plan(plan));
  EXPECT_TRUE(is_plan(notes.file(".claude/plans/deep/task.md", "# Task\n")));
  EXPECT_TRUE(is_plan(notes.file("anywhere.plan.md", "# Plan\n")));
  EXPECT_FALSE(is_plan(notes.file("plans/task.md", "# Task\n")));
  EXPECT_FALSE(is_plan(notes.file(".claude/plans/data.csv", "a\n")));
  const auto read = read_plan(plan);
  EXPECT_EQ(read.key, ".plans/sort.plan.md");
  EXPECT_EQ(read.description, "Sort the cells");
  EXPECT_EQ(read.text, "# Sort\n");
}

}  // namespace
}  // namespace lamin
