// obo.cpp -- an ontology.
#include "base/log.hpp"
#include "format/format.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/named.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  base::set_log_level(base::Level::silent);
  fuzz::accepts([&] { fuzz::require_names(format::parse_obo(text, "fuzz")); });
}
