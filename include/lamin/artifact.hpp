// artifact.hpp -- files and folders under version control: made, saved, found, cached.
//
// An artifact is a row (a Record of registry Artifact) and bytes in a storage. `prepare` looks at the bytes and
// decides which row they become: a known one, a new version of a key, a new artifact. `save` carries it out by the
// commit protocol: intent, bytes to a place never used before, one transaction, acknowledge. A crash leaves nothing
// visible; the next open removes what it left. What is in the bytes is not looked at here: curate.hpp does that.
//
// What a durable save of one file waits for: the commit of the intent, the file, its folder, the commit of the rows:
// four fsyncs (SQLite and a local folder). A batch waits for the two commits once, for the files one by one and for
// their folder once.
//
// Identity is the BLAKE3 digest (table lamin_content), not `hash`, which is LaminDB's and looks only at the ends of a
// file over 50 MiB and not at the names in a folder. Where two different contents have the same LaminDB hash under the
// same key, the later row's `hash` is null: LaminDB's unique index allows it, and LaminDB reads null as "not hashed".
//
// A folder is all that is in it: its files, what its links lead to, folders with nothing in them, and which files may
// be executed. Its digest covers them all; `hash`, `n_files` and `size` are LaminDB's, of all files that are stored.
// What cannot be stored (a pipe, a broken link, a name that is not UTF-8) is refused by its name, never left out.
//
// Example: examples/cpp/artifact.cpp
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

/// What becomes of links in a folder. What is followed is stored as what it leads to, and LaminDB counts it as a file.
enum class Links {
  inside,  ///< followed within the folder; one that leads out of it is refused by name
  follow,  ///< all are followed
  refuse,  ///< each is refused by name
};
/// By its name, as users pass it; "" is `inside`. Throws invalid_argument.
Links links_called(std::string_view name);
/// The files that an artifact of the folder would hold: paths below it, with "/", by their bytes. Throws not_found,
/// no_access, invalid_argument (what cannot be stored).
std::vector<std::string> files_below(const std::filesystem::path& folder, Links links = Links::inside);

struct ArtifactOptions {
  std::filesystem::path path = {};  ///< file or folder; inside a storage of the instance it is registered in place
  std::string key = {};             ///< "blood/pbmc.h5ad", with the path's suffix; empty = none
  std::string description = {};
  std::string kind = {};   ///< dataset, model, plan, ...
  std::string otype = {};  ///< DataFrame, AnnData, ...; empty = from the suffix
  std::optional<std::int64_t> n_observations = {};
  std::optional<std::int64_t> schema = {};   ///< id of the schema that it was validated with
  std::optional<std::int64_t> run = {};      ///< id; empty = the tracked run; 0 = none
  std::optional<std::int64_t> storage = {};  ///< id; empty = the default
  std::string revises = {};                  ///< uid of the version it replaces; empty = by key
  std::string version_tag = {};
  std::optional<bool> overwrite_versions = {};  ///< one place for all versions; empty = as the family, a folder yes
  std::optional<bool> key_is_virtual = {};      ///< false: the bytes are kept under the key itself; empty = true
  std::optional<bool> skip_hash_lookup = {};    ///< true: a new artifact even if the content is known; empty = false
  Links links = Links::inside;                  ///< of a folder
  bool temporary_source = false;  ///< the file was written for this call and may be moved instead of copied
};

/// One file of a folder.
struct FilePart {
  std::string path = {};    ///< below the folder, with "/"
  std::int64_t size = 0;    ///< bytes
  std::string digest = {};  ///< BLAKE3
};

/// A link of a folder: its bytes are stored as what it led to, that it was a link is remembered.
struct LinkPart {
  std::string path = {};    ///< below the folder, with "/"
  std::string target = {};  ///< what the link said
  bool operator==(const LinkPart&) const = default;
};

/// What `save` will do. Nothing is written yet; to drop it is to forget it.
struct Draft {
  Record record = {};                 ///< unsaved, or the known row if `existing`
  bool existing = false;              ///< the same content is registered already
  std::filesystem::path source = {};  ///< empty: nothing to copy
  bool temporary_source = false;
  std::string hash = {}, hash_type = {}, digest = {};  ///< LaminDB's hash and its kind; BLAKE3
  std::vector<FilePart> files = {};                    ///< of a folder
  std::vector<LinkPart> links = {};                    ///< of a folder; another link is another artifact
  std::int64_t run = 0;                                ///< id of the one that makes it, or makes it again
  std::optional<std::int64_t> revises = {};            ///< id of the version that stops being the latest
  std::vector<std::string> messages = {};              ///< what a user should know, already logged
};

/// Reads the bytes once, to hash them. Throws not_found (missing path, version, storage), no_access, unsupported
/// (remote path), invalid_argument (key, suffix, nothing to call it by).
Draft prepare_artifact(Instance& instance, const ArtifactOptions& options);
/// A draft for each file of the folder `options.path`, under `options.key` (empty: the folder's name), "/" and its path
/// there; of several with the same content for the first alone, with a warning. Throws what prepare_artifact throws.
std::vector<Draft> prepare_files(Instance& instance, const ArtifactOptions& options);
/// Durable on return; `draft.record` is then the saved row. `also` runs inside the transaction of the commit: labels,
/// schema links, run. It may run again if the database asks for it. Throws what prepare throws, unavailable (disk
/// full), and conflict if the file changes or others keep saving the same key meanwhile.
void save_artifact(Instance& instance, Draft& draft, const std::function<void(Record&)>& also = {});
/// All of them in one commit, or none; waits for the disk as for one.
void save_artifacts(Instance& instance, std::span<Draft> drafts);

/// Storage root and key below it of a saved artifact: "/data/store", ".lamindb/AbC...0000.h5ad".
std::pair<std::string, std::string> location(Instance& instance, const Record& artifact);
/// A local path with the content, to read and not to write: the file itself, or a verified copy in the cache. Throws
/// not_found, corrupt, invalid_argument (a version whose bytes a later one replaced).
std::filesystem::path cache_artifact(Instance& instance, const Record& artifact);
/// Ask it after reading from a path of cache_artifact. True: what was read is this version's content. False: the bytes
/// were moved meanwhile, read again. Throws what cache_artifact throws, as when a later version has replaced them.
bool is_still_at(Instance& instance, const Record& artifact, const std::filesystem::path& path);
/// The artifact whose bytes are at a local path, or whose folder it lies in where the folder is kept by uid; of several
/// versions at one place the one that holds it. In the trash, too.
std::optional<Record> artifact_at(Instance& instance, const std::filesystem::path& path);
/// The latest with this key in any storage, not in the trash.
std::optional<Record> find_artifact(Instance& instance, std::string_view key);

/// What a crash left: counts of intents finished, files removed.
struct Recovery {
  std::int64_t intents = 0, files = 0;
};
/// Finishes or removes what writers that are gone have left. Every open calls it, so does `lamin gc`. Never throws for
/// a storage that is away: its intents stay for the next time.
Recovery recover(Instance& instance);

}  // namespace lamin
