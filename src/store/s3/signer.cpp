#include "store/s3/signer.hpp"
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <algorithm>
#include <ctime>
#include "base/hash.hpp"

namespace lamin::store {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

std::string percent_encoded(std::string_view text, bool is_path) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~' || (is_path && c == '/');
    if (plain) encoded += c;
    else encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string query_text(Fields query) {
  std::ranges::sort(query);
  std::string text;
  for (const auto& [name, value] : query) {
    text +=
        fmt::format("{}{}={}", text.empty() ? "" : "&", percent_encoded(name, false), percent_encoded(value, false));
  }
  return text;
}

void sign(const ToSign& request, const AwsCredentials& credentials, Fields& headers) {
  std::tm utc{};
  const auto now = static_cast<std::time_t>(request.now);
  gmtime_r(&now, &utc);
  const auto stamp = fmt::format("{:%Y%m%dT%H%M%SZ}", utc);
  const auto day = stamp.substr(0, 8);
  headers.emplace_back("x-amz-date", stamp);
  headers.emplace_back("x-amz-content-sha256", request.payload);
  if (!credentials.token.empty()) headers.emplace_back("x-amz-security-token", credentials.token);
  auto all = headers;
  all.emplace_back("host", request.host);
  std::ranges::sort(all);
  std::string lines, names;
  for (const auto& [name, value] : all) {
    lines += fmt::format("{}:{}\n", name, value);
    names += (names.empty() ? "" : ";") + name;
  }
  const auto canonical =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, request.path, request.query, lines, names, request.payload);
  const auto scope = fmt::format("{}/{}/{}/aws4_request", day, request.region, request.service);
  const auto text = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", stamp, scope, base::hex(base::sha256(canonical)));
  auto key = bytes_of("AWS4" + credentials.secret_key);
  for (const auto part : {std::string_view(day), request.region, request.service, std::string_view("aws4_request")}) {
    key = base::hmac_sha256(key, part);
  }
  headers.emplace_back("authorization",
                       fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                                   credentials.access_key, scope, names, base::hex(base::hmac_sha256(key, text))));
}

}  // namespace lamin::store
