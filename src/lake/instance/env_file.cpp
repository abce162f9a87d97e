#include "lake/instance/env_file.hpp"
#include <fmt/format.h>
#include "base/text.hpp"
#include "base/visible.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {

EnvPairs env_pairs(std::string_view text, std::string_view prefix) {
  EnvPairs found;
  for (const auto& line : base::split(text, '\n')) {
    const auto trimmed = base::trim(line);
    const auto equals = trimmed.find('=');
    if (trimmed.empty() || trimmed.front() == '#' || equals == std::string_view::npos) continue;
    auto key = base::trim(trimmed.substr(0, equals));
    if (key.starts_with(prefix)) key.remove_prefix(prefix.size());
    found.emplace_back(key, base::trim(trimmed.substr(equals + 1)));
  }
  return found;
}

std::optional<std::string> env_value(const EnvPairs& pairs, std::string_view key) {
  for (const auto& [name, value] : pairs) {
    if (name == key) return value;
  }
  return std::nullopt;
}

void check_env_value(std::string_view key, std::string_view value) {
  if (base::visible_line(value) == value) return;
  throw Error(Code::invalid_argument,
              fmt::format("the {} '{}' holds control characters, which a settings file cannot keep; pass another one",
                          key, base::visible_line(value)));
}

std::string or_null(std::string_view text) { return text.empty() ? "null" : std::string(text); }
std::string from_null(std::string_view text) { return text == "null" ? std::string() : std::string(text); }

}  // namespace lamin::lake
