// bucket.hpp -- what an object store's protocol offers: whole objects by their full key, nothing like a folder.
//
// S3 is spoken by the module library `s3` (libcurl), Google Cloud Storage and Azure by `arrow_fs` (Arrow's file
// systems); neither type is visible here. ObjectStore (object_store.hpp) makes a Store of any of them. Keys are bytes,
// without a leading "/". An implementation
//   1. retries what the network or the server failed at, within limits, so that what it throws is final;
//   2. throws not_found, no_access, conflict (a condition that does not hold, an object that changed while it was
//      read), unavailable, and names the object;
//   3. may be used from several threads at once, and after a fork.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "store/store.hpp"

namespace lamin::store {

struct ObjectInfo {
  std::string key;
  std::int64_t size = 0;
  std::string etag = {};  ///< changes with the content; empty if the protocol has none
  /// What the server says of the content, as artifact.hash has it, where it is not the ETag that says it.
  std::string hash = {}, hash_type = {};
};

/// An object in parts, from 1, each written once and of the same size except the last. Invisible before `finish`.
class Upload {
 public:
  virtual ~Upload() = default;
  /// In any order and from several threads unless the bucket's parts are in order.
  virtual void part(int number, std::span<const std::uint8_t> bytes) = 0;
  /// Returns the ETag of the whole; empty if the protocol has none.
  virtual std::string finish(const Condition& condition) = 0;
  /// Drops what was written.
  virtual void abort() noexcept = 0;
};

class Bucket {
 public:
  virtual ~Bucket() = default;
  virtual std::string region() { return {}; }
  virtual std::string text() const = 0;     ///< "s3://bucket"
  virtual bool decides() const = 0;         ///< honours conditions, so that of two writers one is refused
  virtual bool pins() const = 0;            ///< a Reader throws conflict when its object is replaced
  virtual bool parts_in_order() const = 0;  ///< an Upload takes its parts one after the other
  virtual std::optional<ObjectInfo> head(const std::string& key) = 0;
  /// Calls `each` for all objects whose keys start with `prefix`, in the order of the bytes of their keys, until it
  /// returns false.
  virtual void list(const std::string& prefix, const std::function<bool(ObjectInfo)>& each) = 0;
  virtual bool has_below(const std::string& prefix) = 0;
  /// Throws not_found.
  virtual std::unique_ptr<Reader> open(const std::string& key) = 0;
  /// Returns the ETag; empty if the protocol has none. Of conditions, the server decides where `decides()`.
  virtual std::string put(const std::string& key, std::span<const std::uint8_t> bytes, const Condition& condition) = 0;
  virtual std::unique_ptr<Upload> upload(const std::string& key) = 0;
  virtual void copy(const std::string& from, const std::string& to) = 0;
  /// Missing ones are fine. Unfinished uploads to these keys go, too.
  virtual void remove(std::span<const std::string> keys) = 0;
};

/// A place in an object store: s3://bucket/prefix?endpoint_url=https://...&region=...
struct BucketOptions {
  std::string scheme = {}, name = {};
  std::string endpoint = {};  ///< empty: as the environment or the user's configuration says, or the provider's own
  std::string region = {};
};

std::unique_ptr<Bucket> open_s3(const BucketOptions& options);
std::unique_ptr<Bucket> open_http(const BucketOptions& options);  ///< a web server, which can only be read
std::unique_ptr<Bucket> open_arrow_fs(const BucketOptions& options);

}  // namespace lamin::store
