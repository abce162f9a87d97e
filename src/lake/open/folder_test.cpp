#include "lake/open/testing.hpp"
#include "lamin/artifact.hpp"
#include "lamin/save.hpp"
#include "lamin/storage.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::Sandbox;
namespace fs = std::filesystem;

/// An instance with one artifact, at "store"; closed again.
std::string make_instance_with_artifact(Sandbox& box) {
  const auto instance = init({.storage = "store", .name = "lab", .modules = {"pertdb"}});
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "content"), .key = "a.txt"});
  save_artifact(*instance, draft);
  return std::string(draft.record.uid());
}

std::string root_in(Instance& instance) {
  return std::string(instance.database().first({.registry = "Storage"})->text("root"));
}

void copy(const Sandbox& box, const char* from, const char* to) {
  fs::copy(box.path(from), box.path(to), fs::copy_options::recursive);
}

TEST(ConnectFolder, OpensWhatWasMoved) {
  Sandbox box;
  const auto uid = make_instance_with_artifact(box);
  fs::rename(box.path("store"), box.path("moved"));
  EXPECT_EQ(code_of([] { connect("lab"); }), Code::not_found);
  const auto moved = connect("./moved");
  EXPECT_EQ(root_in(*moved), box.path("moved").string());
  EXPECT_TRUE(box.said("is at '" + box.path("moved").string() + "' now"));
  const auto artifact = moved->database().get(moved->catalog().table("Artifact"), uid);
  EXPECT_EQ(Sandbox::read(cache_artifact(*moved, artifact)), "content");
  EXPECT_EQ(connect("lab")->settings().storage_root, box.path("moved").string());
}

TEST(ConnectFolder, TakesTheFolderOfAProject) {
  Sandbox box;
  fs::create_directories(box.path("project"));
  init({.storage = "project/storage", .name = "lab"});
  fs::rename(box.path("project"), box.path("other"));
  EXPECT_EQ(root_in(*connect_folder("other")), box.path("other/storage").string());
}

TEST(ConnectFolder, FromAnotherMachine) {
  Sandbox box;
  make_instance_with_artifact(box);
  fs::remove_all(box.settings());
  fs::rename(box.path("store"), box.path("carried"));
  const auto settings = connect_folder("carried")->settings();
  EXPECT_EQ(settings.slug(), "anonymous/lab");
  EXPECT_EQ(settings.modules, std::vector<std::string>{"pertdb"});
  EXPECT_EQ(connect("carried")->settings().slug(), "anonymous/lab");  // a name that is not known, and a folder
}

TEST(ConnectFolder, RefusesACopyUnlessItIsToReplace) {
  Sandbox box;
  make_instance_with_artifact(box);
  copy(box, "store", "copy");
  std::string message;
  EXPECT_EQ(code_of([] { connect("./copy"); }, &message), Code::conflict);
  EXPECT_NE(message.find("is a copy of the instance 'anonymous/lab'"), std::string::npos) << message;
  EXPECT_EQ(root_in(*connect("lab")), box.path("store").string());  // nothing was changed in either
  EXPECT_EQ(root_in(*connect_folder("copy", true)), box.path("copy").string());
  EXPECT_EQ(connect("lab")->settings().storage_root, box.path("copy").string());
}

TEST(ConnectFolder, RefusesANamesake) {
  Sandbox box;
  make_instance_with_artifact(box);
  fs::rename(box.path("store"), box.path("theirs"));
  fs::remove_all(box.settings());
  init({.storage = "store", .name = "lab"});
  std::string message;
  EXPECT_EQ(code_of([] { connect("./theirs"); }, &message), Code::conflict);
  EXPECT_NE(message.find("has the name of the instance"), std::string::npos) << message;
}

TEST(ConnectFolder, MovesTheStoragesBelow) {
  Sandbox box;
  {
    const auto instance = init({.storage = "store", .name = "lab"});
    auto below = make_storage(*instance, {.root = "store/below"});
    save(*instance, below);
    auto beside = make_storage(*instance, {.root = "beside"});
    save(*instance, beside);
  }
  fs::rename(box.path("store"), box.path("moved"));
  const auto instance = connect_folder("moved");
  EXPECT_TRUE(find_storage(*instance, box.path("moved/below").string()));
  EXPECT_TRUE(find_storage(*instance, box.path("beside").string()));
}

TEST(ConnectFolder, SaysWhatIsMissing) {
  Sandbox box;
  make_instance_with_artifact(box);
  std::string message;
  EXPECT_EQ(code_of([] { connect("./nowhere"); }, &message), Code::not_found);
  EXPECT_NE(message.find("there is no folder"), std::string::npos) << message;
  fs::create_directories(box.path("empty"));
  EXPECT_EQ(code_of([] { connect("./empty"); }, &message), Code::not_found);
  EXPECT_NE(message.find("holds no instance"), std::string::npos) << message;
  fs::rename(box.path("store"), box.path("moved"));
  const auto mark = box.path("moved/.lamindb/storage_uid.txt");
  const auto kept = Sandbox::read(mark);
  fs::remove(mark);
  EXPECT_EQ(code_of([] { connect("./moved"); }, &message), Code::corrupt);
  EXPECT_NE(message.find("storage_uid.txt"), std::string::npos) << message;
  box.write("moved/.lamindb/storage_uid.txt", "AAAAAAAAAAAA" + kept.substr(12));
  EXPECT_EQ(code_of([] { connect("./moved"); }), Code::corrupt);
  box.write("elsewhere/.lamindb/storage_uid.txt", kept);
  EXPECT_EQ(code_of([] { connect("./elsewhere"); }, &message), Code::not_found);
  EXPECT_NE(message.find("whose database is not in it"), std::string::npos) << message;
}

}  // namespace
}  // namespace lamin
