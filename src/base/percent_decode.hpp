// percent_decode.hpp -- "%3B" as ";", in URLs and GFF3 files.
#pragma once
#include <string>
#include <string_view>

namespace lamin::base {

/// A percent sign without two hexadecimal digits after it stands for itself: passwords are often pasted unescaped.
std::string percent_decoded(std::string_view text);

}  // namespace lamin::base
