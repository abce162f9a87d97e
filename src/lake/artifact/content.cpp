// content.cpp -- what an artifact contains, and which rows have the same content.
#include "lake/artifact/content.hpp"
#include <fmt/format.h>
#include <algorithm>
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
  auto tree = base::hash_folder(path, to_base(links));
  if (tree.files.empty()) {
    throw Error(Code::invalid_argument,
                fmt::format("the folder '{}' has no files; there is nothing to save", path.string()));
  }
  content.hash = std::move(tree.whole);
  for (auto& [file, hash] : tree.files) content.files.push_back({std::move(file), hash.size, std::move(hash.digest)});
  for (auto& [link, target] : tree.links) content.links.push_back({std::move(link), std::move(target)});
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

std::vector<FilePart> known_files(Instance& instance, std::int64_t artifact) {
  const Value key[] = {artifact};
  auto rows =
      instance.database().connection().query("SELECT path, size, digest FROM lamin_file WHERE artifact_id = ?", key);
  std::vector<FilePart> files;
  while (rows->next()) files.push_back({std::string(rows->text(0)), rows->integer(1), std::string(rows->text(2))});
  std::ranges::sort(files, {}, &FilePart::path);  // by bytes, whatever the database's collation
  return files;
}

bool has_content(Instance& instance, const Record& artifact, const std::string& type, const std::string& digest,
                 const std::vector<LinkPart>& links) {
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
  if (type == "md5") return found;
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
  std::vector<Value> contents, files, links;
  for (const auto* draft : drafts) {
    const auto id = draft->record.id();
    for (const Value& value : {Value(id), Value(draft->hash), Value(draft->digest), draft->record.at("size")})
      contents.push_back(value);
    for (const auto& file : draft->files) {
      for (const Value& value : {Value(id), Value(file.path), Value(file.size), Value(file.digest)})
        files.push_back(value);
    }
    for (const auto& link : draft->links) {
      for (const Value& value : {Value(id), Value(link.path), Value(link.target)}) links.push_back(value);
    }
  }
  auto& connection = instance.database().connection();
  connection.bulk_insert("lamin_content", of_content, contents, false);
  connection.bulk_insert("lamin_file", of_file, files, false);
  connection.bulk_insert("lamin_link", of_link, links, false);
}

void forget_content(Instance& instance, std::int64_t artifact) {
  const Value key[] = {artifact};
  auto& connection = instance.database().connection();
  connection.execute("DELETE FROM lamin_content WHERE artifact_id = ?", key);
  connection.execute("DELETE FROM lamin_file WHERE artifact_id = ?", key);
  connection.execute("DELETE FROM lamin_link WHERE artifact_id = ?", key);
}

}  // namespace lake

std::vector<std::string> files_below(const fs::path& folder, Links links) {
  std::vector<std::string> files;
  for (auto& entry : base::walk(folder, lake::to_base(links)).entries) {
    if (!entry.is_folder) files.push_back(std::move(entry.path));
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
