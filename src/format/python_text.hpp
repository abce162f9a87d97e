// python_text.hpp -- what lines of a notebook's Python mean, without parsing it: quotes, magics, functions.
//
// The rules are those of jupytext 1.19, so that a notebook has the same source code, and with it the same hash, whether
// LaminDB or this program stores it.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::format {

/// Whether the next line begins inside a text of three quotes.
class QuoteScan {
 public:
  bool quoted() const { return triple_ != 0; }
  void read(std::string_view line);

 private:
  char triple_ = 0;
};

/// Lines as Python's splitlines() gives them for "\n"; "" is one empty line, and a last "\n" begins one more.
std::vector<std::string> lines_of_cell(std::string_view source);

/// A command of IPython ("%matplotlib inline", "!ls", "?print", "cd x"), also if it is commented out.
bool is_magic(std::string_view line);
/// Comments the magics of a cell, with the lines that continue them.
void comment_magics(std::vector<std::string>& lines);
/// The reverse.
void uncomment_magics(std::vector<std::string>& lines);

/// The number of empty lines that PEP 8 wants between two cells.
int blank_lines_between(std::span<const std::string> before, std::span<const std::string> after);

}  // namespace lamin::format
