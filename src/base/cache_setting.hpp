// cache_setting.hpp -- where LaminDB's settings say which folder is the user's cache.
#pragma once
#include <string_view>

namespace lamin::base {

constexpr std::string_view cache_setting_file = "storage.env", cache_setting = "lamindb_cache_path";

}  // namespace lamin::base
