// query.cpp -- the same query in three spellings.
#include "lamin/query.hpp"
#include <iostream>
#include "lamin/ontology.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  using lamin::Expr;
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  lamin::import_ontology(*instance, "bionty.CellType", data / "cl_2026-03-26.obo", {.source = "cl"});

  const Expr spellings[] = {
      Expr::parse("parents.name = 'T cell' and name ~ 'alpha-beta'"),  // as in the shell
      Expr::all_of({Expr::lookup("parents__name", {"T cell"}),         // as in Python
                    Expr::lookup("name__contains", {"alpha-beta"})}),
      Expr::all_of({Expr::compare("parents.name", lamin::Op::exact, "T cell"),
                    Expr::compare("name", lamin::Op::contains, "alpha-beta")}),
  };
  for (const Expr& where : spellings)
    for (const auto& row : instance->database().all({.registry = "bionty.CellType", .where = where}))
      std::cout << row.text("ontology_id") << " " << row.text("name") << "\n";
}
// Prints:
//   CL:0000789 alpha-beta T cell
//   CL:0000789 alpha-beta T cell
//   CL:0000789 alpha-beta T cell
