// row_cutter.hpp -- where the rows of CSV text end, also while it arrives in pieces.
#pragma once
#include <cstddef>
#include <string_view>

namespace lamin::format {

class RowCutter {
 public:
  explicit RowCutter(char separator) : separator_(separator) {}

  /// Looks at the text that follows what was seen so far.
  void feed(std::string_view more) {
    for (const char sign : more) {
      ++seen_;
      step(sign);
    }
  }
  /// Just after the end of the last whole row, from the start of what was not cut yet; 0 = there is none.
  std::size_t last_end() const { return last_end_; }
  /// The same of the first row that is not empty.
  std::size_t first_end() const { return first_end_; }
  /// The text up to there is gone.
  void cut(std::size_t at) {
    seen_ -= at;
    last_end_ = last_end_ > at ? last_end_ - at : 0;
    first_end_ = 0;
  }

 private:
  enum class In { start, plain, quoted, after_quote };  // of a field

  void step(char sign) {
    if (in_ == In::quoted) {
      if (sign == '"') in_ = In::after_quote;
      return;
    }
    if (in_ == In::after_quote && sign == '"') {  // a doubled one is part of the text
      in_ = In::quoted;
    } else if (sign == '\n' || sign == '\r') {
      in_ = In::start;
      const bool empty = seen_ - 1 == last_end_;
      last_end_ = seen_;
      if (first_end_ == 0 && !empty) first_end_ = seen_;
    } else if (sign == separator_) {
      in_ = In::start;
    } else {
      in_ = in_ == In::start && sign == '"' ? In::quoted : In::plain;
    }
  }

  char separator_;
  In in_ = In::start;
  std::size_t seen_ = 0, last_end_ = 0, first_end_ = 0;
};

}  // namespace lamin::format
