// branches.cpp -- switch, merge, update.
#include <cstdio>

#include "commands.hpp"
#include "lamin/branch.hpp"
#include "lamin/save.hpp"

namespace lamin::cli {

int switch_to(const Given& given) {
  const auto instance = open();
  const auto name = given.text("target");
  if (given.has("space")) {
    switch_space(*instance, space(*instance, name));
    return 0;
  }
  const bool create = given.has("create");
  try {
    switch_branch(*instance, create ? create_branch(*instance, name) : branch(*instance, name));
  } catch (Error& error) {
    if (create && error.code() == Code::conflict) error.add_context("omit -c/--create to switch to it");
    if (!create && error.code() == Code::not_found) error.add_context("`lamin switch -c " + name + "` creates it");
    throw;
  }
  return 0;
}

int merge(const Given& given) {
  const auto instance = open();
  merge_branch(*instance, branch(*instance, given.text("branch")), current_branch(*instance));
  return 0;
}

int update(const Given& given) {
  const auto instance = open(given);
  auto record = find(*instance, given);
  if (!given.has("description") && !given.has("status") && !given.has("set"))
    throw Error(Code::invalid_argument, "What is to change? Pass --description or --set, or of a branch --status.");
  for (const auto& text : given.all("set")) {
    const auto [field, value] = assignment(text, "--set");
    record.set(field, setting(*instance, record.table(), field, value));
  }
  if (given.has("description")) record.set("description", Value(given.text("description")));
  if (given.has("status")) {
    if (record.table().name != "Branch")
      throw Error(Code::invalid_argument, "Only a branch has a --status that can be set.");
    record.set("_status_code", Value(schema::code_of(record.table().column("_status_code"), given.text("status"))));
  }
  save(*instance, record);
  tell("→ updated: " + lamin::named(record));
  return 0;
}

}  // namespace lamin::cli
