// Keys are paths below a folder, in rows that are created, changed and used.
#include <gmock/gmock.h>
#include "lake/open/testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

const std::vector<std::string> bad = {
    "../../x.py", "/tmp/x.py", "a/../../x.py", "a/./b", "a\\b", std::string("a\0b", 3), "..", ""};
const std::vector<std::string> obeyed = {"a\x1b[31mb.py", "a\nb.py",          "a\x7f.py",
                                         "a\xc2\x9b.py",  "a\xe2\x80\xae.py", "a\xe2\x81\xa6.py"};

class KeysTest : public testing::InstanceTest {
 protected:
  Record script(const std::string& key, const std::string& source = "x = 1") {
    return make_transform(*instance, {.key = key, .kind = "script", .source_code = source});
  }
  void by_sql(const std::string& table, const std::string& column, const Record& record, const std::string& value) {
    const Value values[] = {Value(value), Value(record.id())};
    instance->database().connection().execute("UPDATE " + table + " SET " + column + " = ? WHERE id = ?", values);
  }
  Record stored(const Record& record) { return *instance->database().find(record.table(), record.id()); }
};

TEST_F(KeysTest, AChangedKeyIsChecked) {
  auto& database = instance->database();
  const auto transform = script("a.py");
  const auto artifact = save_text("f.txt", "1", "f.txt").record;
  auto draft = prepare_collection(*instance, {.artifacts = {artifact}, .key = "c"});
  save_collection(*instance, draft);
  for (const auto& record : {transform, draft.record, artifact}) {
    for (const auto* keys : {&bad, &obeyed}) {
      for (const auto& key : *keys) {
        auto changed = record;
        changed.set("key", Value(key));
        std::string message;
        EXPECT_EQ(code_of([&] { registry::Writes(database).save(changed); }, &message), Code::invalid_argument) << key;
        EXPECT_EQ(message.find('\x1b'), message.npos);
        if (key.find('\0') != key.npos) continue;  // no column can hold it
        const Query all{.registry = record.table().qualified.str()};
        EXPECT_EQ(code_of([&] { registry::Writes(database).update(all, {{"key", Value(key)}}); }),
                  Code::invalid_argument)
            << key;
        EXPECT_EQ(stored(record).text("key"), record.text("key"));
      }
    }
  }
  auto moved = artifact;
  EXPECT_EQ(code_of([&] { registry::Writes(database).save(moved.set("_real_key", Value("../../f.txt"))); }),
            Code::invalid_argument);
}

TEST_F(KeysTest, ANewKeyIsChecked) {
  const auto file = box.write("f.txt", "1");
  for (const auto* keys : {&bad, &obeyed}) {
    for (const auto& key : *keys) {
      EXPECT_EQ(code_of([&] { script(key); }), Code::invalid_argument) << key;
      if (key.empty()) continue;
      EXPECT_EQ(code_of([&] { prepare_artifact(*instance, {.source = file, .key = key}); }), Code::invalid_argument)
          << key;
    }
  }
}

TEST_F(KeysTest, ARowThatHasABadOneAlreadyIsStillUsed) {
  auto artifact = save_text("f.txt", "1", "f.txt").record;
  by_sql("lamindb_artifact", "key", artifact, "a\x1b[31m\nb.txt");
  artifact = stored(artifact);
  EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, artifact)), "1");
  artifact.set("description", Value("another"));
  registry::Writes(instance->database()).save(artifact);
  EXPECT_THAT(to_string(artifact), HasSubstr("key='a\\x1b[31m\\nb.txt'"));
  EXPECT_THAT(describe(*instance, artifact), Not(HasSubstr("\x1b")));
  EXPECT_THAT(print_lineage(*instance, artifact), HasSubstr("a\\x1b[31m\\nb.txt"));
}

TEST_F(KeysTest, ASourceIsWrittenBelowTheFolderOnly) {
  const auto transform = script("steps/one/a.py");
  EXPECT_EQ(write_source(transform, "."), "steps/one/a.py");
  EXPECT_EQ(testing::Sandbox::read(box.path("steps/one/a.py")), "x = 1");
  EXPECT_EQ(code_of([&] { write_source(transform, "."); }), Code::conflict);
  for (const auto& key : bad) {
    if (key.empty() || key.find('\0') != key.npos) continue;
    by_sql("lamindb_transform", "key", transform, key);
    std::string message;
    EXPECT_EQ(code_of([&] { write_source(stored(transform), "."); }, &message), Code::invalid_argument) << key;
    EXPECT_THAT(message, HasSubstr("The key '"));
  }
  EXPECT_FALSE(fs::exists("/tmp/x.py"));
  EXPECT_FALSE(fs::exists(box.path("../../x.py")));
  fs::create_directory_symlink("..", box.path("up"));
  for (const char* key : {"up/x.py", "up/new/x.py"}) {
    by_sql("lamindb_transform", "key", transform, key);
    EXPECT_EQ(code_of([&] { write_source(stored(transform), "."); }), Code::no_access) << key;
  }
  EXPECT_FALSE(fs::exists(box.path("../x.py")));
  EXPECT_FALSE(fs::exists(box.path("../new")));
  for (const auto& entry : fs::recursive_directory_iterator(box.path("steps")))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".new-"));
}

TEST_F(KeysTest, ContentIsReadBelowTheStorageOnly) {
  box.write("outside.txt", "not yours");
  const auto artifact = save_text("f.txt", "1", "f.txt").record;
  for (const char* place : {"../outside.txt", "/etc/passwd", "a/../../outside.txt"}) {
    by_sql("lamindb_artifact", "_real_key", artifact, place);
    EXPECT_EQ(code_of([&] { cache_artifact(*instance, stored(artifact)); }), Code::invalid_argument) << place;
  }
  by_sql("lamindb_artifact", "_real_key", artifact, "");
  by_sql("lamindb_artifact", "suffix", artifact, "/../../../outside.txt");
  EXPECT_EQ(code_of([&] { cache_artifact(*instance, stored(artifact)); }), Code::invalid_argument);
}

}  // namespace
}  // namespace lamin
