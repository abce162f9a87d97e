#include "lake/instance/settings_file.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include "base/file.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/instance/bucket_database.hpp"
#include "lake/instance/env_file.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view instance_prefix = "lamindb_instance_";

// Keys that LaminDB writes after those of InstanceSettings, in its order, with its defaults.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> further_keys = {
    {{"git_repo", "null"},
     {"keep_artifacts_local", "False"},
     {"api_url", "null"},
     {"schema_id", "null"},
     {"fine_grained_access", "False"},
     {"db_permissions", "null"},
     {"is_clone", "False"}}};

}  // namespace

void write_text_file(const fs::path& path, std::string_view text) {
  const bool settings = path.parent_path() == base::settings_folder();
  base::write_file(path, text, settings ? base::Readers::owner : base::Readers::all);
}

std::optional<std::string> read_text_file(const fs::path& path) { return base::read_file(path); }

fs::path settings_path(std::string_view name) {
  const char* environment = std::getenv("LAMIN_ENV");
  const bool prefixed = environment != nullptr && *environment != '\0' && std::string_view(environment) != "prod";
  return base::settings_folder() / (prefixed ? fmt::format("{}--{}", environment, name) : std::string(name));
}

fs::path instance_file(std::string_view owner, std::string_view name) {
  return settings_path(fmt::format("instance--{}--{}.env", owner, name));
}

std::string to_env(const InstanceSettings& settings) {
  std::string text;
  const auto line = [&](std::string_view key, std::string_view value) {
    check_env_value(key, value);
    text += fmt::format("{}{}={}\n", instance_prefix, key, value);
  };
  line("owner", settings.owner);
  line("name", settings.name);
  line("storage_root", settings.storage_root);
  line("storage_region", or_null(settings.storage_region));
  line("db", or_null(settings.db));
  line("schema_str", or_null(base::join(settings.modules, ",")));
  line("id", settings.id);
  for (const auto& [key, initial] : further_keys) {
    const auto kept = settings.others.find(std::string(key));
    line(key, kept == settings.others.end() ? initial : std::string_view(kept->second));
  }
  for (const auto& [key, value] : settings.others) {
    bool known = false;
    for (const auto& further : further_keys) known = known || further.first == key;
    if (!known) line(key, value);
  }
  return text;
}

InstanceSettings from_env(std::string_view text, const fs::path& file) {
  const auto all = env_pairs(text, instance_prefix);
  const auto required = [&](std::string_view key) {
    auto value = env_value(all, key);
    if (!value) {
      throw Error(Code::corrupt, fmt::format("settings file '{}' has no {}{}; connect to the instance again or remove "
                                             "the file",
                                             file.string(), instance_prefix, key));
    }
    return *value;
  };
  InstanceSettings settings;
  settings.owner = required("owner");
  settings.name = required("name");
  settings.storage_root = required("storage_root");
  while (settings.storage_root.size() > 1 && settings.storage_root.back() == '/') settings.storage_root.pop_back();
  settings.storage_region = from_null(required("storage_region"));
  settings.db = from_null(required("db"));
  for (const auto& module : base::split(from_null(required("schema_str")), ',')) {
    if (const auto name = base::trim(module); !name.empty()) settings.modules.emplace_back(name);
  }
  settings.id = required("id");
  std::erase(settings.id, '-');
  for (const auto& [key, value] : all) {
    const bool named = key == "owner" || key == "name" || key == "storage_root" || key == "storage_region" ||
                       key == "db" || key == "schema_str" || key == "id";
    if (!named) settings.others[key] = value;
  }
  return settings;
}

bool is_sqlite(const InstanceSettings& settings) { return settings.database_url().starts_with("sqlite:"); }

fs::path database_file(const InstanceSettings& settings) {
  auto path = settings.database_url().substr(std::string_view("sqlite://").size());
  while (path.starts_with("//")) path.erase(0, 1);
  return path;
}

void write_settings(const InstanceSettings& settings) {
  write_text_file(instance_file(settings.owner, settings.name), to_env(settings));
}

bool is_home(const fs::path& folder) {
  const char* home = std::getenv("HOME");
  std::error_code ignored;
  return home != nullptr && *home != '\0' && (folder == fs::path(home) || fs::equivalent(folder, home, ignored));
}

