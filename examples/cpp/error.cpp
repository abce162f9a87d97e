// error.cpp -- a failure is handled by its code and shown by its message.
#include "lamin/error.hpp"
#include <iostream>
#include "lamin/instance.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  try {
    lamin::Record cell_type(instance->catalog().table("bionty.CellType"));
    cell_type.set("ontologyid", "CL:0000084");
  } catch (lamin::Error& error) {
    error.add_context("while registering the T cell");  // added on the way up, for the reader of the report
    std::cout << error.what() << "\n";
    for (const auto& context : error.context()) std::cout << "  " << context << "\n";
    if (error.code() != lamin::Code::unknown_field) throw;
    const lamin::CodeRow& code = lamin::row(error.code());
    std::cout << code.name << ": Python raises " << code.python << ", REST answers " << code.http
              << ", a shell command ends with " << code.exit_status << "\n";
  }
}
// Prints:
//   CellType has no field 'ontologyid'; did you mean ontology_id?
//     while registering the T cell
//   unknown_field: Python raises FieldValidationError, REST answers 400, a shell command ends with 3
