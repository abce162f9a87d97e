// each.hpp -- the same work on many artifacts, on the cores of this machine.
//
// Threads work on one artifact each, with a connection of their own. What fails does not stop the others: every
// artifact has an outcome. All works may be done twice: a second time they find what is there.
//
// Work for a cluster of machines is handed out elsewhere (docs/scale-out.md); a worker calls this.
//
// Example: examples/cpp/each.cpp
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/error.hpp"
#include "lamin/instance.hpp"

namespace lamin {

enum class EachWork {
  verify,  ///< reads all bytes and compares their digest: "sound"
  cache,   ///< a local path with the content
  copy,    ///< a copy in a folder, under its key: its place
  index,   ///< obs as a Parquet file in a folder, all of which are one table: its path
};
/// From the name that users pass; throws invalid_argument, listing them.
EachWork each_work_called(std::string_view name);
/// Whether this is the name of one.
bool is_each_work(std::string_view name);

struct EachOptions {
  /// copy: a folder or "s3://bucket/folder". index: a folder of this machine, made if there is none; a file in it is
  /// <uid>-<digest>.parquet, and has the column artifact_uid, obs_names, and those of obs. One that is there is not
  /// made again; one of an earlier content goes.
  std::string to = {};
  std::string table = "obs";  ///< index: or another one, such as "var", "rna:obs"
  std::size_t threads = 0;    ///< at most; 0 = one per core
};

/// What became of one artifact: a value, or why there is none.
struct EachOutcome {
  std::string uid = {}, value = {};
  std::optional<Error> error = {};
};
/// In the order of the artifacts. Throws invalid_argument for options that are missing or belong to another work.
std::vector<EachOutcome> each(Instance& instance, std::span<const Record> artifacts, EachWork work,
                              const EachOptions& options);

/// Where work on many artifacts is done: "local://4", "dask://host:port", "ray://host:port", "ray://auto".
struct Executor {
  enum class Kind { local, dask, ray } kind = Kind::local;
  std::string address = {};  ///< host:port or auto; of local: empty
  std::size_t workers = 0;   ///< of local; 0 = one per core
};
/// "" is this machine with all its cores. Throws invalid_argument, saying which there are.
Executor executor_called(std::string_view text);

}  // namespace lamin
