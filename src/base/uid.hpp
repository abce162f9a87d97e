// uid.hpp -- identifiers: random, derived, versioned. All base62 in the order 0-9A-Za-z.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lamin::base {

/// `size` random characters from the operating system's generator.
std::string random_uid(int size);
/// The bytes as a big-endian integer in base 62; leading zero bytes become "0" + the digit of their count.
std::string base62(std::span<const std::uint8_t> bytes);
/// The first `size` characters of base62(md5(text)): ontology terms, sources, instances.
std::string derived_uid(std::string_view text, int size);
/// Version suffixes: "0009" -> "000A", "000Z" -> "000a", "zzzz" throws conflict.
std::string next_version(std::string_view suffix);
/// Orders version suffixes; a database's collation may differ.
std::int64_t version_number(std::string_view suffix);
/// uuid5(NAMESPACE_URL, text) as 32 hex digits: an instance's id from "owner/name".
std::string uuid5_url(std::string_view text);

}  // namespace lamin::base
