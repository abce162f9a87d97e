// run_settings.cpp -- where commands run and how they get artifacts, unless a call says otherwise: LaminDB's settings.
#include <fmt/format.h>
#include <cstdlib>
#include "base/path.hpp"
#include "base/text.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/command.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

struct Default {
  std::string_view file, variable, setting, otherwise;
  void (*check)(std::string_view value);
};

void check_where(std::string_view value) {
  if (value == "local") return;
  throw Error(value == "modal" ? Code::unsupported : Code::invalid_argument,
              fmt::format("commands run on this machine only, 'local': '{}' is not there", value));
}

void check_access(std::string_view value) { static_cast<void>(access_called(value)); }

constexpr Default where{"run-where.txt", "LAMIN_RUN_WHERE", "lamin settings run-where", "local", check_where};
constexpr Default access{"run-access.txt", "LAMIN_RUN_ACCESS", "lamin settings run-access", "mount,cache",
                         check_access};

fs::path file_of(const Default& of) { return base::settings_folder() / of.file; }

RunDefault chosen(const Default& of, std::string_view given, std::string_view option) {
  const char* variable = std::getenv(std::string(of.variable).c_str());
  const auto stored = lake::read_text_file(file_of(of));
  RunDefault found{.value = std::string(of.otherwise), .source = "default"};
  if (!given.empty()) found = {.value = std::string(given), .source = std::string(option)};
  else if (variable != nullptr && *variable != '\0') found = {.value = variable, .source = std::string(of.variable)};
  else if (stored && !base::trim(*stored).empty())
    found = {.value = std::string(base::trim(*stored)), .source = std::string(of.setting)};
  try {
    of.check(found.value);
  } catch (Error& error) {
    error.add_context(fmt::format("in what {} says", found.source));
    throw;
  }
  return found;
}

void keep(const Default& of, std::string_view value) {
  if (value.empty()) {
    std::error_code ignored;
    fs::remove(file_of(of), ignored);
    return;
  }
  of.check(value);
  lake::write_text_file(file_of(of), fmt::format("{}\n", value));
}

}  // namespace

RunDefault run_where(std::string_view given, std::string_view option) { return chosen(where, given, option); }
RunDefault run_access(std::string_view given, std::string_view option) { return chosen(access, given, option); }
void set_run_where(std::string_view value) { keep(where, value); }
void set_run_access(std::string_view value) { keep(access, value); }

}  // namespace lamin
