// aws_config.hpp -- who we are to S3, where it is and in which region, as other programs of the user find it.
//
// In botocore's order: the environment (AWS_ACCESS_KEY_ID, ...), a role that the user's profile takes on, a web
// identity, single sign-on, keys of the profile (~/.aws/credentials and config, AWS_PROFILE), a program of the profile,
// the role of the container, the role of the machine. What needs requests is in the module library `s3`. Nothing is
// stored, but for the refreshed token of a single sign-on, which is kept where AWS's programs keep it.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace lamin::store {

struct AwsCredentials {
  std::string access_key = {}, secret_key = {}, token = {};
  std::int64_t expires = 0;  ///< seconds since 1970; 0: not by itself
  bool is_anonymous() const { return access_key.empty(); }
};

/// `fresh`: those known were refused or have expired. Throws no_access, saying what to do, if the source that the user
/// has named gives none.
AwsCredentials aws_credentials(bool fresh);

/// What the environment and the profile say; empty if nothing.
std::string aws_region();
std::string aws_endpoint();

using AwsPairs = std::map<std::string, std::string, std::less<>>;
/// The name of the user's profile: AWS_PROFILE or "default".
std::string aws_profile_name();
/// What a profile says; credentials win over config.
AwsPairs aws_profile(const std::string& name);
/// A section of the config file, "sso-session name".
AwsPairs aws_section(const std::string& title);
std::string aws_value(const AwsPairs& pairs, std::string_view name);  ///< empty if there is none
std::string environment_of(const char* name);                         ///< empty if it is not set
/// Where the role of the machine may be asked for; empty: this is no machine of the provider.
std::string aws_metadata_endpoint();

/// Of the module library: credentials that are found by requests, or by a program.
AwsCredentials find_aws_credentials();

}  // namespace lamin::store
