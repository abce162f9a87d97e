// content.cpp -- what an artifact contains, and which rows have the same content.
#include "lake/artifact/content.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include "base/tree.hpp"
#include "db/connection.hpp"
#include "lake/artifact/place.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

base::Follow to_base(Links links) {
  switch (links) {
    case Links::follow: return base::Follow::all;
    case Links::refuse: return base::Follow::none;
    default: return base::Follow::inside;
  }
}

constexpr std::string_view executable = "x", empty_folder = "d";  // kinds in lamin_mode

// In the order of base::Tree: by the bytes of the paths; a database may order them differently.
std::vector<LinkPart> known_links(Instance& instance, const Record& artifact) {
  const Value key[] = {artifact.id()};
  auto rows = instance.database().connection().query("SELECT path, target FROM lamin_link WHERE artifact_id = ?", key);
  std::vector<LinkPart> links;
  while (rows->next()) links.push_back({std::string(rows->text(0)), std::string(rows->text(1))});
  std::sort(links.begin(), links.end(), [](const LinkPart& a, const LinkPart& b) { return a.path < b.path; });
  return links;
}

}  // namespace

Content read_content(const fs::path& path, Links links) {
  std::error_code failed;
  const auto status = fs::status(path, failed);
  if (!fs::exists(status)) {
    const bool hidden = failed == std::errc::permission_denied;
    if (hidden) throw Error(Code::no_access, fmt::format("'{}' cannot be read: permission denied", path.string()));
    throw Error(Code::not_found, fmt::format("there is no file or folder '{}'", path.string()));
  }
  Content content;
  if (!fs::is_directory(status)) {
    content.hash = base::hash_path(path);
    return content;
  }
  auto tree = base::hash_folder(path, to_base(links), [&](std::string_view file, base::FileHash&& hash) {
    content.files.add({std::string(file), hash.size, std::move(hash.digest)});
  });
  if (content.files.empty()) {
    throw Error(Code::invalid_argument,
                fmt::format("the folder '{}' has no files; there is nothing to save", path.string()));
  }
  content.hash = std::move(tree.whole);
  content.modes.executables = std::move(tree.executables);
  content.modes.empty_folders = std::move(tree.empty_folders);
  for (auto& [link, target] : tree.links) content.links.push_back({std::move(link), std::move(target)});
  return content;
}

namespace {

std::string from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// S3's tag of an object sent in one piece is its md5, of one in N parts "<md5 of the parts' md5s>-N"; others' tags are
// opaque.
base::FileHash stated_hash(std::int64_t size, const std::string& tag, bool is_s3) {
  constexpr std::size_t hash_size = 22;
  base::FileHash hash{.size = size};
  if (tag.empty()) return hash;
  const auto dash = tag.find('-');
  const auto stem = tag.substr(0, dash);
  const bool is_md5 = is_s3 && stem.size() == 32 && stem.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_md5) {
    hash.hash = base::md5_base64(tag);
    hash.type = "md5-etag";
    return hash;
  }
  const auto bytes = from_hex(stem);
  hash.hash = base::base64url({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, hash_size);
  hash.type = dash == std::string::npos ? "md5" : "md5" + tag.substr(dash);
  return hash;
}

bool is_tagged(std::string_view root) {
  constexpr std::array<std::string_view, 8> schemes = {
      "s3:", "gs:", "gcs:", "az:", "abfs:", "abfss:", "http:", "https:"};
  return std::ranges::any_of(schemes, [&](std::string_view scheme) { return root.starts_with(scheme); });
}

// Places that only the program can read state a hash or none: their stamps say no more than that something changed.
base::FileHash hash_of(const store::Entry& entry, std::string_view root) {
  if (entry.hash.empty() && !is_tagged(root)) return {.size = entry.size};
  if (entry.hash.empty()) return stated_hash(entry.size, entry.stamp, root.starts_with("s3:"));
  return {.hash = entry.hash, .type = entry.hash_type, .size = entry.size};
}

}  // namespace

