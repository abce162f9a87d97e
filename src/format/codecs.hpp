// codecs.hpp -- decompression, as the module library `codecs` offers it.
//
// The codecs are heavy enough (blosc, zstd, zlib) to be loaded only on first use.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "format/byte_stream.hpp"

namespace lamin::format {

/// How large a decompressed chunk may be.
struct Decompressed {
  std::int64_t expected = -1;                 ///< exact size in bytes; -1 = unknown
  std::int64_t most = std::int64_t{4} << 30;  ///< maximum size in bytes
};

class Codecs {
 public:
  /// Decompresses one chunk by the codec's name: "blosc", "zstd", "zlib", "gzip", "lzf", "lz4" (as zarr writes it),
  /// "lz4 blocks" (as HDF5 does). Throws corrupt (broken, wrong
  /// size, too large) and unsupported (no such codec).
  virtual std::string decompress(std::string_view codec, std::string_view bytes, const Decompressed& size) const = 0;
  /// A whole file on the way: "gzip", "zstd", or "deflate" as in zip archives. Throws unsupported; reading throws
  /// corrupt.
  virtual std::unique_ptr<ByteStream> stream(std::string_view codec, std::unique_ptr<ByteStream> from) const = 0;
  /// Of gzip and zip; `before` is that of the bytes before these, 0 at the beginning.
  virtual std::uint32_t crc32(std::uint32_t before, std::string_view bytes) const = 0;

 protected:
  ~Codecs() = default;
};

/// Loads the module. Throws unavailable.
const Codecs& codecs();

}  // namespace lamin::format
