// markdown_module.cpp -- see format/markdown.hpp; md4c does the work.
#include <md4c-html.h>
#include "format/markdown.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

void append(const MD_CHAR* text, MD_SIZE size, void* into) { static_cast<std::string*>(into)->append(text, size); }

class Md4c final : public Markdown {
 public:
  std::string to_html(std::string_view text) const override {
    std::string html;
    const int failed = md_html(text.data(), static_cast<MD_SIZE>(text.size()), &append, &html,
                               MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS, MD_HTML_FLAG_SKIP_UTF8_BOM);
    if (failed != 0) throw Error(Code::internal, "Markdown could not be read: there is no memory");
    return html;
  }
};

}  // namespace
}  // namespace lamin::format

extern "C" __attribute__((visibility("default"))) const lamin::format::Markdown* lamin_markdown() {
  static const lamin::format::Md4c it;
  return &it;
}
