// json.hpp -- JSON in the spelling that LaminDB stores: `{"a": 1, "b": [1, 2]}`, ASCII, key order kept.
#pragma once
#include <boost/json/value.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include "lamin/value.hpp"

namespace lamin::base {

/// Throws invalid_argument with the position.
boost::json::value parse_json(std::string_view text);
/// For what is about to be stored: also throws for an integer beyond 64 bits, which would be rounded.
boost::json::value parse_exact_json(std::string_view text);
std::string write_json(const boost::json::value& value);
/// Times and days as Python's isoformat() writes them. Throws validation for NaN and infinity, which JSON does not
/// know.
boost::json::value to_json(const Value& value);
/// An array of these values, and an object with these members.
std::string json_array(std::span<const Value> items);
std::string json_object(std::span<const std::pair<std::string, Value>> members);
/// "2025-03-04T05:06:07": no fraction if it is zero.
std::string python_iso(Time time, bool with_zone);
/// Like Python's json.dumps(sort_keys=True): what LaminDB hashes.
std::string write_json_sorted(const boost::json::value& value);
/// Like Python's str() of the loaded value: what LaminDB hashes for a value that is not an object.
std::string python_str(const boost::json::value& value);

}  // namespace lamin::base
