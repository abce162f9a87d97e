// column_state.hpp -- what a ColumnSketcher knows of a column so far: each distinct value with its count and first row
// or, once they are too many, one value of each class (invariants in sketch.hpp).
#pragma once
#include <algorithm>
#include <bitset>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include "format/sketch.hpp"
#include "format/value_class.hpp"
#include "lamin/error.hpp"

namespace lamin::format {

struct ColumnSketcher::State {
  using Kind = Column::Kind;

  static constexpr std::size_t most_texts = std::size_t{1} << 17, most_bytes = std::size_t{32} << 20;
  static constexpr std::size_t most_repeated = 1000;  ///< levels that are named
  static constexpr std::size_t most_numbers = std::size_t{1} << 14;

  struct Seen {
    std::int64_t count = 0, row = 0;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::string name;
  std::optional<Kind> kind;
  bool complete = true, ordered = false, zoned = false;
  std::int64_t rows = 0, nulls = 0;
  std::unordered_map<std::string, Seen, TextHash, std::equal_to<>> texts;
  std::size_t text_bytes = 0;
  std::vector<std::string> levels, repeated;
  std::unordered_set<std::string> known_levels;
  std::vector<Seen> code_counts;
  Column code_names;
  std::unordered_map<std::int64_t, Seen> integers;
  std::unordered_map<double, Seen> reals;
  Seen booleans[2];
  std::map<unsigned, std::pair<Value, std::int64_t>> classes;  ///< value and row of one of each
  std::bitset<128> known_classes;                              ///< of texts
  std::tuple<std::pair<std::int64_t, std::int64_t>, std::pair<double, double>> extremes;
  bool fraction = false;
  std::map<std::int64_t, std::string> foreign;
  std::optional<ColumnSketcher> items;  ///< of lists
  std::function<void(const ColumnSketch&)> give;

  void note(std::string_view text, std::int64_t row, std::int64_t count = 1) {
    if (const auto found = texts.find(text); found != texts.end()) {
      found->second.count += count;
      return;
    }
    if (give && (texts.size() >= most_texts || text_bytes >= most_bytes)) give_texts();
    if (complete && texts.size() < most_texts && text_bytes < most_bytes) {
      texts.emplace(std::string(text), Seen{count, row});
      text_bytes += text.size();
      return;
    }
    if (complete) leave_texts();
    note_class(text, row);
  }
  std::int64_t bytes() const {
    constexpr std::size_t entry = 96;  // of the hash table, with a short text
    const auto own = texts.size() * entry + text_bytes;
    return static_cast<std::int64_t>(own) + (items ? items->bytes() : 0);
  }
  void drop_texts() {
    if (items) items->drop_texts();
    if (complete && !texts.empty()) leave_texts();
  }
  void give_texts() {
    ColumnSketch some{.name = name};
    put_texts(some);
    if (!texts.empty()) give(some);
    texts.clear();
    text_bytes = 0;
  }
  template <class Number>
  void give_numbers(std::unordered_map<Number, Seen>& known) {
    if (known.empty()) return;
    ColumnSketch some{.name = name, .kind = *kind};
    some.values = Column::from_values(*kind, put_numbers(some, known));
    give(some);
    known.clear();
  }
  void give_all() {
    give_texts();
    if (kind == Kind::int64) give_numbers(integers);
    if (kind == Kind::float64) give_numbers(reals);
  }
  void leave_texts() {
    complete = false;
    for (const auto& [text, seen] : texts) note_class(text, seen.row);
    texts.clear();
  }
  void note_class(std::string_view text, std::int64_t row) {
    const auto key = class_of(text);
    if (known_classes[key]) return;
    known_classes.set(key);
    classes.emplace(key, std::pair(Value(std::string(text)), row));
  }

