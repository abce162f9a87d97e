#include "db/search_text.hpp"

#include "base/text.hpp"

namespace lamin::db {

std::string search_words(std::string_view text) {
  std::string words;
  words.reserve(text.size() + 8);
  for (const char c : base::fold(text)) {
    if (c == '|') words += " \x02 ";
    else words.push_back(c == '.' || c == ',' || c == ';' || c == ':' ? ' ' : c);
  }
  return words;
}

std::string search_document(std::string_view text) {
  return text.empty() ? std::string() : "\x02 " + search_words(text) + " \x02";
}

}  // namespace lamin::db
