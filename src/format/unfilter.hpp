// unfilter.hpp -- one step of decoding a chunk: a codec, or what was done to the bytes before they were compressed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include "format/codecs.hpp"

namespace lamin::format {

/// `width` is that of the cells that "shuffle" took apart. Throws corrupt (broken, wrong checksum, wrong size, too
/// large) and unsupported (no such codec).
std::string unfilter(std::string_view codec, std::size_t width, std::string_view bytes, const Decompressed& size);
/// Of zarr's "crc32c".
std::uint32_t crc32c(std::string_view bytes);

}  // namespace lamin::format
