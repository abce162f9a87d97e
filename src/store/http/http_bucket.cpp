// http_bucket.cpp -- files of a web server as a store that can only be read: by ranges where the server has them.
#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include "base/checkpoint.hpp"
#include "base/text.hpp"
#include "lamin/error.hpp"
#include "store/bucket.hpp"

namespace lamin::store {
namespace {

struct WebAnswer {
  long status = 0;
  std::map<std::string, std::string, std::less<>> headers = {};
  std::string body = {};
  std::exception_ptr stopped = {};

  std::string header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

std::size_t keep_body(char* bytes, std::size_t size, std::size_t count, void* of) {
  static_cast<WebAnswer*>(of)->body.append(bytes, size * count);
  return size * count;
}

std::size_t keep_header(char* bytes, std::size_t size, std::size_t count, void* of) {
  const std::string_view line(bytes, size * count);
  auto& answer = *static_cast<WebAnswer*>(of);
  if (line.starts_with("HTTP/")) answer.headers.clear();  // of a redirection
  const auto colon = line.find(':');
  if (colon != std::string_view::npos) {
    answer.headers[base::lower(base::trim(line.substr(0, colon)))] = base::trim(line.substr(colon + 1));
  }
  return size * count;
}

int ask(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  try {
    base::checkpoint();
    return 0;
  } catch (...) {  // must not pass through libcurl
    static_cast<WebAnswer*>(of)->stopped = std::current_exception();
    return 1;
  }
}

/// Blanks and bytes that no URL has; what is escaped already stays as it is.
std::string url_safe(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte >= 0x7f) safe += fmt::format("%{:02X}", byte);
    else safe += c;
  }
  return safe;
}

/// A web server; shared by the store and its readers.
class Web {
 public:
  explicit Web(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  WebAnswer send(const std::string& key, const std::string& range, bool head_only) const;
  [[noreturn]] void fail(const std::string& key, long status) const {
    const auto code = status == 404 || status == 410   ? Code::not_found
                      : status == 401 || status == 403 ? Code::no_access
                                                       : Code::unavailable;
    throw Error(code, fmt::format("Cannot read '{}/{}': the server answers with status {}.", text_, key, status));
  }
  static std::string tag_of(const WebAnswer& answer) {
    auto tag = answer.header("etag");
    std::erase(tag, '"');
    return tag.empty() ? answer.header("last-modified") : tag;
  }

 private:
  std::string text_;  // "https://host"
};

WebAnswer Web::send(const std::string& key, const std::string& range, bool head_only) const {
  const auto url = text_ + "/" + url_safe(key);
  if (const char* offline = std::getenv("LAMIN_OFFLINE"); offline != nullptr && *offline != '\0' &&
                                                          url.find("://127.") == url.npos &&
                                                          url.find("://localhost") == url.npos) {
    throw Error(Code::unavailable, fmt::format("'{}' cannot be reached: LAMIN_OFFLINE is set.", url));
  }
  constexpr int attempts = 5;
  for (int attempt = 1;; ++attempt) {
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    WebAnswer answer;
    char why[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_MAXREDIRS, 10L);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, 15L);
    curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, 60L);
    curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "lamindb-native/" LAMIN_VERSION);
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, keep_body);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, keep_header);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &answer);
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, ask);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &answer);
    if (head_only) curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
    if (!range.empty()) curl_easy_setopt(curl.get(), CURLOPT_RANGE, range.c_str());
    for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
      const char* bundle = std::getenv(variable);
      if (bundle != nullptr && *bundle != '\0') curl_easy_setopt(curl.get(), CURLOPT_CAINFO, bundle);
    }
    const auto result = curl_easy_perform(curl.get());
    if (answer.stopped) std::rethrow_exception(answer.stopped);
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    const bool failed = result != CURLE_OK;
    if (!failed && answer.status < 500 && answer.status != 429) return answer;
    if (attempt == attempts) {
      if (!failed) return answer;
      throw Error(Code::unavailable, fmt::format("'{}' cannot be read: {} ({} attempts).", url,
                                                 why[0] != '\0' ? why : curl_easy_strerror(result), attempts));
    }
    base::checkpoint();
    std::this_thread::sleep_for(std::chrono::milliseconds(200 << attempt));
  }
}

