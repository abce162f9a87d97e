// picture.cpp -- pictures by their first bytes: what they are, how large, and the bytes themselves if a browser shows
// them.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include "format/file_text.hpp"
#include "lake/preview/parts.hpp"

namespace lamin::lake {
namespace {

struct Size {
  std::uint32_t width = 0, height = 0;
};

/// Numbers in a header; 0 beyond its end.
class Header {
 public:
  Header(std::string_view bytes, bool big_endian) : bytes_(bytes), big_(big_endian) {}
  std::uint32_t number(std::size_t at, std::size_t width) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const auto place = at + (big_ ? i : width - 1 - i);
      value = value << 8 | (place < bytes_.size() ? static_cast<unsigned char>(bytes_[place]) : 0U);
    }
    return value;
  }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  bool big_;
};

/// The first frame header of a JPEG file.
Size jpeg_size(std::string_view bytes) {
  const Header header(bytes, true);
  for (std::size_t at = 2; at + 9 < bytes.size();) {
    const auto marker = header.number(at, 2);
    if (marker >> 8 != 0xFF) return {};
    const bool frame = marker >= 0xFFC0 && marker <= 0xFFCF && marker != 0xFFC4 && marker != 0xFFC8 && marker != 0xFFCC;
    if (frame) return {header.number(at + 7, 2), header.number(at + 5, 2)};
    at += 2 + header.number(at + 2, 2);
  }
  return {};
}

/// Width and height of the first picture of a TIFF file, if its directory is in these bytes.
Size tiff_size(std::string_view bytes) {
  const Header header(bytes, bytes.starts_with("MM"));
  const std::size_t directory = header.number(4, 4), entries = header.number(directory, 2);
  Size size;
  for (std::size_t i = 0; i < entries && i < 100; ++i) {
    const auto at = directory + 2 + 12 * i;
    const auto value = header.number(at + 8, header.number(at + 2, 2) == 3 ? 2 : 4);
    if (header.number(at, 2) == 256) size.width = value;
    if (header.number(at, 2) == 257) size.height = value;
  }
  return size;
}

Size webp_size(std::string_view bytes) {
  const Header header(bytes, false);
  const auto kind = bytes.substr(12, 4);
  if (kind == "VP8X") return {header.number(24, 3) + 1, header.number(27, 3) + 1};
  if (kind == "VP8 ") return {header.number(26, 2) & 0x3FFF, header.number(28, 2) & 0x3FFF};
  const auto bits = header.number(21, 4);
  return kind == "VP8L" ? Size{(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1} : Size{};
}

struct Picture {
  std::string_view name, type;  ///< `type` is empty if browsers do not show it
  Size size;
};

std::optional<Picture> picture_of(std::string_view bytes) {
  const Header big(bytes, true), little(bytes, false);
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"))
    return Picture{"PNG", "image/png", {big.number(16, 4), big.number(20, 4)}};
  if (bytes.starts_with("\xFF\xD8\xFF")) return Picture{"JPEG", "image/jpeg", jpeg_size(bytes)};
  if (bytes.starts_with("GIF8")) return Picture{"GIF", "image/gif", {little.number(6, 2), little.number(8, 2)}};
  if (bytes.starts_with("BM") && bytes.size() > 26 && little.number(14, 4) >= 40)
    return Picture{"BMP", "image/bmp", {little.number(18, 4), little.number(22, 4)}};
  if (bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return Picture{"WebP", "image/webp", webp_size(bytes)};
  using namespace std::string_view_literals;
  if (bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv)) return Picture{"TIFF", "", tiff_size(bytes)};
  return std::nullopt;
}

}  // namespace

bool look_at_picture(const std::filesystem::path& path, std::string_view begin, const PreviewOptions& options,
                     Preview& out) {
  if (!picture_of(begin)) return false;
  const bool small = out.size <= options.picture_bytes;
  const auto bytes = small ? format::file_bytes(path, options.picture_bytes) : std::string(begin);
  const auto picture = *picture_of(bytes);
  out.what = fmt::format("{} image", picture.name);
  if (picture.size.width > 0) {
    out.facts.emplace_back("size in pixels", fmt::format("{} x {}", picture.size.width, picture.size.height));
  }
  if (picture.type.empty()) return true;
  if (small) {
    out.picture = bytes;
    out.picture_type = picture.type;
  } else {
    out.facts.emplace_back("picture", "not shown: it is large");
  }
  return true;
}

}  // namespace lamin::lake
