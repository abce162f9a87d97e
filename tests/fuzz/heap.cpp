// heap.cpp -- 64 bytes of cells that refer to texts, then the file with their heaps.
#include <cstring>
#include "format/text_heap.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  constexpr std::size_t cells = 64;
  if (text.size() < cells) return;
  const auto file = text.substr(cells);
  fuzz::accepts([&] {
    const auto fetch = [&](std::int64_t offset, std::span<std::byte> into) {
      fuzz::require(offset >= 0 && static_cast<std::size_t>(offset) + into.size() <= file.size());
      std::memcpy(into.data(), file.data() + offset, into.size());
    };
    const format::TextHeap heap(0, "fuzz", static_cast<std::int64_t>(file.size()), 4096, fetch);
    const auto texts = heap.texts(std::as_bytes(std::span(text.data(), cells)));
    fuzz::require(texts.ends.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) fuzz::require(texts.at(i).size() <= file.size());
  });
}