Content stated_content(store::Store& store, const std::string& key) {
  const auto entry = store.stat(key);
  if (!entry) throw Error(Code::not_found, fmt::format("there is no file or folder '{}/{}'", store.root(), key));
  const auto root = store.root();
  Content content;
  if (!entry->is_folder) {
    content.hash = hash_of(*entry, root);
    return content;
  }
  std::vector<std::pair<std::string, base::FileHash>> files;
  bool all_stated = true;
  for (const auto& file : store.list(key)) {
    files.emplace_back(file.key.substr(key.size() + 1), hash_of(file, root));
    all_stated = all_stated && !files.back().second.hash.empty();
  }
  content.hash = base::combine(files);
  content.hash.digest.clear();
  if (!all_stated) content.hash.hash = content.hash.type = "";
  return content;
}

std::optional<std::string> known_digest(Instance& instance, const Record& artifact) {
  auto digests = known_digests(instance, {&artifact, 1});
  return digests.empty() ? std::nullopt : std::optional(std::move(digests.begin()->second));
}

std::unordered_map<std::int64_t, std::string> known_digests(Instance& instance, std::span<const Record> artifacts) {
  std::unordered_map<std::int64_t, std::string> digests;
  if (artifacts.empty()) return digests;
  const Value ids[] = {artifacts.front().id(), artifacts.back().id()};
  auto rows = instance.database().connection().query(
      "SELECT artifact_id, hash, digest FROM lamin_content WHERE artifact_id BETWEEN ? AND ?", ids);
  while (rows->next()) {
    const auto at = std::ranges::lower_bound(artifacts, rows->integer(0), {}, &Record::id);
    if (at == artifacts.end() || at->id() != rows->integer(0)) continue;
    // LaminDB may have replaced the content since: then its hash differs.
    const auto& hash = at->at("hash");
    if (!hash.is_null() && (rows->is_null(1) || rows->text(1) != hash.text_or(""))) continue;
    digests.emplace(at->id(), rows->text(2));
  }
  return digests;
}

FileList known_files(Instance& instance, std::int64_t artifact) {
  auto& connection = instance.database().connection();
  // By bytes, whatever the database's collation.
  const std::string order = connection.dialect() == db::Dialect::sqlite ? "path" : "path COLLATE \"C\"";
  const Value key[] = {artifact};
  auto rows =
      connection.stream("SELECT path, size, digest FROM lamin_file WHERE artifact_id = ? ORDER BY " + order, key);
  FileList files;
  while (rows->next()) files.add({std::string(rows->text(0)), rows->integer(1), std::string(rows->text(2))});
  return files;
}

FolderModes known_modes(Instance& instance, std::int64_t artifact) {
  const Value key[] = {artifact};
  auto rows = instance.database().connection().query(
      "SELECT path, kind FROM lamin_mode WHERE artifact_id = ? ORDER BY path", key);
  FolderModes modes;
  while (rows->next()) {
    (rows->text(1) == executable ? modes.executables : modes.empty_folders).emplace_back(rows->text(0));
  }
  return modes;
}

bool has_content(Instance& instance, const Record& artifact, const std::string& type, const std::string& digest,
                 const std::vector<LinkPart>& links) {
  if (digest.empty()) return !type.empty() && artifact.text("_hash_type") == type;
  if (const auto known = known_digest(instance, artifact)) {
    return *known == digest && (type != "md5-d" || known_links(instance, artifact) == links);
  }
  if (type == "md5") return true;
  try {
    const auto path =
        instance.store_of(artifact.at("storage").integer_or(0)).local_path(readable_place(instance, artifact));
    if (!path) return false;
    const auto content = read_content(*path, Links::follow);
    return content.hash.digest == digest && content.links == links;
  } catch (const Error& e) {
    instance.say(Level::warning,
                 fmt::format("cannot tell whether artifact {} has the same content: {}", artifact.uid(), e.what()));
    return false;
  }
}

