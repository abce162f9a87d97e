#include "format/owl/entities.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <map>
#include "lamin/error.hpp"

namespace lamin::format::owl {
namespace {

using Entities = std::map<std::string, std::string, std::less<>>;

std::string_view word(std::string_view& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(begin == text.npos ? text.size() : begin);
  std::size_t n = 0;
  while (n < text.size() && std::isspace(static_cast<unsigned char>(text[n])) == 0 && text[n] != '>') ++n;
  const auto found = text.substr(0, n);
  text.remove_prefix(n);
  return found;
}

[[noreturn]] void refuse(std::string_view name, std::string_view entity, std::string_view why) {
  throw Error(Code::unsupported, fmt::format("'{}' declares the entity '{}' {}: that is not read, for it may lead "
                                             "anywhere or grow without end.",
                                             name, entity, why));
}

/// Of the part between "<!DOCTYPE" and its end.
Entities declared(std::string_view doctype, std::string_view name) {
  constexpr std::string_view mark = "<!ENTITY";
  Entities entities;
  for (auto at = doctype.find(mark); at != doctype.npos; at = doctype.find(mark)) {
    doctype.remove_prefix(at + mark.size());
    const std::string entity(word(doctype));
    if (entity == "%") refuse(name, entity, "for its own declaration");
    const auto quote = doctype.find_first_not_of(" \t\r\n");
    if (quote == doctype.npos || (doctype[quote] != '"' && doctype[quote] != '\''))
      refuse(name, entity, "in another file");
    const auto end = doctype.find(doctype[quote], quote + 1);
    if (end == doctype.npos) break;
    const auto value = doctype.substr(quote + 1, end - quote - 1);
    if (value.find('&') != value.npos || value.find('<') != value.npos) refuse(name, entity, "by others");
    entities.emplace(entity, value);
    doctype.remove_prefix(end + 1);
  }
  return entities;
}

/// Where the declaration of the document's type ends, "[...]" included; 0 if there is none.
std::size_t end_of_doctype(std::string_view text, std::size_t at) {
  const auto inside = text.find('[', at), end = text.find('>', at);
  if (end == text.npos) return 0;
  if (inside == text.npos || inside > end) return end + 1;
  const auto closed = text.find(']', inside);
  const auto last = closed == text.npos ? text.npos : text.find('>', closed);
  return last == text.npos ? 0 : last + 1;
}

}  // namespace

std::string expanded(std::string text, std::size_t most, std::string_view name) {
  const auto at = std::string_view(text).substr(0, text.find("<rdf:RDF")).find("<!DOCTYPE");
  if (at == text.npos) return text;
  const auto end = end_of_doctype(text, at);
  if (end == 0) return text;
  const auto entities = declared(std::string_view(text).substr(at, end - at), name);
  if (entities.empty()) return text;
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  out.append(text, 0, at);  // says how it is encoded
  out.append(static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                 text.begin() + static_cast<std::ptrdiff_t>(end), '\n')),
             '\n');  // what follows keeps its lines
  for (std::size_t from = end; from < text.size();) {
    const auto sign = text.find('&', from);
    const auto stop = sign == text.npos ? text.npos : text.find(';', sign);
    out.append(text, from, (sign == text.npos ? text.size() : sign) - from);
    if (sign == text.npos) break;
    const auto found =
        stop == text.npos ? entities.end() : entities.find(std::string_view(text).substr(sign + 1, stop - sign - 1));
    if (found == entities.end()) {
      out += '&';
      from = sign + 1;
    } else {
      out += found->second;
      from = stop + 1;
    }
    if (out.size() > most)
      throw Error(Code::corrupt,
                  fmt::format("'{}' grows beyond {} bytes by its entities: it is made to harm.", name, most));
  }
  return out;
}

}  // namespace lamin::format::owl
