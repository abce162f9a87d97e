// not_validated.hpp -- what a user is told about values that are not registered, in a dataset or as feature values.
//
// The wording is LaminDB's where people and their programs look for it.
#pragma once
#include <string>
#include <vector>
#include "lamin/catalog.hpp"
#include "lamin/label.hpp"
#include "lamin/message.hpp"

namespace lamin::lake {

/// 'a', 'b', at most ten.
std::string listed(const std::vector<std::string>& values);
/// "1 term", "2 terms".
std::string terms(std::size_t n);

/// The labels of a type that a dtype restricts values to.
struct TypeLabels {
  std::string name = {};  ///< "" if there is no such type
  std::vector<std::string> labels = {};
};

/// What was looked up where.
struct NotValidated {
  std::string what = {};         ///< "feature 'cell_type'", "columns"
  std::string place = {};        ///< " in slot 'obs'"; "" of what has no slots
  std::string standardize = {};  ///< the object that replaces synonyms in Python; "" where the user does
  std::string key = {};          ///< what it calls the values
  const schema::Table* registry = nullptr;
  std::string field = {};
  TypeLabels type = {};
};
/// "1 term not validated in feature 'cell_type' in slot 'obs': 'X'", then synonyms, guesses, and what to do.
Words not_validated_text(const NotValidated& said, const Inspection& inspection);

}  // namespace lamin::lake
