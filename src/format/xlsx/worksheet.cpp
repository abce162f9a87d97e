#include "format/xlsx/worksheet.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include "base/time.hpp"
#include "format/missing_words.hpp"

namespace lamin::format {
namespace {

using Kind = Column::Kind;

struct Cell {
  std::int64_t row = 0;
  int column = 0;
  Value value = {};
  std::string foreign = {};  ///< what it is, if not a value
};

/// A text that many cells share is copied for each, and once more into its column.
std::uint64_t memory_of(const Cell& cell) {
  const auto* text = cell.value.text();
  return sizeof(Cell) + cell.foreign.size() + (text == nullptr ? 0 : 2 * text->size());
}

Value number_in(std::string_view text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return {};
  constexpr double exact = 9007199254740992;  // beyond it a real is no longer one integer
  if (number == std::floor(number) && std::abs(number) <= exact) return Value(static_cast<std::int64_t>(number));
  return Value(number);
}

double real_of(const Value& number) {
  const auto* whole = std::get_if<std::int64_t>(&number);
  return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(number);
}

Value text_value(std::string text) {
  if (std::ranges::find(missing_words, std::string_view(text)) != missing_words.end()) return {};
  return Value(std::move(text));
}

class Reading {
 public:
  Reading(Workbook& book, const Workbook::Sheet& sheet)
      : book_(book), sheet_(sheet), part_(book.archive().read(sheet.part)) {}

  Worksheet run() {
    const auto root = part_->document.document_element();
    refuse_merged(root);
    for (const auto row : child_called(root, "sheetData").children()) {
      if (local_name(row.name()) == "row") read_row(row);
    }
    if (cells_.empty()) fail("it is empty: it has no row with column names");
    std::ranges::stable_sort(cells_, {}, &Cell::row);
    return table();
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    book_.archive().corrupt(fmt::format("worksheet '{}': {}", sheet_.name, why));
  }
  static std::string place(const Cell& cell) { return fmt::format("{}{}", letters_of(cell.column), cell.row); }

  void refuse_merged(pugi::xml_node root) const {
    constexpr int most_named = 5;
    std::string names;
    int n = 0;
    for (const auto one : child_called(root, "mergeCells").children()) {
      if (local_name(one.name()) != "mergeCell") continue;
      if (++n <= most_named) names += fmt::format("{}{}", n == 1 ? "" : ", ", one.attribute("ref").value());
    }
    if (n == 0) return;
    fail(
        fmt::format("it has merged cells ({}{}), of which nobody can tell to which row or column they belong: unmerge "
                    "them",
                    names, n > most_named ? ", ..." : ""));
  }

  void read_row(pugi::xml_node row) {
    row_ = row.attribute("r").as_llong(row_ + 1);
    if (row_ < 1 || row_ > most_rows) fail(fmt::format("a row has the number {}", row_));
    int column = 0;
    for (const auto cell : row.children()) {
      if (local_name(cell.name()) != "c") continue;
      column = column_of(cell.attribute("r").value(), column + 1);
      Cell read{.row = row_, .column = column};
      take(cell, read);
      if (read.value.is_null() && read.foreign.empty()) continue;
      book_.archive().budget().take(1, memory_of(read), "its cells");
      cells_.push_back(std::move(read));
    }
  }

  int column_of(std::string_view reference, int next) const {
    int column = 0;
    for (const char sign : reference) {
      if (sign < 'A' || sign > 'Z') break;
      column = column * 26 + (sign - 'A' + 1);
      if (column > most_columns) break;
    }
    if (reference.empty()) column = next;
    if (column < 1 || column > most_columns)
      fail(fmt::format("a cell is at '{}', which is outside of any worksheet", reference));
    return column;
  }

  void take(pugi::xml_node node, Cell& cell) const {
    const std::string_view type = node.attribute("t").value();
    const std::string_view stored = child_called(node, "v").text().get();
    if (type == "inlineStr") {
      cell.value = text_value(rich_text(child_called(node, "is")));
    } else if (stored.empty()) {
      if (child_called(node, "f") && type != "str") cell.foreign = "a formula that was never calculated";
    } else if (type == "s") {
      const auto index = number_in(stored).integer_or(-1);
      const auto* text = index < 0 ? nullptr : book_.text(static_cast<std::size_t>(index));
      if (text == nullptr) fail(fmt::format("cell {} refers to text {}, which does not exist", place(cell), stored));
      cell.value = text_value(*text);
    } else if (type == "str") {
      cell.value = text_value(std::string(stored));
    } else if (type == "b") {
      cell.value = Value(stored == "1" || stored == "true");
    } else if (type == "e") {
      if (!text_value(std::string(stored)).is_null()) cell.foreign = fmt::format("the error {}", stored);
    } else if (type == "d") {
      cell.value = iso_value(stored);
    } else {
      take_number(node, stored, cell);
    }
  }

