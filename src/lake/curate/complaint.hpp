// complaint.hpp -- what a user is told about a dataset: what is wrong, the nearest values, what to do.
//
// The wording is LaminDB's where people and their programs look for it, such as "column 'x' not in dataframe".
#pragma once
#include <string>
#include <vector>

#include "lake/curate/part.hpp"

namespace lamin::lake {

/// 'a', 'b', at most ten.
std::string listed(const std::vector<std::string>& values);
/// "1 term", "2 terms".
std::string terms(std::size_t n);
/// " in slot 'obs'"; "" of a plain table.
std::string place(const Part& part);

/// A column whose values are not of the feature's dtype; `held` is what misfit says of it.
Words wrong_type_text(const Part& part, const DatasetColumn& one, const std::string& held);

/// The labels of a type that a dtype restricts values to.
struct TypeLabels {
  std::string name = {};  ///< "" if there is no such type
  std::vector<std::string> labels = {};
};
TypeLabels type_labels(Instance& instance, const Dtype::Target& target);

/// What was looked up where.
struct Lookup {
  std::string what = {};  ///< "feature 'cell_type'", "columns"
  std::string key = {};   ///< of Curator::standardize
  const schema::Table* registry = nullptr;
  std::string field = {};
  TypeLabels type = {};
};
/// "1 term not validated in feature 'cell_type' in slot 'obs': 'X'", then synonyms, guesses, and what to do.
Words not_registered_text(const Part& part, const Lookup& lookup, const Inspection& inspection);

}  // namespace lamin::lake
