#include "lake/content.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/log.hpp"
#include "base/threads.hpp"
#include "db/connection.hpp"
#include "lake/place.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

// Files below a folder, with "/", sorted. Links to files count as files, links to folders are not followed.
std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator it(folder, failed), end; it != end && !failed; it.increment(failed)) {
    if (it->is_regular_file(failed)) files.push_back(it->path().lexically_relative(folder).generic_string());
    if (failed) break;
  }
  if (failed) throw Error(Code::no_access, fmt::format("cannot list '{}': {}", folder.string(), failed.message()));
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<std::string> known_digest(Instance& instance, const Record& artifact) {
  const Value key[] = {artifact.id()};
  auto rows =
      instance.database().connection().query("SELECT hash, digest FROM lamin_content WHERE artifact_id = ?", key);
  if (!rows->next()) return std::nullopt;
  // LaminDB may have replaced the content since: its hash then is another.
  const auto& hash = artifact.at("hash");
  if (!hash.is_null() && (rows->is_null(0) || rows->text(0) != hash.text_or(""))) return std::nullopt;
  return std::string(rows->text(1));
}

}  // namespace

Content read_content(const fs::path& path) {
  std::error_code failed;
  const auto status = fs::status(path, failed);
  if (!fs::exists(status)) {
    const bool hidden = failed == std::errc::permission_denied;
    if (hidden) throw Error(Code::no_access, fmt::format("'{}' cannot be read: permission denied", path.string()));
    throw Error(Code::not_found, fmt::format("there is no file or folder '{}'", path.string()));
  }
  Content content;
  if (!fs::is_directory(status)) {
    if (!fs::is_regular_file(status)) {
      throw Error(Code::invalid_argument, fmt::format("'{}' is neither a file nor a folder", path.string()));
    }
    content.hash = base::hash_path(path);
    return content;
  }
  const auto files = files_below(path);
  if (files.empty()) {
    throw Error(Code::invalid_argument,
                fmt::format("the folder '{}' has no files; there is nothing to save", path.string()));
  }
  std::vector<base::FileHash> hashes(files.size());
  base::in_parallel(files.size(), [&](std::size_t i) { hashes[i] = base::hash_path(path / files[i]); });
  std::vector<std::pair<std::string, base::FileHash>> all;
  for (std::size_t i = 0; i < files.size(); ++i) {
    content.files.push_back({files[i], hashes[i].size, hashes[i].digest});
    all.emplace_back(files[i], hashes[i]);
  }
  content.hash = base::combine(std::move(all));
  return content;
}

bool has_content(Instance& instance, const Record& artifact, const std::string& type, const std::string& digest) {
  if (const auto known = known_digest(instance, artifact)) return *known == digest;
  if (type == "md5") return true;
  try {
    const auto path =
        instance.store_of(artifact.at("storage").integer_or(0)).local_path(readable_place(instance, artifact));
    return path && read_content(*path).hash.digest == digest;
  } catch (const Error& e) {
    base::log(base::Level::warning,
              fmt::format("cannot tell whether artifact {} has the same content: {}", artifact.uid(), e.what()));
    return false;
  }
}

std::vector<Record> same_content(Instance& instance, const std::string& hash, const std::string& type,
                                 const std::string& digest) {
  auto& database = instance.database();
  Query query;
  query.registry = "Artifact";
  query.where = Expr::compare("hash", Op::exact, Value(hash));
  query.order_by = {"-created_at", "-id"};
  query.any_branch = true;
  std::vector<Record> found;
  for (auto& candidate : database.all(query)) {
    if (has_content(instance, candidate, type, digest)) found.push_back(std::move(candidate));
  }
  if (type == "md5") return found;
  // Rows whose LaminDB hash is null because another content had it first.
  const Value parameters[] = {digest, hash};
  std::vector<std::int64_t> ids;
  auto rows =
      database.connection().query("SELECT artifact_id FROM lamin_content WHERE digest = ? AND hash = ?", parameters);
  while (rows->next()) ids.push_back(rows->integer(0));
  rows.reset();
  for (const auto id : ids) {
    auto record = database.find(database.catalog().table("Artifact"), id);
    if (record && record->at("hash").is_null()) found.push_back(std::move(*record));
  }
  return found;
}

void write_contents(Instance& instance, std::span<Draft* const> drafts) {
  static constexpr std::string_view of_content[] = {"artifact_id", "hash", "digest", "size"};
  static constexpr std::string_view of_file[] = {"artifact_id", "path", "size", "digest"};
  std::vector<Value> contents, files;
  for (const auto* draft : drafts) {
    const auto id = draft->record.id();
    for (const Value& value : {Value(id), Value(draft->hash), Value(draft->digest), draft->record.at("size")})
      contents.push_back(value);
    for (const auto& file : draft->files) {
      for (const Value& value : {Value(id), Value(file.path), Value(file.size), Value(file.digest)})
        files.push_back(value);
    }
  }
  auto& connection = instance.database().connection();
  connection.bulk_insert("lamin_content", of_content, contents, false);
  connection.bulk_insert("lamin_file", of_file, files, false);
}

void forget_content(Instance& instance, std::int64_t artifact) {
  const Value key[] = {artifact};
  auto& connection = instance.database().connection();
  connection.execute("DELETE FROM lamin_content WHERE artifact_id = ?", key);
  connection.execute("DELETE FROM lamin_file WHERE artifact_id = ?", key);
}

}  // namespace lamin::lake
