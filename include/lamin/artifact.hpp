// artifact.hpp -- files and folders under version control: creating, saving, finding, caching them.
//
// An artifact is a row (a Record of registry Artifact) and bytes in a storage. `prepare` reads the bytes and decides
// which row they become: an existing one, a new version of a key, or a new artifact. `save` executes this with the
// commit protocol: intent, bytes to a new place, one transaction, acknowledge. A crash leaves nothing visible; the next
// open removes what is left. The content of the bytes is not examined here; see curate.hpp.
//
// What a durable save of one file waits for: the commit of the intent, the file, its folder, the commit of the rows:
// four fsyncs (SQLite and a local folder). A batch waits for the two commits once, for the files one by one and for
// their folder once.
//
// Identity is the BLAKE3 digest (table lamin_content), not LaminDB's `hash`, which covers only the ends of a file over
// 50 MiB and ignores the names in a folder. If two different contents under the same key have the same LaminDB hash,
// the later row's `hash` is null: LaminDB's unique index allows it, and LaminDB reads null as "not hashed".
//
// A folder consists of its files, the targets of its links, empty folders, and which files are executable. Its digest
// covers all of these; `hash`, `n_files` and `size` are LaminDB's, over all stored files. Anything that cannot be
// stored (a pipe, a broken link, a name that is not UTF-8) is refused by name, never left out.
//
// Example: examples/cpp/artifact.cpp
#pragma once
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "lamin/instance.hpp"
#include "lamin/source.hpp"

namespace lamin {

/// How links in a folder are treated. A followed link is stored as its target, and LaminDB counts it as a file.
enum class Links {
  inside,  ///< followed within the folder; a link out of it is refused by name
  follow,  ///< all are followed
  refuse,  ///< each is refused by name
};
/// From the name that users pass; "" is `inside`. Throws invalid_argument.
Links links_called(std::string_view name);
/// The files that an artifact of the folder would have: paths relative to it, with "/", sorted by bytes. Throws
/// not_found, no_access, invalid_argument (something that cannot be stored).
std::vector<std::string> files_below(const std::filesystem::path& folder, Links links = Links::inside);

struct ArtifactOptions {
  Source source = {};    ///< file or folder; one in a storage of the instance is registered in place
  std::string key = {};  ///< "blood/pbmc.h5ad", with the path's suffix; empty = none
  std::string description = {};
  std::string kind = {};   ///< dataset, model, plan, ...
  std::string otype = {};  ///< DataFrame, AnnData, ...; empty = from the suffix
  std::optional<std::int64_t> n_observations = {};
  std::optional<std::int64_t> schema = {};              ///< id of the schema it was validated with
  std::optional<std::int64_t> run = {};                 ///< id; empty = the tracked run; 0 = none
  std::optional<std::int64_t> storage = {};             ///< id; empty = the default
  std::optional<std::int64_t> branch = {}, space = {};  ///< ids of where it goes; empty = the current ones
  std::string revises = {};                             ///< uid of the version it replaces; empty = by key
  std::string version_tag = {};
  std::optional<bool> overwrite_versions = {};  ///< one place for all versions; empty = as in its family; folders: true
  std::optional<bool> key_is_virtual = {};      ///< false: bytes are stored under the key itself; empty = virtual_keys
  bool virtual_keys = true;  ///< what key_is_virtual is for bytes that are copied; those in place are where they are
  std::optional<bool> skip_hash_lookup = {};  ///< true: a new artifact even for known content; empty = false
  Links links = Links::inside;                ///< for a folder
  bool temporary_source = false;              ///< the file was written for this call and may be moved instead of copied
};

/// One file of a folder.
struct FilePart {
  std::string path = {};    ///< below the folder, with "/"
  std::int64_t size = 0;    ///< bytes
  std::string digest = {};  ///< BLAKE3
};

/// The files of a folder, in the order of their paths, to be read one after the other: of a million of them most are
/// kept in a temporary file, which goes with the last copy of the list. Copies share what was added.
class FileList {
 public:
  class Iterator {
   public:
    using value_type = FilePart;
    using difference_type = std::ptrdiff_t;
    const FilePart& operator*() const { return part_; }
    const FilePart* operator->() const { return &part_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return left_ == 0; }

   private:
    friend class FileList;
    explicit Iterator(const FileList& list);
    void read();
    std::string_view bytes(std::size_t count);

    std::shared_ptr<const struct FileListState> state_;
    std::size_t left_ = 0;
    std::int64_t at_ = 0;     ///< of the temporary file, where the block ends
    std::string block_ = {};  ///< what was read of it
    std::size_t used_ = 0;    ///< of the block, or of what is in memory
    bool in_memory_ = false;
    FilePart part_ = {};
  };

  void add(const FilePart& part);  ///< its path comes after those before
  std::size_t size() const;
  bool empty() const { return size() == 0; }
  Iterator begin() const { return Iterator(*this); }
  static std::default_sentinel_t end() { return {}; }

