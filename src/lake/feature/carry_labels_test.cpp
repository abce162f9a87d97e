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

}  // namespace
}  // namespace lamin
