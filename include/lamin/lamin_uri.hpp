// lamin_uri.hpp -- addresses of artifacts that programs take in place of paths.
//
//   lamin://OWNER/INSTANCE/artifact/UID[/SUBPATH]
//   lamin://OWNER/INSTANCE/artifact/key/KEY[/SUBPATH][?space=SPACE&branch=BRANCH&version=VERSION]
//
// A uid of 20 characters is one version, one of 16 the latest of its family; so is a key without `version`. A subpath
// is a file or folder in an artifact that is a folder. What stands between the slashes is percent-encoded.
//
// Example: examples/cpp/lamin_uri.cpp
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct LaminUri {
  std::string instance = {};  ///< "owner/name"
  std::string uid = {};       ///< empty: by key
  /// Below "key/", or the subpath below a uid; decoded.
  std::vector<std::string> segments = {};
  std::string space = {}, branch = {}, version = {};  ///< names or uids, a version tag; empty = not given
};

/// Whether a text starts as one.
bool is_lamin_uri(std::string_view text);
/// Throws invalid_argument, saying what is wrong.
LaminUri parse_lamin_uri(std::string_view text);

/// What an address means.
struct AddressedArtifact {
  Record artifact = {};
  std::string subpath = {};  ///< in a folder; empty = the whole artifact
};
/// Of several splits into key and subpath, the one with the longest key that exists. Throws invalid_argument,
/// unsupported (it is in another instance than this one), not_found, multiple_found (the key alone does not say which).
AddressedArtifact artifact_at_uri(Instance& instance, std::string_view uri);

/// How programs get at an artifact: `mount` in its place, which is in a local storage; `cache` as a copy on this
/// machine, if it is not here.
enum class Access { mount, cache };
inline constexpr Access any_access[] = {Access::mount, Access::cache};
std::string_view name_of(Access access);
/// "mount,cache", in order. Throws invalid_argument, unsupported (other ways that LaminDB has).
std::vector<Access> access_called(std::string_view list);

/// An address, and the path that stands for it here.
struct LocalArtifact {
  std::string uri = {};
  Record artifact = {};
  std::filesystem::path path = {};
  Access access = Access::mount;
};
/// In the first way of `ways` that is possible. Throws what artifact_at_uri and cache_artifact throw, not_found (a
/// subpath that is not there), unavailable (none of the ways is possible).
LocalArtifact local_artifact(Instance& instance, std::string_view uri, std::span<const Access> ways = any_access);

}  // namespace lamin
