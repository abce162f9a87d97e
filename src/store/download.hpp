// download.hpp -- objects into local files: pieces in parallel, and a large file goes on where an earlier attempt
// ended.
#pragma once
#include <filesystem>
#include <optional>
#include <string_view>
#include "store/store.hpp"

namespace lamin::store {

/// Whether an attempt that ended early is worth keeping: a large file, of which the store says when it changes.
bool is_resumable(const Entry& object);
/// Copies a file or all files below a folder out of `source`. The hash of a file is that of what was written, computed
/// as it arrives; of a folder there is none. Throws not_found.
std::optional<base::FileHash> fetch(Store& source, std::string_view key, const std::filesystem::path& to);
/// The same for a file, whose pieces that have arrived are noted beside it, in `to` + ".part". A note about another
/// content is disregarded. Called by one process at a time for one `to`.
base::FileHash fetch_on(Store& source, const Entry& object, const std::filesystem::path& to);

}  // namespace lamin::store
