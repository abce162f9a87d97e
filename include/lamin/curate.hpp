// curate.hpp -- a dataset against a schema: validated, explained, standardized, annotated.
//
// A Curator holds the tables of one dataset (obs, var, or the table itself; never a matrix), compares them with a
// schema and changes them in memory. The file it came from is never changed: `write` makes another. It saves nothing
// but the labels that `add_new` is asked for; to save the dataset is save.hpp's.
//
// Example: examples/cpp/curate.cpp
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/frame.hpp"
#include "lamin/instance.hpp"
#include "lamin/label.hpp"

namespace lamin {

/// What was wrong in one column, or in the columns themselves.
struct Problem {
  std::string slot = {};     ///< "obs", "var.T"; "" for a plain table
  std::string column = {};   ///< "" for the set of columns
  std::string rule = {};     ///< missing_column, missing_member, extra_column, wrong_type, not_registered, order, null
  std::string message = {};  ///< for a person: what, which values, what to do
  Inspection inspection = {};  ///< not_registered
};

/// A table of a dataset: its slot and its columns. Only obs, var and plain tables; never the matrix.
struct Slot {
  std::string name = {};  ///< "obs", "var", "uns"; "" for a plain table
  Frame frame = {};
};

class Curator {
 public:
  /// Borrows the instance. Throws invalid_argument if the schema is not saved or asks for a slot that the dataset does
  /// not have. Slots of the dataset that the schema does not mention are left alone.
  Curator(Instance& instance, Record schema, std::vector<Slot> slots);
  ~Curator();
  Curator(Curator&&) noexcept;

  /// All problems, not only the first; empty = valid. Lives until the next call of check.
  const std::vector<Problem>& check();
  /// `check`, then throws validation with all messages.
  void validate();
  /// Replaces synonyms by standard names in memory; column "" = every categorical one, "columns" = the labels that a
  /// slot of terms checks (names of rows or columns). Returns {old: new}. Throws invalid_argument (slot, column).
  std::map<std::string, std::string> standardize(std::string_view slot, std::string_view column);
  /// Replaces one value by another in a column: a typo that a person decided about. Throws not_found (column, value).
  void replace(std::string_view slot, std::string_view column, std::string_view from, std::string_view to);
  /// Registers all values of a column that are not known, in one transaction. Returns how many. Throws invalid_argument
  /// where the feature takes rows of several registries.
  std::int64_t add_new(std::string_view slot, std::string_view column);
  const std::vector<Slot>& slots() const;  ///< as changed so far
  const Record& schema() const;
  /// Copies the dataset's file with the columns that were changed. Throws unsupported for changed labels of an AnnData,
  /// not_found, no_access.
  void write(const std::filesystem::path& from, const std::filesystem::path& to) const;

  /// For `also` of save_artifact: links the artifact's schema, the schema of each slot and the labels of each feature.
  /// Throws validation if a problem is left.
  void annotate(Record& artifact);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// obs, var (and uns keys as columns) of an h5ad file or AnnData zarr folder, read in place; a table for parquet and
/// csv. Throws corrupt for a truncated or foreign file, not_found, unsupported.
std::vector<Slot> read_slots(const std::filesystem::path& path);
/// (n_obs, n_vars) of an AnnData file, without reading its matrix. Throws invalid_argument for another file, corrupt.
std::pair<std::int64_t, std::int64_t> shape_of(const std::filesystem::path& path);

}  // namespace lamin
