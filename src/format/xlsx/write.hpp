// write.hpp -- a table as a workbook with one worksheet.
#pragma once
#include <filesystem>
#include <string_view>
#include "lamin/frame.hpp"

namespace lamin::format {

void write_workbook(const Frame& frame, std::string_view worksheet, const std::filesystem::path& path);

}  // namespace lamin::format
