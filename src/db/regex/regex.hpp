// regex.hpp -- a compiled pattern, as the module liblamin_regex.so makes it.
#pragma once
#include <string>
#include <string_view>

namespace lamin::db {

class Regex {
 public:
  virtual ~Regex() = default;
  virtual std::string error() const = 0;                  ///< empty if the pattern is valid
  virtual bool matches(std::string_view text) const = 0;  ///< anywhere in the text
};

/// Exported as "lamin_make_regex"; the caller owns the result.
using MakeRegex = Regex* (*)(std::string_view pattern);

}  // namespace lamin::db
