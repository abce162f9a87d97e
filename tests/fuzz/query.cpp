// query.cpp -- the text of a condition; what is printed of it parses again to the same condition.
#include "lamin/query.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  std::string printed;
  if (!fuzz::accepts([&] { printed = to_string(Expr::parse(text)); })) return;
  fuzz::require(to_string(Expr::parse(printed)) == printed);
}
