// sign_on.cpp -- credentials by single sign-on: the token that `aws sso login` left in ~/.aws/sso/cache, refreshed
// where it can be, as AWS's own programs do.
#include <fmt/format.h>
#include <ctime>
#include <filesystem>
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lamin/error.hpp"
#include "store/s3/credentials.hpp"
#include "store/s3/exchange.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t early = 300;  // seconds

[[noreturn]] void refuse(std::string_view why) {
  const auto name = aws_profile_name();
  throw Error(Code::no_access, fmt::format("Single sign-on gives no credentials: {}. Run `aws sso login{}`.", why,
                                           name == "default" ? "" : " --profile " + name));
}

std::string text_in(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::int64_t seconds_in(const boost::json::object& object, std::string_view name) {
  auto text = text_in(object, name);
  if (text.ends_with("UTC")) text.replace(text.size() - 3, 3, "Z");  // as programs of 2020 wrote it
  const auto time = base::parse_time(text);
  return time ? time->micros / 1'000'000 : 0;
}

std::string endpoint(const char* variable, std::string_view service, const std::string& region) {
  auto stated = environment_of(variable);
  while (stated.ends_with('/')) stated.pop_back();
  return stated.empty() ? fmt::format("https://{}.{}.amazonaws.com", service, region) : stated;
}

/// A new token by the refresh token, kept where the old one was: the old refresh token may be good no more.
bool refresh(boost::json::object& token, const std::string& region, const fs::path& file) {
  const auto refresh_token = text_in(token, "refreshToken"), id = text_in(token, "clientId"),
             secret = text_in(token, "clientSecret");
  if (refresh_token.empty() || id.empty() || secret.empty()) return false;
  if (seconds_in(token, "registrationExpiresAt") < std::time(nullptr)) return false;
  const boost::json::object asked{
      {"grantType", "refresh_token"}, {"clientId", id}, {"clientSecret", secret}, {"refreshToken", refresh_token}};
  const auto answer = exchange({.method = "POST",
                                .url = endpoint("AWS_ENDPOINT_URL_SSO_OIDC", "oidc", region) + "/token",
                                .headers = {{"content-type", "application/json"}},
                                .body = base::write_json(asked)});
  if (answer.status != 200) return false;
  const auto given = base::parse_json(answer.body);
  if (!given.is_object() || text_in(given.as_object(), "accessToken").empty()) return false;
  const auto& fresh = given.as_object();
  const auto* lasts = fresh.if_contains("expiresIn");
  const auto until = std::time(nullptr) + (lasts != nullptr && lasts->is_int64() ? lasts->as_int64() : 0);
  token["accessToken"] = text_in(fresh, "accessToken");
  token["expiresAt"] = base::iso(Time{until * 1'000'000}).substr(0, 19) + "Z";
  if (const auto next = text_in(fresh, "refreshToken"); !next.empty()) token["refreshToken"] = next;
  base::write_file(file, base::write_json(token), base::Readers::owner);
  return true;
}

}  // namespace

Found from_sign_on(const AwsPairs& profile) {
  const auto session = aws_value(profile, "sso_session");
  const auto account = aws_value(profile, "sso_account_id"), role = aws_value(profile, "sso_role_name");
  if (session.empty() && aws_value(profile, "sso_start_url").empty()) return std::nullopt;
  if (account.empty() || role.empty()) return std::nullopt;  // a session for other services
  const auto place = session.empty() ? profile : aws_section("sso-session " + session);
  const auto start = aws_value(place, "sso_start_url"), region = aws_value(place, "sso_region");
  if (start.empty() || region.empty()) {
    throw Error(Code::no_access,
                fmt::format("Single sign-on gives no credentials: there is no sso_start_url or no sso_region in {}.",
                            session.empty() ? "the profile" : fmt::format("[sso-session {}]", session)));
  }
  const auto name = base::hex(base::sha1(session.empty() ? start : session)) + ".json";
  const auto file = fs::path(environment_of("HOME")) / ".aws" / "sso" / "cache" / name;
  const auto text = base::read_file(file);
  if (!text) refuse("nobody has signed on");
  auto parsed = base::parse_json(*text);
  if (!parsed.is_object()) refuse(fmt::format("'{}' is damaged", file.string()));
  auto& token = parsed.as_object();
  if (seconds_in(token, "expiresAt") < std::time(nullptr) + early && !refresh(token, region, file) &&
      seconds_in(token, "expiresAt") < std::time(nullptr)) {
    refuse("the token has expired");
  }
  const auto answer = exchange(
      {.url = fmt::format("{}/federation/credentials?{}", endpoint("AWS_ENDPOINT_URL_SSO", "portal.sso", region),
                          query_text({{"account_id", account}, {"role_name", role}})),
       .headers = {{"x-amz-sso_bearer_token", text_in(token, "accessToken")}}});
  if (answer.status == 401) refuse("the token has expired");
  const auto given = answer.status == 200 ? base::parse_json(answer.body) : boost::json::value();
  const auto* keys = given.is_object() ? given.as_object().if_contains("roleCredentials") : nullptr;
  if (keys == nullptr || !keys->is_object()) {
    throw Error(Code::no_access,
                fmt::format("Single sign-on gives no credentials for the role '{}' of account {}: the service answers "
                            "{} '{}'.",
                            role, account, answer.status, answer.body.substr(0, 200)));
  }
  const auto& object = keys->as_object();
  AwsCredentials found{text_in(object, "accessKeyId"), text_in(object, "secretAccessKey"),
                       text_in(object, "sessionToken")};
  const auto* until = object.if_contains("expiration");
  if (until != nullptr && until->is_int64()) found.expires = until->as_int64() / 1000;
  return found;
}

}  // namespace lamin::store
