// parts.hpp -- the kinds of content that can be looked at; each fills in what it knows.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include "lamin/preview.hpp"

namespace lamin::lake {

/// A file of the table of formats that holds tables. `name` says what it is: "blood.h5ad".
void look_at_tables(const std::filesystem::path& path, const std::string& name, const PreviewOptions& options,
                    Preview& out);
/// Whether the first bytes are those of a picture; then it is filled in.
bool look_at_picture(const std::filesystem::path& path, std::string_view begin, const PreviewOptions& options,
                     Preview& out);
void look_at_folder(const std::filesystem::path& path, const PreviewOptions& options, Preview& out);
/// JSON, YAML, other text, or what the first bytes say.
void look_at_bytes(const std::filesystem::path& path, const std::string& name, std::string_view begin,
                   const PreviewOptions& options, Preview& out);

}  // namespace lamin::lake
