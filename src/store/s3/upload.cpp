#include "store/s3/upload.hpp"
#include <fmt/format.h>
#include <libdeflate.h>
#include <array>
#include <cstring>
#include "base/hash.hpp"
#include "base/text.hpp"

namespace lamin::store {
namespace {

constexpr const char* checksum_header = "x-amz-checksum-crc32";

/// The checksum of a part that a server compares with what arrives, as its header has it: four bytes, the highest
/// first.
std::string checksum_of(std::span<const std::uint8_t> bytes) {
  const auto sum = libdeflate_crc32(0, bytes.data(), bytes.size());
  std::array<std::uint8_t, 4> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) parts.at(i) = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
  return base::base64(parts);
}

}  // namespace

std::span<const std::uint8_t> body_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void add_condition(Request& request, const Condition& condition) {
  if (condition.is_absent) request.headers.emplace_back("if-none-match", "*");
  else if (!condition.etag.empty()) request.headers.emplace_back("if-match", '"' + condition.etag + '"');
}

S3Upload::S3Upload(std::shared_ptr<Client> client, std::string key, From from)
    : client_(std::move(client)), key_(std::move(key)) {
  Request request{
      .method = "POST", .key = key_, .query = {{"uploads", ""}}, .headers = {{std::string(token_header), token_}}};
  if (from == From::here) request.headers.emplace_back("x-amz-checksum-algorithm", "CRC32");
  auto answer = client_->send(request);
  if (from == From::here && (answer.status == 400 || answer.status == 501)) {  // a server without checksums
    request.headers.pop_back();
    answer = client_->send(request);
  }
  if (answer.ok()) id_ = upload_id(answer.body);
  if (id_.empty()) client_->fail(request, answer, "begin to write");
  is_summed_ = from == From::here && base::lower(answer.header("x-amz-checksum-algorithm")) == "crc32";
}

void S3Upload::part(int number, std::span<const std::uint8_t> bytes) {
  Request request{.method = "PUT",
                  .key = key_,
                  .query = {{"partNumber", std::to_string(number)}, {"uploadId", id_}},
                  .body = bytes};
  std::string sum;
  if (is_summed_) {
    sum = checksum_of(bytes);
    request.headers.emplace_back(checksum_header, sum);
  }
  auto answer = is_summed_ ? client_->send(request) : client_->store(request);
  // A server that does not say which bytes it has is asked for their tag.
  if (is_summed_ && answer.ok() && answer.header(checksum_header) != sum) answer = client_->store(request);
  if (!answer.ok()) client_->fail(request, answer, "write a part of");
  note(number, {unquoted(answer.header("etag")), std::move(sum)});
}

void S3Upload::copy(int number, const std::string& source, std::int64_t from, std::int64_t to) {
  Request request{
      .method = "PUT",
      .key = key_,
      .query = {{"partNumber", std::to_string(number)}, {"uploadId", id_}},
      .headers = {{"x-amz-copy-source", source}, {"x-amz-copy-source-range", fmt::format("bytes={}-{}", from, to - 1)}},
      .is_slow = true};
  const auto answer = client_->send(request);
  const auto begin = answer.body.find("<ETag>");
  if (!answer.ok() || begin == std::string::npos) client_->fail(request, answer, "copy a part to");
  auto etag = answer.body.substr(begin + 6, answer.body.find("</ETag>") - begin - 6);
  for (const auto* quote : {"&quot;", "&#34;"}) {
    for (auto at = etag.find(quote); at != std::string::npos; at = etag.find(quote)) etag.erase(at, std::strlen(quote));
  }
  note(number, {unquoted(etag)});
}

std::string S3Upload::finish(const Condition& condition) {
  auto answer = complete(condition);
  if (answer.code() == "InvalidPart") {  // what was said of a part was damaged on its way here
    ask_for_tags();
    answer = complete(condition);
  }
  if (answer.ok() && error_of(answer.body).code.empty()) return completed_etag(answer.body);
  // The answer to an earlier attempt may have been lost: then the object is there.
  if (answer.attempts > 1) {
    const auto there = client_->send({.method = "HEAD", .key = key_});
    if (there.header(token_header) == token_) return unquoted(there.header("etag"));
  }
  const Request request{.method = "POST", .key = key_};
  if (answer.ok()) answer.status = 500;  // an error that came after the server had begun to answer
  client_->fail(request, answer, "write");
}

void S3Upload::abort() noexcept {
  try {
    static_cast<void>(client_->send({.method = "DELETE", .key = key_, .query = {{"uploadId", id_}}}));
  } catch (const std::exception&) {  // what stays is removed with the place, or by a rule of the bucket
  }
}

void S3Upload::note(int number, UploadedPart part) {
  const std::lock_guard lock(mutex_);
  if (parts_.size() < static_cast<std::size_t>(number)) parts_.resize(static_cast<std::size_t>(number));
  parts_[static_cast<std::size_t>(number) - 1] = std::move(part);
}

void S3Upload::ask_for_tags() {
  std::string after;
  do {
    Request request{.key = key_, .query = {{"uploadId", id_}}};
    if (!after.empty()) request.query.emplace_back("part-number-marker", after);
    const auto answer = client_->send(request);
    if (!answer.ok()) client_->fail(request, answer, "list the parts of");
    auto page = part_page(answer.body);
    for (auto& [number, etag] : page.etags) {
      if (number > 0 && number <= parts_.size()) parts_[number - 1].etag = std::move(etag);
    }
    after = std::move(page.next);
  } while (!after.empty());
}

Answer S3Upload::complete(const Condition& condition) {
  const auto body = completion(parts_);
  Request request{.method = "POST",
                  .key = key_,
                  .query = {{"uploadId", id_}},
                  .headers = {{"content-type", "application/xml"}},
                  .body = body_of(body),
                  .is_slow = true};
  add_condition(request, condition);
  return client_->send(request);
}

}  // namespace lamin::store
