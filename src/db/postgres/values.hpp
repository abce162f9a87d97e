// values.hpp -- Values as PostgreSQL's texts and as its binary form, by the type that the server expects or returns.
// Binary costs both sides a fraction of text: a time is eight bytes.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include "lamin/value.hpp"

namespace lamin::db::postgres {

using Oid = unsigned int;

/// A value as text for a parameter of type `oid`; nullopt is null. Throws validation.
std::optional<std::string> encode(const Value& value, Oid oid);

/// Throws corrupt, naming `column`, if the text is not of `type`.
Value decode(std::string_view text, Oid oid, Type type, const char* column);
std::int64_t decode_integer(std::string_view text, Oid oid, const char* column);
double decode_real(std::string_view text, const char* column);

/// Whether the binary form of that type is understood here.
bool has_bytes(Oid oid);
/// The same for the binary form; for a text both are equal. Throws corrupt.
Value value_of(std::string_view bytes, Oid oid, Type type, const char* column);
std::int64_t integer_of(std::string_view bytes, Oid oid, const char* column);
double real_of(std::string_view bytes, Oid oid, const char* column);
std::string_view text_of(std::string_view bytes, Oid oid, const char* column);
/// Numbers and booleans, and the texts that PostgreSQL writes for them.
bool is_number(Oid oid);
std::string spell(std::string_view bytes, Oid oid, const char* column);

}  // namespace lamin::db::postgres
