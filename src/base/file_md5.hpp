// file_md5.hpp -- the MD5 of a file's bytes, as publishers state it: in little memory, whatever the file's size.
#pragma once
#include <string>

namespace lamin::base {

/// 32 hexadecimal digits. Throws what reading throws: not_found, no_access, unavailable.
std::string file_md5(const std::string& path);

}  // namespace lamin::base
