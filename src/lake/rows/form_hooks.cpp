#include "lake/rows/form_hooks.hpp"
#include <algorithm>
#include <array>
#include <cctype>
#include "base/text.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

bool is_host(std::string_view text) {
  text = text.substr(0, text.find_first_of("/?#"));
  if (const auto login = text.rfind('@'); login != text.npos) text.remove_prefix(login + 1);
  const auto name = text.substr(0, text.find(':'));
  if (base::lower(name) == "localhost") return true;
  const auto dot = name.rfind('.');
  return dot != name.npos && dot > 0 && dot + 1 < name.size() && name.find("..") == name.npos &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || (c & 0x80) != 0;
         });
}

struct Form {
  const char* field;
  bool (*holds)(std::string_view);
  const char* example;
};
constexpr Form forms[] = {
    {"url", is_web_address, "Enter a valid URL, such as https://lab.org/project."},
    {"doi", is_doi, "Must be a DOI (e.g., 10.1000/xyz123 or https://doi.org/10.1000/xyz123)."},
};

void check(const Record& record) {
  for (const auto& form : forms) {
    const auto* column = record.table().find_column(form.field);
    const auto* text = column == nullptr ? nullptr : record[column->position].text();
    if (text == nullptr || text->empty() || form.holds(*text)) continue;
    throw Error(Code::validation, record.table().name.str() + "." + form.field + ": " + to_string(Value(*text)) +
                                      " is not valid. " + form.example)
        .known_as("FieldValidationError");
  }
}

}  // namespace

void check_transform_kind(std::string_view kind) {
  static constexpr std::array<std::string_view, 4> kinds = {"pipeline", "notebook", "script", "function"};
  if (kind.empty() || std::ranges::find(kinds, kind) != kinds.end()) return;
  throw Error(Code::validation, "Transform.kind: '" + std::string(kind) + "' is not valid. It is one of " +
                                    base::join(std::vector<std::string>(kinds.begin(), kinds.end()), ", ") + ".")
      .known_as("FieldValidationError");
}

void check_forms(const Record& record) {
  const auto name = record.table().qualified.view();
  if (name == "Project" || name == "Reference") check(record);
}

bool is_web_address(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://", "ftp://", "ftps://"}) {
    if (!base::lower(text.substr(0, scheme.size())).starts_with(scheme)) continue;
    return std::none_of(text.begin(), text.end(), space) && is_host(text.substr(scheme.size()));
  }
  return false;
}

bool is_doi(std::string_view text) {
  const auto lower = base::lower(text);
  for (const std::string_view prefix : {"https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "doi:"}) {
    if (!lower.starts_with(prefix)) continue;
    text.remove_prefix(prefix.size());
    break;
  }
  if (!text.starts_with("10.")) return false;
  text.remove_prefix(3);
  const auto slash = text.find('/');
  if (slash == text.npos || slash == 0 || slash + 1 == text.size()) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(slash),
                     [](char c) { return digit(c) || c == '.'; }) &&
         std::none_of(text.begin(), text.end(), space);
}

void install_form_hooks(Database& database) {
  append_hook(database.hooks()["Transform"].before_insert,
              [](Database&, Record& transform) { check_transform_kind(transform.text("kind")); });
  for (const char* name : {"Project", "Reference"}) {
    const auto* table = database.catalog().find(name);
    if (table == nullptr) continue;
    Hooks& hooks = database.hooks()[table->qualified.str()];
    append_hook(hooks.before_insert, [](Database&, Record& record) { check(record); });
    append_update_hook(hooks, {"url", "doi"}, [](Database&, const Record&, Record& now) { check(now); });
  }
}

}  // namespace lamin::lake
