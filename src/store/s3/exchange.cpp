#include "store/s3/exchange.hpp"
#include <curl/curl.h>
#include <fmt/format.h>
#include <cstdlib>
#include <memory>
#include "lamin/error.hpp"

namespace lamin::store {
namespace {

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* into) {
  constexpr std::size_t longest = 1 << 20;
  auto& text = *static_cast<std::string*>(into);
  if (text.size() + size * count > longest) return 0;
  text.append(bytes, size * count);
  return size * count;
}

// This machine, and the addresses that only a machine or container of the provider has.
bool is_near(const std::string& url) {
  for (const auto* place : {"://127.", "://localhost", "://[::1]", "://169.254.", "://[fd00:ec2::"}) {
    if (url.find(place) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

Exchanged exchange(const Exchange& request) {
  const auto host = request.url.substr(0, request.url.find('/', request.url.find("://") + 3));
  if (const char* offline = std::getenv("LAMIN_OFFLINE"); offline != nullptr && *offline != '\0' && !is_near(host)) {
    throw Error(Code::unavailable, fmt::format("'{}' cannot be asked for credentials: LAMIN_OFFLINE is set.", host));
  }
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> lines(nullptr, curl_slist_free_all);
  for (const auto& [name, value] : request.headers) {
    auto* longer = curl_slist_append(lines.get(), fmt::format("{}: {}", name, value).c_str());
    if (lines == nullptr) lines.reset(longer);
  }
  Exchanged answer;
  curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, request.seconds);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "lamindb-native/" LAMIN_VERSION);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  if (is_near(host)) curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  if (request.method != "GET") {
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  for (const char* variable : {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const char* bundle = std::getenv(variable);
    if (bundle == nullptr || *bundle == '\0') continue;
    curl_easy_setopt(curl.get(), CURLOPT_CAINFO, bundle);
    break;
  }
  const auto result = curl_easy_perform(curl.get());
  if (result != CURLE_OK) {
    if (request.is_optional) return {};
    throw Error(Code::unavailable,
                fmt::format("'{}' cannot be asked for credentials: {}.", host, curl_easy_strerror(result)));
  }
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace lamin::store
