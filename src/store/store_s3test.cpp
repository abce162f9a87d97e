// The contract of a store, and what only object stores have, against real servers.
#include <algorithm>
#include <cstdlib>
#include "base/hostile_names_testing.hpp"
#include "lamin/source.hpp"
#include "store/store.hpp"
#include "tests/conformance/store_suite.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A new folder at the place that `variable` names.
std::string fresh_root(const char* variable) {
  const char* place = std::getenv(variable);
  if (place == nullptr)
    throw Error(Code::not_configured, std::string(variable) + " is not set: use ./dev services run");
  auto uri = Uri::parse(place).value();
  uri.key += (uri.key.empty() ? "" : "/") + base::random_uid(8);
  return uri.text();
}

std::unique_ptr<Store> make_s3(const fs::path&) { return open_store(fresh_root("LAMIN_TEST_S3")); }
std::unique_ptr<Store> make_gcs(const fs::path&) { return open_store(fresh_root("LAMIN_TEST_GCS")); }
std::unique_ptr<Store> make_azure(const fs::path&) { return open_store(fresh_root("LAMIN_TEST_AZURE")); }

auto name_of(const ::testing::TestParamInfo<StoreCase>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(S3, StoreSuite, ::testing::Values(StoreCase{"s3", make_s3}), name_of);
INSTANTIATE_TEST_SUITE_P(Gcs, StoreSuite, ::testing::Values(StoreCase{"gcs", make_gcs}), name_of);
INSTANTIATE_TEST_SUITE_P(Azure, StoreSuite, ::testing::Values(StoreCase{"azure", make_azure}), name_of);

class S3 : public StoreSuite {
 protected:
  static std::string bytes(std::size_t size) {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 2654435761U >> 24);
    return content;
  }
};
INSTANTIATE_TEST_SUITE_P(Only, S3, ::testing::Values(StoreCase{"s3", make_s3}), name_of);

