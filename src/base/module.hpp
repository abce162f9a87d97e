// module.hpp -- libraries that are loaded at first use: liblamin_postgres, liblamin_arrow, liblamin_hdf5.
#pragma once
#include <filesystem>
#include <string_view>

namespace lamin::base {

/// Address of an exported function of liblamin_<module>.so, which lies beside liblamin.so. The library stays loaded.
/// Throws unavailable, saying which file was looked for.
void* module_symbol(std::string_view module, const char* symbol);
/// Where liblamin.so, its module libraries and its helper programs lie.
std::filesystem::path library_folder();

}  // namespace lamin::base
