// roles.cpp -- credentials of a role, from AWS's Security Token Service: by those of somebody else, or by a web
// identity.
#include <fmt/format.h>
#include <ctime>
#include <pugixml.hpp>
#include <set>
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/uid.hpp"
#include "lamin/error.hpp"
#include "store/s3/credentials.hpp"
#include "store/s3/exchange.hpp"

namespace lamin::store {
namespace {

[[noreturn]] void refuse(std::string_view role, std::string_view why) {
  throw Error(Code::no_access, fmt::format("The role '{}' cannot be taken on: {}.", role, why));
}

std::string region() {
  const auto stated = aws_region();
  return stated.empty() ? "us-east-1" : stated;
}

std::string session_name(const AwsPairs& profile) {
  auto name = aws_value(profile, "role_session_name");
  if (const auto stated = environment_of("AWS_ROLE_SESSION_NAME"); !stated.empty()) name = stated;
  return name.empty() ? "lamin-" + base::random_uid(10) : name;
}

/// Without credentials the request is not signed.
AwsCredentials ask(const std::string& role, Fields parameters, const AwsCredentials& by) {
  parameters.emplace_back("Version", "2011-06-15");
  parameters.emplace_back("RoleArn", role);
  const auto place = region();
  auto endpoint = environment_of("AWS_ENDPOINT_URL_STS");
  if (endpoint.empty()) {
    endpoint = fmt::format("https://sts.{}.amazonaws.com{}", place, place.starts_with("cn-") ? ".cn" : "");
  }
  while (endpoint.ends_with('/')) endpoint.pop_back();
  Exchange request{.method = "POST", .url = endpoint + "/", .body = query_text(parameters)};
  request.headers.emplace_back("content-type", "application/x-www-form-urlencoded; charset=utf-8");
  if (!by.is_anonymous()) {
    const auto hash = base::hex(base::sha256(request.body));
    sign({.method = "POST",
          .host = endpoint.substr(endpoint.find("://") + 3),
          .path = "/",
          .query = "",
          .region = place,
          .now = std::time(nullptr),
          .service = "sts",
          .payload = hash},
         by, request.headers);
  }
  const auto answer = exchange(request);
  pugi::xml_document document;
  document.load_buffer(answer.body.data(), answer.body.size());
  const auto node = document.select_node("//*[local-name()='Credentials']").node();
  if (answer.status != 200 || !node) {
    const std::string said = document.select_node("//*[local-name()='Message']").node().child_value();
    refuse(role, said.empty() ? fmt::format("the service answers {}", answer.status) : said);
  }
  AwsCredentials found{node.child_value("AccessKeyId"), node.child_value("SecretAccessKey"),
                       node.child_value("SessionToken")};
  if (found.is_anonymous()) refuse(role, "there is no key in the service's answer");
  if (const auto until = base::parse_time(node.child_value("Expiration"))) found.expires = until->micros / 1'000'000;
  return found;
}

AwsCredentials named_source(const std::string& role, const std::string& source) {
  Found found;
  if (source == "Environment") {
    found = AwsCredentials{environment_of("AWS_ACCESS_KEY_ID"), environment_of("AWS_SECRET_ACCESS_KEY"),
                           environment_of("AWS_SESSION_TOKEN")};
  } else if (source == "Ec2InstanceMetadata") {
    found = from_machine();
  } else if (source == "EcsContainer") {
    found = from_container();
  } else {
    refuse(role, fmt::format("the profile names the credential_source '{}', which is none of Environment, "
                             "Ec2InstanceMetadata and EcsContainer",
                             source));
  }
  if (!found || found->is_anonymous()) refuse(role, fmt::format("there are no credentials of {}", source));
  return *found;
}

AwsCredentials take_on(const AwsPairs& profile, std::set<std::string>& seen);

AwsCredentials of_profile(const std::string& role, const std::string& name, std::set<std::string>& seen) {
  const auto profile = aws_profile(name);
  if (profile.empty()) refuse(role, fmt::format("there is no profile '{}', which is its source_profile", name));
  AwsCredentials keys{aws_value(profile, "aws_access_key_id"), aws_value(profile, "aws_secret_access_key"),
                      aws_value(profile, "aws_session_token")};
  // A profile may be its own source: then its keys are meant.
  if (!keys.is_anonymous() && (!profile.contains("role_arn") || seen.contains(name))) return keys;
  if (!seen.insert(name).second) refuse(role, fmt::format("the profile '{}' is its own source", name));
  if (profile.contains("role_arn")) return take_on(profile, seen);
  for (const auto& from : {from_sign_on, from_program}) {
    if (auto found = from(profile)) return *found;
  }
  refuse(role, fmt::format("the profile '{}', which is its source_profile, has no credentials", name));
}

AwsCredentials take_on(const AwsPairs& profile, std::set<std::string>& seen) {
  const auto role = aws_value(profile, "role_arn");
  if (profile.contains("mfa_serial")) {
    refuse(role,
           "it wants a code of a device, for which nobody can be asked here; get credentials by `aws sts "
           "assume-role` or `aws sso login`, and pass them in the environment");
  }
  const auto source = aws_value(profile, "credential_source");
  const auto by =
      source.empty() ? of_profile(role, aws_value(profile, "source_profile"), seen) : named_source(role, source);
  Fields parameters{{"Action", "AssumeRole"}, {"RoleSessionName", session_name(profile)}};
  if (const auto id = aws_value(profile, "external_id"); !id.empty()) parameters.emplace_back("ExternalId", id);
  if (const auto seconds = aws_value(profile, "duration_seconds"); !seconds.empty())
    parameters.emplace_back("DurationSeconds", seconds);
  return ask(role, std::move(parameters), by);
}

}  // namespace

Found from_role(const AwsPairs& profile) {
  if (!profile.contains("role_arn")) return std::nullopt;
  if (!profile.contains("source_profile") && !profile.contains("credential_source")) return std::nullopt;
  std::set<std::string> seen{aws_profile_name()};
  return take_on(profile, seen);
}

Found from_web_identity(const AwsPairs& profile) {
  auto file = environment_of("AWS_WEB_IDENTITY_TOKEN_FILE");
  auto role = environment_of("AWS_ROLE_ARN");
  if (file.empty()) file = aws_value(profile, "web_identity_token_file");
  if (role.empty()) role = aws_value(profile, "role_arn");
  if (file.empty()) return std::nullopt;
  if (role.empty()) refuse("", "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN, which says which one, is not");
  const auto token = base::read_file(file);
  if (!token) refuse(role, fmt::format("there is no file '{}' with the token of the web identity", file));
  return ask(role,
             {{"Action", "AssumeRoleWithWebIdentity"},
              {"RoleSessionName", session_name(profile)},
              {"WebIdentityToken", std::string(base::trim(*token))}},
             {});
}

}  // namespace lamin::store
