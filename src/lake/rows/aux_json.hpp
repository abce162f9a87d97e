// aux_json.hpp -- what LaminDB keeps about a record in its field `_aux`: a JSON object of short codes.
#pragma once
#include <boost/json.hpp>
#include "lamin/record.hpp"

namespace lamin::lake {

/// Empty for null and for what is no object.
boost::json::object aux_of(const Value& aux);
/// Null for an empty object.
Value to_aux(const boost::json::object& aux);

}  // namespace lamin::lake
