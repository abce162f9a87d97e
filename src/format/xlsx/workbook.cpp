#include "format/xlsx/workbook.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>
#include "base/text.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

/// "../worksheets/a.xml" or "/xl/worksheets/a.xml" seen from "xl/workbook.xml".
std::string resolved(const std::string& from, const std::string& target) {
  if (target.starts_with('/')) return target.substr(1);
  const auto folder = std::filesystem::path(from).parent_path();
  return (folder / target).lexically_normal().generic_string();
}

std::string relations_of(const std::string& part) {
  const std::filesystem::path path(part);
  return (path.parent_path() / "_rels" / (path.filename().string() + ".rels")).generic_string();
}

/// "_x000D_": how a text has characters that XML does not.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    constexpr std::size_t length = 7;
    const auto code = text.substr(i, length);
    const bool escape = code.size() == length && code.starts_with("_x") && code.back() == '_' &&
                        code.substr(2, 4).find_first_not_of("0123456789abcdefABCDEF") == code.npos;
    if (!escape) {
      out += text[i];
      continue;
    }
    const auto sign = static_cast<std::uint32_t>(std::stoul(std::string(code.substr(2, 4)), nullptr, 16));
    if (sign < 0x80) out += static_cast<char>(sign);
    else if (sign < 0x800) out += {static_cast<char>(0xC0 | (sign >> 6)), static_cast<char>(0x80 | (sign & 0x3F))};
    else
      out += {static_cast<char>(0xE0 | (sign >> 12)), static_cast<char>(0x80 | ((sign >> 6) & 0x3F)),
              static_cast<char>(0x80 | (sign & 0x3F))};
    i += length - 1;
  }
  return out;
}

/// Formats that every file has without stating them.
bool is_built_in_day(int format) {
  return (format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 36) ||
         (format >= 50 && format <= 58);
}

}  // namespace

std::string rich_text(pugi::xml_node node) {
  std::string out;
  for (const auto child : node.children()) {
    const auto name = local_name(child.name());
    if (name == "t") out += child.text().get();
    else if (name == "r") out += child_called(child, "t").text().get();
  }
  return unescaped(out);
}

bool is_day_format(std::string_view code) {
  bool quoted = false, bracketed = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char sign = code[i];
    if (quoted) quoted = sign != '"';
    else if (bracketed) bracketed = sign != ']';
    else if (sign == '"') quoted = true;
    else if (sign == '[') bracketed = true;
    else if (sign == '\\' || sign == '_' || sign == '*') ++i;
    else if (sign == ';') return false;  // the first section is that of positive numbers
    else if (sign == 'y' || sign == 'Y' || sign == 'd' || sign == 'D') return true;
  }
  return false;
}

Workbook::Workbook(const std::filesystem::path& path) : archive_(path) {
  read_relations("_rels/.rels");
  std::string place = part_of_type("officeDocument");
  if (place.empty()) archive_.corrupt("it names no workbook: it is not an .xlsx file");
  place = resolved("", place);
  read_relations(relations_of(place));
  const auto part = archive_.read(place);
  const auto root = part->document.document_element();
  if (local_name(root.name()) != "workbook")
    archive_.corrupt(fmt::format("its main part is a <{}>, not a workbook", root.name()));
  const std::string_view since = child_called(root, "workbookPr").attribute("date1904").value();
  since_1904_ = since == "1" || since == "true";
  for (const auto sheet : child_called(root, "sheets").children()) {
    if (local_name(sheet.name()) != "sheet") continue;
    std::string id;
    for (const auto attribute : sheet.attributes()) {
      const std::string_view name = attribute.name();
      if (name.find(':') != name.npos && local_name(attribute.name()) == "id") id = attribute.value();
    }
    const auto target = target_of(id);
    sheets_.push_back({sheet.attribute("name").value(), target.empty() ? "" : resolved(place, target)});
  }
  if (sheets_.empty()) archive_.corrupt("it has no worksheet");
  for (auto& relation : relations_) relation.target = resolved(place, relation.target);
}

