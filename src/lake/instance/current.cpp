#include "lake/instance/current.hpp"
#include <fmt/format.h>
#include <array>
#include <filesystem>
#include <optional>
#include "base/text.hpp"
#include "lake/instance/settings_file.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

/// The file in the folder connected to this instance, if there is such a folder.
std::optional<fs::path> file_here(const InstanceSettings& settings, std::string_view what) {
  const auto folder = pointer_folder();
  if (!folder) return std::nullopt;
  const auto slug = read_text_file(*folder / ".lamin" / "current_instance");
  if (!slug || base::trim(*slug) != settings.slug()) return std::nullopt;
  return *folder / ".lamin" / fmt::format("current_{}", what);
}

fs::path file_of_user(const InstanceSettings& settings, std::string_view what) {
  return settings_path(fmt::format("current-{}--{}--{}.txt", what, settings.owner, settings.name));
}

/// What was chosen: a uid and a name.
std::optional<std::string> chosen(const InstanceSettings& settings, std::string_view what) {
  std::optional<std::string> text;
  if (const auto here = file_here(settings, what)) text = read_text_file(*here);
  return text ? text : read_text_file(file_of_user(settings, what));
}

}  // namespace

std::string current_name(const InstanceSettings& settings, std::string_view what) {
  const auto text = chosen(settings, what);
  const auto lines = text ? base::split(*text, '\n') : std::vector<std::string>();
  const auto name = lines.size() > 1 ? std::string(base::trim(lines[1])) : std::string();
  return !name.empty() ? name : what == "branch" ? "main" : "all";
}

std::int64_t current_id(Database& database, const InstanceSettings& settings, std::string_view what,
                        std::string_view registry) {
  const auto text = chosen(settings, what);
  if (!text) return 1;
  const auto uid = base::trim(std::string_view(*text).substr(0, text->find('\n')));
  const auto found = database.first(
      {.registry = std::string(registry), .where = Expr::compare("uid", Op::exact, Value(uid)), .any_branch = true});
  if (found) return found->id();
  database.say(Level::warning, fmt::format("the current {} '{}' does not exist in {}; using the default one", what, uid,
                                           settings.slug()));
  return 1;
}

void write_current(const InstanceSettings& settings, std::string_view what, const Record& row) {
  const auto here = file_here(settings, what);
  write_text_file(here ? *here : file_of_user(settings, what), fmt::format("{}\n{}", row.uid(), row.text("name")));
}

}  // namespace lamin::lake