TEST_P(S3, PartsAreSentInParallelAndReadInAnyPieces) {
  const auto content = bytes(21'000'003);
  const auto from = file("large", content);
  EXPECT_EQ(store_->put(from, "large").digest, base::hash_path(from).digest);
  EXPECT_EQ(store_->stat("large")->size, 21'000'003);
  EXPECT_THAT(store_->stat("large")->stamp, HasSubstr("-3"));  // three parts
  EXPECT_TRUE(read("large") == content);
  const auto reader = store_->open("large");
  std::string piece(9'000'000, ' ');
  ASSERT_EQ(reader->read_at(8'000'001, {reinterpret_cast<std::uint8_t*>(piece.data()), piece.size()}), piece.size());
  EXPECT_TRUE(piece == content.substr(8'000'001, 9'000'000));
  EXPECT_EQ(code_of([&] { store_->put(from, "large"); }), Code::conflict);
  store_->put(BytesReader("small now"), "large", true);
  EXPECT_EQ(code_of([&] { reader->read_at(100'000, {reinterpret_cast<std::uint8_t*>(piece.data()), 8}); }),
            Code::conflict);
}

TEST_P(S3, AnObjectIsReplacedOnlyIfItIsTheOneThatWasSeen) {
  const auto first = store_->put_if(BytesReader("1"), "db", {.is_absent = true});
  EXPECT_EQ(store_->stat("db")->stamp, first);
  EXPECT_EQ(code_of([&] { store_->put_if(BytesReader("2"), "db", {.is_absent = true}); }), Code::conflict);
  const auto second = store_->put_if(BytesReader("2"), "db", {.etag = first});
  EXPECT_NE(second, first);
  EXPECT_EQ(code_of([&] { store_->put_if(BytesReader("3"), "db", {.etag = first}); }), Code::conflict);
  EXPECT_EQ(read("db"), "2");
  const auto large = bytes(20'000'000);  // in parts: the condition is that of the last request
  const auto third = store_->put_if(BytesReader(large), "db", {.etag = second});
  EXPECT_EQ(store_->stat("db")->stamp, third);
  EXPECT_EQ(code_of([&] { store_->put_if(BytesReader(large), "db", {.etag = second}); }), Code::conflict);
  EXPECT_TRUE(read("db") == large);
  store_->remove("db");
  EXPECT_NE(code_of([&] { store_->put_if(BytesReader("4"), "db", {.etag = third}); }), Code::internal);
  EXPECT_FALSE(store_->stat("db"));
}

TEST_P(S3, NoKeyLeadsOutOfTheFolder) {
  const auto root = fresh_root("LAMIN_TEST_S3");
  const auto inner = Uri::parse(root).value();
  auto in = inner;
  in.key += "/inside";
  const auto outer = open_store(root), store = open_store(in.text());
  outer->put(BytesReader("secret"), "outside/secret.txt");
  int kept = 0;
  for (const auto& name : base::hostile_names()) {
    try {
      if (kept > 80) store->stat(name);  // each is several requests
      else store->put(BytesReader("x"), name);
      ++kept;
      EXPECT_THROW(static_cast<void>(store->open("../outside/" + name)), Error);
    } catch (const Error&) {  // refused
    }
  }
  EXPECT_GT(kept, 20) << "strange is not hostile";
  for (const auto& entry : outer->list("")) {
    EXPECT_TRUE(entry.key.starts_with("inside/") || entry.key == "outside/secret.txt") << entry.key;
  }
  EXPECT_EQ(text_of(*outer->open("outside/secret.txt")), "secret");
}

TEST_P(S3, AFileThatCannotBeReadToItsEndLeavesNothing) {
  class Breaks : public Reader {
   public:
    std::int64_t size() const override { return 30'000'000; }
    std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
      if (offset > 20'000'000) throw Error(Code::unavailable, "the disk is gone");
      return into.size();
    }
  };
  EXPECT_EQ(code_of([&] { store_->put(Breaks(), "k"); }), Code::unavailable);
  EXPECT_FALSE(store_->stat("k"));
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_P(S3, CopiesOverWhateverIsThere) {
  file("d/one", "1");
  file("d/sub/two", "22");
  store_->put(scratch_ / "source/d", "from");
  store_->put(BytesReader("x"), "to/one");
  store_->put(BytesReader("y"), "to/three");
  for (int again = 0; again < 2; ++again) {
    store_->copy_over("from", "to");
    EXPECT_THAT(keys("to"), ElementsAre("to/one", "to/sub/two"));
    EXPECT_EQ(read("to/one"), "1");
    EXPECT_THAT(keys("from"), ElementsAre("from/one", "from/sub/two"));
  }
  store_->copy_over("from/one", "to");
  EXPECT_THAT(keys("to"), ElementsAre("to"));
  EXPECT_EQ(code_of([&] { store_->copy_over("nothing", "to"); }), Code::not_found);
}

TEST_P(S3, WhatIsWrongIsNamed) {
  const auto place = Uri::parse(std::getenv("LAMIN_TEST_S3")).value();
  const auto message_of = [&](const std::string& root, Code code) -> std::string {
    try {
      static_cast<void>(open_store(root)->stat("k"));
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), code) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
  };
  EXPECT_THAT(message_of("s3://no-such-bucket-here?" + place.query, Code::not_found), HasSubstr("no bucket"));
  EXPECT_THAT(message_of("s3://b?endpoint_url=http://127.0.0.1:1", Code::unavailable), HasSubstr("127.0.0.1:1"));
  const std::string secret = std::getenv("AWS_SECRET_ACCESS_KEY");
  setenv("AWS_SECRET_ACCESS_KEY", "wrong", 1);
  const auto refused = message_of(place.text(), Code::no_access);
  setenv("AWS_SECRET_ACCESS_KEY", secret.c_str(), 1);
  EXPECT_THAT(refused, HasSubstr(std::getenv("AWS_ACCESS_KEY_ID")));
  EXPECT_THAT(refused, ::testing::Not(HasSubstr(secret)));
  EXPECT_EQ(code_of([&] { open_store("s3://"); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { open_store("s3://b?endpoint_url=http://h/path"); }), Code::invalid_argument);
}

}  // namespace
}  // namespace lamin::store