std::optional<fs::path> pointer_folder(const fs::path& from) {
  std::error_code failed;
  auto folder = from.empty() ? fs::current_path(failed) : fs::absolute(from, failed);
  if (failed) return std::nullopt;
  while (true) {
    if (!is_home(folder) && fs::is_regular_file(folder / ".lamin" / "current_instance", failed)) return folder;
    if (folder == folder.parent_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

void check_binding(const InstanceSettings& settings) {
  if (const char* slug = std::getenv("LAMIN_CURRENT_INSTANCE"); slug != nullptr && *slug != '\0') {
    if (find_settings(slug).slug() == settings.slug()) return;
    throw Error(Code::conflict, fmt::format("LAMIN_CURRENT_INSTANCE says '{}', and comes first; unset it to connect to "
                                            "'{}'",
                                            slug, settings.slug()));
  }
  const auto folder = pointer_folder();
  if (!folder) return;
  const auto text = read_text_file(*folder / ".lamin" / "current_instance");
  const auto slug = text ? std::string(base::trim(*text)) : std::string();
  if (slug.empty() || slug == settings.slug()) return;
  throw Error(
      Code::conflict,
      fmt::format("the folder '{}' is bound to the instance '{}', which comes first there; run `lamin disconnect "
                  "--here` in it, or `lamin connect --here {}`",
                  folder->string(), slug, settings.slug()));
}

}  // namespace lamin::lake

namespace lamin {
namespace fs = std::filesystem;

std::string InstanceSettings::uid() const { return base::derived_uid(id, 12); }

std::string InstanceSettings::database_url() const {
  if (lake::is_in_bucket(*this)) return "sqlite://" + (lake::copy_folder(*this) / "lamin.db").string();
  return db.empty() ? "sqlite:///" + storage_root.substr(storage_root.starts_with('/') ? 1 : 0) + "/.lamindb/lamin.db"
                    : db;
}

std::vector<std::string> known_instances() {
  const auto pattern = lake::settings_path("instance--").filename().string();
  std::vector<std::string> slugs;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(base::settings_folder(), failed)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(pattern) || entry.path().extension() != ".env") continue;
    const auto text = lake::read_text_file(entry.path());
    if (!text) continue;
    const auto all = lake::env_pairs(*text, lake::instance_prefix);
    const auto owner = lake::env_value(all, "owner"), instance = lake::env_value(all, "name");
    if (owner && instance) slugs.push_back(*owner + "/" + *instance);
  }
  std::sort(slugs.begin(), slugs.end());
  return slugs;
}

InstanceSettings find_settings(std::string_view slug) {
  std::string_view rest = slug;
  if (const auto host = rest.find("://"); host != std::string_view::npos) {  // https://host/owner/name
    rest.remove_prefix(host + 3);
    const auto path = rest.find('/');
    rest = path == std::string_view::npos ? std::string_view() : rest.substr(path + 1);
    while (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  }
  const auto parts = base::split(rest, '/');
  if (rest.empty() || parts.size() > 2 || parts.back().empty() || parts.front().empty()) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is not the name of an instance; write 'owner/name' or 'name'", slug));
  }
  const auto owner = parts.size() == 2 ? parts[0] : current_user().handle;
  const auto file = lake::instance_file(owner, parts.back());
  if (const auto text = lake::read_text_file(file)) return lake::from_env(*text, file);
  auto known = known_instances();
  throw Error(Code::not_found,
              fmt::format("no instance '{}/{}' is known here (looked for '{}'); {}", owner, parts.back(), file.string(),
                          known.empty() ? "create one with `lamin init --storage <folder>`"
                                        : "known: " + base::join(known, ", ")));
}

std::optional<InstanceSettings> current_settings() {
  if (const char* slug = std::getenv("LAMIN_CURRENT_INSTANCE"); slug != nullptr && *slug != '\0') {
    return find_settings(slug);
  }
  if (const auto folder = lake::pointer_folder()) {
    const auto file = *folder / ".lamin" / "current_instance";
    const auto slug = lake::read_text_file(file);
    try {
      if (slug && !base::trim(*slug).empty()) return find_settings(base::trim(*slug));
    } catch (Error& e) {
      e.add_context(fmt::format("while reading which instance is current from '{}'", file.string()));
      throw;
    }
  }
  const auto file = lake::settings_path("current_instance.env");
  if (const auto text = lake::read_text_file(file)) return lake::from_env(*text, file);
  return std::nullopt;
}

void set_current(const InstanceSettings& settings, const fs::path& here) {
  // The .lamin in the home folder holds the user's settings: what is current there is current everywhere.
  if (!here.empty() && !lake::is_home(here)) {
    lake::write_text_file(here / ".lamin" / "current_instance", settings.slug());
    return;
  }
  lake::write_text_file(lake::settings_path("current_instance.env"), lake::to_env(settings));
}

bool disconnect(const fs::path& here) {
  if (const auto settings = current_settings()) {
    if (const auto bucket = lake::BucketDatabase::of(*settings); bucket && bucket->is_dirty()) bucket->push();
  }
  std::error_code failed;
  if (here.empty() || lake::is_home(here)) return fs::remove(lake::settings_path("current_instance.env"), failed);
  const auto folder = lake::pointer_folder(here);
  return folder && fs::remove(*folder / ".lamin" / "current_instance", failed);
}

}  // namespace lamin
