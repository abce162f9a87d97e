// credentials.hpp -- AWS credentials that are found by requests, or by a program: each source a function, which returns
// none if nobody has named it, and throws no_access or unavailable, saying what to do, if it was named and gives none.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include "store/aws_config.hpp"

namespace lamin::store {

using Found = std::optional<AwsCredentials>;

/// A role that the profile takes on with the credentials of another one, or of a source that it names.
Found from_role(const AwsPairs& profile);
/// A role that a token of another provider gives, of the environment or the profile.
Found from_web_identity(const AwsPairs& profile);
/// Single sign-on, by the token that `aws sso login` left.
Found from_sign_on(const AwsPairs& profile);
/// What a program of the profile prints.
Found from_program(const AwsPairs& profile);
Found from_container();
Found from_machine();

/// The answer of a service in JSON: members "AccessKeyId", "SecretAccessKey", "Token" or "SessionToken", "Expiration".
AwsCredentials credentials_in(std::string_view json, std::string_view of);

}  // namespace lamin::store
