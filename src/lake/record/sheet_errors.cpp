#include "lake/record/sheet_errors.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "lake/record/sheet_cells.hpp"

namespace lamin {
namespace lake {

std::string CellErrors::place(std::int64_t row, std::size_t column) const {
  const auto letters = column < table_.letters.size() ? table_.letters[column] : std::string();
  if (row < 0) return letters.empty() ? "" : "column " + letters;
  if (table_.rows.empty()) return "";
  const auto number = table_.rows[static_cast<std::size_t>(row)];
  return letters.empty() ? fmt::format("row {}", number) : fmt::format("{}{}", letters, number);
}

CellError& CellErrors::add(std::int64_t row, std::size_t column, std::string rule, std::string why) {
  CellError error{.row = row, .rule = std::move(rule), .why = std::move(why)};
  if (column < table_.frame.size()) {
    error.column = table_.frame.names()[column];
    error.place = place(row, column);
    if (row >= 0) {
      const auto& cells = table_.frame.at(column);
      const auto found = cells.foreign().find(row);
      error.value = found != cells.foreign().end() ? found->second : written(cells.value(row));
    }
  }
  if (row >= 0) bad_[static_cast<std::size_t>(row)] = true;
  else all_bad_ = true;
  errors_.push_back(std::move(error));
  return errors_.back();
}

std::vector<CellError> CellErrors::sorted() && {
  std::ranges::stable_sort(errors_, {}, &CellError::row);
  return std::move(errors_);
}

}  // namespace lake

namespace {

/// "B3: 'T cel' not validated in feature 'cell_type'; did you mean 'T cell'?"
std::string line_of(const CellError& error) {
  const bool in_why = error.row < 0;
  std::string text = "\n  ";
  if (!error.place.empty()) text += error.place + (in_why ? ": " : ", ");
  if (!in_why) {
    if (error.place.empty()) text += fmt::format("row {}, ", error.row);
    text += fmt::format("column '{}': ", error.column);
    if (!error.value.empty()) text += fmt::format("'{}' ", error.value);
  }
  text += error.why;
  for (std::size_t i = 0; i < error.candidates.size(); ++i)
    text += fmt::format("{} '{}'", i == 0 ? "; did you mean" : " or", error.candidates[i].value);
  return text + (error.candidates.empty() ? "" : "?");
}

}  // namespace

Words cell_errors_text(const CheckedTable& checked, const Record& type) {
  if (checked.errors.empty()) return {};
  const auto n = checked.errors.size();
  std::string text = fmt::format("{} error{} in the table for '{}':", n, n == 1 ? "" : "s", type.text("name"));
  constexpr std::size_t most_listed = 100;
  for (std::size_t i = 0; i < std::min(n, most_listed); ++i) text += line_of(checked.errors[i]);
  if (n > most_listed) text += fmt::format("\n  ... and {} more", n - most_listed);
  Words words = text;
  if (!checked.remedies.empty())
    words += "\n    → fix typos, remove values that do not exist, or create objects via:\n";
  for (const auto& remedy : checked.remedies) words += Words("\n") + Words(remedy);
  return words;
}

}  // namespace lamin
