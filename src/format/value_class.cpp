#include "format/value_class.hpp"
#include <charconv>
#include <string>
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

template <class Number>
bool reads_as(std::string_view text) {
  text = base::trim(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool reads_as_object(std::string_view text) {
  if (!base::trim(text).starts_with('{')) return false;
  try {
    return base::parse_json(text).is_object();
  } catch (const Error&) { return false; }
}

}  // namespace

unsigned class_of(std::string_view text) {
  // Most texts are words: what begins like one is none of the others, but for these.
  const auto first = text.empty() ? ' ' : text.front();
  const bool word = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  if (word && std::string_view("iInNtTfF").find(first) == std::string_view::npos) return 0;
  const std::string lower = text.size() > 6 ? std::string() : base::lower(text);
  const auto digit = text.find_first_of("0123456789") != text.npos;
  unsigned bits = text.empty() ? 1U : 0U;
  if (digit && reads_as<std::int64_t>(text)) bits |= 2U;
  if (reads_as<double>(text)) bits |= 4U;
  if (lower == "true" || lower == "false") bits |= 8U;
  if (digit && base::parse_date(text)) bits |= 16U;
  if (digit && base::parse_time(text)) bits |= 32U;
  if (reads_as_object(text)) bits |= 64U;
  return bits;
}

unsigned class_of(const Value& value) {
  auto bits = static_cast<unsigned>(type_of(value).value_or(Type::text)) << 1U;
  if (const auto* time = std::get_if<Time>(&value)) bits |= time->zoned ? 1U : 0U;
  if (const auto* json = std::get_if<Json>(&value)) bits |= json->text.starts_with('{') ? 1U : 0U;
  return bits;
}

}  // namespace lamin::format