  template <class Number>
  void note_number(std::unordered_map<Number, Seen>& known, Number number, std::int64_t row) {
    if (complete) {
      auto& seen = known[number];
      if (seen.count++ == 0) seen.row = row;
      if (known.size() <= most_numbers) return;
      if (give) return give_numbers(known);
      complete = false;
      for (const auto& [each, its] : known) note_extreme(each, its.row);
      known.clear();
      return;
    }
    note_extreme(number, row);
  }
  template <class Number>
  void note_extreme(Number number, std::int64_t row) {
    auto& [least, greatest] = std::get<std::pair<Number, Number>>(extremes);
    const bool first = !classes.contains(0);
    if (first || number < least) least = number, classes[0] = {Value(number), row};
    if (first || number > greatest) greatest = number, classes[1] = {Value(number), row};
    if constexpr (std::is_same_v<Number, double>) {
      if (fraction || number == std::floor(number)) return;
      fraction = true;
      classes[2] = {Value(number), row};
    }
  }
  /// Whether a number tells nothing new once not all are kept.
  template <class Number>
  bool is_within(Number number) const {
    const auto& [least, greatest] = std::get<std::pair<Number, Number>>(extremes);
    if (complete || number < least || number > greatest) return false;
    if constexpr (std::is_same_v<Number, double>) return fraction || number == std::floor(number);
    return true;
  }

  void add(const Column& part) {
    if (!kind) kind = part.kind();
    if (*kind != part.kind()) throw Error(Code::corrupt, "column '" + name + "' changes its type halfway");
    switch (part.kind()) {
      case Kind::boolean: add_booleans(part); break;
      case Kind::int64: add_integers(part); break;
      case Kind::float64: add_reals(part); break;
      case Kind::text: add_texts(part); break;
      case Kind::category: add_codes(part); break;
      case Kind::list:
        if (!items) items.emplace(name, give);
        items->add(part.items());
        add_nulls(part);
        break;
      case Kind::time: zoned = part.has_zone(); [[fallthrough]];
      case Kind::date:
      case Kind::object: add_cells(part); break;
    }
    rows += part.size();
  }
  void add_nulls(const Column& part) {
    for (std::int64_t row = 0; row < part.size(); ++row) nulls += part.is_null(row) ? 1 : 0;
  }
  void add_booleans(const Column& part) {
    for (std::int64_t row = 0; row < part.size(); ++row) {
      if (part.is_null(row)) {
        ++nulls;
        continue;
      }
      auto& seen = booleans[part.value(row).boolean_or(false) ? 1 : 0];
      if (seen.count++ == 0) seen.row = rows + row;
    }
  }
  void add_integers(const Column& part) {
    const auto values = part.integers();
    for (std::int64_t row = 0; row < part.size(); ++row) {
      const auto value = values[static_cast<std::size_t>(row)];
      if (part.is_null(row)) ++nulls;
      else if (!is_within(value)) note_number(integers, value, rows + row);
    }
  }
  void add_reals(const Column& part) {
    std::int64_t row = rows;
    for (const double value : part.reals()) {
      if (std::isnan(value)) ++nulls;
      else if (!is_within(value)) note_number(reals, value, row);
      ++row;
    }
  }
  void add_texts(const Column& part) {
    for (std::int64_t row = 0; row < part.size(); ++row) {
      if (part.is_null(row)) ++nulls;
      else note(part.text(row), rows + row);
    }
  }
  void add_codes(const Column& part, const Column& texts_of_codes, bool is_ordered, const std::string& where) {
    if (part.kind() != Kind::int64) throw Error(Code::corrupt, "'" + where + "': its codes are not integers");
    if (!kind) {
      kind = Kind::category;
      ordered = is_ordered;
      code_names = texts_of_codes;
      code_counts.resize(static_cast<std::size_t>(texts_of_codes.size()));
    }
    const auto n = static_cast<std::int64_t>(code_counts.size());
    std::int64_t row = rows;
    for (const auto code : part.integers()) {
      if (code < -1 || code >= n) {
        throw Error(Code::corrupt, "'" + where + "': row " + std::to_string(row) + " has code " + std::to_string(code) +
                                       ", but there are " + std::to_string(n) + " categories");
      }
      if (code < 0) {
        ++nulls;
      } else if (auto& seen = code_counts[static_cast<std::size_t>(code)]; seen.count++ == 0) {
        seen.row = row;
      }
      ++row;
    }
    rows += part.size();
  }
  /// The codes that are used, once all are known.
  void settle_codes() {
    const auto n = static_cast<std::int64_t>(code_counts.size());
    for (std::int64_t i = 0; i < n; ++i) {
      const auto& seen = code_counts[static_cast<std::size_t>(i)];
      if (seen.count > 0) note(code_names.text(i), seen.row, seen.count);
    }
    note_levels(n, [&](std::int64_t i) { return code_names.text(i); });
    code_counts = {};
    code_names = {};
  }
  void add_codes(const Column& part) {
    const auto names = part.category_names();
    ordered = part.ordered();
    std::vector<Seen> used(names.size());
    std::int64_t row = rows;
    for (const auto code : part.codes()) {
      if (code < 0) {
        ++nulls;
      } else if (auto& seen = used[static_cast<std::size_t>(code)]; seen.count++ == 0) {
        seen.row = row;
      }
      ++row;
    }
    if (names != levels) {
      note_levels(static_cast<std::int64_t>(names.size()),
                  [&](std::int64_t i) { return std::string_view(names[static_cast<std::size_t>(i)]); });
    }
    if (levels.empty()) levels = names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (used[i].count > 0) note(names[i], used[i].row, used[i].count);
    }
  }
  template <class Name>
  void note_levels(std::int64_t n, Name name_of) {
    std::int64_t fresh = 0;
    for (std::int64_t i = 0; i < n && known_levels.size() < most_texts; ++i)
      fresh += known_levels.emplace(name_of(i)).second ? 1 : 0;
    if (fresh == n) return;  // each is there once
    std::vector<std::int64_t> by_name(static_cast<std::size_t>(n));
    std::iota(by_name.begin(), by_name.end(), 0);
    std::ranges::sort(by_name, {}, name_of);
    for (std::size_t i = 1; i < by_name.size(); ++i) {
      const auto level = name_of(by_name[i]);
      if (level != name_of(by_name[i - 1]) || std::ranges::find(repeated, level) != repeated.end()) continue;
      if (repeated.size() < most_repeated) repeated.emplace_back(level);
    }
  }
  void add_cells(const Column& part) {
    for (std::int64_t row = 0; row < part.size(); ++row) {
      if (part.is_null(row)) {
        ++nulls;
        continue;
      }
      if (const auto found = part.foreign().find(row); found != part.foreign().end()) {
        complete = false;
        if (foreign.empty()) foreign.emplace(rows + row, found->second);
        continue;
      }
      auto value = part.value(row);
      if (*kind == Kind::object) {
        complete = false;
        const auto key = class_of(value);
        if (!classes.contains(key)) classes.emplace(key, std::pair(std::move(value), rows + row));
      } else {
        note(to_string(value), rows + row);
        if (texts.size() > shown.size()) shown.emplace(to_string(value), std::move(value));
        if (!complete && classes.size() < 2) classes[1U << 20U] = {part.value(row), rows + row};
      }
    }
  }
  std::map<std::string, Value, std::less<>> shown;  ///< times and dates by their text

