// s3_module.cpp -- an S3 bucket.
//
// Arrow's file system for S3 has no conditional requests, reads whatever lies at a key now rather than what was opened,
// makes an empty object for every "folder" that it touches, and cannot end an upload that another process began. The
// commit protocol needs the first two, and LaminDB's folders do not have the third, so S3 is spoken here.
#include <fmt/format.h>
#include <algorithm>
#include <atomic>
#include <cstring>
#include "base/hash.hpp"
#include "base/threads.hpp"
#include "base/uid.hpp"
#include "lamin/error.hpp"
#include "store/s3/answers.hpp"
#include "store/s3/client.hpp"
#include "store/s3/upload.hpp"

namespace lamin::store {
namespace {

constexpr std::int64_t first_read = 64 << 10;  // comes with the answer to opening: enough for small objects and heads
constexpr std::int64_t stretch = 8 << 20;      // larger reads are cut into these, in parallel
constexpr std::int64_t largest_copy = 1LL << 30;  // beyond, the server copies in parts
constexpr std::size_t lanes = 4;

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// "bytes 0-99/1234" -> 1234
std::int64_t whole_size(const Answer& answer) {
  const auto range = answer.header("content-range");
  const auto slash = range.find('/');
  return slash == std::string::npos ? -1 : std::atoll(range.c_str() + slash + 1);
}

class S3Reader : public Reader {
 public:
  S3Reader(std::shared_ptr<Client> client, ObjectInfo object, std::string head)
      : client_(std::move(client)), object_(std::move(object)), head_(std::move(head)) {}
  std::int64_t size() const override { return object_.size; }

  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
    if (offset >= object_.size) return 0;
    into = into.first(std::min(into.size(), static_cast<std::size_t>(object_.size - offset)));
    if (offset + static_cast<std::int64_t>(into.size()) <= static_cast<std::int64_t>(head_.size())) {
      std::memcpy(into.data(), head_.data() + offset, into.size());
      return into.size();
    }
    const auto count = (static_cast<std::int64_t>(into.size()) + stretch - 1) / stretch;
    base::in_lanes(static_cast<std::size_t>(count), lanes, [&](std::size_t i) {
      const auto at = i * stretch;
      fetch(offset + static_cast<std::int64_t>(at), into.subspan(at, std::min<std::size_t>(stretch, into.size() - at)));
    });
    return into.size();
  }

 private:
  void fetch(std::int64_t offset, std::span<std::uint8_t> into) const {
    Request request{.key = object_.key, .into = into};
    request.headers.emplace_back(
        "range", fmt::format("bytes={}-{}", offset, offset + static_cast<std::int64_t>(into.size()) - 1));
    if (!object_.etag.empty()) request.headers.emplace_back("if-match", '"' + object_.etag + '"');
    const auto answer = client_->send(request);
    const auto etag = unquoted(answer.header("etag"));
    if (answer.status == 412 || (answer.ok() && !object_.etag.empty() && !etag.empty() && etag != object_.etag)) {
      throw Error(Code::conflict, fmt::format("'{}' was replaced while it was being read: read it again.",
                                              client_->shown(object_.key)));
    }
    if (!answer.ok()) client_->fail(request, answer, "read");
    if (answer.received != into.size()) {
      throw Error(Code::unavailable, fmt::format("Cannot read '{}': the server gave {} of {} bytes.",
                                                 client_->shown(object_.key), answer.received, into.size()));
    }
  }

  std::shared_ptr<Client> client_;
  ObjectInfo object_;
  std::string head_;
};

class S3Bucket : public Bucket {
 public:
  explicit S3Bucket(const BucketOptions& options) : client_(std::make_shared<Client>(options)) {}

  std::string text() const override { return client_->text(); }
  std::string region() override { return client_->send({.method = "HEAD"}).header("x-amz-bucket-region"); }
  bool decides() const override { return decides_; }
  bool pins() const override { return true; }
  bool parts_in_order() const override { return false; }

