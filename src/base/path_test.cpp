#include "base/path.hpp"
#include <cstdlib>
#include <optional>
#include "base/testing.hpp"

namespace lamin::base {
namespace {

using test::failure_of;
using test::TempFolder;

TEST(Path, SuffixesAreCanonical) {
  struct Case {
    std::string_view path;
    std::string_view suffix;
  };
  constexpr Case cases[] = {{"a", ""},
                            {"a.123", ""},
                            {"a.txt", ".txt"},
                            {"logs/date.log.txt", ".txt"},
                            {"d.x/f.a.b.c", ".c"},
                            {"some.unknown.suffix", ""},
                            {"filename.h5ad.zarr", ".zarr"},
                            {"filename.v1.1.0.anndata.zarr", ".anndata.zarr"},
                            {"sample.ome.h5", ".ome.h5"},
                            {"dashboard.vitessce.json", ".vitessce.json"},
                            {"data.config.json", ".json"},
                            {"plain.gz", ".gz"},
                            {"archive.tar.gz", ".tar.gz"},
                            {"x.tsv.gz", ".tsv.gz"},
                            {"filename.h5ad.tar.gz", ".h5ad.tar.gz"},
                            {"file.random.gz", ".gz"},
                            {"foo.bar.tar.gz", ".tar.gz"},
                            {"scan.TIFF", ".tiff"},
                            {"x.tar.zst", ".tar.zst"},
                            {"foo.anndata.zarr.gz", ".zarr.gz"},
                            {"a.h5ad.GZ", ".h5ad.gz"},
                            {".txt", ""},
                            {"a.", ""},
                            {"a..txt", ".txt"},
                            {"a.txt.", ""},
                            {"x.gz.gz", ".gz"},
                            {"a/b.c/d", ""},
                            {"a/b.tsv/", ".tsv"},
                            {".gz", ""},
                            {".tar.gz", ".gz"},
                            {"tar.gz", ".gz"},
                            {"vitessce.json", ".json"},
                            {"s3://b/a.h5ad", ".h5ad"},
                            {"x.gz.tar.gz", ".tar.gz"},
                            {"x.tar.h5ad.gz", ".h5ad.gz"},
                            {"..txt", ""},
                            {"...a.txt", ".txt"},
                            {"a. txt", ""},
                            {"", ""},
                            {"/", ""},
                            {"...", ""},
                            {"x.OME.Zarr", ".ome.zarr"},
                            {"x.ome.zarr.tar.gz", ".zarr.tar.gz"},
                            {"x.csv.tar", ".tar"}};
  for (const auto& [path, suffix] : cases) EXPECT_EQ(suffix_of(path), suffix) << path;
}

TEST(Path, KeysThatCouldLeaveTheStorageAreRefused) {
  for (std::string_view key : {"a", "a/b.csv", "a b/ü.txt", "a..b", "...", ".hidden/x", "a//b", "a/"}) {
    EXPECT_NO_THROW(check_key(key)) << key;
  }
  EXPECT_NO_THROW(check_key(std::string(1024, 'x')));
  EXPECT_NO_THROW(check_key(std::string(1023, 'x') + "ü")) << "characters count, not bytes";
  for (std::string_view key : {"", "/a", "..", "a/../b", "./a", "a/.", "a\\b", "../x"}) {
    failure_of(Code::invalid_argument, [&] { check_key(key); });
  }
  failure_of(Code::invalid_argument, [&] { check_key(std::string_view("a\0b", 3)); });
  failure_of(Code::invalid_argument, [&] { check_key("a\xff"); });
  const std::string message = failure_of(Code::invalid_argument, [&] { check_key(std::string(1025, 'x')); });
  EXPECT_THAT(message, ::testing::HasSubstr("1024"));
  EXPECT_LT(message.size(), 400U);
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { check_key("a/../b"); }), ::testing::HasSubstr("'a/../b'"));
}

TEST(Path, ResolvesLinksAndDots) {
  const TempFolder folder;
  const auto root = std::filesystem::canonical(folder.path());
  folder.write("real/file", "x");
  std::filesystem::create_directory_symlink(root / "real", root / "link");
  EXPECT_EQ(resolve(folder / "link/file"), root / "real/file");
  EXPECT_EQ(resolve(folder / "link/../missing/./a/../b"), root / "missing/b");
  EXPECT_EQ(resolve(folder / "real/"), root / "real");
  EXPECT_EQ(resolve("/"), "/");
}

TEST(Path, KeysAreRelativeToTheRoot) {
  const TempFolder folder;
  folder.write("store/a/b.csv", "x");
  folder.write("store2/c.csv", "x");
  EXPECT_EQ(relative_key(folder / "store", folder / "store/a/b.csv"), "a/b.csv");
  EXPECT_EQ(relative_key(folder / "store/", folder / "store/a/../new.csv"), "new.csv");
  EXPECT_EQ(relative_key(folder / "store", folder / "store2/c.csv"), "");
  EXPECT_EQ(relative_key(folder / "store", folder / "store"), "");
  EXPECT_EQ(relative_key(folder / "store", folder.path()), "");
  std::filesystem::create_directory_symlink(folder / "store2", folder / "store/out");
  EXPECT_EQ(relative_key(folder / "store", folder / "store/out/c.csv"), "") << "a link leads outside";
}

class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    value != nullptr ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(Path, FoldersOfTheUserFollowTheEnvironment) {
  const Variable home("HOME", "/home/someone");
  const Variable settings("LAMIN_SETTINGS_DIR", nullptr);
  const Variable cache("LAMIN_CACHE_DIR", nullptr);
  const Variable xdg("XDG_CACHE_HOME", nullptr);
  EXPECT_EQ(settings_folder(), "/home/someone/.lamin");
  EXPECT_EQ(cache_folder(), "/home/someone/.cache/lamindb");
  const Variable settings_set("LAMIN_SETTINGS_DIR", "~/conf");
  EXPECT_EQ(settings_folder(), "/home/someone/conf/.lamin");
  const Variable xdg_set("XDG_CACHE_HOME", "/x");
  EXPECT_EQ(cache_folder(), "/x/lamindb");
  const Variable xdg_relative("XDG_CACHE_HOME", "x");
  EXPECT_EQ(cache_folder(), "/home/someone/.cache/lamindb");
  const Variable cache_set("LAMIN_CACHE_DIR", "/cache");
  EXPECT_EQ(cache_folder(), "/cache");
}

}  // namespace
}  // namespace lamin::base
