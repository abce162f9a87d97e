// A file is saved as what it is, with its annotations in the same commit.
#include <gmock/gmock.h>
#include <fstream>
#include "lake/open/testing.hpp"
#include "lamin/find.hpp"
#include "lamin/label.hpp"
#include "lamin/note.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class SaveFile : public ::testing::Test {
 protected:
  fs::path file(const char* name, std::string_view text) {
    std::ofstream(box_.path(name)) << text;
    return box_.path(name);
  }
  Record label(const char* name) {
    Record made(instance_->catalog().table("ULabel"));
    made.set("name", Value(name));
    save(*instance_, made);
    return made;
  }
  std::int64_t count(const char* registry, const char* where) {
    return instance_->database().count({.registry = registry, .where = Expr::parse(where)});
  }
  testing::Sandbox box_;
  std::unique_ptr<Instance> instance_ = init({.storage = "store", .name = "lab"});
};

TEST_F(SaveFile, AsWhatItIs) {
  const auto script = file("fit.py", "print(1)\n");
  const auto table = file("plate.csv", "well,dose\nA1,1\n");
  EXPECT_EQ(registry_of(*instance_, script), "Transform");
  EXPECT_EQ(save_file(*instance_, {.artifact = {.source = script}}).record.table().name, "Transform");
  EXPECT_EQ(save_file(*instance_, {.artifact = {.source = table, .key = "plate.csv"}}).record.table().name, "Artifact");
  const auto kept = save_file(*instance_, {.registry = "Artifact", .artifact = {.source = script, .key = "fit.py"}});
  EXPECT_EQ(kept.record.table().name, "Artifact") << "unless the caller says so";
  std::string message;
  const auto wrong = [&] { save_file(*instance_, {.registry = "ULabel", .artifact = {.source = table}}); };
  EXPECT_EQ(code_of(wrong, &message), Code::invalid_argument);
  EXPECT_THAT(message, HasSubstr("ULabel"));
}

TEST_F(SaveFile, WithAnnotationsOrNotAtAll) {
  const auto donor = label("donor 1");
  const auto table = file("plate.csv", "well,dose\nA1,1\n");
  const auto saved = save_file(
      *instance_,
      {.artifact = {.source = table, .key = "plate.csv"},
       .annotations = {.labels = {donor}, .version_tag = "first", .readme = "# Plate\n", .comment = "Looks fine."}});
  EXPECT_EQ(count("Artifact", "ulabels.name = 'donor 1' and version_tag = 'first'"), 1);
  EXPECT_EQ(readme(*instance_, saved.record)->text("content"), "# Plate\n");
  EXPECT_EQ(comments(*instance_, saved.record).size(), 1U);

  FileOptions bad{.artifact = {.source = file("other.csv", "well,dose\nA1,2\n"), .key = "other.csv"},
                  .annotations = {.labels = {donor}, .readme = " "}};
  EXPECT_EQ(code_of([&] { save_file(*instance_, bad); }), Code::invalid_argument);
  EXPECT_EQ(count("Artifact", "key = 'other.csv'"), 0) << "an empty readme keeps all out";
}

TEST_F(SaveFile, ContinuesAFamilyAndMakesReadmesPages) {
  const auto first = save_file(*instance_, {.artifact = {.source = file("a.csv", "x\n1\n"), .key = "a.csv"}}).record;
  const auto second = save_file(*instance_, {.artifact = {.source = file("a.csv", "x\n2\n")},
                                             .stem_uid = std::string(first.uid().substr(0, 16))});
  EXPECT_EQ(second.record.uid().substr(0, 16), first.uid().substr(0, 16));
  EXPECT_EQ(second.record.text("key"), "a.csv");

  save_file(*instance_, {.artifact = {.source = file("README.md", "# Lab\n"), .key = "README.md"}});
  fs::remove(box_.path("README.md"));
  EXPECT_TRUE(fs::exists(write_page_file(*instance_, "README.md")));
}

TEST_F(SaveFile, ASchemaIsForDatasets) {
  Record schema(instance_->catalog().table("Schema"));
  FileOptions options{.artifact = {.source = file("fit.py", "print(1)\n")}};
  options.schema = schema;
  std::string message;
  EXPECT_EQ(code_of([&] { save_file(*instance_, options); }, &message), Code::invalid_argument);
  EXPECT_THAT(message, HasSubstr("Transform"));
}

}  // namespace
}  // namespace lamin