/// Ranges of a file of a web server; of a server without ranges, the whole file, read once.
class HttpReader : public Reader {
 public:
  HttpReader(std::shared_ptr<Web> web, ObjectInfo object, std::string head)
      : web_(std::move(web)), object_(std::move(object)), head_(std::move(head)) {}
  std::int64_t size() const override { return object_.size; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
    if (offset >= object_.size || into.empty()) return 0;
    into = into.first(std::min(into.size(), static_cast<std::size_t>(object_.size - offset)));
    if (offset + static_cast<std::int64_t>(into.size()) <= static_cast<std::int64_t>(head_.size())) {
      std::memcpy(into.data(), head_.data() + offset, into.size());
      return into.size();
    }
    const auto last = offset + static_cast<std::int64_t>(into.size()) - 1;
    const auto answer = web_->send(object_.key, fmt::format("{}-{}", offset, last), false);
    if (answer.status != 206) web_->fail(object_.key, answer.status);
    const bool changed = !object_.etag.empty() && Web::tag_of(answer) != object_.etag;
    if (changed || answer.body.size() != into.size()) {
      throw Error(Code::conflict, fmt::format("'{}/{}' was replaced while it was being read: read it again.",
                                              web_->text(), object_.key));
    }
    std::memcpy(into.data(), answer.body.data(), into.size());
    return into.size();
  }

 private:
  std::shared_ptr<Web> web_;
  ObjectInfo object_;
  std::string head_;
};

class HttpBucket : public Bucket {
 public:
  explicit HttpBucket(const BucketOptions& options)
      : web_(std::make_shared<Web>(options.scheme + "://" + options.name)) {}

  std::string text() const override { return web_->text(); }
  bool decides() const override { return false; }
  bool pins() const override { return true; }
  bool parts_in_order() const override { return true; }

  std::optional<ObjectInfo> head(const std::string& key) override {
    const auto answer = web_->send(key, "", true);
    if (answer.status == 404 || answer.status == 410) return std::nullopt;
    if (answer.status >= 300) web_->fail(key, answer.status);
    return ObjectInfo{key, std::atoll(answer.header("content-length").c_str()), Web::tag_of(answer)};
  }

  // Web servers do not tell what they have.
  void list(const std::string&, const std::function<bool(ObjectInfo)>&) override {}
  bool has_below(const std::string&) override { return false; }

  std::unique_ptr<Reader> open(const std::string& key) override {
    constexpr std::int64_t first_read = 64 << 10;
    auto answer = web_->send(key, fmt::format("0-{}", first_read - 1), false);
    if (answer.status == 416) answer = web_->send(key, "", false);  // it is empty
    if (answer.status != 200 && answer.status != 206) web_->fail(key, answer.status);
    auto size = static_cast<std::int64_t>(answer.body.size());
    if (answer.status == 206) {
      const auto range = answer.header("content-range");
      const auto slash = range.find('/');
      if (slash == std::string::npos || slash + 1 == range.size() || range[slash + 1] == '*') {
        web_->fail(key, answer.status);
      }
      size = std::atoll(range.c_str() + slash + 1);
    }
    return std::make_unique<HttpReader>(web_, ObjectInfo{key, size, Web::tag_of(answer)}, std::move(answer.body));
  }

  std::string put(const std::string& key, std::span<const std::uint8_t>, const Condition&) override { refuse(key); }
  std::unique_ptr<Upload> upload(const std::string& key) override { refuse(key); }
  void copy(const std::string&, const std::string& to) override { refuse(to); }
  void remove(std::span<const std::string> keys) override {
    if (!keys.empty()) refuse(keys.front());
  }

 private:
  [[noreturn]] void refuse(const std::string& key) const {
    throw Error(Code::no_access,
                fmt::format("Cannot write '{}/{}': files of web servers can only be read.", web_->text(), key));
  }
  std::shared_ptr<Web> web_;
};

}  // namespace
}  // namespace lamin::store

extern "C" __attribute__((visibility("default"))) lamin::store::Bucket* lamin_open_http(
    const lamin::store::BucketOptions& options) {
  return new lamin::store::HttpBucket(options);
}
