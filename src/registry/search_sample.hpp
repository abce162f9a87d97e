// search_sample.hpp -- how common a text is in a large registry, estimated from some of its rows.
//
// PostgreSQL can count what an index finds only by finding it. The sample says beforehand whether that would be much;
// only the way to an answer depends on it, never the answer.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::registry {

class SearchSample {
 public:
  /// Reads some pages of the table, the same ones each time.
  SearchSample(Database& database, const schema::Table& table, std::int64_t size);

  /// The fraction of rows that have the folded text in one of the columns; 0 if too few were read.
  double share(const std::vector<const schema::Column*>& columns, std::string_view text) const;
  /// True for a registry that has grown by half since.
  bool is_outgrown(std::int64_t size) const { return size > size_ + size_ / 2; }

 private:
  /// The texts of a column, concatenated, and where each ends.
  struct Texts {
    const schema::Column* column = nullptr;
    std::string all;
    std::vector<std::size_t> ends;
  };

  std::int64_t size_;
  std::size_t rows_ = 0;
  std::vector<Texts> columns_;
};

}  // namespace lamin::registry
