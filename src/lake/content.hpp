// content.hpp -- identity: which artifact has exactly these bytes.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "base/hash.hpp"
#include "lamin/artifact.hpp"

namespace lamin::lake {

struct Content {
  base::FileHash hash;
  std::vector<FilePart> files;  ///< of a folder
};

/// One pass over the bytes. Throws not_found, no_access, invalid_argument for a folder without files.
Content read_content(const std::filesystem::path& path);

/// Artifacts, on any branch, whose content is this one. Newest first. An artifact that LaminDB wrote has no digest: up
/// to 50 MiB its hash covers all bytes; beyond, and for folders, its bytes are read now.
std::vector<Record> same_content(Instance& instance, const std::string& hash, const std::string& type,
                                 const std::string& digest);
/// Whether a row that shares the LaminDB hash has the same content.
bool has_content(Instance& instance, const Record& artifact, const std::string& type, const std::string& digest);

/// Writes lamin_content and lamin_file of saved artifacts; joins the transaction.
void write_contents(Instance& instance, std::span<Draft* const> drafts);
void forget_content(Instance& instance, std::int64_t artifact);

}  // namespace lamin::lake
