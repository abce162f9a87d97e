// former.hpp -- commands and options of LaminDB's past, in argv, as they are called today.
#pragma once
#include <string>
#include <vector>

namespace lamin::cli {

/// argv in the words of today, and one line for the user per former name that it held.
struct Today {
  std::vector<std::string> words;
  std::vector<std::string> notes;
};
Today in_todays_words(std::vector<std::string> words);

}  // namespace lamin::cli
