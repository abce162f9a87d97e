// client.hpp -- requests to an S3 server: signed, tried again when the network or the server failed, on connections
// that are kept.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>
#include "store/bucket.hpp"
#include "store/s3/signer.hpp"

namespace lamin::store {

struct Request {
  std::string method = "GET";
  std::string key = {};  ///< of the object; empty: the bucket
  Fields query = {}, headers = {};
  std::span<const std::uint8_t> body = {};
  std::span<std::uint8_t> into = {};  ///< where the bytes of a successful answer go, if not to `body`
  bool is_slow = false;               ///< the server may think for minutes
};

struct Answer {
  long status = 0;
  std::map<std::string, std::string, std::less<>> headers = {};  ///< names in lower case
  std::string body = {};
  std::size_t received = 0;  ///< bytes in `into`
  int attempts = 1;

  bool ok() const { return status >= 200 && status < 300; }
  std::string header(std::string_view name) const;
  /// The server's word for what is wrong: "NoSuchKey".
  std::string code() const;
};

class Client {
 public:
  explicit Client(BucketOptions options);
  ~Client();

  std::string text() const { return "s3://" + options_.name; }
  std::string shown(const std::string& key) const { return text() + (key.empty() ? "" : "/") + key; }
  const std::string& bucket() const { return options_.name; }
  /// `send` of a body to be stored, whose bytes are compared with what the server says it got: its tag is their md5. A
  /// server with other tags is asked to compare, which costs it another pass over the bytes.
  Answer store(Request& request);
  /// What the server said in the end; throws unavailable if nothing, or that it cannot.
  Answer send(const Request& request);
  /// Throws the Error for an answer that is none of those that the caller expects. `what`: "read".
  [[noreturn]] void fail(const Request& request, const Answer& answer, std::string_view what) const;

 private:
  struct Connection;
  struct Borrowed;
  std::string host() const;
  Answer attempt(const Request& request, std::string& failure);
  /// Whether something was learned that makes another attempt worth it: the bucket's region, newer credentials.
  bool learn(const Answer& answer);

  BucketOptions options_;
  bool is_encrypted_ = true, is_own_server_ = false;
  std::string authority_;  // of an own server: "127.0.0.1:7070"
  std::mutex mutex_;
  std::string region_;
  AwsCredentials credentials_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int process_ = 0;
  std::atomic<bool> asks_to_compare_ = false;
};

}  // namespace lamin::store
