// cache_setting.hpp -- where LaminDB's settings say which folder is the cache: of the user, otherwise of all users.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace lamin::base {

constexpr std::string_view cache_setting_file = "storage.env", cache_setting = "lamindb_cache_path";
constexpr std::string_view system_setting_file = "system.env";
constexpr std::string_view cache_limit_file = "cache_limit";
/// Bytes: LAMIN_CACHE_LIMIT, otherwise what that file says, otherwise 50 GiB. Throws invalid_argument.
std::int64_t cache_limit();
/// Settings for all users of the machine: "lamindb" in the first folder of XDG_CONFIG_DIRS, otherwise in /etc/xdg.
std::filesystem::path system_settings_folder();

}  // namespace lamin::base
