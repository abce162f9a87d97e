// environment.cpp -- init, connect, disconnect, info and administration.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "base/cache_setting.hpp"
#include "base/path.hpp"
#include "base/redact.hpp"
#include "commands.hpp"
#include "faces/stubs.hpp"
#include "lake/instance/current.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/plugin.hpp"
#include "lamin/settings.hpp"
#include "lamin/user.hpp"

namespace lamin::cli {

namespace {

std::filesystem::path here_if(const Given& given) {
  return given.has("here") ? std::filesystem::current_path() : std::filesystem::path{};
}

}  // namespace

int init(const Given& given) {
  InitOptions options{.storage = given.text("storage", "./storage"),
                      .name = given.text("name"),
                      .db = given.text("db"),
                      .here = std::filesystem::current_path()};
  auto wanted = modules_called(given.text("modules"));
  options.modules = std::move(wanted.names);
  lamin::init(options, wanted.plugins);  // says what it did
  return 0;
}

int connect(const Given& given) {
  const auto where = given.text("instance");
  // Opened, so that a wrong address is found now.
  const auto instance = given.has("replace") ? connect_folder(where, true) : open_called(where);
  if (!given.has("here")) lake::check_binding(instance->settings());
  set_current(instance->settings(), here_if(given));
  std::fprintf(stderr, "→ connected lamindb: %s\n", called(*instance).c_str());
  return 0;
}

int disconnect(const Given& given) {
  const auto current = current_settings();
  const bool was = lamin::disconnect(here_if(given));
  if (was && current) std::fprintf(stderr, "→ disconnected instance: %s\n", current->slug().c_str());
  else std::fprintf(stderr, "→ no instance loaded\n");
  if (const auto still = current_settings())
    tell("! " + still->slug() +
         " is connected still, by this folder or the environment: `lamin disconnect --here` in " +
         "the folder that has .lamin/current_instance unbinds it");
  return 0;
}

int info(const Given&) {
  const auto user = current_user();
  if (const auto settings = current_settings()) {
    std::string modules;
    for (const auto& module : settings->modules) modules += (modules.empty() ? "" : ",") + module;
    const auto dev = dev_folder();
    print_value("Instance: " + settings->slug() + "\n - branch: " + lake::current_name(*settings, "branch") +
                "\n - space: " + lake::current_name(*settings, "space") +
                "\n - dev-dir: " + (dev ? dev->folder.string() : "None") + "\n - storage: " + settings->storage_root +
                "\n - db: " + base::shown(settings->database_url()) +
                "\n - modules: " + (modules.empty() ? "None" : modules));
  } else {
    print("Instance: None (connect with `lamin connect OWNER/NAME`, or make one with `lamin init`)\n");
  }
  print_value("Settings:\n - cache: " + base::cache_folder().string() + "\n - user settings: " +
              base::settings_folder().string() + "\n - system settings: " + base::system_settings_folder().string());
  print_value("User: " + user.handle + (user.name.empty() ? "" : " (" + user.name + ")"));
  return 0;
}

int stubs(const Given& given) {
  const auto instance = open();
  const std::string name = given.text("module");
  const auto& modules = instance->catalog().modules();
  if (std::ranges::none_of(modules, [&](const auto& m) { return m.name == name; }))
    throw Error(Code::not_found, "the connected instance has no module '" + name + "': see `lamin info`");
  print(faces::plugin_stubs(instance->catalog(), name));
  return 0;
}

int login(const Given& given) {
  if (given.has("key"))
    throw Error(Code::unsupported,
                "no hub is asked here, so that there is nobody to check a key: `lamin login HANDLE` says "
                "who you are");
  if (!given.has("user") && (given.has("name") || given.has("email")))
    throw Error(Code::invalid_argument, "Whose? Pass the handle: `lamin login HANDLE --name ...`");
  if (given.has("user")) {
    const auto now =
        lamin::login({.handle = given.text("user"), .name = given.text("name"), .email = given.text("email")});
    tell("→ logged in " + now.handle);
    return 0;
  }
  const auto user = current_user();
  print_value(user.handle + " (uid " + user.uid + (user.name.empty() ? "" : ", " + user.name) +
              (user.email.empty() ? "" : ", " + user.email) + ")");
  if (user.handle == UserSettings{}.handle) tell("→ nobody is logged in: `lamin login HANDLE` says who you are");
  return 0;
}

int logout(const Given&) {
  tell(lamin::logout() ? "→ logged out" : "→ already logged out");
  return 0;
}

int sync(const Given& given) {
  const auto settings =
      given.has("instance") ? std::optional(find_settings(given.text("instance"))) : current_settings();
  if (!settings) throw Error(Code::not_configured, "no instance is connected: which one? `lamin sync OWNER/NAME`");
  const auto done = lamin::sync(*settings, {.take_over = given.has("take-over"), .discard = given.has("discard")});
  if (!done.kept.empty()) {
    tell("! what was written here and is not in the bucket was put aside");
    print_value(done.kept.string());
  }
  if (!done.in_bucket)
    tell("→ nothing to do: the database does not lie in a bucket, so that what is written is in it at once");
  else tell(done.sent ? "→ what was written here is in the bucket" : "→ the copy here is what lies in the bucket");
  return 0;
}

}  // namespace lamin::cli
