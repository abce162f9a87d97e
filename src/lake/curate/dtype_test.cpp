// dtype_test.cpp -- what columns and dictionaries may hold, and what is converted.
#include "lake/label/label_testing.hpp"

namespace lamin {
namespace {

using testing::code_of;

class DtypeTest : public testing::LabelTest {
 protected:
  Record unsaved(const std::vector<Record>& members, bool coerce = false) {
    return prepare_schema(*instance, {.members = members, .coerce = coerce}).record;
  }
  std::string problems(const std::vector<Record>& members, const Frame& frame, CurateOptions options = {},
                       bool coerce = false) {
    options.members = members;
    Curator curator(*instance, unsaved(members, coerce), {{"", frame}}, options);
    std::string text;
    for (const Problem& one : curator.check()) text += one.message.in(Face::python) + "\n";
    return text;
  }
  static Frame column(const std::string& name, Column column) {
    Frame frame;
    frame.add(name, std::move(column));
    return frame;
  }
};

TEST_F(DtypeTest, ASchemaThatIsNotSavedCanBeCheckedButNotAnnotatedWith) {
  Record n = feature("n", "int");
  const Record schema = unsaved({n});
  EXPECT_EQ(code_of([&] { Curator(*instance, schema, {{"", column("n", Column::integers({1}))}}); }),
            Code::invalid_argument);
  Curator curator(*instance, schema, {{"", column("n", Column::integers({1}))}}, {.members = std::vector<Record>{n}});
  EXPECT_TRUE(curator.check().empty());
  Record artifact(table("Artifact"));
  EXPECT_EQ(code_of([&] { curator.annotate(artifact); }), Code::invalid_argument);
  n.set("nullable", Value(false));  // as it is now, saved or not
  EXPECT_NE(problems({n}, column("n", Column::integers({1}, {false}))).find("contains null values"), std::string::npos);
}

TEST_F(DtypeTest, ADictionaryCannotHoldTwoFeaturesOfOneName) {
  Record type = add("Feature", {{"name", Value("Lab")}, {"is_type", Value(true)}});
  Record one = feature("n", "int"),
         two = add("Feature", {{"name", Value("n")}, {"_dtype_str", Value("int")}, {"type", Value(type.id())}});
  const Frame table = column("n", Column::integers({1}));
  EXPECT_EQ(problems({one, two}, table), "") << "both describe the column of a table";
  EXPECT_NE(problems({one, two}, table, {.is_dictionary = true}).find("features 'n' share a name"), std::string::npos);
}

TEST_F(DtypeTest, TextsOfDictionariesAreDictionaries) {
  const Record notes = feature("notes", "dict");
  const auto of = [&](std::vector<std::string> texts) {
    return problems({notes}, column("notes", Column::texts(texts)));
  };
  EXPECT_EQ(of({"{'a': None}", R"({"a": null})", "{}"}), "");
  for (const char* text : {"{invalid", "[1, 2]", "42", "null"}) {
    EXPECT_NE(of({text}).find("strings representing dicts"), std::string::npos) << text;
  }
}

TEST_F(DtypeTest, CellsOfAColumnWithoutATypeAreNoNumbers) {
  const Record flag = feature("flag", "bool"), n = feature("n", "int");
  const Frame flags = column("flag", Column::objects({Value(true), Value(), Value(false)}));
  EXPECT_EQ(
      problems({flag}, flags),
      "Column 'flag' failed dtype check for 'bool': got object: convert it to a column with a type of its own, such as "
      "boolean or Int64\n");
  const Frame numbers = column("n", Column::objects({Value(1), Value()}));
  EXPECT_NE(problems({n}, numbers).find("expected series 'n' to have type int, got object"), std::string::npos);
  EXPECT_EQ(problems({n}, numbers, {}, true), "") << "each can be converted";
}

TEST_F(DtypeTest, ATimeZoneIsAddedButNeverLost) {
  const Record local = feature("local", "datetime"), zoned = feature("zoned", "datetime64[ns, UTC]");
  const auto times = [](bool zone) {
    return Column::from_values(Column::Kind::time, std::vector<Value>{Time{.micros = 1, .zoned = zone}});
  };
  EXPECT_NE(problems({zoned}, column("zoned", times(false))), "");
  EXPECT_EQ(problems({zoned}, column("zoned", times(false)), {}, true), "");
  EXPECT_NE(problems({local}, column("local", times(true)), {}, true), "");
  const std::vector<std::string> text{"2024-01-01T12:00:00+02:00"};
  EXPECT_NE(problems({local}, column("local", Column::texts(text)), {}, true), "");
  EXPECT_EQ(problems({zoned}, column("zoned", Column::texts(text)), {}, true), "");
}

TEST_F(DtypeTest, ASchemaIsAboutContentOrAboutWhatIsSaidOfAFile) {
  const Record note = feature("note", "str");
  const auto saved = [&](SchemaOptions options) {
    auto draft = prepare_schema(*instance, options);
    save_schema(*instance, draft);
    return draft.record;
  };
  const Record flat = saved({.members = {note}});
  const Record external = saved({.slots = {{"__external__", flat}}});
  const Record annotated = saved({.otype = "AnnData", .slots = {{"obs", flat}, {"__external__", flat}}});
  const auto about = [&](const Record& schema, const char* file, const char* otype = "") {
    return content_type(*instance, schema, file, otype).value_or("values");
  };
  EXPECT_EQ(about(flat, "notes.txt"), "values");
  EXPECT_EQ(about(flat, "table.csv"), "DataFrame");
  EXPECT_EQ(about(flat, "table.tsv"), "DataFrame");
  EXPECT_EQ(about(flat, "reads.fastq", "FASTQ"), "FASTQ");
  EXPECT_EQ(about(external, "table.csv"), "values");
  EXPECT_EQ(about(annotated, "reads.fastq"), "AnnData");
}

}  // namespace
}  // namespace lamin
