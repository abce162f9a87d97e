// content.hpp -- identity: which artifact has exactly these bytes.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>
#include "base/hash.hpp"
#include "lamin/artifact.hpp"

namespace lamin::store {
class Store;
}

namespace lamin::lake {

struct Content {
  base::FileHash hash;
  FileList files;               ///< of a folder
  std::vector<LinkPart> links;  ///< of a folder, those followed
  FolderModes modes;
};

/// One pass over the bytes. Throws not_found, no_access, invalid_argument for a folder without files or with something
/// that cannot be stored.
Content read_content(const std::filesystem::path& path, Links links = Links::inside);

/// The same of what is in a bucket, as its server states it, without reading the bytes: LaminDB's hashes from ETags, no
/// digest. Throws not_found.
Content stated_content(store::Store& store, const std::string& key);

/// Artifacts with this content, on any branch, newest first. An artifact that LaminDB wrote has no digest: up to 50 MiB
/// its hash covers all bytes; beyond that, and for folders, its bytes are read now. The digest is that of the stored
/// bytes, with links replaced by their targets: `links` distinguishes folders that differ only in links.
std::vector<Record> same_content(Instance& instance, const std::string& hash, const std::string& type,
                                 const std::string& digest, const std::vector<LinkPart>& links = {});
/// Whether a row that shares the LaminDB hash has the same content.
bool has_content(Instance& instance, const Record& artifact, const std::string& type, const std::string& digest,
                 const std::vector<LinkPart>& links = {});

/// BLAKE3 of the saved content; nullopt if LaminDB wrote it or replaced it since.
std::optional<std::string> known_digest(Instance& instance, const Record& artifact);
/// The same for many artifacts, passed in the order of their ids; returned by id, without those that have none.
std::unordered_map<std::int64_t, std::string> known_digests(Instance& instance, std::span<const Record> artifacts);
/// The files of a folder, by path, as saved. Only valid if known_digest has a value.
FileList known_files(Instance& instance, std::int64_t artifact);

FolderModes known_modes(Instance& instance, std::int64_t artifact);

/// Writes lamin_content, lamin_file, lamin_link and lamin_mode of saved artifacts; joins the transaction.
void write_contents(Instance& instance, std::span<Draft* const> drafts);
void forget_content(Instance& instance, std::int64_t artifact);

}  // namespace lamin::lake
