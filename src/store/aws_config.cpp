#include "store/aws_config.hpp"
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <mutex>
#include "base/module.hpp"
#include "base/text.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;
std::string or_else(std::string first, const std::string& second) { return first.empty() ? second : first; }

/// The pairs of one section of an INI file, "lab" or "sso-session lab"; indented lines belong to the pair before them.
AwsPairs section_of(const fs::path& file, const std::string& wanted) {
  AwsPairs pairs;
  std::ifstream in(file);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    const auto text = base::trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') continue;
    if (text.front() == '[') {
      auto name = base::trim(text.substr(1, text.find(']') - 1));
      constexpr std::string_view prefix = "profile ";
      if (name.starts_with(prefix)) name = base::trim(name.substr(prefix.size()));
      inside = name == wanted;
      continue;
    }
    const auto equals = text.find('=');
    if (!inside || equals == std::string_view::npos || line.front() == ' ' || line.front() == '\t') continue;
    pairs[base::lower(base::trim(text.substr(0, equals)))] = base::trim(text.substr(equals + 1));
  }
  return pairs;
}

fs::path config_file() {
  return or_else(environment_of("AWS_CONFIG_FILE"), (fs::path(environment_of("HOME")) / ".aws/config").string());
}

/// Whether keys that the profile states are not what it is about: it takes on a role, or signs on.
bool has_source_before_keys(const AwsPairs& pairs) {
  for (const auto* name : {"role_arn", "sso_session", "sso_start_url", "web_identity_token_file"}) {
    if (pairs.contains(name)) return true;
  }
  return !environment_of("AWS_WEB_IDENTITY_TOKEN_FILE").empty();
}

bool has_other_source(const AwsPairs& pairs) {
  if (has_source_before_keys(pairs) || pairs.contains("credential_process")) return true;
  for (const auto* name : {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}) {
    if (!environment_of(name).empty()) return true;
  }
  return !aws_metadata_endpoint().empty();
}

constexpr std::int64_t early = 300;  // seconds before they expire, others are asked for

bool is_good(const AwsCredentials& known) {
  return !known.is_anonymous() && (known.expires == 0 || std::time(nullptr) + early < known.expires);
}

}  // namespace

std::string environment_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string aws_profile_name() {
  return or_else(or_else(environment_of("AWS_PROFILE"), environment_of("AWS_DEFAULT_PROFILE")), "default");
}

AwsPairs aws_profile(const std::string& name) {
  const auto secrets = or_else(environment_of("AWS_SHARED_CREDENTIALS_FILE"),
                               (fs::path(environment_of("HOME")) / ".aws/credentials").string());
  auto pairs = section_of(secrets, name);
  pairs.merge(section_of(config_file(), name));
  return pairs;
}

AwsPairs aws_section(const std::string& title) { return section_of(config_file(), title); }

std::string aws_value(const AwsPairs& pairs, std::string_view name) {
  const auto found = pairs.find(name);
  return found == pairs.end() ? std::string() : found->second;
}

// A machine of the provider says so; elsewhere asking for its role would only wait.
std::string aws_metadata_endpoint() {
  if (base::lower(environment_of("AWS_EC2_METADATA_DISABLED")) == "true") return {};
  if (auto stated = environment_of("AWS_EC2_METADATA_SERVICE_ENDPOINT"); !stated.empty()) {
    while (stated.ends_with('/')) stated.pop_back();
    return stated;
  }
  for (const auto* file : {"/sys/class/dmi/id/sys_vendor", "/sys/hypervisor/uuid"}) {
    std::ifstream in(file);
    std::string text;
    if (!std::getline(in, text) || (!text.starts_with("Amazon") && !base::lower(text).starts_with("ec2"))) continue;
    const bool is_6 = base::lower(environment_of("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")) == "ipv6";
    return is_6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  return {};
}

AwsCredentials find_aws_credentials() {
  using Function = void (*)(AwsCredentials&);
  AwsCredentials found;
  reinterpret_cast<Function>(base::module_symbol("s3", "lamin_find_aws_credentials"))(found);
  return found;
}

AwsCredentials aws_credentials(bool fresh) {
  AwsCredentials found{environment_of("AWS_ACCESS_KEY_ID"), environment_of("AWS_SECRET_ACCESS_KEY"),
                       environment_of("AWS_SESSION_TOKEN")};
  if (!found.access_key.empty() && !found.secret_key.empty()) return found;
  const auto pairs = aws_profile(aws_profile_name());
  found = {aws_value(pairs, "aws_access_key_id"), aws_value(pairs, "aws_secret_access_key"),
           aws_value(pairs, "aws_session_token")};
  if (!found.is_anonymous() && !has_source_before_keys(pairs)) return found;
  if (!has_other_source(pairs)) return {};
  // Asking takes a while, and what is found holds for hours.
  static std::mutex mutex;
  static AwsCredentials known;
  const std::lock_guard lock(mutex);
  if (fresh || !is_good(known)) known = find_aws_credentials();
  return known;
}

std::string aws_region() {
  auto region = or_else(environment_of("AWS_REGION"), environment_of("AWS_DEFAULT_REGION"));
  return region.empty() ? aws_value(aws_profile(aws_profile_name()), "region") : region;
}

std::string aws_endpoint() {
  auto endpoint = or_else(environment_of("AWS_ENDPOINT_URL_S3"), environment_of("AWS_ENDPOINT_URL"));
  return endpoint.empty() ? aws_value(aws_profile(aws_profile_name()), "endpoint_url") : endpoint;
}

}  // namespace lamin::store
