#include <fmt/format.h>
#include "base/diff.hpp"
#include "lamin/lineage.hpp"

namespace lamin {
namespace {

std::string called(const Record& transform) { return fmt::format("{} ({})", transform.text("key"), transform.uid()); }

}  // namespace

std::string source_diff(const Record& before, const Record& after) {
  return base::unified_diff(before.text("source_code"), after.text("source_code"), called(before), called(after));
}

}  // namespace lamin
