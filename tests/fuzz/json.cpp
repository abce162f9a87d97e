// json.cpp -- what parses is written and parses again to the same value.
#include "base/json.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  std::string written;
  if (!fuzz::accepts([&] { written = base::write_json(base::parse_json(text)); })) return;
  fuzz::require(base::write_json(base::parse_json(written)) == written);
}
