// store.hpp -- bytes at a place: a folder, memory, later S3, GCS, Azure.
//
// A store maps keys ("a/b.h5ad", checked by base/path) to bytes below a root. Invariants of an implementation:
//   1. `put` returns only when the bytes are durable, and a reader sees either the old object or the whole new one.
//   2. A key that was refused (escape through "..", links, NUL) never reaches the outside.
//   3. Failures are lamin::Error: not_found, no_access, unavailable (disk full, network), corrupt.
// One conformance suite (tests/conformance/store_suite) runs on every backend.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "base/hash.hpp"
#include "lamin/error.hpp"

namespace lamin::store {

struct Entry {
  std::string key;
  std::int64_t size = 0;
  bool is_folder = false;
  /// Changes when the object is rewritten ("size-mtime-inode", an ETag); empty if the store cannot tell.
  std::string stamp = {};
  /// What the server says of the content, as artifact.hash has it; empty where it is to be taken from the stamp.
  std::string hash = {}, hash_type = {};
};

/// What must hold for an object to be written.
struct Condition {
  bool is_absent = false;  ///< there is no object with this key
  std::string etag = {};   ///< or the object is the one with this stamp
  bool any() const { return is_absent || !etag.empty(); }
};

/// What was removed because the process that wrote it is gone.
struct Swept {
  std::int64_t folders = 0, bytes = 0;
  std::int64_t kept = 0;  ///< folders that could not be removed
};

/// Random access to one object; may be used from several threads at once.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual std::int64_t size() const = 0;
  /// Fills `into` from `offset`; returns bytes read, fewer only at the end.
  virtual std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const = 0;
};

/// Bytes in memory, which it borrows.
class BytesReader : public Reader {
 public:
  explicit BytesReader(std::string_view bytes) : bytes_(bytes) {}
  std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override;

 private:
  std::string_view bytes_;
};
/// Calls `piece` with all bytes in order, some megabytes at a time.
void read_all(const Reader& from, const std::function<void(std::span<const std::uint8_t>)>& piece);
std::string text_of(const Reader& from);  ///< all of it

/// What an open reader reads when its object is replaced.
enum class Pins {
  keeps,    ///< what it opened
  refuses,  ///< nothing more: it throws conflict
  no,       ///< what lies there now
};

/// What a store can beyond the contract, so that a caller chooses the better way.
struct Capabilities {
  bool local_paths = false;    ///< local_path returns one
  bool keeps_folders = false;  ///< empty folders and execute bits survive
  bool decides = true;         ///< of several writers of a new key, one wins and the others get conflict
  bool moves_at_once = false;  ///< a move is one step, however much is moved
  Pins pins = Pins::keeps;
};

struct StoreOptions {
  bool create = false;      ///< make the root if it does not exist
  std::string region = {};  ///< of an object store, as the storage's row has it; empty: as its own configuration says
};

class Store {
 public:
  virtual ~Store() = default;
  virtual Capabilities can() const = 0;
  virtual std::string root() const = 0;  ///< "/data/store", "s3://bucket/prefix"; no trailing "/"
  virtual std::optional<Entry> stat(std::string_view key) = 0;  ///< nullopt if it does not exist
  virtual std::unique_ptr<Reader> open(std::string_view key) = 0;
  virtual std::vector<Entry> list(std::string_view folder) = 0;  ///< all objects below, recursively, sorted by key
  /// Copies a local file or folder to `key`, hashing on the way; the key must not exist unless `replace`.
  virtual base::FileHash put(const std::filesystem::path& from, std::string_view key, bool replace = false) = 0;
  /// Several at once with a single wait for durability at the end (all-or-nothing is up to the caller).
  virtual std::vector<base::FileHash> put_many(
      std::span<const std::pair<std::filesystem::path, std::string>> files) = 0;
  /// A stream, of which no copy is made elsewhere.
  virtual base::FileHash put(const Reader& from, std::string_view key, bool replace = false) = 0;
  /// Replaces what lies at the key if the condition holds, in one step that the server decides; returns the new stamp.
  /// Throws conflict if it does not hold, unsupported where nobody decides between two writers.
  virtual std::string put_if(const Reader& from, std::string_view key, const Condition& condition);
  virtual void remove(std::string_view key) = 0;  ///< file or folder; a missing one is fine
  /// `to` must not exist; with `replace` a file replaces a file, and a reader finds one or the other.
  virtual void move(std::string_view from, std::string_view to, bool replace = false) = 0;
  /// Makes `to` what `from` is, whatever was there; where a move is many steps, as `can` says. After it was cut short
  /// it can be done again.
  virtual void copy_over(std::string_view from, std::string_view to);
  /// Removes unfinished objects of processes that are gone, as opening does; what opening removed is counted too, once.
  virtual Swept sweep() { return {}; }
  /// Where the servers are, "eu-central-1"; empty if that is unknown or means nothing.
  virtual std::string region() { return {}; }
  /// The object as a local path, if it has one.
  virtual std::optional<std::filesystem::path> local_path(std::string_view key) = 0;
};

/// A folder. Throws no_access if it cannot be written, not_found if it is missing and `create` is false.
std::unique_ptr<Store> open_local(const std::filesystem::path& root, bool create = false);
std::unique_ptr<Store> open_memory();
/// By the root's scheme; credentials are found as the store's own library does. Throws unsupported for a scheme that is
/// not built in.
std::unique_ptr<Store> open_store(std::string_view root, const StoreOptions& options = {});

}  // namespace lamin::store
