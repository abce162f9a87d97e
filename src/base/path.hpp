// path.hpp -- keys and suffixes. The only place that says which keys are allowed.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace lamin::base {

/// Throws invalid_argument for anything but a path below a folder: an empty key, "..", ".", a backslash, NUL, a leading
/// "/", or over 1024 characters.
void check_path(std::string_view key);
/// The same for a new key, which must not hold control characters either.
void check_key(std::string_view key);
/// LaminDB's canonical suffix: "a.tsv.gz" -> ".tsv.gz", "x.anndata.zarr" -> ".anndata.zarr", "a.123" -> "".
std::string suffix_of(std::string_view path);
/// Absolute, without "." and "..", links in existing parts resolved; the path need not exist.
std::filesystem::path resolve(const std::filesystem::path& path);
/// Key of `path` relative to `root`, with "/"; empty if it is not inside.
std::string relative_key(const std::filesystem::path& root, const std::filesystem::path& path);
/// ~/.lamin or $LAMIN_SETTINGS_DIR/.lamin
std::filesystem::path settings_folder();
/// $LAMIN_CACHE_DIR, what the user has set, or the platform's cache folder + "lamindb"
std::filesystem::path cache_folder();

}  // namespace lamin::base
