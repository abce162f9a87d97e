#include "format/unfilter.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstring>
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

constexpr std::size_t sum_size = sizeof(std::uint32_t);

[[noreturn]] void wrong_sum() { throw Error(Code::corrupt, "The checksum of a chunk is wrong: it is damaged."); }

/// Cells of a fixed width, so that the compiler can do several at once.
template <std::size_t width>
void put_together(const char* in, char* out, std::size_t cells) {
  for (std::size_t i = 0; i < cells; ++i)
    for (std::size_t j = 0; j < width; ++j) out[i * width + j] = in[j * cells + i];
}

std::string unshuffle(std::string_view bytes, std::size_t width) {
  if (width < 2) return std::string(bytes);
  const auto cells = bytes.size() / width;
  std::string out(bytes.size(), '\0');
  switch (width) {
    case 2: put_together<2>(bytes.data(), out.data(), cells); break;
    case 4: put_together<4>(bytes.data(), out.data(), cells); break;
    case 8: put_together<8>(bytes.data(), out.data(), cells); break;
    default:
      for (std::size_t j = 0; j < width; ++j)
        for (std::size_t i = 0; i < cells; ++i) out[i * width + j] = bytes[j * cells + i];
  }
  const auto done = cells * width;  // a rest that is no whole cell was left as it is
  std::memcpy(out.data() + done, bytes.data() + done, bytes.size() - done);
  return out;
}

/// HDF5's: over pairs of bytes, the first of which is the upper one.
std::uint32_t fletcher32(std::string_view bytes) {
  std::uint32_t a = 0, b = 0;
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  for (std::size_t words = bytes.size() / 2; words > 0;) {
    auto part = std::min<std::size_t>(words, 360);
    words -= part;
    for (; part > 0; --part, at += 2) {
      a += static_cast<std::uint32_t>((at[0] << 8) | at[1]);
      b += a;
    }
    a = (a & 0xFFFF) + (a >> 16);
    b = (b & 0xFFFF) + (b >> 16);
  }
  if (bytes.size() % 2 != 0) {
    a += static_cast<std::uint32_t>(at[0] << 8);
    b += a;
    a = (a & 0xFFFF) + (a >> 16);
    b = (b & 0xFFFF) + (b >> 16);
  }
  a = (a & 0xFFFF) + (a >> 16);
  b = (b & 0xFFFF) + (b >> 16);
  return (b << 16) | a;
}

std::string without_sum(std::string_view bytes, std::uint32_t (*sum_of)(std::string_view)) {
  if (bytes.size() < sum_size) wrong_sum();
  std::uint32_t sum = 0;
  std::memcpy(&sum, bytes.data() + bytes.size() - sum_size, sum_size);
  bytes.remove_suffix(sum_size);
  if (sum_of(bytes) != sum) wrong_sum();
  return std::string(bytes);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  constexpr auto table = [] {
    constexpr std::uint32_t polynomial = 0x82F63B78;
    std::array<std::uint32_t, 256> sums{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      auto sum = byte;
      for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1U) != 0 ? polynomial : 0U);
      sums[byte] = sum;
    }
    return sums;
  }();
  std::uint32_t crc = ~0U;
  for (const char c : bytes) crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
  return ~crc;
}

std::string unfilter(std::string_view codec, std::size_t width, std::string_view bytes, const Decompressed& size) {
  if (codec == "shuffle") return unshuffle(bytes, width);
  if (codec == "fletcher32") return without_sum(bytes, &fletcher32);
  if (codec == "crc32c") return without_sum(bytes, &crc32c);
  return codecs().decompress(codec, bytes, size);
}

}  // namespace lamin::format
