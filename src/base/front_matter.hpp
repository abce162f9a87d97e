// front_matter.hpp -- the header of a Markdown file, between lines of `---`: which record the file is.
//
//   ---
//   title: Cells
//   lamindb:
//     uid: 3fR8sJdk2mQaXy1z
//   ---
//
// Only that uid is written; everything else stays as it is, comments and order included.
#pragma once
#include <string>
#include <string_view>

namespace lamin::base {

/// "" if there is none. Throws invalid_argument if the key is there without a value.
std::string record_uid_in(std::string_view text);
std::string with_record_uid(std::string_view text, std::string_view uid);
/// Without a header if nothing else is in it.
std::string without_record_uid(std::string_view text);
/// What follows the header.
std::string_view below_header(std::string_view text);
/// The text of a key of the header, on one line: what is indented below it belongs to it. "" if it is not there.
std::string header_text(std::string_view text, std::string_view key);

}  // namespace lamin::base