  std::optional<ObjectInfo> head(const std::string& key) override {
    const Request request{.method = "HEAD", .key = key};
    const auto answer = client_->send(request);
    if (answer.status == 404) {
      check_bucket();
      return std::nullopt;
    }
    if (!answer.ok()) {  // without a text: the answer to another request says why
      const auto why = client_->send({.key = key, .headers = {{"range", "bytes=0-0"}}});
      client_->fail(request, why.ok() ? answer : why, "look at");
    }
    // Folders of a server that keeps objects as files.
    if (answer.header("content-type") == "application/x-directory") return std::nullopt;
    return ObjectInfo{key, std::atoll(answer.header("content-length").c_str()), unquoted(answer.header("etag"))};
  }

  void list(const std::string& prefix, const std::function<bool(ObjectInfo)>& each) override {
    std::string token;
    do {
      Request request{.query = {{"list-type", "2"}, {"prefix", prefix}, {"encoding-type", "url"}}};
      if (!token.empty()) request.query.emplace_back("continuation-token", token);
      const auto answer = client_->send(request);
      if (!answer.ok()) client_->fail(request, answer, fmt::format("list '{}' in", prefix));
      auto page = list_page(answer.body);
      for (auto& object : page.objects) {
        if (!each(std::move(object))) return;
      }
      token = std::move(page.next);
    } while (!token.empty());
  }

  bool has_below(const std::string& prefix) override {
    const Request request{
        .query = {{"list-type", "2"}, {"prefix", prefix}, {"encoding-type", "url"}, {"max-keys", "2"}}};
    const auto answer = client_->send(request);
    if (!answer.ok()) client_->fail(request, answer, fmt::format("list '{}' in", prefix));
    // A folder may have an empty object with its own name.
    return std::ranges::any_of(list_page(answer.body).objects,
                               [&](const auto& object) { return object.key != prefix; });
  }

  std::unique_ptr<Reader> open(const std::string& key) override {
    Request request{.key = key, .headers = {{"range", fmt::format("bytes=0-{}", first_read - 1)}}};
    auto answer = client_->send(request);
    if (answer.status == 416) {  // it is empty
      const auto object = head(key);
      if (object && object->size == 0) return std::make_unique<S3Reader>(client_, *object, "");
    }
    if (answer.status == 404) check_bucket();
    if (!answer.ok()) client_->fail(request, answer, "open");
    const auto size = answer.status == 206 ? whole_size(answer) : static_cast<std::int64_t>(answer.body.size());
    if (size < 0) client_->fail(request, answer, "open");
    return std::make_unique<S3Reader>(client_, ObjectInfo{key, size, unquoted(answer.header("etag"))},
                                      std::move(answer.body));
  }

  std::string put(const std::string& key, std::span<const std::uint8_t> bytes, const Condition& condition) override {
    const auto token = base::random_uid(16);
    Request request{.method = "PUT",
                    .key = key,
                    .headers = {{"content-md5", base::base64(base::md5(text_of(bytes)))}},
                    .body = bytes};
    if (decides_) add_condition(request, condition);
    if (condition.any()) request.headers.emplace_back(token_header, token);
    const auto answer = client_->send(request);
    if (answer.ok()) return unquoted(answer.header("etag"));
    if (answer.status == 501 && decides_ && condition.any()) {
      decides_ = false;
      return put_unless(key, bytes, condition);
    }
    // The answer to an earlier attempt may have been lost: then the object is there, and is ours.
    if (answer.status == 412 && answer.attempts > 1) {
      const auto there = client_->send({.method = "HEAD", .key = key});
      if (there.header(token_header) == token) return unquoted(there.header("etag"));
    }
    refuse(request, answer, condition);
  }

  std::unique_ptr<Upload> upload(const std::string& key) override {
    return std::make_unique<S3Upload>(client_, key, S3Upload::From::here);
  }

  void copy(const std::string& from, const std::string& to) override {
    const auto object = head(from);
    if (!object)
      throw Error(Code::not_found, fmt::format("Cannot copy '{}': there is no such object.", client_->shown(from)));
    const auto source = percent_encoded(client_->bucket() + "/" + from, true);
    if (object->size > largest_copy) return copy_parts(*object, source, to);
    Request request{.method = "PUT", .key = to, .headers = {{"x-amz-copy-source", source}}, .is_slow = true};
    auto answer = client_->send(request);
    if (answer.ok() && error_of(answer.body).code.empty()) return;
    if (answer.ok()) answer.status = 500;
    client_->fail(request, answer, "copy to");
  }

