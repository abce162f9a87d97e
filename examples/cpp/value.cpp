// value.cpp -- cells of a registry: created, inspected, printed.
#include "lamin/value.hpp"
#include <iostream>
#include <vector>

int main() {
  using lamin::Value;
  const std::vector<Value> row = {"pbmc68k.h5ad",
                                  700,
                                  0.25,
                                  true,
                                  lamin::Time{1'774'483'200'000'000},
                                  lamin::Date{20'538},
                                  lamin::Json{R"({"tissue": "blood"})"},
                                  Value()};
  for (const Value& value : row) std::cout << to_string(value) << "\n";

  const Value& n_observations = row[1];
  std::cout << n_observations.integer_or(0) + 1 << "\n";     // the content, if it is an integer
  std::cout << n_observations.text_or("(no text)") << "\n";  // nothing is converted
  if (const auto* real = std::get_if<double>(&row[2])) std::cout << *real * 100 << " %\n";  // it is a std::variant
}
// Prints:
//   'pbmc68k.h5ad'
//   700
//   0.25
//   True
//   2026-03-26 00:00:00 UTC
//   2026-03-26
//   {"tissue": "blood"}
//   None
//   701
//   (no text)
//   25 %
