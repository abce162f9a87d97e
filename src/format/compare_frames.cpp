#include "format/compare_frames.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace lamin::format {
namespace {

bool is_text(const Column& column) {
  return column.kind() == Column::Kind::text || column.kind() == Column::Kind::category;
}

bool distinct(const Column& column) {
  std::unordered_set<std::string_view> seen;
  for (std::int64_t row = 0; row < column.size(); ++row)
    if (column.is_null(row) || !seen.insert(column.text(row)).second) return false;
  return true;
}

/// The column by which rows of both belong together; "" if there is none.
std::string id_column(const Frame& before, const Frame& after) {
  const auto usable = [&](const std::string& name) {
    const auto* one = before.find(name);
    const auto* other = after.find(name);
    return one != nullptr && other != nullptr && is_text(*one) && is_text(*other) && distinct(*one) && distinct(*other);
  };
  if (!before.index.empty() && before.index == after.index && usable(before.index)) return before.index;
  const auto found = std::ranges::find_if(before.names(), usable);
  return found == before.names().end() ? "" : *found;
}

class Frames {
 public:
  Frames(const std::string& name, const Frame& before, const Frame& after, double tolerance,
         std::vector<std::string>& differences)
      : name_(name), before_(before), after_(after), tolerance_(tolerance), differences_(differences) {}

  Order compare() {
    id_ = id_column(before_, after_);
    if (!compare_rows()) return {};
    for (const auto& column : before_.names())
      if (after_.find(column) == nullptr) say(fmt::format("column '{}' is missing", column));
    for (const auto& column : after_.names())
      if (before_.find(column) == nullptr) say(fmt::format("column '{}' is new", column));
    for (const auto& column : before_.names())
      if (const auto* after = after_.find(column); after != nullptr && column != id_) compare_column(column, *after);
    return in_order() ? Order{} : order_;
  }

 private:
  void say(const std::string& what) { differences_.push_back(name_.empty() ? what : name_ + ": " + what); }

  bool in_order() const {
    for (std::size_t i = 0; i < order_.size(); ++i)
      if (order_[i] != static_cast<std::int64_t>(i)) return false;
    return true;
  }

  bool compare_rows() {
    if (id_.empty()) {
      if (before_.rows() == after_.rows()) return true;
      say(fmt::format("{} rows instead of {}", after_.rows(), before_.rows()));
      return false;
    }
    const auto& before = before_.at(id_);
    const auto& after = after_.at(id_);
    std::unordered_map<std::string_view, std::int64_t> rows;
    for (std::int64_t row = 0; row < after.size(); ++row) rows.emplace(after.text(row), row);
    std::int64_t missing = 0;
    std::string first;
    for (std::int64_t row = 0; row < before.size(); ++row) {
      const auto found = rows.find(before.text(row));
      if (found == rows.end()) {
        if (missing++ == 0) first = before.text(row);
      } else {
        order_.push_back(found->second);
      }
    }
    if (missing > 0) say(fmt::format("{} rows are missing, first '{}'", missing, first));
    const auto added = after.size() - (before.size() - missing);
    if (added > 0) say(fmt::format("{} rows are new", added));
    return missing == 0 && added == 0;
  }

  std::int64_t row_after(std::int64_t row) const {
    return order_.empty() ? row : order_[static_cast<std::size_t>(row)];
  }

  static bool is_number(const Column& column) {
    using Kind = Column::Kind;
    return column.kind() == Kind::int64 || column.kind() == Kind::float64 || column.kind() == Kind::boolean;
  }
  static double number(const Value& value) {
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
    return static_cast<double>(value.integer_or(0));
  }

  bool same(const Column& before, std::int64_t row, const Column& after, std::int64_t other) const {
    if (before.is_null(row) || after.is_null(other)) return before.is_null(row) == after.is_null(other);
    if (is_text(before) && is_text(after)) return before.text(row) == after.text(other);
    if (is_number(before) && is_number(after))
      return same_number(number(before.value(row)), number(after.value(other)), tolerance_);
    return to_string(before.value(row)) == to_string(after.value(other));
  }

  void compare_column(const std::string& column, const Column& after) {
    const auto& before = before_.at(column);
    std::int64_t count = 0, first = 0;
    for (std::int64_t row = 0; row < before.size(); ++row)
      if (!same(before, row, after, row_after(row)) && count++ == 0) first = row;
    if (count == 0) return;
    const auto where = id_.empty() ? fmt::format("row {}", first) : fmt::format("'{}'", before_.at(id_).text(first));
    say(fmt::format("column '{}' differs in {} of {} rows, first at {}: {} instead of {}", column, count, before.size(),
                    where, to_string(after.value(row_after(first))), to_string(before.value(first))));
  }

  const std::string& name_;
  const Frame& before_;
  const Frame& after_;
  double tolerance_;
  std::vector<std::string>& differences_;
  std::string id_;
  Order order_;
};

}  // namespace

bool same_number(double a, double b, double tolerance) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return true;
  return std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
}

Order compare_frames(const std::string& name, const Frame& before, const Frame& after, double tolerance,
                     std::vector<std::string>& differences) {
  return Frames(name, before, after, tolerance, differences).compare();
}

}  // namespace lamin::format