 private:
  std::shared_ptr<FileListState> state_ = {};
};

/// A link in a folder: stored as the bytes of its target, with a note that it was a link.
struct LinkPart {
  std::string path = {};    ///< below the folder, with "/"
  std::string target = {};  ///< as written in the link
  bool operator==(const LinkPart&) const = default;
};

/// What a folder holds besides the bytes of its files, which a bucket cannot keep: paths below it.
struct FolderModes {
  std::vector<std::string> executables = {}, empty_folders = {};
  bool operator==(const FolderModes&) const = default;
};

/// A path to write a file or folder to, for an artifact that is made of it afterwards (`temporary_source`); nobody sees
/// it until then, and `lamin gc` removes it if this process ends before. Throws invalid_argument if the key (empty:
/// none) ends in another suffix, no_access.
std::filesystem::path lazy_source(const std::string& suffix, const std::string& key = {});

/// What `save` will do. Nothing is written yet; a draft can simply be dropped.
struct Draft {
  Record record = {};                 ///< unsaved, or the existing row if `existing`
  bool existing = false;              ///< the content is already registered
  bool replaces = false;              ///< the existing row gets this content in place of its own
  std::filesystem::path source = {};  ///< empty: nothing to copy
  bool temporary_source = false;
  std::shared_ptr<void> copy = {};  ///< removes `source` with the last draft, if it is a copy of what was not local
  std::string hash = {}, hash_type = {}, digest = {};  ///< LaminDB's hash and its kind; BLAKE3
  FileList files = {};                                 ///< of a folder
  std::vector<LinkPart> links = {};                    ///< of a folder; part of its identity
  FolderModes modes = {};                              ///< of a folder
  std::int64_t run = 0;                                ///< id of the run that creates it (again)
  std::optional<std::int64_t> revises = {};            ///< id of the version that stops being the latest
  std::string key = {}, suffix = {};                   ///< of a new artifact, as prepared
};

/// Reads the bytes once, to hash them. Throws not_found (missing path, version, storage), no_access, unsupported
/// (a scheme that is not built in), invalid_argument (key, suffix, no key, run or description).
Draft prepare_artifact(Instance& instance, const ArtifactOptions& options);
/// A draft for each file in the folder `options.source`; its key is `options.key` (empty: the folder's name), "/" and
/// its path there. Files with the same content as an earlier one are skipped with a warning. Throws what
/// prepare_artifact throws.
std::vector<Draft> prepare_files(Instance& instance, const ArtifactOptions& options);
/// Other content for the same version: a file for a file, a folder for a folder. Of the options, source, run,
/// n_observations, links and temporary_source count. A new suffix also changes the key. Saving the draft puts the bytes
/// in place of the old ones, which readers find until then. Throws what prepare_artifact throws.
Draft prepare_replacement(Instance& instance, const Record& artifact, const ArtifactOptions& options);
/// Durable on return; `draft.record` is then the saved row. `also` runs inside the commit's transaction, for labels,
/// schema links and run; it may run again if the transaction is repeated. Throws what prepare throws, unavailable (disk
/// full), and conflict if the file changes or others keep saving the same key meanwhile.
void save_artifact(Instance& instance, Draft& draft, const std::function<void(Record&)>& also = {});
/// All in one commit, or none; waits for the disk as often as for one.
void save_artifacts(Instance& instance, std::span<Draft> drafts);

/// Storage root of a saved artifact and its key below that: "/data/store", ".lamindb/AbC...0000.h5ad".
std::pair<std::string, std::string> location(Instance& instance, const Record& artifact);
/// A local read-only path with the content: the file itself, or a verified copy in the cache. Throws not_found,
/// corrupt, invalid_argument (a version whose bytes a later one replaced).
std::filesystem::path cache_artifact(Instance& instance, const Record& artifact);
/// The same for many, in their order; what is not on this machine is fetched in parallel.
std::vector<std::filesystem::path> cache_artifacts(Instance& instance, std::span<const Record> artifacts);
/// A verified copy of the content elsewhere: at a path, in an existing folder under the last part of its key, or at an
/// object ("s3://bucket/a.h5ad"). Returns where. Throws conflict if something is there, unless `replace`, no_access,
/// unavailable, and what cache_artifact throws; then nothing is left there.
std::string copy_artifact(Instance& instance, const Record& artifact, const std::string& to, bool replace = false);
/// Call this after reading from a path of cache_artifact. True: what was read is this version's content. False: the
/// bytes were moved meanwhile, read again. Throws what cache_artifact throws, for example if a later version replaced
/// them.
bool is_still_at(Instance& instance, const Record& artifact, const std::filesystem::path& path);
/// The artifact whose bytes are at a local path, or whose folder, if stored by uid, contains it; of several versions at
/// one place, the one that owns the bytes. Also finds artifacts in the trash.
std::optional<Record> artifact_at(Instance& instance, const std::filesystem::path& path);
/// Deletes a local file or folder below the default storage that is part of no artifact. False, and nothing is deleted,
/// if it is elsewhere or the storage itself. Throws not_found; invalid_argument if it is, contains or is inside an
/// artifact or `.lamindb`, or contains another storage.
bool remove_scrap(Instance& instance, const std::filesystem::path& path);
/// The latest artifact with this key in any storage, not in the trash.
std::optional<Record> find_artifact(Instance& instance, std::string_view key);

/// What was left by a crash: number of intents settled, files removed.
struct Recovery {
  std::int64_t intents = 0, files = 0;
};
/// Finishes or removes what dead writers left. Called by every open and by `lamin gc`. Never throws for an unavailable
/// storage: its intents are kept for the next time.
Recovery recover(Instance& instance);

}  // namespace lamin