  void put_texts(ColumnSketch& sketch) {
    std::vector<std::pair<std::string_view, const Seen*>> sorted;
    for (const auto& [text, seen] : texts) sorted.emplace_back(text, &seen);
    std::ranges::sort(sorted, {}, [](const auto& one) { return std::pair(one.second->row, one.first); });
    std::vector<std::string> values;
    for (const auto& [text, seen] : sorted) {
      values.emplace_back(text);
      sketch.counts.push_back(seen->count);
      sketch.rows.push_back(seen->row);
    }
    sketch.values = Column::texts(values);
  }
  template <class Number>
  std::vector<Value> put_numbers(ColumnSketch& sketch, const std::unordered_map<Number, Seen>& known) const {
    std::vector<std::pair<Number, Seen>> sorted(known.begin(), known.end());
    std::ranges::sort(sorted, {}, [](const auto& one) { return one.second.row; });
    std::vector<Value> values;
    for (const auto& [number, seen] : sorted) {
      values.emplace_back(number);
      sketch.counts.push_back(seen.count);
      sketch.rows.push_back(seen.row);
    }
    return values;
  }
  void put_classes(ColumnSketch& sketch) const {
    std::vector<Value> values;
    for (const auto& [key, one] : classes) {
      values.push_back(one.first);
      sketch.rows.push_back(one.second);
    }
    if (sketch.kind == Kind::object) {
      std::map<std::int64_t, std::string> here;
      for (const auto& [row, what] : foreign) {
        here.emplace(static_cast<std::int64_t>(values.size()), what);
        values.emplace_back();
        sketch.rows.push_back(row);
      }
      sketch.values = Column::objects(std::move(values), std::move(here));
      return;
    }
    sketch.values = Column::from_values(sketch.kind == Kind::category ? Kind::text : sketch.kind, values);
  }
};

}  // namespace lamin::format
