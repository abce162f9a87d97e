// upload.hpp -- an object that goes to S3 in parts, each compared with what arrived.
//
// A server that knows checksums compares each part with its CRC-32; of any other one, the tag of a part is compared
// with its MD5 (Client::store).
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "base/uid.hpp"
#include "store/bucket.hpp"
#include "store/s3/answers.hpp"
#include "store/s3/client.hpp"

namespace lamin::store {

/// Tells whether an object is the one that this writer sent, when the answer to it was lost.
inline constexpr std::string_view token_header = "x-amz-meta-lamin-write";

/// A text as the body of a request.
std::span<const std::uint8_t> body_of(std::string_view text);
void add_condition(Request& request, const Condition& condition);

class S3Upload : public Upload {
 public:
  enum class From { here, server };  ///< where the bytes of the parts are

  S3Upload(std::shared_ptr<Client> client, std::string key, From from);
  void part(int number, std::span<const std::uint8_t> bytes) override;
  /// A part that the server copies from another object.
  void copy(int number, const std::string& source, std::int64_t from, std::int64_t to);
  std::string finish(const Condition& condition) override;
  void abort() noexcept override;

 private:
  void note(int number, UploadedPart part);
  void ask_for_tags();
  Answer complete(const Condition& condition);

  std::shared_ptr<Client> client_;
  const std::string token_ = base::random_uid(16);
  std::string key_, id_;
  bool is_summed_ = false;  ///< the server compares each part with its checksum
  std::mutex mutex_;
  std::vector<UploadedPart> parts_;
};

}  // namespace lamin::store
