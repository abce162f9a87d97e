// sketch.cpp -- columns, part by part.
#include "format/sketch.hpp"
#include <algorithm>
#include <bitset>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Kind = Column::Kind;

constexpr std::size_t most_texts = std::size_t{1} << 17, most_bytes = std::size_t{32} << 20;
constexpr std::size_t most_numbers = std::size_t{1} << 14;

struct Seen {
  std::int64_t count = 0, row = 0;
};

template <class Number>
bool reads_as(std::string_view text) {
  text = base::trim(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool reads_as_object(std::string_view text) {
  if (!base::trim(text).starts_with('{')) return false;
  try {
    return base::parse_json(text).is_object();
  } catch (const Error&) { return false; }
}

/// Everything that a conversion of a text depends on.
unsigned class_of(std::string_view text) {
  // Most texts are words: what begins like one is none of the others, but for these.
  const auto first = text.empty() ? ' ' : text.front();
  const bool word = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  if (word && std::string_view("iInNtTfF").find(first) == std::string_view::npos) return 0;
  const std::string lower = text.size() > 6 ? std::string() : base::lower(text);
  const auto digit = text.find_first_of("0123456789") != text.npos;
  unsigned bits = text.empty() ? 1U : 0U;
  if (digit && reads_as<std::int64_t>(text)) bits |= 2U;
  if (reads_as<double>(text)) bits |= 4U;
  if (lower == "true" || lower == "false") bits |= 8U;
  if (digit && base::parse_date(text)) bits |= 16U;
  if (digit && base::parse_time(text)) bits |= 32U;
  if (reads_as_object(text)) bits |= 64U;
  return bits;
}

/// Of a value of any type.
unsigned class_of(const Value& value) {
  auto bits = static_cast<unsigned>(type_of(value).value_or(Type::text)) << 1U;
  if (const auto* time = std::get_if<Time>(&value)) bits |= time->zoned ? 1U : 0U;
  if (const auto* json = std::get_if<Json>(&value)) bits |= json->text.starts_with('{') ? 1U : 0U;
  return bits;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (; text.size() >= sizeof(hash); text.remove_prefix(sizeof(hash))) {
    std::uint64_t word = 0;
    std::copy_n(text.data(), sizeof(word), reinterpret_cast<char*>(&word));
    hash = (hash ^ word) * 0x9fb21c651e98df25U;
    hash ^= hash >> 32U;
  }
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash ^ (hash >> 29U);
}

}  // namespace

struct ColumnSketcher::State {
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

  void note(std::string_view text, std::int64_t row, std::int64_t count = 1) {
    if (const auto found = texts.find(text); found != texts.end()) {
      found->second.count += count;
      return;
    }
    if (complete && texts.size() < most_texts && text_bytes < most_bytes) {
      texts.emplace(std::string(text), Seen{count, row});
      text_bytes += text.size();
      return;
    }
    if (complete) leave_texts();
    note_class(text, row);
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
        if (!items) items.emplace(name);
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
    std::vector<std::string> names;
    for (std::size_t i = 0; i < code_counts.size(); ++i) {
      names.emplace_back(code_names.text(static_cast<std::int64_t>(i)));
      if (code_counts[i].count > 0) note(names.back(), code_counts[i].row, code_counts[i].count);
    }
    note_levels(names);
    code_counts = {};
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
    note_levels(names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (used[i].count > 0) note(names[i], used[i].row, used[i].count);
    }
  }
  void note_levels(const std::vector<std::string>& names) {
    if (names == levels) return;
    if (levels.empty()) levels = names;
    std::unordered_set<std::string_view> here;
    for (const auto& level : names) {
      if (!here.insert(level).second && std::ranges::find(repeated, level) == repeated.end()) repeated.push_back(level);
      if (known_levels.size() < most_texts) known_levels.insert(level);
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

ColumnSketcher::ColumnSketcher(std::string name) : state_(std::make_unique<State>()) { state_->name = std::move(name); }
ColumnSketcher::~ColumnSketcher() = default;
ColumnSketcher::ColumnSketcher(ColumnSketcher&&) noexcept = default;
void ColumnSketcher::add(const Column& part) { state_->add(part); }
void ColumnSketcher::add_codes(const Column& codes, const Column& levels, bool ordered, const std::string& where) {
  state_->add_codes(codes, levels, ordered, where);
}

ColumnSketch ColumnSketcher::finish() {
  State& state = *state_;
  state.settle_codes();
  ColumnSketch sketch{.name = state.name, .kind = state.kind.value_or(Kind::text)};
  sketch.nulls = state.nulls;
  sketch.complete = state.complete;
  sketch.ordered = state.ordered;
  sketch.zoned = state.zoned;
  sketch.repeated = state.repeated;
  if (sketch.kind == Kind::category && sketch.complete)
    sketch.unused =
        static_cast<std::int64_t>(state.known_levels.size() - std::min(state.known_levels.size(), state.texts.size()));
  if (sketch.kind == Kind::list) {
    if (state.items) {
      auto items = state.items->finish();
      sketch.values = items.values;
      sketch.counts = std::move(items.counts);
      sketch.rows = std::move(items.rows);
      sketch.complete = items.complete;
    }
    return sketch;
  }
  if (!sketch.complete) {
    state.put_classes(sketch);
    return sketch;
  }
  switch (sketch.kind) {
    case Kind::boolean: {
      std::vector<bool> values;
      for (const bool value : {false, true}) {
        const auto& seen = state.booleans[value ? 1 : 0];
        if (seen.count == 0) continue;
        values.push_back(value);
        sketch.counts.push_back(seen.count);
        sketch.rows.push_back(seen.row);
      }
      sketch.values = Column::booleans(values);
      break;
    }
    case Kind::int64:
      sketch.values = Column::from_values(Kind::int64, state.put_numbers(sketch, state.integers));
      break;
    case Kind::float64:
      sketch.values = Column::from_values(Kind::float64, state.put_numbers(sketch, state.reals));
      break;
    case Kind::time:
    case Kind::date: {
      state.put_texts(sketch);
      std::vector<Value> values;
      for (std::int64_t i = 0; i < sketch.values.size(); ++i)
        values.push_back(state.shown.find(sketch.values.text(i))->second);
      sketch.values = Column::from_values(sketch.kind, values);
      break;
    }
    case Kind::object: state.put_classes(sketch); break;
    default: state.put_texts(sketch);
  }
  return sketch;
}

void NameSketcher::add(const Column& part) {
  const auto kind = part.kind();
  if (kind != Kind::text && kind != Kind::category) return;
  if (hashes_.size() + static_cast<std::size_t>(part.size()) > most) {
    compared_ = false;
    hashes_ = {};
  }
  if (!compared_) return;
  for (std::int64_t row = 0; row < part.size(); ++row) {
    if (!part.is_null(row)) hashes_.push_back(hash_of(part.text(row)));
  }
}

void NameSketcher::finish(TableSketch& table) {
  table.names_compared = compared_;
  std::ranges::sort(hashes_);
  for (std::size_t i = 1; i < hashes_.size(); ++i) table.repeated_names += hashes_[i] == hashes_[i - 1] ? 1 : 0;
  hashes_ = {};
}

const ColumnSketch* TableSketch::find(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &ColumnSketch::name);
  return found == columns.end() ? nullptr : &*found;
}

TableSketch sketch_frame(std::string slot, const Frame& frame) {
  TableSketch table{.slot = std::move(slot), .rows = frame.rows(), .index = frame.index};
  for (std::size_t i = 0; i < frame.size(); ++i) {
    ColumnSketcher sketcher(frame.names()[i]);
    sketcher.add(frame.at(i));
    table.columns.push_back(sketcher.finish());
    if (frame.names()[i] != frame.index) continue;
    NameSketcher names;
    names.add(frame.at(i));
    names.finish(table);
  }
  return table;
}

}  // namespace lamin::format
