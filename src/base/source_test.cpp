// source_test.cpp -- URIs and sources by their text.
#include "lamin/source.hpp"
#include <gtest/gtest.h>

namespace lamin {
namespace {

TEST(Uri, IsTakenApartAndPutTogether) {
  struct Case {
    const char *text, *scheme, *place, *key;
  };
  for (const auto& [text, scheme, place, key] :
       {Case{"s3://bucket/a/b.h5ad", "s3", "bucket", "a/b.h5ad"}, Case{"gs://bucket", "gs", "bucket", ""},
        Case{"memory://a/b", "memory", "", "a/b"}, Case{"https://host:80/x y", "https", "host:80", "x y"}}) {
    const auto uri = Uri::parse(text);
    ASSERT_TRUE(uri) << text;
    EXPECT_EQ(uri->scheme, scheme);
    EXPECT_EQ(uri->place, place);
    EXPECT_EQ(uri->key, key);
    EXPECT_EQ(uri->text(), text);
  }
  EXPECT_EQ(Uri::parse("S3://b/k")->text(), "s3://b/k");
  for (const char* path : {"a.txt", "/x/y", "C:/x", "://x", "a b://c", ""}) EXPECT_FALSE(Uri::parse(path)) << path;
}

TEST(Uri, IsFoundBelowARoot) {
  const auto uri = Uri::parse("s3://b/data/x.csv").value();
  EXPECT_EQ(uri.key_below("s3://b"), "data/x.csv");
  EXPECT_EQ(uri.key_below("s3://b/data/"), "x.csv");
  for (const char* root : {"s3://c", "gs://b", "s3://b/dat", "s3://b/data/x.csv", "/b"}) {
    EXPECT_FALSE(uri.key_below(root)) << root;
  }
  EXPECT_EQ(Uri::parse("memory://a/b")->key_below("memory://"), "a/b");
}

TEST(Source, IsAPathAUriOrBytes) {
  const Source path = "dir/a.txt", file = "file:///x/b.txt", far = "s3://b/k/c.h5ad";
  const auto bytes = Source::of_bytes("x,y", "d.csv");
  EXPECT_EQ(path.name(), "a.txt");
  EXPECT_EQ(*file.path(), "/x/b.txt");
  EXPECT_EQ(far.uri()->key, "k/c.h5ad");
  EXPECT_EQ(far.name(), "c.h5ad");
  EXPECT_EQ(far.path(), nullptr);
  EXPECT_EQ(*bytes.bytes(), "x,y");
  EXPECT_EQ(bytes.text(), "d.csv");
  EXPECT_TRUE(Source().empty());
  EXPECT_FALSE(bytes.empty());
  EXPECT_EQ(Source("folder/").name(), "folder");
}

TEST(Uri, AStorageSaysWhereItsServerIs) {
  const auto root = Uri::parse("s3://lab/data?endpoint_url=https://minio.lab.org:9000&region=eu").value();
  EXPECT_EQ(root.place, "lab");
  EXPECT_EQ(root.key, "data");
  EXPECT_EQ(root.option("endpoint_url"), "https://minio.lab.org:9000");
  EXPECT_EQ(root.option("region"), "eu");
  EXPECT_EQ(root.option("end"), "");
  EXPECT_EQ(root.text(), "s3://lab/data?endpoint_url=https://minio.lab.org:9000&region=eu");
  EXPECT_EQ(Uri::parse("s3://lab?endpoint_url=http://h")->place, "lab");
  EXPECT_EQ(Uri::parse("s3://lab?endpoint_url=http://h")->text(), "s3://lab?endpoint_url=http://h");
  // A key may have a question mark.
  EXPECT_EQ(Uri::parse("s3://lab/what?.txt")->key, "what?.txt");
  EXPECT_EQ(Uri::parse("https://h/x?endpoint_url=y")->key, "x?endpoint_url=y");
  // Without an endpoint that of the storage is meant; another one is another place.
  EXPECT_EQ(Uri::parse("s3://lab/data/a.csv")->key_below(root.text()), "a.csv");
  EXPECT_EQ(Uri::parse("s3://lab/data/a.csv?endpoint_url=https://minio.lab.org:9000")->key_below(root.text()), "a.csv");
  EXPECT_EQ(Uri::parse("s3://lab/data/a.csv?endpoint_url=https://other")->key_below(root.text()), std::nullopt);
}

}  // namespace
}  // namespace lamin
