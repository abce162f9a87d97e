// subject.cpp -- whether a schema is about what is in a file, or about what people say of it.
#include <algorithm>
#include "format/formats.hpp"
#include "lamin/curate.hpp"
#include "lamin/feature.hpp"

namespace lamin {
namespace {

bool is_table(const std::filesystem::path& file) {
  const auto* format = format::format_of(file);
  return format != nullptr && (format->slots != nullptr || (!format->dataset.empty() && format->name != "json"));
}

}  // namespace

std::optional<std::string> content_type(Instance& instance, const Record& schema, const std::filesystem::path& file,
                                        std::string_view otype) {
  const auto slots = schema.saved() ? schema_slots(instance, schema) : std::vector<std::pair<std::string, Record>>();
  const bool has_members = schema.at("n_members").integer_or(0) != 0;
  const auto of_content = [](const auto& slot) { return slot.first != "__external__"; };
  const bool asks_content =
      std::ranges::any_of(slots, of_content) || !schema.at("otype").is_null() || (!slots.empty() && has_members);
  const bool table = is_table(file);
  if (!asks_content) {
    if (!has_members || !slots.empty()) return std::nullopt;
    if (otype.empty() && !table) return std::nullopt;
  }
  if (!schema.at("otype").is_null()) return std::string(schema.text("otype"));
  if (!otype.empty()) return std::string(otype);
  return table ? "DataFrame" : "";
}

}  // namespace lamin
