#include "lake/content.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include "base/log.hpp"
#include "db/connection.hpp"
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

// Each file once, a few at a time; the first failure is thrown.
std::vector<base::FileHash> hash_all(const fs::path& folder, const std::vector<std::string>& files) {
  std::vector<base::FileHash> hashes(files.size());
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex guard;
  const auto work = [&] {
    for (auto i = next++; i < files.size(); i = next++) {
      try {
        hashes[i] = base::hash_path(folder / files[i]);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!failure) failure = std::current_exception();
        next = files.size();
      }
    }
  };
  const auto wanted = std::min<std::size_t>({files.size() / 2, std::max(1U, std::thread::hardware_concurrency()), 8});
  std::vector<std::thread> helpers;
  for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(work);
  work();
  for (auto& helper : helpers) helper.join();
  if (failure) std::rethrow_exception(failure);
  return hashes;
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
  const auto hashes = hash_all(path, files);
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
  const auto [root, key] = location(instance, artifact);
  try {
    const auto path = instance.store_of(artifact.at("storage").integer_or(0)).local_path(key);
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

void write_content(Instance& instance, const Draft& draft) {
  auto& connection = instance.database().connection();
  const auto id = draft.record.id();
  const Value row[] = {id, draft.hash, draft.digest, draft.record.at("size")};
  connection.execute("INSERT INTO lamin_content (artifact_id, hash, digest, size) VALUES (?, ?, ?, ?)", row);
  for (const auto& file : draft.files) {
    const Value values[] = {id, file.path, file.size, file.digest};
    connection.execute("INSERT INTO lamin_file (artifact_id, path, size, digest) VALUES (?, ?, ?, ?)", values);
  }
}

void forget_content(Instance& instance, std::int64_t artifact) {
  const Value key[] = {artifact};
  auto& connection = instance.database().connection();
  connection.execute("DELETE FROM lamin_content WHERE artifact_id = ?", key);
  connection.execute("DELETE FROM lamin_file WHERE artifact_id = ?", key);
}

}  // namespace lamin::lake