std::vector<Record> same_content(Instance& instance, const std::string& hash, const std::string& type,
                                 const std::string& digest, const std::vector<LinkPart>& links) {
  if (hash.empty()) return {};
  auto& database = instance.database();
  Query query;
  query.registry = "Artifact";
  query.where = Expr::compare("hash", Op::exact, Value(hash));
  query.order_by = {"-created_at", "-id"};
  query.any_branch = true;
  std::vector<Record> found;
  for (auto& candidate : database.all(query)) {
    if (has_content(instance, candidate, type, digest, links)) found.push_back(std::move(candidate));
  }
  if (type == "md5" || digest.empty()) return found;
  // Rows whose LaminDB hash is null because other content had it first.
  const Value parameters[] = {digest, hash};
  std::vector<std::int64_t> ids;
  auto rows =
      database.connection().query("SELECT artifact_id FROM lamin_content WHERE digest = ? AND hash = ?", parameters);
  while (rows->next()) ids.push_back(rows->integer(0));
  rows.reset();
  for (const auto id : ids) {
    auto record = database.find(database.catalog().table("Artifact"), id);
    if (record && record->at("hash").is_null() && known_links(instance, *record) == links)
      found.push_back(std::move(*record));
  }
  return found;
}

void write_contents(Instance& instance, std::span<Draft* const> drafts) {
  static constexpr std::string_view of_content[] = {"artifact_id", "hash", "digest", "size"};
  static constexpr std::string_view of_file[] = {"artifact_id", "path", "size", "digest"};
  static constexpr std::string_view of_link[] = {"artifact_id", "path", "target"};
  static constexpr std::string_view of_mode[] = {"artifact_id", "path", "kind"};
  constexpr std::size_t many = 200'000;  // values at once: a folder may have millions of files
  auto& connection = instance.database().connection();
  std::vector<Value> contents, files, links, modes;
  const auto flush_files = [&] {
    connection.bulk_insert("lamin_file", of_file, files, false);
    files.clear();
  };
  for (const auto* draft : drafts) {
    if (draft->digest.empty()) continue;  // of what was registered without being read
    const auto id = draft->record.id();
    for (const Value& value : {Value(id), Value(draft->hash), Value(draft->digest), draft->record.at("size")})
      contents.push_back(value);
    for (const auto& file : draft->files) {
      for (const Value& value : {Value(id), Value(file.path), Value(file.size), Value(file.digest)})
        files.push_back(value);
      if (files.size() > many) flush_files();
    }
    for (const auto& link : draft->links) {
      for (const Value& value : {Value(id), Value(link.path), Value(link.target)}) links.push_back(value);
    }
    const auto add_modes = [&](const std::vector<std::string>& paths, std::string_view kind) {
      for (const auto& path : paths) {
        for (const Value& value : {Value(id), Value(path), Value(kind)}) modes.push_back(value);
      }
    };
    add_modes(draft->modes.executables, executable);
    add_modes(draft->modes.empty_folders, empty_folder);
  }
  connection.bulk_insert("lamin_mode", of_mode, modes, false);
  connection.bulk_insert("lamin_content", of_content, contents, false);
  flush_files();
  connection.bulk_insert("lamin_link", of_link, links, false);
}

void forget_content(Instance& instance, std::int64_t artifact) {
  const Value key[] = {artifact};
  auto& connection = instance.database().connection();
  connection.execute("DELETE FROM lamin_content WHERE artifact_id = ?", key);
  connection.execute("DELETE FROM lamin_file WHERE artifact_id = ?", key);
  connection.execute("DELETE FROM lamin_link WHERE artifact_id = ?", key);
  connection.execute("DELETE FROM lamin_mode WHERE artifact_id = ?", key);
}

}  // namespace lake

std::vector<std::string> files_below(const fs::path& folder, Links links) {
  std::vector<std::string> files;
  const auto tree = base::walk(folder, lake::to_base(links));
  for (const auto& entry : tree.entries) {
    if (!entry.is_folder) files.push_back(entry.path);
  }
  return files;
}

Links links_called(std::string_view name) {
  if (name.empty() || name == "inside") return Links::inside;
  if (name == "follow") return Links::follow;
  if (name == "refuse") return Links::refuse;
  throw Error(Code::invalid_argument,
              fmt::format("links is 'follow' or 'refuse', not '{}'; without it, links that stay inside of the folder "
                          "are followed and others refused",
                          name));
}

}  // namespace lamin