  static Value iso_value(std::string_view text) {
    if (const auto date = base::parse_date(text)) return *date;
    if (const auto time = base::parse_time(text)) return *time;
    return Value(text);
  }

  void take_number(pugi::xml_node node, std::string_view stored, Cell& cell) const {
    const Value number = number_in(stored);
    if (number.is_null()) fail(fmt::format("cell {} holds '{}', which is not a number", place(cell), stored));
    cell.value = number;
    const auto style = node.attribute("s").as_int(-1);
    if (style < 0 || !book_.is_day(static_cast<std::size_t>(style))) return;
    cell.value = book_.time_of(real_of(number));
    if (cell.value.is_null()) cell.foreign = fmt::format("the number {} formatted as a date, which it is not", stored);
  }

  Worksheet table() {
    const auto header = cells_.front().row;
    std::map<int, std::string> names;
    std::map<std::string, int> columns;
    auto cell = cells_.begin();
    for (; cell != cells_.end() && cell->row == header; ++cell) {
      const auto* text = cell->value.text();
      const auto name = text != nullptr ? *text : to_string(cell->value);
      if (const auto [known, is_new] = columns.emplace(name, cell->column); !is_new) {
        fail(fmt::format("columns {} and {} are both called '{}': rename one", letters_of(known->second),
                         letters_of(cell->column), name));
      }
      names[cell->column] = name;
    }
    Worksheet out;
    for (auto at = cell; at != cells_.end(); ++at) {
      if (!names.contains(at->column)) {
        fail(fmt::format("cell {} has a value, but its column has no name in row {}", place(*at), header));
      }
      if (out.rows.empty() || out.rows.back() != at->row) out.rows.push_back(at->row);
    }
    book_.archive().budget().take(out.rows.size() * names.size(), sizeof(Value), "the table");
    fill(out, names, cell);
    return out;
  }

  void fill(Worksheet& out, const std::map<int, std::string>& names, std::vector<Cell>::iterator cell) {
    struct Values {
      std::vector<Value> cells;
      std::map<std::int64_t, std::string> foreign;
    };
    std::map<int, Values> columns;
    for (const auto& [column, name] : names) columns[column].cells.resize(out.rows.size());
    std::int64_t row = -1;
    for (std::int64_t number = 0; cell != cells_.end(); ++cell) {
      if (cell->row != number) ++row;
      number = cell->row;
      auto& into = columns[cell->column];
      into.cells[static_cast<std::size_t>(row)] = std::move(cell->value);
      if (!cell->foreign.empty()) into.foreign.emplace(row, std::move(cell->foreign));
    }
    for (auto& [column, values] : columns) {
      out.table.add(names.at(column), made(std::move(values.cells), std::move(values.foreign)));
      out.letters.push_back(letters_of(column));
    }
  }

  /// Of the one kind that all cells have, otherwise cells of any kind.
  static Column made(std::vector<Value> cells, std::map<std::int64_t, std::string> foreign) {
    bool any[8] = {};
    for (const auto& cell : cells) any[cell.index()] = true;
    any[0] = false;
    const auto only = [&](std::initializer_list<std::size_t> types) {
      auto rest = std::to_array(any);
      for (const auto type : types) rest[type] = false;
      return foreign.empty() && std::ranges::none_of(rest, [](bool b) { return b; });
    };
    // The order of Value: null, bool, integer, real, text, time, date, JSON.
    if (only({4})) return Column::from_values(Kind::text, cells);
    if (only({1})) return Column::from_values(Kind::boolean, cells);
    if (only({2})) return Column::from_values(Kind::int64, cells);
    if (only({2, 3})) return reals(cells);
    if (only({6})) return Column::from_values(Kind::date, cells);
    if (only({5, 6})) return times(std::move(cells));
    return Column::objects(std::move(cells), std::move(foreign));
  }

  static Column reals(const std::vector<Value>& cells) {
    std::vector<double> numbers;
    for (const auto& cell : cells)
      numbers.push_back(cell.is_null() ? std::numeric_limits<double>::quiet_NaN() : real_of(cell));
    return Column::reals(std::move(numbers));
  }

  static Column times(std::vector<Value> cells) {
    constexpr std::int64_t micros_a_day = 86'400'000'000;
    for (auto& cell : cells) {
      if (const auto* day = std::get_if<Date>(&cell)) cell = Time{.micros = day->days * micros_a_day, .zoned = false};
    }
    return Column::from_values(Kind::time, cells).with_zone(false);
  }

  Workbook& book_;
  const Workbook::Sheet& sheet_;
  std::unique_ptr<Part> part_;
  std::int64_t row_ = 0;
  std::vector<Cell> cells_;
};

}  // namespace

std::string letters_of(int column) {
  std::string out;
  for (; column > 0; column = (column - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (column - 1) % 26));
  return out;
}

Worksheet read_table(Workbook& book, const Workbook::Sheet& sheet) { return Reading(book, sheet).run(); }

}  // namespace lamin::format
