// public_terms.hpp -- releases of public ontologies: which is in use, where its file is, and its terms, to be looked up
// and taken over.
//
// A release is a row of registry bionty.Source. Its file is, in this order: the artifact that the row names; a file in
// one of the folders of LAMIN_ONTOLOGIES; one in the cache; one that comes with the program; or it is downloaded into
// the cache: a table that bionty's authors offer, otherwise the release's own address. The terms are kept in the cache
// as a registry of their own, which answers the same verbs as the user's (label.hpp, search.hpp): a reference.
//
// Example: examples/cpp/public_terms.cpp
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/label.hpp"
#include "lamin/ontology.hpp"

namespace lamin {

/// What a caller says of a release; empty = as it is in use.
struct ReleaseChoice {
  std::string organism = {}, name = {}, version = {};
};
/// The row of bionty.Source for a registry. Of several releases the one in use; of several organisms vertebrates
/// (organisms), then "all". Throws not_found, listing the releases there are; not_configured if the registry's rows
/// belong to organisms and none is given.
Record release_in_use(Instance& instance, std::string_view registry, const ReleaseChoice& choice = {});

/// The same, or an unsaved row for another version of a source that is known.
Record release_called(Instance& instance, std::string_view registry, const ReleaseChoice& choice = {});
/// Saves a row for a release with its file, which becomes an artifact of the instance: terms of one's own, or a release
/// to keep. A release that another registry has gets a row for this one. Without `file` it is that of release_file.
/// Throws what release_file, prepare_artifact and save throw.
Record add_source(Instance& instance, std::string_view registry, Record release,
                  const std::filesystem::path& file = {});
/// Adds the releases that this version of the program knows, and with `use` puts the latest of each source in use.
/// Returns the added ones.
std::vector<Record> sync_sources(Instance& instance, bool use = false);

/// Whether its file is here, so that nothing has to be downloaded.
bool is_release_here(Instance& instance, const Record& release);
/// Its file, downloaded if need be. Throws unavailable, saying which file to bring and where to put it.
std::filesystem::path release_file(Instance& instance, const Record& release);

/// The release, or, if its file cannot be had, another version of the same source that comes with the program, and says
/// so: a row that may be unsaved. Downloads the file if need be; without either, returns the release.
Record readable_release(Instance& instance, const Record& release);

/// A file of a release at hand.
struct ReleaseFile {
  std::string name = {}, version = {};
  std::string organism = {}, registry = {};  ///< "human", "CellType"; "" where neither content nor name says
  std::string where = {};                    ///< "yours", "cache", "subset of the program"
  std::filesystem::path path = {};
};
using Tell = std::function<void(Level, const Words&)>;
/// Puts a file, or those in a folder, into the cache, where their releases are found. Which ontology and version it is,
/// `choice` says, otherwise its content, otherwise its name. Files of a folder that cannot be read are told of and left
/// out. Throws not_found, corrupt, unsupported; invalid_argument if it does not say which release it is.
std::vector<ReleaseFile> bring_releases(const std::filesystem::path& path, const ReleaseChoice& choice = {},
                                        const Tell& tell = {});
/// Those in the folders of LAMIN_ONTOLOGIES, in the cache, and with the program.
std::vector<ReleaseFile> release_files();

/// All terms of a release: an instance that may only be read, with the rows in the registry that the release is for.
/// The first call for a release reads its file. Throws what release_file throws, and corrupt.
std::unique_ptr<Instance> open_release(Instance& instance, const Record& release);

/// The registry in which open_release has them: that of the release; drugs, samples' attributes and pipelines, for
/// which there is none, are in a general one.
std::string registry_for_release(std::string_view entity);
/// The table that the file is, with all its columns; nullopt for an ontology. Throws what release_file throws.
std::optional<Frame> release_table(Instance& instance, const Record& release);

/// All terms of a release into its registry. Throws what release_file and import_file throw.
ImportReport import_release(Instance& instance, const Record& release, const ImportOptions& options = {});

/// Rows for values: registered ones, by value or synonym, then new, unsaved ones from the release (default: in use).
/// Without a network and without a file, a warning says so, and the rest is missing; with `create`, there are new rows
/// for the rest, too. Throws not_configured if an organism is needed.
FromValues from_release(Instance& instance, std::string_view registry, std::span<const std::string> values,
                        const LabelOptions& options = {}, const std::optional<Record>& release = std::nullopt,
                        bool create = false);

/// Registers those of the values that the release in use has as they are, with everything above them, in one
/// transaction, and says so; returns the values. None if the registry has no releases, none can be had, or the database
/// may only be read.
std::vector<std::string> register_from_release(Instance& instance, std::string_view registry,
                                               std::span<const std::string> values, const LabelOptions& options = {});

/// The organism that an identifier of Ensembl names ("ENSMUSG00000024610": mouse); "" if it does not say.
std::string_view organism_of_id(std::string_view id);

/// Registers everything above saved terms, as the releases they come from say, where their files are at hand. Saving
/// does this by itself.
void add_ancestors(Instance& instance, std::span<const Record> terms);

}  // namespace lamin