  void remove(std::span<const std::string> keys) override {
    constexpr std::size_t most = 1000, few = 3;
    for (const auto& key : keys) {
      if (keys.size() > few) break;
      remove_one(key);
    }
    for (std::size_t at = 0; keys.size() > few && at < keys.size(); at += most) {
      remove_many(keys.subspan(at, std::min(most, keys.size() - at)));
    }
  }

 private:
  void check_bucket() {
    if (bucket_is_there_) return;
    const Request request{.method = "HEAD"};
    const auto answer = client_->send(request);
    if (answer.status == 404) {
      throw Error(Code::not_found, fmt::format("There is no bucket '{}'.", client_->text()));
    }
    bucket_is_there_ = true;
  }

  // For a server without conditions; two writers at once are not told apart.
  std::string put_unless(const std::string& key, std::span<const std::uint8_t> bytes, const Condition& condition) {
    const auto object = head(key);
    if (condition.is_absent ? object.has_value() : !object || object->etag != condition.etag) {
      throw Error(Code::conflict, fmt::format("Cannot write '{}': {}.", client_->shown(key),
                                              object ? "it exists already" : "it is gone"));
    }
    return put(key, bytes, {});
  }

  [[noreturn]] void refuse(const Request& request, const Answer& answer, const Condition& condition) {
    if (answer.status == 412) {
      throw Error(Code::conflict, fmt::format("Cannot write '{}': it {}.", client_->shown(request.key),
                                              condition.is_absent ? "exists already" : "was changed meanwhile"));
    }
    if (answer.status == 404) check_bucket();
    client_->fail(request, answer, "write");
  }

  void copy_parts(const ObjectInfo& object, const std::string& source, const std::string& to) {
    S3Upload upload(client_, to, S3Upload::From::server);
    try {
      const auto size = std::max(largest_copy, object.size / 9000 + 1);
      const auto count = (object.size + size - 1) / size;
      base::in_lanes(static_cast<std::size_t>(count), lanes, [&](std::size_t i) {
        const auto from = static_cast<std::int64_t>(i) * size;
        upload.copy(static_cast<int>(i) + 1, source, from, std::min(from + size, object.size));
      });
      static_cast<void>(upload.finish({}));
    } catch (...) {
      upload.abort();
      throw;
    }
  }

  void remove_one(const std::string& key) {
    const Request request{.method = "DELETE", .key = key};
    const auto answer = client_->send(request);
    if (!answer.ok() && answer.status != 404) client_->fail(request, answer, "remove");
    // What a killed process began to upload to this key; a server that does not tell has none, or keeps them from us.
    const auto unfinished = client_->send({.query = {{"uploads", ""}, {"prefix", key}, {"encoding-type", "url"}}});
    if (!unfinished.ok()) return;
    for (const auto& [of, id] : unfinished_uploads(unfinished.body)) {
      if (of == key) static_cast<void>(client_->send({.method = "DELETE", .key = key, .query = {{"uploadId", id}}}));
    }
  }

  void remove_many(std::span<const std::string> keys) {
    const auto body = deletion(keys);
    const Request request{
        .method = "POST",
        .query = {{"delete", ""}},
        .headers = {{"content-md5", base::base64(base::md5(body))}, {"content-type", "application/xml"}},
        .body = body_of(body)};
    const auto answer = client_->send(request);
    if (!answer.ok()) client_->fail(request, answer, "remove objects from");
    const auto failed = answer.body.find("<Error>");
    if (failed == std::string::npos) return;
    const auto said = error_of(answer.body.substr(failed, answer.body.find("</Error>", failed) + 8 - failed));
    throw Error(said.code == "AccessDenied" ? Code::no_access : Code::unavailable,
                fmt::format("Cannot remove objects from '{}': {} {}.", client_->text(), said.code, said.message));
  }

  std::shared_ptr<Client> client_;
  std::atomic<bool> decides_ = true, bucket_is_there_ = false;
};

}  // namespace
}  // namespace lamin::store

extern "C" __attribute__((visibility("default"))) lamin::store::Bucket* lamin_open_s3(
    const lamin::store::BucketOptions& options) {
  return new lamin::store::S3Bucket(options);
}
