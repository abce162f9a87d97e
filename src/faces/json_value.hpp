// json_value.hpp -- a cell as JSON: times and days as ISO text.
#pragma once
#include <boost/json/value.hpp>

#include "lamin/value.hpp"

namespace lamin::faces {

boost::json::value json_value(const Value& value);

}  // namespace lamin::faces
