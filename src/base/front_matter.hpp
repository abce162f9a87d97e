// front_matter.hpp -- the header of a Markdown file, between lines of `---`: which record the file is.
//
//   ---
//   title: Cells
//   lamindb:
//     uid: 3fR8sJdk2mQaXy1z
//   ---
//
// Only that uid is read and written; everything else stays as it is, comments and order included.
#pragma once
#include <string>
#include <string_view>

namespace lamin::base {

/// "" if there is none. Throws invalid_argument if the key is there without a value.
std::string record_uid_in(std::string_view text);
std::string with_record_uid(std::string_view text, std::string_view uid);
/// Without a header if nothing else is in it.
std::string without_record_uid(std::string_view text);

}  // namespace lamin::base
