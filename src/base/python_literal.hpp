// python_literal.hpp -- dictionaries as Python prints them: {'external': True, 'missing': None}.
//
// Only literals: nothing is evaluated. Dictionaries, lists, tuples, texts, numbers, True, False and None.
#pragma once
#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

namespace lamin::base {

/// A text that is a JSON object or a dictionary of Python with texts as keys; otherwise nullopt.
std::optional<boost::json::object> parse_dictionary(std::string_view text);

}  // namespace lamin::base
