// label.hpp -- values against a registry: which are known, which are synonyms, which are typos.
//
// The rules are LaminDB's: `validate` is exact and case-sensitive; `standardize` tries the exact value, then the
// value without case, then synonyms without case. What ours adds: ranked suggestions for what is not known.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct LabelOptions {
  std::string field;       ///< default: the registry's name field
  std::string organism;    ///< name; only where the registry has organisms
  std::string source_uid;  ///< only counts with strict_source
  bool strict_source = false;
  Expr within;  ///< only these rows count (a query set's look-up)
};

/// One bool a value, in order. Null and "" are never valid.
std::vector<bool> validate(Instance& instance, std::string_view registry, std::span<const std::string> values,
                           const LabelOptions& options = {});

struct Suggestion {
  std::string value;
  double score = 0;
  std::string via;
};  ///< via: the synonym it was found by, or ""

struct Inspection {
  std::vector<std::string> validated, non_validated;  ///< unique, in order of first appearance
  std::map<std::string, std::string> synonyms;        ///< non-validated value -> standard name
  /// For what is no synonym either (the first 25 values), best first.
  std::map<std::string, std::vector<Suggestion>> suggestions;
  std::int64_t n_values = 0, n_unique = 0, n_empty = 0;  ///< n_empty counts repetitions, too, as LaminDB does
  double frac_validated = 0;                             ///< per cent of unique values, one decimal
};
Inspection inspect(Instance& instance, std::string_view registry, std::span<const std::string> values,
                   const LabelOptions& options = {});

enum class Keep { first, last, all };
struct StandardizeOptions : LabelOptions {
  std::string return_field;  ///< default: the field itself
  std::string synonyms_field = "synonyms";
  bool case_sensitive = false;
  Keep keep = Keep::first;
};
/// One list a value: the standard name(s), or the value itself if nothing maps. More than one only with Keep::all.
std::vector<std::vector<std::string>> standardize(Instance& instance, std::string_view registry,
                                                  std::span<const std::string> values,
                                                  const StandardizeOptions& options = {});

/// Rows that the values name, by value or synonym; of ontologies and `create` new unsaved ones for the rest.
/// Existing come first, in query order.
struct FromValues {
  std::vector<Record> records;
  std::vector<std::string> missing;
};
FromValues from_values(Instance& instance, std::string_view registry, std::span<const std::string> values,
                       const LabelOptions& options = {}, bool create = false);

/// Rows ordered as LaminDB ranks them; `typos` also finds values with wrong letters.
struct SearchOptions {
  std::string field;
  std::int64_t limit = 20;
  bool case_sensitive = false;
  bool typos = false;
  Expr within;
};
std::vector<Record> search(Instance& instance, std::string_view registry, std::string_view text,
                           const SearchOptions& options = {});

/// The row that a new record with this name would be: exact name within `type` (nullopt: any type; 0: no type).
std::optional<Record> find_by_name(Instance& instance, const schema::Table& table, std::string_view name,
                                   std::optional<std::int64_t> type = {});
/// Names like this one: a warning against duplicates.
std::vector<std::string> similar_names(Instance& instance, const schema::Table& table, std::string_view name);

/// Throws validation if "|" is in it or another record has it.
void add_synonym(Instance& instance, Record& record, std::string_view synonym, bool force = false);
void remove_synonym(Instance& instance, Record& record, std::string_view synonym);

/// Keys of LaminDB's lookup objects: "ADGB-DT" -> "adgb_dt", "1st" -> "ln_1st", "class" -> "class_".
std::string lookup_key(std::string_view value, std::string_view prefix = "ln_");

}  // namespace lamin
