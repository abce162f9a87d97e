// csv.cpp -- a table as text.
#include "format/format.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  static const auto file = fuzz::folder() / "t.csv";
  fuzz::write(file, text);
  fuzz::accepts([&] {
    const auto frame = format::read_csv(file);
    for (std::size_t i = 0; i < frame.size(); ++i) fuzz::require(frame.at(i).size() == frame.rows());
  });
}
