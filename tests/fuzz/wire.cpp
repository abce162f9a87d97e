// wire.cpp -- the answer of the process that parses HDF5, or of one that a file has taken over. Every cell is read.
#include "format/wire.hpp"
#include <span>
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

namespace {

void look_at(const Frame& frame) {
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const Column& column = frame.at(i);
    fuzz::require(column.size() == frame.rows());
    for (std::int64_t row = 0; row < column.size(); ++row)
      fuzz::require(column.value(row).is_null() || !column.is_null(row));
    if (column.kind() == Column::Kind::category || column.kind() == Column::Kind::text) column.unique_texts();
  }
}

}  // namespace

LAMIN_FUZZ_TARGET(text) {
  const std::span<const char> bytes(text.data(), text.size());
  fuzz::accepts([&] {
    const auto head = format::WireReader(bytes).head();
    look_at(head.obs);
    look_at(head.var);
  });
  fuzz::accepts([&] { format::WireReader(bytes).edits(); });
  fuzz::accepts([&] { format::WireReader(bytes).outline(); });
}
