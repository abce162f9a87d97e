#include "store/s3/client.hpp"
#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <random>
#include <thread>
#include "base/checkpoint.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "lamin/error.hpp"
#include "store/s3/answers.hpp"

namespace lamin::store {

struct Client::Connection {
  Connection() : curl(curl_easy_init()) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { curl_easy_cleanup(curl); }
  CURL* curl;
};

/// A connection for one request, given back after it.
struct Client::Borrowed {
  explicit Borrowed(Client& client) : client(client) {
    const std::lock_guard lock(client.mutex_);
    if (client.process_ != getpid()) {
      // The sockets belong to the process that this one was forked from: closing them would end its TLS sessions.
      // NOLINTNEXTLINE(bugprone-unused-return-value)
      for (auto& connection : client.idle_) static_cast<void>(connection.release());
      client.idle_.clear();
      client.process_ = getpid();
    }
    if (client.idle_.empty()) {
      connection = std::make_unique<Connection>();
    } else {
      connection = std::move(client.idle_.back());
      client.idle_.pop_back();
      curl_easy_reset(connection->curl);
    }
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() {
    const std::lock_guard lock(client.mutex_);
    client.idle_.push_back(std::move(connection));
  }
  Client& client;
  std::unique_ptr<Connection> connection;
};

namespace {

constexpr long connect_seconds = 10;
constexpr int default_attempts = 8, attempts_to_connect = 3;

long number_of(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  long value = 0;
  if (text == nullptr) return otherwise;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
  return error == std::errc() && *end == '\0' && value > 0 ? value : otherwise;
}

/// One transfer, as libcurl's functions see it.
struct Transfer {
  const Request& request;
  Answer answer = {};
  std::size_t sent = 0;
  CURL* curl = nullptr;
  bool too_long = false;
  std::exception_ptr stopped = {};
};

int ask_whether_to_go_on(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  try {
    base::checkpoint();
    return 0;
  } catch (...) {  // must not pass through libcurl
    static_cast<Transfer*>(of)->stopped = std::current_exception();
    return 1;
  }
}

std::size_t take_bytes(char* bytes, std::size_t size, std::size_t count, void* of) {
  auto& transfer = *static_cast<Transfer*>(of);
  const auto length = size * count;
  auto& answer = transfer.answer;
  if (answer.status == 0) curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &answer.status);
  if (transfer.request.into.empty() || !answer.ok()) {
    constexpr std::size_t longest = 64 << 20;
    if (answer.body.size() + length > longest) return 0;
    answer.body.append(bytes, length);
    return length;
  }
  if (length > transfer.request.into.size() - answer.received) {
    transfer.too_long = true;
    return 0;
  }
  std::memcpy(transfer.request.into.data() + answer.received, bytes, length);
  answer.received += length;
  return length;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* of) {
  const std::string_view line(bytes, size * count);
  const auto colon = line.find(':');
  if (colon != std::string_view::npos) {
    static_cast<Transfer*>(of)->answer.headers[base::lower(base::trim(line.substr(0, colon)))] =
        base::trim(line.substr(colon + 1));
  }
  return size * count;
}

std::size_t give_bytes(char* into, std::size_t size, std::size_t count, void* of) {
  auto& transfer = *static_cast<Transfer*>(of);
  const auto length = std::min(size * count, transfer.request.body.size() - transfer.sent);
  std::memcpy(into, transfer.request.body.data() + transfer.sent, length);
  transfer.sent += length;
  return length;
}

int rewind_bytes(void* of, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(of)->sent = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

using Lines = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

Lines lines_of(const Fields& headers) {
  Lines lines(nullptr, curl_slist_free_all);
  const auto add = [&](const std::string& line) {
    auto* longer = curl_slist_append(lines.get(), line.c_str());
    if (lines == nullptr) lines.reset(longer);  // a list that is longer begins where it began
  };
  for (const auto& [name, value] : headers) add(fmt::format("{}: {}", name, value));
  add("Expect:");
  add("Accept:");
  const auto names_type = [](const auto& header) { return header.first == "content-type"; };
  if (std::ranges::none_of(headers, names_type)) add("Content-Type:");
  return lines;
}

void configure(CURL* curl, Transfer& transfer, const std::string& url, curl_slist* headers, char* why) {
  const auto& request = transfer.request;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, request.is_slow ? 600L : number_of("LAMIN_STALL_SECONDS", 30));
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 512L << 10);
  curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, 1L << 20);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "lamindb-native/" LAMIN_VERSION);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ask_whether_to_go_on);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method == "PUT" || request.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(curl, CURLOPT_READDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, rewind_bytes);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, &transfer);
  }
  if (request.method != "HEAD" && request.method != "PUT") {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  // Authorities of a site of its own, as Python's and the provider's own programs take them.
  for (const char* variable : {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const char* bundle = std::getenv(variable);
    if (bundle == nullptr || *bundle == '\0') continue;
    curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
    break;
  }
}

/// Whether a server is on this machine, which LAMIN_OFFLINE does not forbid.
bool is_here(std::string_view authority) {
  return authority.starts_with("127.") || authority.starts_with("localhost") || authority.starts_with("[::1]");
}

/// "bytes 100-199/1234" -> 100
std::size_t length_of(const std::string& range) {
  const auto line = range.find('-'), word = range.rfind(' ', line);
  if (line == std::string::npos || word == std::string::npos) return 0;
  return static_cast<std::size_t>(std::atoll(range.c_str() + line + 1) - std::atoll(range.c_str() + word + 1) + 1);
}

/// Whether an answer that HTTP takes for complete has lost its end: a proxy may state the length of what it received.
bool is_cut(const Request& request, const Answer& answer) {
  if (!answer.ok() || request.method == "HEAD") return false;
  if (const auto range = answer.header("content-range"); !range.empty())
    return length_of(range) != (request.into.empty() ? answer.body.size() : answer.received);
  const bool is_document = request.key.empty() || request.method != "GET";
  return is_document && !answer.body.empty() && !is_whole_document(answer.body);
}

bool is_worth_another(const Request& request, const Answer& answer) {
  if (is_cut(request, answer)) return true;
  if (answer.status == 408 || answer.status == 429 || answer.status >= 500) return answer.status != 501;
  const auto code = answer.ok() ? std::string() : answer.code();
  return code == "RequestTimeout" || code == "SlowDown" || code == "BadDigest" ||
         code == "ConditionalRequestConflict" || code == "OperationAborted" || code == "IncompleteBody";
}

void wait_before(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto most = std::min(100 << std::min(attempt - 1, 10), 5000);
  std::this_thread::sleep_for(std::chrono::milliseconds(most / 2 + static_cast<int>(random() % (most / 2 + 1U))));
}

}  // namespace

