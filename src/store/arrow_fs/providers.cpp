#include "store/arrow_fs/providers.hpp"
#include <arrow/filesystem/azurefs.h>
#include <arrow/filesystem/gcsfs.h>
#include <fmt/format.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include "base/text.hpp"
#include "lamin/error.hpp"

namespace lamin::store {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

struct Endpoint {
  std::string scheme, authority;
};

Endpoint endpoint_of(const std::string& text, const std::string& scheme) {
  const auto at = text.find("://");
  Endpoint endpoint{at == std::string::npos ? scheme : text.substr(0, at),
                    text.substr(at == std::string::npos ? 0 : at + 3)};
  while (endpoint.authority.ends_with('/')) endpoint.authority.pop_back();
  return endpoint;
}

/// Whether Google's library would find anything; where it would not, it asks a machine that is not there.
bool has_google_credentials() {
  std::error_code ignored;
  if (!variable("GOOGLE_APPLICATION_CREDENTIALS").empty()) return true;
  const auto folder =
      variable("CLOUDSDK_CONFIG").empty() ? variable("HOME") + "/.config/gcloud" : variable("CLOUDSDK_CONFIG");
  if (std::filesystem::exists(folder + "/application_default_credentials.json", ignored)) return true;
  std::ifstream product("/sys/class/dmi/id/product_name");
  std::string name;
  return std::getline(product, name) && name.starts_with("Google");
}

std::map<std::string, std::string, std::less<>> connection_pairs() {
  std::map<std::string, std::string, std::less<>> pairs;
  for (const auto& pair : base::split(variable("AZURE_STORAGE_CONNECTION_STRING"), ';')) {
    const auto equals = pair.find('=');
    if (equals != std::string::npos) pairs[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return pairs;
}

}  // namespace

OpenedFiles open_google(const BucketOptions& options) {
  const auto shown = options.scheme + "://" + options.name;
  auto endpoint = options.endpoint.empty() ? variable("STORAGE_EMULATOR_HOST") : options.endpoint;
  auto how = !endpoint.empty() || !has_google_credentials() ? arrow::fs::GcsOptions::Anonymous()
                                                            : arrow::fs::GcsOptions::Defaults();
  if (!endpoint.empty()) {
    const auto [scheme, authority] = endpoint_of(endpoint, "http");
    how.scheme = scheme;
    how.endpoint_override = authority;
  }
  constexpr double patience = 30;  // seconds of retries
  how.retry_limit_seconds = patience;
  return {take(arrow::fs::GcsFileSystem::Make(how), "open", shown), options.name};
}

OpenedFiles open_azure(const BucketOptions& options) {
  const auto shown = options.scheme + "://" + options.name;
  auto pairs = connection_pairs();
  const auto either = [&](const char* name, std::string_view pair) {
    auto value = variable(name);
    const auto found = pairs.find(pair);
    return value.empty() && found != pairs.end() ? found->second : value;
  };
  arrow::fs::AzureOptions how;
  auto container = options.name;
  how.account_name = either("AZURE_STORAGE_ACCOUNT_NAME", "AccountName");
  if (const auto at = container.find('@'); at != std::string::npos) {
    const auto host = container.substr(at + 1);
    how.account_name = host.substr(0, host.find('.'));
    container.resize(at);
  }
  if (how.account_name.empty()) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' does not say which Azure account: set AZURE_STORAGE_ACCOUNT_NAME, or write "
                            "abfs://container@account.dfs.core.windows.net/folder.",
                            shown));
  }
  if (const auto blob = either("AZURE_STORAGE_BLOB_ENDPOINT", "BlobEndpoint"); !blob.empty()) {
    auto [scheme, authority] = endpoint_of(blob, "https");
    // Emulators have the account in the path, which Arrow adds.
    authority = authority.substr(0, authority.find('/'));
    how.blob_storage_scheme = how.dfs_storage_scheme = scheme;
    how.blob_storage_authority = how.dfs_storage_authority = authority;
  }
  how.background_writes = false;  // what waits in the background has no limit
  const auto key = either("AZURE_STORAGE_ACCOUNT_KEY", "AccountKey");
  const auto token = either("AZURE_STORAGE_SAS_TOKEN", "SharedAccessSignature");
  check(!key.empty()     ? how.ConfigureAccountKeyCredential(key)
        : !token.empty() ? how.ConfigureSASCredential(token)
                         : how.ConfigureDefaultCredential(),
        "open", shown);
  return {take(arrow::fs::AzureFileSystem::Make(how), "open", shown), container};
}

}  // namespace lamin::store
