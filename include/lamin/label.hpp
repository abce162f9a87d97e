// label.hpp -- values against a registry: which are known, which are synonyms, which are typos.
//
// A label is a row that says what something is: a cell type, a gene, a ULabel. Here values (texts of a column, or typed
// by hand) are held against the rows of one registry; to put labels on an artifact is feature.hpp's. The rules are
// LaminDB's: `validate` is exact and case-sensitive; `standardize` tries the exact value, then the value without case,
// then synonyms without case. What ours adds: ranked suggestions for what is not known.
//
// Functions that take a registry ("bionty.CellType") throw not_found if there is none of that name, unknown_field and
// invalid_argument for a field that is not there or holds no text. Only rows that queries see count.
//
// Example: examples/cpp/label.cpp
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

/// Which rows of the registry count, and by which field.
struct LabelOptions {
  std::string field = {};       ///< default: the registry's name field
  std::string organism = {};    ///< name; only where the registry has organisms. Throws not_found
  std::string source_uid = {};  ///< only counts with strict_source
  bool strict_source = false;   ///< only rows of that source count
  Expr within = {};             ///< only these rows count (a query set's look-up)
};

/// One bool a value, in order. Null and "" are never valid.
std::vector<bool> validate(Instance& instance, std::string_view registry, std::span<const std::string> values,
                           const LabelOptions& options = {});

/// A registered value that may have been meant.
struct Suggestion {
  std::string value = {};
  double score = 0;      ///< higher is nearer; only comparable within one list
  std::string via = {};  ///< the synonym it was found by, or ""
};

/// What `inspect` found out about values.
struct Inspection {
  std::vector<std::string> validated = {}, non_validated = {};  ///< unique, in order of first appearance
  std::map<std::string, std::string> synonyms = {};             ///< non-validated value -> standard name
  /// For what is no synonym either (the first 25 values), best first.
  std::map<std::string, std::vector<Suggestion>> suggestions = {};
  std::int64_t n_values = 0, n_unique = 0, n_empty = 0;  ///< n_empty counts repetitions, too, as LaminDB does
  double frac_validated = 0;                             ///< per cent of unique values, one decimal
};
/// The same and why: what the others may be. Synonyms and suggestions only where the field is the registry's name.
Inspection inspect(Instance& instance, std::string_view registry, std::span<const std::string> values,
                   const LabelOptions& options = {});

/// Which names are returned for a value that stands for several rows.
enum class Keep { first, last, all };
struct StandardizeOptions : LabelOptions {
  std::string return_field = {};  ///< "ontology_id"; default: the field itself
  std::string synonyms_field = "synonyms";
  bool case_sensitive = false;
  Keep keep = Keep::first;
};
/// One list a value: the standard name(s), or the value itself if nothing maps. More than one only with Keep::all.
std::vector<std::vector<std::string>> standardize(Instance& instance, std::string_view registry,
                                                  std::span<const std::string> values,
                                                  const StandardizeOptions& options = {});

/// Rows that values name, by value or synonym, in query order; with `create` new unsaved ones for the rest behind them.
struct FromValues {
  std::vector<Record> records = {};
  std::vector<std::string> missing = {};  ///< values that name no row, without `create`
};
/// Throws not_configured if rows are to be created that need an organism and none is given.
FromValues from_values(Instance& instance, std::string_view registry, std::span<const std::string> values,
                       const LabelOptions& options = {}, bool create = false);

/// The row that a new record with this name would be: exact name within `type` (nullopt: any type; 0: no type).
std::optional<Record> find_by_name(Instance& instance, const schema::Table& table, std::string_view name,
                                   std::optional<std::int64_t> type = {});
/// A record with these fields: the row that has its name already, within `type` if that is among the fields (null: no
/// type), with what was passed and differs taken over, to be saved by the caller; else a new one, and a warning of
/// names like it. A feature needs a dtype that can be read, and that of the known row: throws
/// invalid_argument, conflict. Without `search_names` only these are checked.
Record make_record(Instance& instance, const schema::Table& table, const std::map<std::string, Value>& fields,
                   bool search_names = true);
/// Names like this one within `type`, at most three: a warning against duplicates.
std::vector<std::string> similar_names(Instance& instance, const schema::Table& table, std::string_view name,
                                       std::optional<std::int64_t> type = {});

/// An organism by name, from the registry or made from the built-in table (human, mouse, ...). Saved. Throws
/// not_found, naming the nearest.
Record organism(Instance& instance, std::string_view name);

/// Changes the record, and its row if it is saved; without `save` the record alone. Throws validation if "|" is in the
/// synonym or another record has it
/// (`force` lets both have it), invalid_argument if it is empty or the registry keeps no synonyms.
void add_synonym(Instance& instance, Record& record, std::string_view synonym, bool force = false, bool save = true);
void remove_synonym(Instance& instance, Record& record, std::string_view synonym);

/// Keys of LaminDB's lookup objects: "ADGB-DT" -> "adgb_dt", "1st" -> "ln_1st", "class" -> "class_".
std::string lookup_key(std::string_view value, std::string_view prefix = "ln_");

}  // namespace lamin
