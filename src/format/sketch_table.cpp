#include <algorithm>
#include "format/sketch.hpp"

namespace lamin::format {
namespace {

constexpr std::int64_t most_bytes = std::int64_t{64} << 20;  // of the distinct texts of all columns

}  // namespace

void TableSketcher::add(const Frame& part) {
  if (columns_.empty()) {
    for (const auto& name : part.names()) columns_.emplace_back(name);
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].add(part.at(i));
    if (columns_[i].name() == table_.index) names_.add(part.at(i));
  }
  table_.rows += part.rows();
  std::int64_t bytes = 0;
  for (const auto& column : columns_) bytes += column.bytes();
  while (bytes > most_bytes) {
    auto& largest = *std::ranges::max_element(columns_, {}, &ColumnSketcher::bytes);
    const auto before = largest.bytes();
    largest.drop_texts();
    if (largest.bytes() >= before) break;
    bytes -= before - largest.bytes();
  }
}

TableSketch TableSketcher::finish() {
  for (auto& column : columns_) table_.columns.push_back(column.finish());
  if (!table_.index.empty()) names_.finish(table_);
  return std::move(table_);
}

}  // namespace lamin::format
