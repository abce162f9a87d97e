#include "base/html_text.hpp"
#include "base/visible.hpp"

namespace lamin::base {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : base::visible(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace lamin::base
