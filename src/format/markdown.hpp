// markdown.hpp -- Markdown as HTML, as the module library `markdown` writes it.
#pragma once
#include <string>
#include <string_view>

namespace lamin::format {

class Markdown {
 public:
  /// GitHub's dialect, with tables and task lists. HTML in the text stays as it is; formulas stay text, marked by
  /// <x-equation>.
  virtual std::string to_html(std::string_view text) const = 0;

 protected:
  ~Markdown() = default;
};

/// Loads the module. Throws unavailable.
const Markdown& markdown();

}  // namespace lamin::format
