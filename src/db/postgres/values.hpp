// values.hpp -- Values as PostgreSQL's texts, by the type that the server expects or gives.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include "lamin/value.hpp"

namespace lamin::db::postgres {

using Oid = unsigned int;

/// The text of a value for a place of type `oid`; nullopt is null. Throws validation.
std::optional<std::string> encode(const Value& value, Oid oid);

/// `column` is named by the error when the text is not of `type`: corrupt.
Value decode(std::string_view text, Oid oid, Type type, const char* column);
std::int64_t decode_integer(std::string_view text, Oid oid, const char* column);
double decode_real(std::string_view text, const char* column);

}  // namespace lamin::db::postgres
