// storage.hpp -- the places where an instance keeps bytes: folders and buckets, each a row of registry Storage.
//
// A location is managed by at most one instance, which alone writes there: the file `.lamindb/storage_uid.txt` below
// its root says which. To register a location, save a row with its root (save.hpp): that creates a local folder, marks
// it, and takes uid and manager from a mark that is there already. A location that another instance manages, or that
// cannot be written, is registered to be read. To write elsewhere than to the default storage, see
// Instance::use_storage and ArtifactOptions::storage; to remove a location, see remove.hpp.
//
// Example: examples/cpp/storage.cpp
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include "lamin/instance.hpp"

namespace lamin {

struct StorageOptions {
  std::string root = {};    ///< "./data", "s3://bucket/folder", "gs://bucket"
  std::string host = {};    ///< of a local folder: which machine it is on
  std::string region = {};  ///< of a bucket
  std::string description = {};
};

/// The form in which a root is stored: local paths absolute, nothing with a "/" at its end. Throws invalid_argument
/// (empty, inside a `.lamindb` folder, a scheme that is not supported).
std::string storage_root(std::string_view given);
/// The registered location with this root and, if given, host; otherwise an unsaved row. Nothing is written. Throws
/// what storage_root throws, invalid_argument (a host for a bucket).
Record make_storage(Instance& instance, const StorageOptions& options);
/// The registered location with this root; nullopt if there is none.
std::optional<Record> find_storage(Instance& instance, std::string_view root);
/// A key below a root as people read it: without what the root says of its server.
std::string address(std::string_view root, std::string_view key);
/// Whether the user has no credentials for S3 here, so that only public buckets can be read.
bool s3_is_anonymous();
/// Throws invalid_argument if another instance manages the location, or none.
void check_writable(const Instance& instance, const Record& storage);

}  // namespace lamin
