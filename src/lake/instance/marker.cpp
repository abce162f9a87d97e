#include "lake/instance/marker.hpp"
#include <fmt/format.h>
#include "base/text.hpp"
#include "lake/instance/env_file.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/source.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

bool is_folder(std::string_view storage_root) { return !Uri::parse(storage_root); }

fs::path file_in(std::string_view storage_root) { return fs::path(storage_root) / marker_key; }

}  // namespace

std::string marker_place(std::string_view storage_root) { return fmt::format("{}/{}", storage_root, marker_key); }

StorageMarker parse_marker(std::string_view text) {
  const auto all = env_pairs(text, "");
  StorageMarker marker;
  marker.uid = base::trim(base::split(text, '\n').front());
  marker.slug = env_value(all, "instance_slug").value_or("");
  marker.instance_id = env_value(all, "instance_id").value_or("");
  marker.instance_uid = env_value(all, "instance_uid").value_or("");
  return marker;
}

std::string marker_text(const StorageMarker& marker) {
  return fmt::format("{}\ncreation info:\ninstance_slug={}\ninstance_id={}\ninstance_uid={}", marker.uid, marker.slug,
                     marker.instance_id, marker.instance_uid);
}

std::optional<StorageMarker> read_marker(std::string_view storage_root) {
  if (is_folder(storage_root)) {
    const auto text = read_text_file(file_in(storage_root));
    return text ? std::optional(parse_marker(*text)) : std::nullopt;
  }
  const auto store = store::open_store(storage_root);
  if (!store->stat(marker_key)) return std::nullopt;
  return parse_marker(store::text_of(*store->open(marker_key)));
}

void write_marker(std::string_view storage_root, const StorageMarker& marker) {
  const auto text = marker_text(marker);
  if (is_folder(storage_root)) return write_text_file(file_in(storage_root), text);
  store::open_store(storage_root)->put(store::BytesReader(text), marker_key, true);
}

void remove_marker(std::string_view storage_root) {
  std::error_code ignored;
  if (is_folder(storage_root)) fs::remove(file_in(storage_root), ignored);
  else store::open_store(storage_root)->remove(marker_key);
}

}  // namespace lamin::lake
