// case_map.hpp -- lower case of one code point, independent of any locale.
#pragma once
#include <cstdint>

namespace lamin::base {

char32_t lower_case(char32_t c);

}  // namespace lamin::base