std::string Answer::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::string Answer::code() const { return error_of(body).code; }

Client::Client(BucketOptions options) : options_(std::move(options)), process_(getpid()) {
  const auto endpoint = options_.endpoint.empty() ? aws_endpoint() : options_.endpoint;
  region_ = options_.region.empty() ? aws_region() : options_.region;
  if (region_.empty()) region_ = "us-east-1";
  if (!endpoint.empty()) {
    const auto uri = endpoint.find("://");
    is_own_server_ = true;
    is_encrypted_ = !endpoint.starts_with("http://");
    authority_ = endpoint.substr(uri == std::string::npos ? 0 : uri + 3);
    while (authority_.ends_with('/')) authority_.pop_back();
    if (authority_.empty() || authority_.find('/') != std::string::npos) {
      throw Error(Code::invalid_argument,
                  fmt::format("'{}' is no endpoint of an S3 server: write it as https://host:port.", endpoint));
    }
  }
  credentials_ = aws_credentials(false);
}

Client::~Client() = default;

std::string Client::host() const {
  if (is_own_server_) return authority_;
  // A certificate for *.s3.amazonaws.com does not cover a name with dots.
  const bool in_path = options_.name.find('.') != std::string::npos;
  const auto china = region_.starts_with("cn-") ? ".cn" : "";
  return fmt::format("{}s3.{}.amazonaws.com{}", in_path ? "" : options_.name + ".", region_, china);
}

Answer Client::attempt(const Request& request, std::string& failure) {
  AwsCredentials credentials;
  std::string region, at;
  {
    const std::lock_guard lock(mutex_);
    // Of those that expire, `aws_credentials` knows when.
    if (credentials_.expires != 0) credentials_ = aws_credentials(false);
    credentials = credentials_;
    region = region_;
    at = host();
  }
  auto path = "/" + percent_encoded(request.key, true);
  if (!at.starts_with(options_.name + ".s3.") || is_own_server_)
    path = "/" + percent_encoded(options_.name, false) + path;
  const auto query = query_text(request.query);
  auto headers = request.headers;
  if (!credentials.is_anonymous()) {
    sign({.method = request.method,
          .host = at,
          .path = path,
          .query = query,
          .region = region,
          .now = std::time(nullptr)},
         credentials, headers);
  }
  const auto url =
      fmt::format("{}://{}{}{}{}", is_encrypted_ ? "https" : "http", at, path, query.empty() ? "" : "?", query);
  const Borrowed borrowed(*this);
  auto* curl = borrowed.connection->curl;
  Transfer transfer{.request = request, .curl = curl};
  char why[CURL_ERROR_SIZE] = "";
  const auto lines = lines_of(headers);
  configure(curl, transfer, url, lines.get(), why);
  const auto result = curl_easy_perform(curl);
  if (transfer.stopped) std::rethrow_exception(transfer.stopped);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &transfer.answer.status);
  if (result != CURLE_OK) {
    failure = transfer.too_long ? "the server sends more than it was asked for"
              : why[0] != '\0'  ? why
                                : curl_easy_strerror(result);
    const bool unreachable = result == CURLE_COULDNT_CONNECT || result == CURLE_COULDNT_RESOLVE_HOST ||
                             result == CURLE_COULDNT_RESOLVE_PROXY || result == CURLE_PEER_FAILED_VERIFICATION;
    transfer.answer.status = unreachable ? -1 : 0;
  }
  return std::move(transfer.answer);
}

