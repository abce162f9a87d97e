// marker.hpp -- which instance manages a storage: the file `.lamindb/storage_uid.txt` below its root, a folder or a
// bucket.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lamin::lake {

inline constexpr std::string_view marker_key = ".lamindb/storage_uid.txt";

/// Its five lines.
struct StorageMarker {
  std::string uid, slug, instance_id, instance_uid;
};
/// What messages call it.
std::string marker_place(std::string_view storage_root);
StorageMarker parse_marker(std::string_view text);
std::string marker_text(const StorageMarker& marker);
/// Throws what opening the storage throws.
std::optional<StorageMarker> read_marker(std::string_view storage_root);
/// Replaces another one.
void write_marker(std::string_view storage_root, const StorageMarker& marker);
void remove_marker(std::string_view storage_root);

}  // namespace lamin::lake
