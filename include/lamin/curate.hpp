// curate.hpp -- a dataset against a schema: validated, explained, standardized, annotated.
//
// A Curator holds the tables of one dataset (obs, var, or the table itself; never a matrix), compares them with a
// schema and changes them in memory. The original file is never changed; `write` makes a new one. It saves nothing
// except the labels requested with `add_new`; to save the dataset, see save.hpp.
//
// Example: examples/cpp/curate.cpp
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>
#include "lamin/dtype.hpp"
#include "lamin/frame.hpp"
#include "lamin/instance.hpp"
#include "lamin/label.hpp"
#include "lamin/values.hpp"

namespace lamin {

/// What is wrong in one column, or in the set of columns.
struct Problem {
  std::string slot = {};    ///< "obs", "var.T"; "" for a plain table
  std::string column = {};  ///< "" for the set of columns
  /// missing_column, missing_member, extra_column, wrong_type, not_registered, ambiguous, order, null
  std::string rule = {};
  Words message = {};          ///< for the user: what, which values, what to do
  Inspection inspection = {};  ///< not_registered
};

/// A column that was added, or whose missing values were filled in.
struct Filled {
  std::string column = {};
  Value value = {};  ///< null: the column is new and empty
  bool added = false;
};

/// A column that a slot is checked for: a member's, or in a flexible schema one that is called like a feature.
struct CheckedColumn {
  Record feature = {};
  Dtype dtype = {};
  std::string column = {};  ///< of an index feature the frame's index; "" if it has none
  bool is_index = false, required = false;
  bool coerced = false;  ///< values may be converted
};

struct CurateOptions {
  /// `annotate` links at most so many labels of a feature and members of a slot.
  std::size_t most_linked = 1000;
  /// Of a schema without slots: check for these members rather than for those that it is saved with, so that it need
  /// not be saved.
  std::optional<std::vector<Record>> members = {};
  bool is_dictionary = false;  ///< the table "" holds the values of a dictionary, one per name
  std::string slot = {};       ///< what messages call the table "", where it is a slot of a larger dataset
};

class Curator {
 public:
  /// Borrows the instance. A slot of the schema finds its table by name, "var.T" also "var"; a schema that has features
  /// besides its slots checks the table "". The slot "__external__" is about the artifact and is not checked here.
  /// Throws invalid_argument if the schema is neither saved nor given with its members, or requires a slot that the
  /// dataset does not have. Slots of the dataset that the schema does not mention are ignored.
  Curator(Instance& instance, Record schema, std::vector<Slot> slots, const CurateOptions& options = {});
  ~Curator();
  Curator(Curator&&) noexcept;

  /// All problems, not only the first; empty = valid. Valid until the next call of check.
  const std::vector<Problem>& check();
  /// `check`, then throws validation with all messages.
  void validate();
  /// What a slot's table is checked for, column by column; none for a slot of terms. Throws invalid_argument (slot).
  std::vector<CheckedColumn> columns(std::string_view slot) const;
  /// Replaces synonyms with standard names in memory; column "" = every categorical column, "columns" = the names of
  /// features, or the labels checked by a slot of terms. Returns {old: new}. Throws invalid_argument (slot, column).
  std::map<std::string, std::string> standardize(std::string_view slot, std::string_view column);
  /// Adds the columns of a slot's features that the table does not have, and fills in default values. Throws validation
  /// where a feature has neither a default value nor is nullable.
  std::vector<Filled> fill_in(std::string_view slot);
  /// Columns whose values the last check converted to their dtype, or took for categories: (slot, column, base).
  const std::vector<std::tuple<std::string, std::string, Dtype::Base>>& coerced() const;
  /// Replaces one value with another in a column, for a typo that the user has resolved. Throws not_found (column,
  /// value).
  void replace(std::string_view slot, std::string_view column, std::string_view from, std::string_view to);
  /// Registers all unknown values of a column, in one transaction, with these fields. Returns their number. Throws
  /// invalid_argument if the feature takes rows of several registries, validation if some are synonyms.
  std::int64_t add_new(std::string_view slot, std::string_view column, const std::map<std::string, Value>& fields = {});
  const std::vector<Slot>& slots() const;  ///< with the changes so far
  const Record& schema() const;
  bool changed() const;  ///< whether values, labels or columns were replaced or added since it was made
  /// Copies the dataset's file with the changed columns. Throws unsupported for changed labels of an AnnData,
  /// not_found, no_access.
  void write(const std::filesystem::path& from, const std::filesystem::path& to) const;

  /// For `also` of save_artifact: links the artifact's schema, the schema of each slot and the labels of each feature.
  /// Throws validation if problems remain, invalid_argument if the schema is not saved.
  void annotate(Record& artifact);
  /// The schema, and the features and labels that the dataset names, of the instance that it was checked in: to be made
  /// in the one that it is saved in. Throws validation if problems remain, invalid_argument if the schema is not saved.
  CarriedRows carried();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// obs, var (and uns keys as columns) of an h5ad file or AnnData zarr folder, read in place; one table for parquet and
/// csv. Throws corrupt for a truncated or foreign file, not_found, unsupported.
std::vector<Slot> read_slots(const std::filesystem::path& path);
/// For a file that is saved as it is: the type of the object whose content a schema is about ("" = of none that can be
/// checked), so that only a curator can tell whether it holds; nullopt if the schema is about feature values. `otype`
/// is what the file holds; "" = not known.
std::optional<std::string> content_type(Instance& instance, const Record& schema, const std::filesystem::path& file,
                                        std::string_view otype);
/// (n_obs, n_vars) of an AnnData file, without reading its matrix. Throws invalid_argument for other files, corrupt.
std::pair<std::int64_t, std::int64_t> shape_of(const std::filesystem::path& path);

}  // namespace lamin
