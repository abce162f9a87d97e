// reference.hpp -- what the parts of a reference share: the names of its files, and the ones that are open.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include "lamin/public_terms.hpp"

namespace lamin::lake {

/// "df_human__ensembl__release-112__Gene", as bionty names its tables. Throws invalid_argument for a row whose texts
/// would lead out of a folder.
std::string file_stem(const Record& release);
/// The registry in which a reference has the terms: drugs and the like, for which there is none, are in a general one.
std::string registry_of(std::string_view entity);
/// Whether any is known for a registry; for one of a user's own there may be none.
bool has_releases(Instance& instance, const schema::Table& table);
/// "df-legacy_human__ensembl__release-116__Gene", as bionty names its tables of identifiers that Ensembl retired.
std::string retired_stem(const Record& release);
/// Such a table, downloaded if need be; nullopt if it cannot be had.
std::optional<std::filesystem::path> retired_ids_file(Instance& instance, const Record& release);
/// Where files of releases and references are kept.
std::filesystem::path releases_folder();
/// The file, if nothing has to be downloaded for it.
std::optional<std::filesystem::path> file_at_hand(Instance& instance, const Record& release);
/// Another version of its source that comes with the program, as a row that may be unsaved.
std::optional<Record> stand_in(Instance& instance, const Record& release);
/// Saves the row of a release that rows are taken from; not if the database may only be read.
void keep_release(Instance& instance, Record& release);
/// A reference for a file, made if there is none.
std::unique_ptr<Instance> open_reference(Instance& instance, const Record& release, const std::filesystem::path& file);
/// The same, kept open as long as the instance; null without a file at hand.
std::shared_ptr<Instance> reference_at_hand(Instance& instance, const Record& release);
std::shared_ptr<Instance> reference(Instance& instance, const Record& release);

/// The row of bionty.Source that a reference's terms are of. Throws corrupt if it has none.
std::int64_t source_of(Instance& reference);
/// Whether its file says that it is a part of the release.
bool is_partial(Instance& reference);

/// Values that are not registered are looked up in public sources, for who asks for that.
void install_outside(Instance& instance);

/// Whether it says which release it is a term of, and may have terms above it.
bool is_of_release(const Record& record);

/// The registered organism, registered now if it is a known one or one of Ensembl's vertebrates.
Record organism_of(Instance& instance, std::string_view name);

}  // namespace lamin::lake
