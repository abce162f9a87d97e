// carry_labels_test.cpp -- labels of an artifact in one instance for an artifact in another one.
#include "lake/label/label_testing.hpp"

namespace lamin {
namespace {

class CarryTest : public testing::LabelTest {
 protected:
  std::unique_ptr<Instance> other = init({.storage = "other", .name = "other"});

  Record artifact(Instance& in, const char* key) {
    auto draft = prepare_artifact(in, {.source = box.write(key, key), .key = key});
    save_artifact(in, draft);
    return draft.record;
  }
  static Record made(Instance& in, std::string_view registry, const std::map<std::string, Value>& fields) {
    Record record(in.catalog().table(registry));
    for (const auto& [name, value] : fields) record.set(name, value);
    save(in, record);
    return record;
  }
};

TEST_F(CarryTest, LabelsAndFeaturesKeepTheirUids) {
  const auto type = made(*instance, "ULabel", {{"name", Value("Samples")}, {"is_type", Value(true)}});
  const auto label = made(*instance, "ULabel", {{"name", Value("s1")}, {"type", Value(type.id())}});
  const auto plain = made(*instance, "ULabel", {{"name", Value("s2")}});
  const std::string dtype = "cat[ULabel[" + std::string(type.uid()) + "]]";
  const auto feature = made(*instance, "Feature", {{"name", Value("sample")}, {"_dtype_str", Value(dtype)}});
  const auto cell = cell_type("T cell", "CL:0000084");
  const auto from = artifact(*instance, "from.txt");
  add_labels(*instance, from, std::vector<Record>{label}, feature.id());
  add_labels(*instance, from, std::vector<Record>{plain, cell});
  made(*other, "ULabel", {{"name", Value("first")}});  // so that ids differ
  const auto to = artifact(*other, "to.txt");

  const auto carried = read_labels(*instance, from);
  for (int again = 0; again < 2; ++again) add_labels(*other, to, carried);

  const auto values = feature_values(*other, to);
  EXPECT_EQ(values.at("sample"), std::vector<Value>{Value("s1")});
  std::map<std::string, std::string> uids;
  for (const Record& row : other->database().all({.registry = "ULabel", .any_branch = true}))
    uids[std::string(row.text("name"))] = row.uid();
  EXPECT_EQ(uids.size(), 4U) << "nothing is made twice";
  EXPECT_EQ(uids.at("s1"), label.uid());
  EXPECT_EQ(uids.at("s2"), plain.uid());
  EXPECT_EQ(uids.at("Samples"), type.uid());
  std::size_t n = 0;
  for (const auto& group : labels_of(*other, to)) n += group.ids.size();
  EXPECT_EQ(n, 3U);
  EXPECT_TRUE(other->database().find(other->catalog().table("bionty.CellType"), cell.uid()));
}

TEST_F(CarryTest, ASchemaBringsMembersAndSlots) {
  made(*other, "Feature", {{"name", Value("first")}, {"_dtype_str", Value("int")}});  // so that ids differ
  const auto size = made(*instance, "Feature", {{"name", Value("size")}, {"_dtype_str", Value("int")}});
  const auto age = made(*instance, "Feature", {{"name", Value("age")}, {"_dtype_str", Value("float")}});
  SchemaOptions asked{.name = "obs"};
  asked.members = {size, age};
  asked.optional_members = {std::string(size.uid())};
  auto obs = prepare_schema(*instance, asked);
  save_schema(*instance, obs);
  SchemaOptions composed{.name = "whole", .otype = "AnnData"};
  composed.slots.emplace_back("obs", obs.record);
  auto whole = prepare_schema(*instance, composed);
  save_schema(*instance, whole);

  const auto carried = read_rows(*instance, std::vector<Record>{whole.record});
  for (int again = 0; again < 2; ++again) {
    const auto taken = take_rows(*other, carried);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].uid(), whole.record.uid());
    EXPECT_EQ(taken[0].text("hash"), whole.record.text("hash"));
    const auto slots = schema_slots(*other, taken[0]);
    ASSERT_EQ(slots.size(), 1U);
    EXPECT_EQ(slots[0].first, "obs");
    EXPECT_EQ(schema_roles(slots[0].second).optional, asked.optional_members);
    const auto members = schema_members(*other, slots[0].second);
    ASSERT_EQ(members.size(), 2U);
    EXPECT_EQ(members[0].uid(), size.uid());
    EXPECT_EQ(members[1].uid(), age.uid());
    EXPECT_NE(members[0].id(), size.id());
  }
  EXPECT_EQ(other->database().count({.registry = "Schema"}), 2);
}

TEST_F(CarryTest, ARowWhoseNameIsTakenIsRefusedAndNothingIsMade) {
  const auto label = made(*instance, "ULabel", {{"name", Value("free")}});
  const auto feature = made(*instance, "Feature", {{"name", Value("size")}, {"_dtype_str", Value("int")}});
  made(*other, "Feature", {{"name", Value("size")}, {"_dtype_str", Value("float")}});
  const auto carried = read_rows(*instance, std::vector<Record>{label, feature});
  EXPECT_EQ(testing::code_of([&] { take_rows(*other, carried); }), Code::conflict);
  EXPECT_EQ(other->database().count({.registry = "ULabel"}), 0);
}

}  // namespace
}  // namespace lamin
