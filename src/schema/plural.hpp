// plural.hpp -- how names of registries form their plural: "tissue" -> "tissues", "ethnicity" -> "ethnicities".
#pragma once
#include <string>
#include <string_view>

namespace lamin::schema {

/// True where the final "y" becomes "ies".
constexpr bool plural_in_ies(std::string_view name) {
  return name.size() > 1 && name.back() == 'y' && name[name.size() - 2] != 'a' && name[name.size() - 2] != 'e';
}

inline std::string plural(std::string_view name) {
  if (!plural_in_ies(name)) return std::string(name) + "s";
  return std::string(name.substr(0, name.size() - 1)) + "ies";
}

}  // namespace lamin::schema
