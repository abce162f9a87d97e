#include "lamin/frame.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <utility>
#include "lamin/error.hpp"

namespace lamin {

void Frame::add(std::string name, Column column) {
  if (find(name)) throw Error(Code::invalid_argument, fmt::format("the table has two columns named '{}'", name));
  if (!columns_.empty() && column.size() != rows_) {
    throw Error(Code::invalid_argument,
                fmt::format("column '{}' has {} rows, the table {}", name, column.size(), rows_));
  }
  rows_ = column.size();
  names_.push_back(std::move(name));
  columns_.push_back(std::move(column));
}

const Column* Frame::find(std::string_view name) const {
  auto at = std::find(names_.begin(), names_.end(), name);
  return at == names_.end() ? nullptr : &columns_[static_cast<std::size_t>(at - names_.begin())];
}

const Column& Frame::at(std::string_view name) const {
  if (auto* column = find(name)) return *column;
  throw Error(Code::not_found, fmt::format("the table has no column '{}'; it has: {}", name, fmt::join(names_, ", ")));
}

}  // namespace lamin
