// signer.hpp -- AWS Signature Version 4 of a request.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "store/aws_config.hpp"

namespace lamin::store {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Every byte but letters, digits, "-_.~" and, in a path, "/" as %XX.
std::string percent_encoded(std::string_view text, bool is_path);
/// "a=1&b=", sorted by name.
std::string query_text(Fields query);

struct ToSign {
  std::string_view method, host, path, query;  ///< path and query encoded
  std::string_view region;
  std::int64_t now = 0;  ///< seconds since 1970
  std::string_view service = "s3";
  /// sha256 in hexadecimal. Of what is sent to S3, nothing: the connection is encrypted, or local, and what is sent has
  /// its own checksum.
  std::string_view payload = "UNSIGNED-PAYLOAD";
};
/// Adds x-amz-date, x-amz-content-sha256, x-amz-security-token and authorization to the headers, whose names are in
/// lower case.
void sign(const ToSign& request, const AwsCredentials& credentials, Fields& headers);

}  // namespace lamin::store
