#include "base/uid.hpp"
#include <fmt/format.h>
#include <sys/random.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>
#include "base/hash.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr int base = 62;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  if (c >= 'a' && c <= 'z') return c - 'a' + 36;
  throw Error(Code::invalid_argument, fmt::format("'{}' is no base62 character: 0-9, A-Z and a-z are.", c));
}

void fill_random(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw Error(Code::internal,
                  fmt::format("The operating system's random generator failed: {}.", std::strerror(errno)));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace

std::string random_uid(int size) {
  std::string uid;
  uid.reserve(static_cast<std::size_t>(size));
  std::array<std::uint8_t, 32> bytes{};
  while (static_cast<int>(uid.size()) < size) {
    fill_random(bytes);
    for (const std::uint8_t byte : bytes) {
      // 248 = 4 * 62: larger bytes would favour the first characters.
      if (byte < 248 && static_cast<int>(uid.size()) < size) uid.push_back(alphabet[byte % base]);
    }
  }
  return uid;
}

std::string base62(std::span<const std::uint8_t> bytes) {
  std::size_t zeros = 0;
  while (zeros < bytes.size() && bytes[zeros] == 0) ++zeros;
  std::string text;
  for (std::size_t left = zeros; left > 0;) {
    const std::size_t count = std::min<std::size_t>(left, base - 1);
    text += '0';
    text += alphabet[count];
    left -= count;
  }
  // Long division by 62, the number kept as big-endian bytes.
  std::vector<std::uint8_t> number(bytes.begin() + static_cast<std::ptrdiff_t>(zeros), bytes.end());
  std::string reversed;
  std::size_t start = 0;
  while (start < number.size()) {
    unsigned remainder = 0;
    for (std::size_t i = start; i < number.size(); ++i) {
      const unsigned part = remainder * 256 + number[i];
      number[i] = static_cast<std::uint8_t>(part / base);
      remainder = part % base;
    }
    reversed += alphabet[remainder];
    while (start < number.size() && number[start] == 0) ++start;
  }
  text.append(reversed.rbegin(), reversed.rend());
  return text;
}

std::string derived_uid(std::string_view text, int size) {
  return base62(md5(text)).substr(0, static_cast<std::size_t>(size));
}

std::string next_version(std::string_view suffix) {
  std::string next(suffix);
  for (char c : next) digit(c);
  for (auto c = next.rbegin(); c != next.rend(); ++c) {
    const int value = digit(*c);
    if (value + 1 < base) {
      *c = alphabet[static_cast<std::size_t>(value) + 1];
      return next;
    }
    *c = alphabet[0];
  }
  throw Error(Code::conflict, fmt::format("There is no version after '{}': all {}-character suffixes are used.", suffix,
                                          suffix.size()));
}

std::int64_t version_number(std::string_view suffix) {
  if (suffix.size() > 10) {
    throw Error(Code::invalid_argument, fmt::format("'{}' is too long for the suffix of a version.", suffix));
  }
  std::int64_t number = 0;
  for (char c : suffix) number = number * base + digit(c);
  return number;
}

std::string uuid5_url(std::string_view text) {
  // RFC 4122, appendix C: the namespace of URLs.
  static constexpr std::uint8_t name_space[] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                                0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  std::string bytes(reinterpret_cast<const char*>(name_space), sizeof name_space);
  bytes += text;
  std::vector<std::uint8_t> digest = sha1(bytes);
  digest.resize(16);
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x50);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);
  return hex(digest);
}

}  // namespace lamin::base