bool Client::learn(const Answer& answer) {
  const auto code = answer.code();
  auto region = answer.header("x-amz-bucket-region");
  if (region.empty() && code == "AuthorizationHeaderMalformed") region = error_of(answer.body).region;
  const std::lock_guard lock(mutex_);
  if (!region.empty() && region != region_ && (answer.status == 301 || answer.status == 307 || answer.status == 400)) {
    region_ = region;
    return true;
  }
  if (code != "ExpiredToken" && code != "TokenRefreshRequired") return false;
  auto fresh = aws_credentials(true);
  const bool changed = fresh.token != credentials_.token;
  credentials_ = std::move(fresh);
  return changed;
}

Answer Client::send(const Request& request) {
  if (const char* offline = std::getenv("LAMIN_OFFLINE"); offline != nullptr && *offline != '\0' && !is_here(host())) {
    throw Error(Code::unavailable, fmt::format("'{}' cannot be reached: LAMIN_OFFLINE is set.", shown(request.key)));
  }
  const auto most = static_cast<int>(number_of("AWS_MAX_ATTEMPTS", default_attempts));
  bool has_learned = false;
  for (int number = 1;; ++number) {
    std::string failure;
    auto answer = attempt(request, failure);
    answer.attempts = number;
    if (answer.status > 0) {
      if (!has_learned && !answer.ok() && learn(answer)) {
        has_learned = true;
        continue;
      }
      if (!is_worth_another(request, answer) || number >= most) return answer;
    } else if (number >= (answer.status < 0 ? std::min(most, attempts_to_connect) : most)) {
      throw Error(Code::unavailable, fmt::format("'{}' cannot be reached at {}: {} ({} attempts).", shown(request.key),
                                                 host(), failure, number));
    }
    base::checkpoint();
    wait_before(number);
  }
}

Answer Client::store(Request& request) {
  const auto md5 = base::md5({reinterpret_cast<const char*>(request.body.data()), request.body.size()});
  if (!asks_to_compare_) {
    auto answer = send(request);
    if (!answer.ok() || unquoted(answer.header("etag")) == base::hex(md5)) return answer;
    asks_to_compare_ = true;
  }
  request.headers.emplace_back("content-md5", base::base64(md5));
  return send(request);
}

void Client::fail(const Request& request, const Answer& answer, std::string_view what) const {
  const auto said = error_of(answer.body);
  const auto at = shown(request.key);
  const auto why = said.code.empty() ? fmt::format("status {}", answer.status)
                                     : fmt::format("{}{}{}", said.code, said.message.empty() ? "" : ": ", said.message);
  if (said.code == "NoSuchBucket") {
    throw Error(Code::not_found, fmt::format("Cannot {} '{}': there is no bucket '{}'.", what, at, options_.name));
  }
  if (answer.status == 404)
    throw Error(Code::not_found, fmt::format("Cannot {} '{}': there is no such object.", what, at));
  if (said.code == "RequestTimeTooSkewed") {
    throw Error(Code::no_access,
                fmt::format("Cannot {} '{}': the clock of this machine is wrong ({}).", what, at, why));
  }
  if (answer.status == 401 || answer.status == 403) {
    throw Error(Code::no_access,
                fmt::format("Cannot {} '{}': the server refuses {} ({}). {}", what, at,
                            credentials_.is_anonymous() ? "anonymous access"
                                                        : fmt::format("the access key {}", credentials_.access_key),
                            why,
                            "Credentials are taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from the "
                            "profile AWS_PROFILE."));
  }
  if (answer.status == 412 || answer.status == 409) {
    throw Error(Code::conflict, fmt::format("Cannot {} '{}': {}.", what, at, why));
  }
  const bool is_server = answer.status >= 500 || answer.status == 429;
  throw Error(is_server ? Code::unavailable : Code::invalid_argument,
              fmt::format("Cannot {} '{}': {}{}.", what, at, why,
                          answer.attempts > 1 ? fmt::format(" ({} attempts)", answer.attempts) : ""));
}

}  // namespace lamin::store
