// values.hpp -- Values as PostgreSQL's texts, and as the bytes that it keeps them in, by the type that the server
// expects or gives. Bytes cost both sides a fraction of what texts do: a time is eight of them.
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

/// Whether bytes of that type are understood here.
bool has_bytes(Oid oid);
/// The same of bytes; a text is what it is in both. Throws corrupt.
Value value_of(std::string_view bytes, Oid oid, Type type, const char* column);
std::int64_t integer_of(std::string_view bytes, Oid oid, const char* column);
double real_of(std::string_view bytes, Oid oid, const char* column);
std::string_view text_of(std::string_view bytes, Oid oid, const char* column);
/// Numbers and truths, and the texts that PostgreSQL writes for them.
bool is_number(Oid oid);
std::string spell(std::string_view bytes, Oid oid, const char* column);

}  // namespace lamin::db::postgres
