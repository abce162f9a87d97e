// path.hpp -- "run.transform.key" followed through the catalog.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lamin/catalog.hpp"

namespace lamin::registry {

/// The parts of a time or a day that a path may name; all in UTC.
enum class Part {
  whole,
  date,
  year,
  iso_year,
  quarter,
  month,
  week,
  day,
  week_day,
  iso_week_day,
  hour,
  minute,
  second
};

std::string_view part_name(Part part);

struct Path {
  std::vector<const schema::Relation*> relations;
  const schema::Column* column = nullptr;  ///< where it ends, in the last table
  std::vector<std::string> keys;           ///< within a JSON column
  Part part = Part::whole;                 ///< of a time or a day
  const schema::Table* table = nullptr;    ///< the last table

  /// Whether it may lead to several rows.
  bool to_many() const;
  /// The type it is compared as: for a part of a time an integer or a date.
  Type type() const;
};

/// "." and "__" separate; a segment in double quotes is taken as it is. Ends in a column, in a part of a time, within a
/// document, or in a relation, which then means the id of what it points at. `pk` is the id. Throws unknown_field,
/// saying which segment is wrong, what may have been meant and what exists.
Path follow(const schema::Table& from, std::string_view path);

/// The first name of a path, and the rest of it.
std::pair<std::string, std::string> head_of(std::string_view path);
/// Whether it is a column, a relation, or `pk`.
bool is_field(const schema::Table& table, std::string_view name);

/// The error for a name that is not a field of the table, for faces that find one themselves.
[[noreturn]] void unknown_field(const schema::Table& table, std::string_view field, std::string_view path = {});

}  // namespace lamin::registry
