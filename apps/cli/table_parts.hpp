// table_parts.hpp -- how the table (table.hpp) is written: arguments, and the names of groups.
#pragma once
#include <string>
#include <utility>
#include <vector>
#include "table.hpp"

namespace lamin::cli {

using faces::Argument;
using faces::Command;
using Form = Argument::Form;

inline Argument word(std::string name, std::string help, bool required = true) {
  return {std::move(name), std::move(help), Form::positional, required};
}
inline Argument option(std::string name, std::string help, std::string fallback = {}) {
  return {std::move(name), std::move(help), Form::option, false, std::move(fallback)};
}
inline Argument needed(std::string name, std::string help) {
  return {std::move(name), std::move(help), Form::option, true};
}
inline Argument many(std::string name, std::string help) { return {std::move(name), std::move(help), Form::repeated}; }
inline Argument flag(std::string name, std::string help) { return {std::move(name), std::move(help), Form::flag}; }

inline std::vector<Argument> which(std::vector<Argument> more = {}) {
  std::vector<Argument> all = {
      word("ENTITY",
           "Registry, such as cell_type [default: artifact]; the address of a record "
           "(https://... or lamin://...); to load, the path of a note.",
           false),
      option("--uid", "Its uid or the beginning of it."),
      option("--key",
             "Its key; of artifacts to load, get, describe, delete or restore also a pattern: 'plates/*.csv'."),
      option("--name", "Its name.")};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

inline const std::string environment = "Configure your environment", data = "Save, load, create & delete",
                         look = "Describe & list", curation = "Validate & standardize",
                         ontologies = "Public ontologies", changes = "Manage changes", tracking = "Track shell scripts",
                         admin = "Administer";

void add_curation(std::vector<Command>& all);
void add_ontology(std::vector<Command>& all);

}  // namespace lamin::cli
