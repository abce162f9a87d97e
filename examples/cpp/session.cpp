// session.cpp -- messages of one instance, kept by its caller.
#include "lamin/session.hpp"
#include <iostream>
#include <string>
#include "lamin/branch.hpp"
#include "lamin/instance.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  std::string said;
  instance->session().messages = {.write =
                                      [&](lamin::Level, std::string_view text) {
                                        said += text;
                                        said += "\n";
                                      },
                                  .face = lamin::Face::shell};
  lamin::create_branch(*instance, "trial");
  std::cout << said;
}
// Prints:
//   created branch: trial
