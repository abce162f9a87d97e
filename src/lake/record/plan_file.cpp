// plan_file.cpp -- the plans of agents as files: where Cursor and Claude Code keep them, and what is kept of them.
#include <algorithm>
#include <array>
#include <string_view>
#include "base/front_matter.hpp"
#include "base/path.hpp"
#include "base/source_file.hpp"
#include "lamin/note.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view plans = "plans";
constexpr std::array<std::string_view, 2> harnesses = {".claude", ".cursor"};
constexpr std::int64_t most_bytes = 16 << 20;

}  // namespace

bool is_plan(const fs::path& file) {
  const auto name = file.filename().string();
  if (name.ends_with(".plan.md")) return true;
  if (!name.ends_with(".md")) return false;
  std::string above;
  for (const auto& part : base::resolve(file).parent_path()) {
    if (part == plans && std::ranges::find(harnesses, above) != harnesses.end()) return true;
    above = part.string();
  }
  return false;
}

Plan read_plan(const fs::path& file) {
  const auto text = base::small_file(file, most_bytes);
  return {.key = ".plans/" + file.filename().string(),
          .description = base::header_text(text, "overview"),
          .text = std::string(base::below_header(text))};
}

}  // namespace lamin
