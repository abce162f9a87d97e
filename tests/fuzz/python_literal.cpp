// python_literal.cpp -- a dictionary as Python prints it; written as JSON it reads as the same.
#include "base/python_literal.hpp"
#include "base/json.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  std::string written;
  const bool read = fuzz::accepts([&] {
    if (const auto found = base::parse_dictionary(text)) written = base::write_json(*found);
  });
  if (!read || written.empty()) return;
  fuzz::accepts([&] { fuzz::require(base::write_json(base::parse_json(written)) == written); });
}
