// obo.cpp -- an ontology.
#include "base/log.hpp"
#include "format/format.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  base::set_log_level(base::Level::silent);
  fuzz::accepts([&] {
    for (const auto& term : format::parse_obo(text, "fuzz").terms) fuzz::require(!term.id.empty());
  });
}
