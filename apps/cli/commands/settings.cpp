// settings.cpp -- `lamin settings`: what a user has set, one row per setting: how it is read, set and unset.
#include "lamin/settings.hpp"
#include <fmt/format.h>
#include <filesystem>
#include "base/path.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "lamin/branch.hpp"
#include "lamin/command.hpp"
#include "lamin/user.hpp"

namespace lamin::cli {

namespace {

struct Setting {
  std::string_view name;
  std::string (*value)();
  void (*set)(const std::string& value);  ///< null: it follows from something else
  void (*unset)();                        ///< null: there is nothing to go back to
  std::string_view otherwise;             ///< what to do instead of setting it
};

constexpr std::string_view none = "None";  // as LaminDB prints it

std::string instance() {
  const auto settings = current_settings();
  return settings ? settings->slug() : std::string(none);
}

std::string modules() {
  const auto settings = current_settings();
  return settings && !settings->modules.empty() ? base::join(settings->modules, ",") : std::string(none);
}

std::string branch_name() { return std::string(current_branch(*open()).text("name")); }
std::string space_name() { return std::string(current_space(*open()).text("name")); }
void set_branch(const std::string& name) {
  const auto here = open();
  switch_branch(*here, branch(*here, name));
}
void set_space(const std::string& name) {
  const auto here = open();
  switch_space(*here, space(*here, name));
}
void unset_branch() { set_branch("main"); }
void unset_space() { set_space("all"); }

std::string cache() { return cache_folder().string(); }
void set_cache(const std::string& folder) { lamin::set_cache_folder(base::resolve(folder)); }
void unset_cache() { lamin::set_cache_folder({}); }

std::string dev() {
  const auto found = dev_folder();
  return found ? found->folder.string() : std::string(none);
}
void unset_dev() {
  const auto found = dev_folder();
  if (found && lamin::disconnect(found->folder))
    tell("→ " + found->folder.string() + " is not a development folder any more");
}
void set_dev(const std::string& folder) {
  if (base::lower(folder) == "none") return unset_dev();
  const auto settings = current_settings();
  if (!settings)
    throw Error(Code::not_configured, "no instance is connected that the folder could belong to: run `lamin connect`");
  set_current(*settings, base::resolve(folder));
}

std::string user() { return current_user().handle; }
void set_user(const std::string& handle) { static_cast<void>(lamin::login({.handle = handle})); }
void unset_user() { static_cast<void>(lamin::logout()); }
std::string shown_default(const RunDefault& found) { return fmt::format("{} (from {})", found.value, found.source); }
std::string default_where() { return shown_default(run_where()); }
void set_where(const std::string& value) { set_run_where(value); }
void unset_where() { set_run_where({}); }
std::string default_access() { return shown_default(run_access()); }
void set_access(const std::string& value) { set_run_access(value); }
void unset_access() { set_run_access({}); }
std::string always() { return "True"; }
std::string never() { return "False"; }

constexpr Setting settings_rows[] = {
    {"branch", branch_name, set_branch, unset_branch, ""},
    {"space", space_name, set_space, unset_space, ""},
    {"cache-dir", cache, set_cache, unset_cache, ""},
    {"dev-dir", dev, set_dev, unset_dev, ""},
    {"instance", instance, nullptr, nullptr, "`lamin connect OWNER/NAME` sets it, `lamin disconnect` unsets it"},
    {"modules", modules, nullptr, nullptr,
     "they are those of the instance: `lamin migrate apply --modules` installs one"},
    {"user", user, set_user, unset_user, ""},
    {"run-where", default_where, set_where, unset_where, ""},
    {"run-access", default_access, set_access, unset_access, ""},
    {"auto-connect", always, nullptr, nullptr, "the current instance is always connected"},
    {"private-django-api", never, nullptr, nullptr, "there is no Django here"},
};

constexpr std::string_view settings_of_lamindb[] = {"mount"};  // not there yet

const Setting& setting_called(const std::string& name) {
  for (const auto theirs : settings_of_lamindb) {
    if (name == theirs)
      throw Error(Code::unsupported, fmt::format("`lamin settings {}` of LaminDB is not implemented yet", name));
  }
  std::vector<std::string_view> names;
  std::string all;
  for (const auto& row : settings_rows) {
    if (row.name == name) return row;
    names.push_back(row.name);
    all += (all.empty() ? "" : ", ") + std::string(row.name);
  }
  const auto near = base::nearest(name, names);
  throw Error(Code::invalid_argument,
              fmt::format("there is no setting '{}'{}", name,
                          near.empty() ? ": there are " + all : "; did you mean " + base::join(near, " or ") + "?"));
}

int show_all() {
  for (const auto& row : settings_rows) {
    if (row.set == nullptr && row.value != instance && row.value != modules) continue;
    const bool in_database = row.value == branch_name || row.value == space_name;
    if (in_database && !current_settings()) continue;
    print(fmt::format("{}: {}\n", row.name, base::shown(row.value())));
  }
  return 0;
}

int find_dev_folders(const std::string& below) {
  for (const auto& found : dev_folders(below.empty() ? "." : below)) {
    print_value(found.folder.string() + "\t" + found.instance + "\t" + found.branch);
  }
  return 0;
}

[[noreturn]] void refuse(const Setting& row, const char* action) {
  throw Error(Code::unsupported, fmt::format("{} cannot be {}: {}", row.name, action, row.otherwise));
}

}  // namespace

int settings(const Given& given) {
  auto name = given.text("setting"), action = given.text("action");
  if (name.empty()) return show_all();
  if (name == "get" || name == "set" || name == "unset") std::swap(name, action);  // both orders are in use
  const auto& row = setting_called(name);
  if (action.empty() || action == "get") {
    print_value(row.value());
  } else if (action == "set") {
    if (!given.has("value"))
      throw Error(Code::invalid_argument, fmt::format("to what? `lamin settings {} set VALUE`", name));
    if (row.set == nullptr && row.value() != given.text("value")) refuse(row, "set");
    if (row.set != nullptr) row.set(given.text("value"));
  } else if (action == "unset" || action == "reset") {
    if (row.unset == nullptr) refuse(row, "unset");
    row.unset();
  } else if (action == "clear" && row.name == "cache-dir") {
    tell(fmt::format("→ removed {} bytes from {}", clear_cache(), cache()));
  } else if (action == "find" && row.name == "dev-dir") {
    return find_dev_folders(given.text("value"));
  } else {
    throw Error(Code::invalid_argument, fmt::format("a setting is get, set or unset{}, not '{}'",
                                                    row.name == "cache-dir" ? ", and the cache cleared"
                                                    : row.name == "dev-dir" ? ", or found"
                                                                            : "",
                                                    action));
  }
  return 0;
}

}  // namespace lamin::cli
