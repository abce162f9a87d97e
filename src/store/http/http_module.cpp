// http_module.cpp -- downloads with libcurl.
#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include "lamin/error.hpp"
#include "store/http.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

struct Transfer {
  std::FILE* file = nullptr;
  CURL* curl = nullptr;
  const Download* wanted = nullptr;
  std::int64_t had = 0;  // bytes of an earlier attempt
  bool begun = false, disk_failed = false;
};

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  if (!transfer.begun) {
    transfer.begun = true;
    long status = 0;
    curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200 && transfer.had > 0) {  // the server sends all of it again
      transfer.had = 0;
      if (::ftruncate(::fileno(transfer.file), 0) != 0) return 0;
      std::rewind(transfer.file);
    }
  }
  const auto written = std::fwrite(bytes, size, count, transfer.file);
  transfer.disk_failed = written != count;
  return written * size;
}

int tell(void* of, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<const Transfer*>(of);
  if (transfer.wanted->progress && now > 0)
    transfer.wanted->progress(transfer.had + now, total > 0 ? transfer.had + total : 0);
  return 0;
}

[[noreturn]] void failed(const Download& wanted, std::string_view why) {
  throw Error(Code::unavailable, fmt::format("'{}' cannot be downloaded: {}.", wanted.url, why));
}

/// Servers that could not be reached are not tried again for a minute: without a network, each look-up would wait.
class Silent {
 public:
  void check(const Download& wanted) {
    const std::scoped_lock guard(lock_);
    const auto known = since_.find(host_of(wanted.url));
    if (known == since_.end() || clock::now() - known->second.first > std::chrono::minutes(1)) return;
    failed(wanted, known->second.second);
  }
  void add(const std::string& url, const std::string& why) {
    const std::scoped_lock guard(lock_);
    since_[host_of(url)] = {clock::now(), why};
  }

 private:
  using clock = std::chrono::steady_clock;
  static std::string host_of(const std::string& url) {
    const auto begin = url.find("://");
    return begin == url.npos ? url : url.substr(0, url.find('/', begin + 3));
  }
  std::mutex lock_;
  std::map<std::string, std::pair<clock::time_point, std::string>> since_;
};

Silent& silent() {
  static Silent all;
  return all;
}

void configure(CURL* curl, Transfer& transfer, char* why) {
  curl_easy_setopt(curl, CURLOPT_URL, transfer.wanted->url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,ftp");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https,ftp");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 15L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 100L);  // bytes a second, for a minute
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "lamindb-native/" LAMIN_VERSION);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, tell);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  if (transfer.had > 0) curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer.had));
  // Authorities of a site of its own, as Python's and curl's own programs take them.
  for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const char* bundle = std::getenv(variable);
    if (bundle != nullptr && *bundle != '\0') curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
  }
}

enum class Outcome { whole, absent, stale };  // stale: what an earlier attempt left is not part of this file

Outcome transferred(CURL* curl, Transfer& transfer) {
  char why[CURL_ERROR_SIZE] = "";
  configure(curl, transfer, why);
  const auto code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK) return Outcome::whole;
  if (status == 403 || status == 404 || status == 410 || code == CURLE_REMOTE_FILE_NOT_FOUND) return Outcome::absent;
  if (status == 416 && transfer.had > 0) return Outcome::stale;
  if (code == CURLE_UNSUPPORTED_PROTOCOL)
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is no address of a file on the web: http, https or ftp.", transfer.wanted->url));
  if (transfer.disk_failed) failed(*transfer.wanted, std::strerror(ENOSPC));
  const std::string reason = why[0] != '\0' ? why : curl_easy_strerror(code);
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT ||
      code == CURLE_COULDNT_RESOLVE_PROXY)
    silent().add(transfer.wanted->url, reason);
  failed(*transfer.wanted, reason);
}

/// Whether an open file still has its name.
bool is_still_at(int file, const fs::path& path) {
  struct stat open = {}, named = {};
  return ::fstat(file, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_ino == named.st_ino;
}

bool fetch(const Download& wanted) {
  if (const char* offline = std::getenv("LAMIN_OFFLINE"); offline != nullptr && *offline != '\0')
    failed(wanted, "LAMIN_OFFLINE is set");
  silent().check(wanted);
  std::error_code ignored;
  fs::create_directories(wanted.to.parent_path(), ignored);
  auto part = wanted.to;
  part += ".part";
  std::FILE* file = std::fopen(part.c_str(), "ab");
  if (file == nullptr)
    throw Error(Code::no_access, fmt::format("cannot write '{}': {}", part.string(), std::strerror(errno)));
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> closer(file, std::fclose);
  // Of several processes that want the file, one downloads it, and the others wait.
  while (::flock(::fileno(file), LOCK_EX) != 0 && errno == EINTR) {}
  if (fs::exists(wanted.to, ignored)) {
    fs::remove(part, ignored);  // made just now, and empty
    return true;
  }
  if (!is_still_at(::fileno(file), part)) return fetch(wanted);
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  std::fseek(file, 0, SEEK_END);
  Transfer transfer{.file = file, .curl = curl.get(), .wanted = &wanted, .had = std::ftell(file)};
  const auto outcome = [&] {
    try {
      return transferred(curl.get(), transfer);
    } catch (const Error&) {
      std::fflush(file);
      if (fs::file_size(part, ignored) == 0) fs::remove(part, ignored);  // there is nothing to continue
      throw;
    }
  }();
  if (outcome != Outcome::whole) {
    fs::remove(part, ignored);
    return outcome == Outcome::stale && fetch(wanted);
  }
  const bool durable = std::fflush(file) == 0 && ::fsync(::fileno(file)) == 0;
  if (!durable) failed(wanted, std::strerror(errno));
  try {
    if (wanted.check) wanted.check(part);
  } catch (...) {
    fs::remove(part, ignored);
    throw;
  }
  fs::rename(part, wanted.to);  // before the lock goes with the file
  return true;
}

}  // namespace
}  // namespace lamin::store

extern "C" __attribute__((visibility("default"))) bool lamin_download(const lamin::store::Download& wanted) {
  return lamin::store::fetch(wanted);
}
