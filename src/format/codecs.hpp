// codecs.hpp -- decompression, as the module library `codecs` offers it.
//
// The codecs are heavy enough (blosc, zstd, zlib) to be loaded at first use only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::format {

class Codecs {
 public:
  /// Decompresses one chunk by the codec's name: "blosc", "zstd", "zlib", "gzip", "lz4". `expected` is the size that it
  /// must have, -1 if unknown. Throws corrupt (broken, or of another size) and unsupported (no such codec).
  virtual std::string decompress(std::string_view codec, std::string_view bytes, std::int64_t expected) const = 0;

 protected:
  ~Codecs() = default;
};

/// Loads the module. Throws unavailable.
const Codecs& codecs();

}  // namespace lamin::format
