// archive.cpp -- a zip or tar archive, or a compressed file: what it lists and what its files hold.
#include "format/archive.hpp"
#include "format/byte_stream.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

namespace {

/// No more than a bomb needs to show that it is one.
void read_some(format::ByteStream& bytes) {
  static char part[1 << 16];
  for (int i = 0; i < 64 && bytes.read(part) > 0; ++i) {}
}

}  // namespace

LAMIN_FUZZ_TARGET(bytes) {
  static const auto file = fuzz::folder() / "t.zip";
  fuzz::write(file, bytes);
  fuzz::accepts([&] {
    for (const auto& member : format::zip_members(file)) {
      fuzz::require(!member.name.ends_with('/'));
      fuzz::accepts([&] { read_some(*format::open_member(file, member)); });
    }
  });
  fuzz::accepts([&] { read_some(*format::open_bytes(file)); });
  fuzz::accepts([&] { format::first_members(file); });
  fuzz::accepts([&] {
    if (!format::has_members(file)) return;
    format::each_member(file, [](std::string_view, format::ByteStream& member) { read_some(member); });
  });
}
