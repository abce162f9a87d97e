// files.hpp -- files of releases: what they are called, and the folders that they are in.
//
// The folders, in order: those of the user (LAMIN_ONTOLOGIES), the cache, and what comes with the program: real terms
// of a few releases, without all that a release states, so that a first hour needs no network. LAMIN_SUBSETS=0 leaves
// the last out. If the cache has several files of a release, the latest is read.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/public_terms.hpp"

namespace lamin::lake {

/// What files of terms end with, those that are read quickest first.
std::vector<std::string_view> release_suffixes();
/// The suffix of a file that terms can be read from; "" for another.
std::string_view release_suffix(const std::filesystem::path& file);
/// What its name says: "df_human__ensembl__release-112__Gene.parquet", "human__ensembl__release-112.csv",
/// "cl-2025-04-10.obo", "CL-ontology-v2025-04-10.json.zst"; nullopt if that is nothing.
std::optional<ReleaseFile> named_release(const std::filesystem::path& file);
/// What somebody may call a file of the release, without suffix: "cl-2025-04-10", "human__ensembl__release-112".
std::string file_name_for(const Record& release);
/// "human" in names of files: lower case, without blanks.
std::string organism_part(std::string_view organism);

/// A table as the file has it; nullopt for an ontology.
std::optional<Frame> table_in(const std::filesystem::path& file);
/// One of bionty's authors' tables, by its name without suffix; nullopt if it cannot be had.
std::optional<std::filesystem::path> downloaded_table(Instance& instance, const std::string& stem);

/// The latest file of a source that somebody brought.
std::optional<std::filesystem::path> file_called(std::string_view source);

std::vector<std::filesystem::path> own_folders();
std::filesystem::path carried_folder();
/// Of what comes with the program, the files of this registry, source and organism, latest first.
std::vector<ReleaseFile> carried(std::string_view registry, std::string_view name, std::string_view organism);

}  // namespace lamin::lake
