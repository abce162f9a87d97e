// terms.cpp -- an ontology in RDF/XML or JSON.
#include "base/log.hpp"
#include "format/format.hpp"
#include "format/owl.hpp"
#include "format/terms_json.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/named.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  base::set_log_level(base::Level::silent);
  const bool json = text.starts_with('{');
  fuzz::accepts([&] {
    fuzz::require_names(json ? format::parse_terms_json(text, "fuzz")
                             : format::owl_reader().read(std::string(text), "fuzz"));
  });
}
