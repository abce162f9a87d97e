// unfilter.cpp -- a codec by its number, the width of cells, the size that is expected, then a chunk.
#include "format/unfilter.hpp"
#include <iterator>
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  constexpr const char* codecs[] = {"shuffle", "fletcher32", "crc32c",     "zlib", "gzip",
                                    "lzf",     "lz4",        "lz4 blocks", "zstd", "blosc"};
  if (text.size() < 4) return;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto* codec = codecs[byte(0) % std::size(codecs)];
  const std::int64_t expected = byte(2) == 0 ? -1 : byte(2) * 16 + byte(3) % 16;
  fuzz::accepts([&] {
    const auto out = format::unfilter(codec, byte(1) % 17, text.substr(4), {.expected = expected, .most = 1 << 20});
    fuzz::require(out.size() <= (1 << 20) || out.size() <= text.size());
  });
}