void Workbook::read_relations(const std::string& part) {
  relations_.clear();
  const auto read = archive_.read(part);
  for (const auto one : read->document.document_element().children()) {
    if (local_name(one.name()) != "Relationship") continue;
    relations_.push_back({one.attribute("Id").value(), one.attribute("Type").value(), one.attribute("Target").value()});
  }
}

std::string Workbook::target_of(std::string_view id) const {
  const auto found = std::ranges::find(relations_, id, &Relation::id);
  const bool of_cells = found != relations_.end() && found->type.ends_with("/worksheet");
  return of_cells ? found->target : "";
}

std::string Workbook::part_of_type(std::string_view type) const {
  for (const auto& relation : relations_) {
    if (relation.type.ends_with("/" + std::string(type))) return relation.target;
  }
  return "";
}

const Workbook::Sheet& Workbook::sheet(std::string_view name) const {
  const auto found = name.empty() ? std::ranges::find_if(sheets_, [](const auto& one) { return !one.part.empty(); })
                                  : std::ranges::find(sheets_, name, &Sheet::name);
  if (found != sheets_.end() && !found->part.empty()) return *found;
  std::vector<std::string> names;
  for (const auto& one : sheets_) {
    if (!one.part.empty()) names.push_back("'" + one.name + "'");
  }
  throw Error(Code::not_found, fmt::format("The spreadsheet '{}' has no worksheet '{}': it has {}.", archive_.name(),
                                           name, base::join(names, ", ")));
}

void Workbook::read_shared() {
  if (const auto part = part_of_type("sharedStrings"); !part.empty() && archive_.has(part)) read_texts(part);
  if (const auto part = part_of_type("styles"); !part.empty() && archive_.has(part)) read_styles(part);
}

void Workbook::read_texts(const std::string& part) {
  const auto read = archive_.read(part);
  for (const auto one : read->document.document_element().children()) {
    if (local_name(one.name()) != "si") continue;
    texts_.push_back(rich_text(one));
    archive_.budget().take(1, sizeof(std::string) + texts_.back().size(), "its texts");
  }
}

void Workbook::read_styles(const std::string& part) {
  const auto read = archive_.read(part);
  const auto root = read->document.document_element();
  std::map<int, bool> own;
  for (const auto one : child_called(root, "numFmts").children())
    own[one.attribute("numFmtId").as_int()] = is_day_format(one.attribute("formatCode").value());
  for (const auto style : child_called(root, "cellXfs").children()) {
    if (local_name(style.name()) != "xf") continue;
    const int format = style.attribute("numFmtId").as_int();
    const auto found = own.find(format);
    days_.push_back(found != own.end() ? found->second : is_built_in_day(format));
  }
}

Value Workbook::time_of(double serial) const {
  // Days are counted from 1900-01-01 = 1, with a 29th of February 1900 (60) that never was, or from 1904-01-01 = 0.
  constexpr std::int64_t before_1900 = 25569, before_1904 = 24107, leap = 60, micros_a_day = 86'400'000'000;
  constexpr double last = 2'958'466;  // 10000-01-01
  if (!(serial >= 0) || serial >= last) return {};
  auto day = static_cast<std::int64_t>(std::floor(serial));
  if (!since_1904_ && (day == leap || day == 0)) return {};
  const std::int64_t since = since_1904_ ? before_1904 : day < leap ? before_1900 - 1 : before_1900;
  constexpr double millis_a_day = 86'400'000;
  auto millis = static_cast<std::int64_t>(std::llround((serial - std::floor(serial)) * millis_a_day));
  if (millis == 0) return Date{static_cast<std::int32_t>(day - since)};
  return Time{.micros = (day - since) * micros_a_day + millis * 1000, .zoned = false};
}

}  // namespace lamin::format
