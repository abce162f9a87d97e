// zarr.cpp -- the metadata of an array up to the first NUL, then its first chunk.
#include "base/budget.hpp"
#include "base/json.hpp"
#include "format/zarr_array.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  static const auto folder = fuzz::folder();
  std::filesystem::create_directories(folder / "c");
  const auto end = text.find('\0');
  const auto chunk = end == text.npos ? std::string_view() : text.substr(end + 1);
  fuzz::write(folder / "c/0", chunk);
  fuzz::write(folder / "0", chunk);
  fuzz::accepts([&] {
    const auto meta = base::parse_json(text.substr(0, end));
    if (!meta.is_object()) return;
    // Small, so that a finding is memory beyond the budget and not the budget itself.
    base::Budget budget("fuzz", 0, {.floor = 4 << 20, .most = 16 << 20});
    const auto array = format::zarr::parse_array(meta.get_object(), "fuzz");
    if (array.type.kind == format::zarr::Type::Kind::record) {
      const auto frame = format::zarr::read_records(array, folder, "fuzz", budget);
      fuzz::require(frame.size() == array.type.fields.size() && frame.rows() == array.shape[0]);
      return;
    }
    const auto column = format::zarr::read_array(array, folder, "fuzz", budget);
    fuzz::require(column.size() == array.shape[0]);
  });
}
