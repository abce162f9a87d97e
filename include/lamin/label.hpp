// label.hpp -- compares values with a registry: which are known, which are synonyms, which are typos.
//
// A label is a row that says what something is: a cell type, a gene, a ULabel. These functions compare values (texts of
// a column, or typed by hand) with the rows of one registry; to put labels on an artifact, see feature.hpp. The rules
// are LaminDB's: `validate` is exact and case-sensitive; `standardize` tries the exact value, then the value ignoring
// case, then synonyms ignoring case. In addition, unknown values get ranked suggestions.
//
// Functions that take a registry ("bionty.CellType") throw not_found if it does not exist, and unknown_field or
// invalid_argument for a field that does not exist or is not text. Only rows visible to queries count.
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
  std::string field = {};         ///< default: the registry's name field
  std::string organism = {};      ///< name; only for registries with organisms. Throws not_found
  bool default_organism = false;  ///< the organism is a setting: ids, which are unique anyway, are looked up in all
  std::string source_uid = {};    ///< a release of a public ontology
  bool strict_source = false;     ///< only rows of that source count
  bool from_source = false;       ///< what is not registered is looked up in that source, or the one in use, as well
  Expr within = {};               ///< only these rows count (for look-ups in a query set)
};

/// One bool per value, in order. Null and "" are never valid.
std::vector<bool> validate(Instance& instance, std::string_view registry, std::span<const std::string> values,
                           const LabelOptions& options = {});

/// A registered value that may have been intended.
struct Suggestion {
  std::string value = {};
  double score = 0;      ///< 0.5 to 1, which is the same text but for case
  std::string via = {};  ///< the synonym that matched, or ""
};

/// The result of `inspect`.
struct Inspection {
  std::vector<std::string> validated = {}, non_validated = {};  ///< unique, in order of first appearance
  std::map<std::string, std::string> synonyms = {};             ///< non-validated value -> standard name
  /// For values that are not synonyms either (the first 25), best first.
  std::map<std::string, std::vector<Suggestion>> suggestions = {};
  /// Of non_validated: what the public source has under exactly this value (public_terms.hpp takes it over).
  std::vector<std::string> in_source = {};
  std::int64_t n_values = 0, n_unique = 0, n_empty = 0;  ///< n_empty counts repetitions, as in LaminDB
  double frac_validated = 0;                             ///< per cent of unique values, to one decimal
};
/// Like validate, but explains what invalid values may be. Synonyms and suggestions only if the field is the name
/// field.
Inspection inspect(Instance& instance, std::string_view registry, std::span<const std::string> values,
                   const LabelOptions& options = {});

/// Which names are returned for a value that matches several rows.
enum class Keep { first, last, all };
struct StandardizeOptions : LabelOptions {
  std::string return_field = {};  ///< "ontology_id"; default: the field itself
  std::string synonyms_field = "synonyms";
  bool case_sensitive = false;
  Keep keep = Keep::first;
};
/// One list per value: the standard name(s), or the value itself if it is unknown. Several only with Keep::all.
std::vector<std::vector<std::string>> standardize(Instance& instance, std::string_view registry,
                                                  std::span<const std::string> values,
                                                  const StandardizeOptions& options = {});
/// A value by its place, and its standard names, which are not just the value itself.
struct StandardNames {
  std::size_t place = 0;
  std::vector<std::string> names = {};
};
/// The same for the values that change, in their order: few of many, as a rule, so that this is several times faster.
std::vector<StandardNames> standard_names(Instance& instance, std::string_view registry,
                                          std::span<const std::string> values, const StandardizeOptions& options = {});

/// Rows that match values, by value or synonym, in query order; with `create`, new unsaved rows for the rest follow.
struct FromValues {
  std::vector<Record> records = {};
  std::vector<std::string> missing = {};  ///< values that match no row, without `create`
};
/// Throws not_configured if rows to be created need an organism and none is given.
FromValues from_values(Instance& instance, std::string_view registry, std::span<const std::string> values,
                       const LabelOptions& options = {}, bool create = false);

/// The row that a new record with this name would become: exact name within `type` (nullopt: any type; 0: no type).
std::optional<Record> find_by_name(Instance& instance, const schema::Table& table, std::string_view name,
                                   std::optional<std::int64_t> type = {});
/// A record with these fields: the existing row with this name, within `type` if that is among the fields (null: no
/// type), with the passed fields applied but not saved; otherwise a new record, with a warning about similar names. A
/// feature needs a valid dtype, the same as that of an existing row: throws invalid_argument, conflict. Without
/// `search_names` only the dtype is checked.
Record make_record(Instance& instance, const schema::Table& table, const std::map<std::string, Value>& fields,
                   bool search_names = true);
/// Names similar to this one within `type`, at most three, to warn about duplicates.
std::vector<std::string> similar_names(Instance& instance, const schema::Table& table, std::string_view name,
                                       std::optional<std::int64_t> type = {});

/// An organism by name, from the registry or created from the built-in table (human, mouse, ...). Saved on return.
/// Throws not_found, naming the nearest.
Record organism(Instance& instance, std::string_view name);

struct SynonymOptions {
  bool force = false;  ///< also if another record has it
  bool save = true;    ///< of a saved record the row too; false: the record only
};
/// Throws validation if the synonym contains "|" or another record has it, invalid_argument if it is empty or the
/// registry keeps no synonyms.
void add_synonym(Instance& instance, Record& record, std::string_view synonym, const SynonymOptions& options = {});
void remove_synonym(Instance& instance, Record& record, std::string_view synonym);
/// Sets the abbreviation, which becomes a synonym too where the registry keeps some; saves a record that is saved.
/// Throws invalid_argument (empty, or a registry without abbreviations).
void set_abbreviation(Instance& instance, Record& record, std::string_view text);
/// The emoji of a record of a typed registry; "" = none. Setting it changes the record only.
std::string emoji(const Record& record);
void set_emoji(Record& record, std::string_view sign);
/// The space that the rows of a type must be in: any, that of the type, or the one with this uid.
struct SingleSpace {
  bool any = true, of_type = false;
  std::string uid = {};
};
SingleSpace single_space(const Record& type);
/// Sets it in the record, which is saved as usual. New rows of the type go to that space unless they name another, and
/// rows that are saved later, or change their type or space, must be in it. Throws invalid_argument for a record that
/// is not a type.
void set_single_space(Record& type, const SingleSpace& space);

/// Keys of LaminDB's lookup objects: "ADGB-DT" -> "adgb_dt", "1st" -> "ln_1st", "class" -> "class_".
std::string lookup_key(std::string_view value, std::string_view prefix = "ln_");

}  // namespace lamin
