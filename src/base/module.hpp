// module.hpp -- libraries loaded on first use: liblamin_postgres, liblamin_arrow, liblamin_hdf5.
#pragma once
#include <filesystem>
#include <string_view>

namespace lamin::base {

/// Address of an exported function of liblamin_<module>.so, which is next to liblamin.so. The library stays loaded.
/// Throws unavailable, naming the file that was looked for.
void* module_symbol(std::string_view module, const char* symbol);
/// The folder of liblamin.so, its module libraries and its helper programs.
std::filesystem::path library_folder();

}  // namespace lamin::base
