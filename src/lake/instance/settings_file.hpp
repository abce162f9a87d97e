// settings_file.hpp -- reads and writes LaminDB's `key=value` settings files, atomically.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// base::write_file, readable only by the owner in the settings folder, because an instance's file may hold a database
/// password; readable by everybody elsewhere, so that those who share a folder find its instance.
void write_text_file(const std::filesystem::path& path, std::string_view text);
std::optional<std::string> read_text_file(const std::filesystem::path& path);  ///< nullopt if there is none

/// ~/.lamin/<LAMIN_ENV>--<name>; the prefix only if LAMIN_ENV is set and not "prod".
std::filesystem::path settings_path(std::string_view name);
std::filesystem::path instance_file(std::string_view owner, std::string_view name);

/// Throws invalid_argument for a value that is not one line.
std::string to_env(const InstanceSettings& settings);
/// Throws corrupt, naming file and key, if a required key is missing.
InstanceSettings from_env(std::string_view text, const std::filesystem::path& file);

bool is_sqlite(const InstanceSettings& settings);
/// The database file of a SQLite instance.
std::filesystem::path database_file(const InstanceSettings& settings);

void write_settings(const InstanceSettings& settings);
/// Writes current_user.env for the anonymous user if it does not exist.
void ensure_user_file();
bool is_home(const std::filesystem::path& folder);
/// Throws conflict if something that overrides the user's current instance names another one: the environment, or a
/// `.lamin/current_instance` in or above the working directory.
void check_binding(const InstanceSettings& settings);
/// The folder with a `.lamin/current_instance`, in or above `from` (default: the working directory), never $HOME.
std::optional<std::filesystem::path> pointer_folder(const std::filesystem::path& from = {});

}  // namespace lamin::lake
