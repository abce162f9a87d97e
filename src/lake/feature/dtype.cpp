// dtype.cpp -- a dtype's text, taken apart.
//
//   dtype  = base | "cat[" target ("|" target)* "]" | "list[" dtype "]"
//   target = registry ["." field] ["[" [type uid] ["," filter]* "]" ["." field]]        filter = path "=" value
#include <algorithm>

#include "base/text.hpp"
#include "lamin/dtype.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  std::string allowed;
  for (const DtypeRow& one : dtype_rows()) {
    if (one.base != Dtype::Base::category) allowed += std::string(one.name) + ", ";
  }
  throw Error(Code::validation, "invalid dtype '" + std::string(text) + "': it " + why + "; allowed are " + allowed +
                                    "cat[Registry], cat[Registry.field], cat[A|B], cat[ULabel[<type uid>]] and " +
                                    "list[...] of these");
}

/// Parts of `text` between separators outside of brackets and quotes.
std::vector<std::string_view> split_outside(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'' || text[i] == '"') quoted = !quoted;
    else if (quoted) continue;
    else if (text[i] == '[') ++depth;
    else if (text[i] == ']') --depth;
    else if (text[i] == separator && depth == 0) parts.push_back(text.substr(begin, i - begin)), begin = i + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

/// The content of "name[...]"; false if it does not have that form.
bool inside(std::string_view text, std::string_view name, std::string_view& content) {
  if (!text.starts_with(name) || text.size() < name.size() + 2 || text[name.size()] != '[' || text.back() != ']') {
    return false;
  }
  content = text.substr(name.size() + 1, text.size() - name.size() - 2);
  return true;
}

Dtype::Target parse_target(const schema::Catalog& catalog, std::string_view text, std::string_view whole) {
  Dtype::Target target;
  const std::size_t bracket = text.find('[');
  const std::string_view path = base::trim(text.substr(0, bracket));
  std::string_view field;
  if (bracket != std::string_view::npos) {
    const std::size_t end = text.rfind(']');
    if (end == std::string_view::npos || end < bracket) refuse(whole, "has an open bracket");
    const std::string_view after = text.substr(end + 1);
    if (!after.empty() && !after.starts_with('.')) refuse(whole, "goes on after its bracket");
    if (!after.empty()) field = after.substr(1);
    for (std::string_view part : split_outside(text.substr(bracket + 1, end - bracket - 1), ',')) {
      part = base::trim(part);
      if (part.empty()) continue;
      if (part.find('=') == std::string_view::npos) {
        if (!target.type_uid.empty()) refuse(whole, "names two types");
        target.type_uid = part;
      } else {
        target.filter += (target.filter.empty() ? "" : ", ") + std::string(part);
      }
    }
  }
  const schema::Table* table = catalog.find(path);
  if (!table) {
    const std::size_t dot = path.rfind('.');
    if (dot != std::string_view::npos) table = catalog.find(path.substr(0, dot)), field = path.substr(dot + 1);
  }
  if (!table) refuse(whole, "names '" + std::string(path) + "', which is not a registry of this instance");
  if (!table->registry) refuse(whole, "names a table of links");
  target.registry = table->qualified.str();
  target.field = field.empty() ? table->name_field.str() : std::string(field);
  if (!table->find_column(target.field)) {
    refuse(whole, "names '" + target.field + "', which is not a field of " + target.registry + " (" +
                      table->nearest(target.field) + ")");
  }
  return target;
}

}  // namespace

Dtype parse_dtype(const schema::Catalog& catalog, std::string_view text) {
  Dtype dtype;
  std::string_view rest = base::trim(text), content;
  if (inside(rest, "list", content)) {
    dtype.list = true;
    rest = base::trim(content);
  }
  if (rest.starts_with("cat ? ")) rest = "cat";
  const auto simple = std::ranges::find(dtype_rows(), rest, &DtypeRow::name);
  if (simple != dtype_rows().end()) {
    dtype.base = simple->base;
    return dtype;
  }
  if (!inside(rest, "cat", content) || base::trim(content).empty()) refuse(text, "is not known");
  dtype.base = Dtype::Base::category;
  for (std::string_view part : split_outside(content, '|'))
    dtype.targets.push_back(parse_target(catalog, base::trim(part), text));
  return dtype;
}

}  // namespace lamin
