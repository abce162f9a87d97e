// terms_json.hpp -- terms as JSON: OBO graphs, and the files of the CELLxGENE ontology guide.
#pragma once
#include <string_view>
#include "format/format.hpp"

namespace lamin::format {

/// Throws corrupt (not JSON; neither of the two) with the place.
Terms parse_terms_json(std::string_view text, std::string_view name_for_messages);

}  // namespace lamin::format
