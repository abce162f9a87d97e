#include "store/s3/credentials.hpp"
#include <fmt/format.h>
#include <sys/wait.h>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lamin/error.hpp"
#include "store/s3/exchange.hpp"

namespace lamin::store {
namespace {

std::string member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

[[noreturn]] void refuse(std::string_view of, std::string_view why) {
  throw Error(Code::no_access, fmt::format("{} gives no credentials: {}.", of, why));
}

std::string short_of(const std::string& body) { return body.substr(0, 200); }

}  // namespace

AwsCredentials credentials_in(std::string_view json, std::string_view of) {
  boost::json::value parsed;
  try {
    parsed = base::parse_json(json);
  } catch (const Error&) { refuse(of, fmt::format("it answers '{}'", json.substr(0, 200))); }
  if (!parsed.is_object()) refuse(of, "its answer is not a JSON object");
  const auto& object = parsed.as_object();
  AwsCredentials found{member(object, "AccessKeyId"), member(object, "SecretAccessKey"), member(object, "Token")};
  if (found.token.empty()) found.token = member(object, "SessionToken");
  if (found.access_key.empty() || found.secret_key.empty()) {
    const auto said = member(object, "Message");
    refuse(of, said.empty() ? "there is no key in its answer" : said);
  }
  if (const auto until = base::parse_time(member(object, "Expiration"))) found.expires = until->micros / 1'000'000;
  return found;
}

Found from_program(const AwsPairs& profile) {
  const auto command = aws_value(profile, "credential_process");
  if (command.empty()) return std::nullopt;
  const auto of = fmt::format("The program '{}' of the profile '{}'", command, aws_profile_name());
  std::FILE* output = popen(command.c_str(), "re");
  if (output == nullptr) refuse(of, "it cannot be started");
  std::string text;
  std::array<char, 4096> piece{};
  while (const auto count = std::fread(piece.data(), 1, piece.size(), output)) text.append(piece.data(), count);
  const int status = pclose(output);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    refuse(of, fmt::format("it ended with status {}", WIFEXITED(status) ? WEXITSTATUS(status) : -1));
  }
  return credentials_in(text, of);
}

// The host that is asked must not be anybody's: the token would be given away.
Found from_container() {
  const auto relative = environment_of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = environment_of("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (relative.empty() && full.empty()) return std::nullopt;
  Exchange request{.url = relative.empty() ? full : "http://169.254.170.2" + relative};
  const auto of = fmt::format("The service of this container's role ('{}')", request.url);
  bool is_trusted = request.url.starts_with("https://");
  for (const auto* host : {"http://127.", "http://localhost", "http://[::1]", "http://169.254.170.2",
                           "http://169.254.170.23", "http://[fd00:ec2::23]"}) {
    is_trusted = is_trusted || request.url.starts_with(host);
  }
  if (!is_trusted) refuse(of, "it is neither encrypted nor on this machine");
  auto token = environment_of("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto file = environment_of("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
    const auto text = base::read_file(file);
    if (!text) refuse(of, fmt::format("the file '{}' with its token is missing", file));
    token = base::trim(*text);
  }
  if (token.find_first_of("\r\n") != std::string::npos) refuse(of, "its token is not one line");
  if (!token.empty()) request.headers.emplace_back("Authorization", token);
  const auto answer = exchange(request);
  if (answer.status != 200) refuse(of, fmt::format("it answers {} '{}'", answer.status, short_of(answer.body)));
  return credentials_in(answer.body, of);
}

// Version 2 of the service wants a token first; machines that have only version 1 do not know it.
Found from_machine() {
  const auto endpoint = aws_metadata_endpoint();
  if (endpoint.empty()) return std::nullopt;
  constexpr long patience = 2;
  Fields headers;
  const auto token = exchange({.method = "PUT",
                               .url = endpoint + "/latest/api/token",
                               .headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}},
                               .seconds = patience,
                               .is_optional = true});
  if (token.status == 0) return std::nullopt;
  if (token.status == 200) headers.emplace_back("x-aws-ec2-metadata-token", base::trim(token.body));
  else if (base::lower(environment_of("AWS_EC2_METADATA_V1_DISABLED")) == "true") return std::nullopt;
  const auto at = endpoint + "/latest/meta-data/iam/security-credentials/";
  const auto role = exchange({.url = at, .headers = headers, .seconds = patience, .is_optional = true});
  const auto name = std::string(base::trim(role.body.substr(0, role.body.find('\n'))));
  if (role.status != 200 || name.empty()) return std::nullopt;  // the machine has no role
  const auto answer = exchange({.url = at + percent_encoded(name, false), .headers = headers, .seconds = patience});
  const auto of = fmt::format("The role '{}' of this machine", name);
  if (answer.status != 200) refuse(of, fmt::format("it answers {} '{}'", answer.status, short_of(answer.body)));
  return credentials_in(answer.body, of);
}

}  // namespace lamin::store

// Throws what a source throws; nothing is found: `found` stays anonymous.
extern "C" __attribute__((visibility("default"))) void lamin_find_aws_credentials(lamin::store::AwsCredentials& found) {
  using namespace lamin::store;
  const auto profile = aws_profile(aws_profile_name());
  if (const auto of_role = from_role(profile)) {
    found = *of_role;
  } else if (const auto of_web = from_web_identity(profile)) {
    found = *of_web;
  } else if (const auto signed_on = from_sign_on(profile)) {
    found = *signed_on;
  } else if (const auto printed = from_program(profile)) {
    found = *printed;
  } else if (const auto of_container = from_container()) {
    found = *of_container;
  } else if (const auto of_machine = from_machine()) {
    found = *of_machine;
  }
}
