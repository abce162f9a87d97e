// extras_test.cpp -- abbreviations, emoji, and the space that a type prescribes.
#include "lake/label/label_testing.hpp"

namespace lamin {
namespace {

using testing::code_of;

class ExtrasTest : public testing::LabelTest {};

TEST_F(ExtrasTest, AnAbbreviationBecomesASynonym) {
  auto cell = cell_type("regulatory T cell", "CL:0000815");
  set_abbreviation(*instance, cell, " Treg ");
  const auto stored = instance->database().find(cell.table(), cell.id()).value();
  EXPECT_EQ(stored.text("abbr"), "Treg");
  EXPECT_EQ(stored.text("synonyms"), "Treg");
  set_abbreviation(*instance, cell, "Treg");  // again changes nothing
  EXPECT_EQ(cell.text("synonyms"), "Treg");
  auto other = cell_type("other", "CL:0000001");
  EXPECT_EQ(code_of([&] { set_abbreviation(*instance, other, "Treg"); }), Code::validation) << "it belongs to another";
  EXPECT_TRUE(other.text("abbr").empty()) << "nothing half-done";
  EXPECT_EQ(code_of([&] { set_abbreviation(*instance, cell, " "); }), Code::invalid_argument);
  Record feature(instance->catalog().table("Feature"));
  EXPECT_EQ(code_of([&] { set_abbreviation(*instance, feature, "f"); }), Code::invalid_argument);
}

TEST_F(ExtrasTest, AnEmojiIsKeptBesideOtherNotes) {
  Record label(instance->catalog().table("ULabel"));
  label.set("_aux", Json{R"({"ss": "spaceuid0000"})"});
  EXPECT_EQ(emoji(label), "");
  set_emoji(label, " 🧬 ");
  EXPECT_EQ(emoji(label), "🧬");
  EXPECT_EQ(single_space(label).uid, "spaceuid0000");
  set_emoji(label, "");
  EXPECT_EQ(emoji(label), "");
  EXPECT_EQ(single_space(label).uid, "spaceuid0000");
  label.set("_aux", Json{R"({"ss": 1})"});
  EXPECT_TRUE(single_space(label).of_type);
  label.set("_aux", Value());
  EXPECT_TRUE(single_space(label).any);
}

TEST_F(ExtrasTest, RowsOfATypeAreInItsSpace) {
  Record type(instance->catalog().table("ULabel"));
  type.set("name", Value("Samples"));
  EXPECT_EQ(code_of([&] { set_single_space(type, {.any = false, .of_type = true}); }), Code::invalid_argument);
  type.set("is_type", Value(true));
  set_emoji(type, "🧬");
  set_single_space(type, {.any = false, .of_type = true});
  EXPECT_TRUE(single_space(type).of_type);
  Record space(instance->catalog().table("Space"));
  space.set("name", Value("lab"));
  for (Record* one : {&type, &space}) ASSERT_FALSE(save(*instance, *one));
  const auto row = [&](std::int64_t in) {
    Record label(instance->catalog().table("ULabel"));
    label.set("name", Value("s" + std::to_string(in))).set("type", Value(type.id()));
    if (in != 0) label.set("space", Value(in));
    save(*instance, label);
    return label;
  };
  EXPECT_EQ(row(0).at("space"), type.at("space"));
  std::string message;
  EXPECT_EQ(code_of([&] { row(space.id()); }, &message), Code::validation);
  EXPECT_THAT(message, ::testing::HasSubstr("whose rows must be in the space 'all'"));
  set_single_space(type, {.any = false, .uid = std::string(space.uid())});
  save(*instance, type);
  EXPECT_EQ(row(0).at("space").integer_or(0), space.id());
  set_single_space(type, {});
  EXPECT_TRUE(single_space(type).any);
  EXPECT_EQ(emoji(type), "🧬");
  save(*instance, type);
  EXPECT_EQ(row(1).at("space").integer_or(0), 1);
}

}  // namespace
}  // namespace lamin
