// names.cpp -- keys, suffixes, uids, versions, sizes.
#include "base/budget.hpp"
#include "base/path.hpp"
#include "base/uid.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  if (fuzz::accepts([&] { base::check_key(text); })) {
    const auto inside = std::filesystem::path("/root") / std::string(text);
    fuzz::require(inside.lexically_normal().string().starts_with("/root/"));
  }
  fuzz::require(text.ends_with(base::suffix_of(text)) || !base::suffix_of(text).empty());
  fuzz::require(base::derived_uid(text, 14).size() == 14);
  std::string next;
  if (text.size() == 4 && fuzz::accepts([&] { next = base::next_version(text); })) {
    fuzz::require(base::version_number(next) == base::version_number(text) + 1);
  }
  fuzz::accepts([&] { fuzz::require(base::parse_size(text) >= 0); });
}
