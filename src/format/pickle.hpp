// pickle.hpp -- plain values out of Python's pickles: numbers, texts, lists, dictionaries. Nothing is executed.
//
// A pickle is a program that may call any function; this reader knows the instructions that plain values need, and
// treats objects as opaque: an object with a "path" in its state is that path, any other makes the pickle unreadable.
#pragma once
#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

namespace lamin::format {

/// nullopt for anything that is not a plain value, or no pickle of protocol 2 to 5.
std::optional<boost::json::value> plain_value(std::string_view pickle);

}  // namespace lamin::format
