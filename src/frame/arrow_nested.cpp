// arrow_nested.cpp -- lists, structs and maps of Arrow, and the types that no field of a registry holds.
#include <string>
#include <utility>
#include <vector>
#include "base/json.hpp"
#include "frame/arrow_import.hpp"

namespace lamin {
namespace {

using Members = std::vector<std::pair<std::string, Value>>;

/// What is below a list, a struct or a map.
Column child(const ArrowSource& from, std::int64_t i, std::int64_t begin, std::int64_t end) {
  if (i >= from.array.n_children || i >= from.schema.n_children) from.broken("what it consists of is missing");
  ArrowArray part = *from.array.children[i];
  if (begin < 0 || end < begin || end > part.length) from.broken("what it consists of is too short");
  part.offset += begin;
  part.length = end - begin;
  return import_column({*from.schema.children[i], part, from.name});
}

/// Where the items of each row are: begin and end.
template <class Offset>
std::pair<std::int64_t, std::int64_t> items_of(const ArrowSource& from, const Offset* offsets, std::int64_t row,
                                               std::int64_t all) {
  const std::int64_t begin = offsets[row + from.array.offset], end = offsets[row + from.array.offset + 1];
  if (begin < 0 || end < begin || end > all) from.broken("its offsets do not rise");
  return {begin, end};
}

template <class Offset>
Column lists(const ArrowSource& from) {
  auto* offsets = from.buffer<Offset>(1);
  const std::int64_t first = from.size() == 0 ? 0 : offsets[from.array.offset];
  const Column items = child(from, 0, first, from.size() == 0 ? 0 : offsets[from.array.offset + from.size()]);
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(from.size()), -1);
  for (std::int64_t i = 0; i < from.size(); ++i) {
    const auto [begin, end] = items_of(from, offsets, i, first + items.size());
    if (!from.is_null(i)) lengths[static_cast<std::size_t>(i)] = end - begin;
    else if (begin != end) {
      throw Error(Code::unsupported, fmt::format("column '{}': the missing list in row {} has items", from.name, i));
    }
  }
  return Column::lists(lengths, items);
}

}  // namespace

Column import_lists(const ArrowSource& from) {
  return from.format() == "+l" ? lists<std::int32_t>(from) : lists<std::int64_t>(from);
}

Column import_structs(const ArrowSource& from) {
  std::vector<std::pair<std::string, Column>> fields;
  for (std::int64_t i = 0; i < from.array.n_children; ++i) {
    const Column field = child(from, i, from.array.offset, from.array.offset + from.size());
    const char* name = from.schema.children[i]->name;
    fields.emplace_back(name == nullptr ? "" : name, field);
  }
  std::vector<Value> values(static_cast<std::size_t>(from.size()));
  std::map<std::int64_t, std::string> foreign;
  for (std::int64_t i = 0; i < from.size(); ++i) {
    if (from.is_null(i)) continue;
    Members members;
    for (const auto& [name, field] : fields) {
      if (field.foreign().contains(i)) foreign.emplace(i, "a dict with " + field.foreign().at(i));
      else if (!field.is_null(i)) members.emplace_back(name, field.value(i));
    }
    if (!foreign.contains(i)) values[static_cast<std::size_t>(i)] = Json{base::json_object(members)};
  }
  return Column::objects(std::move(values), std::move(foreign));
}

/// A map is a list of structs of key and value.
Column import_maps(const ArrowSource& from) {
  if (from.array.n_children != 1 || from.schema.n_children != 1) from.broken("what it consists of is missing");
  const ArrowSource entries{*from.schema.children[0], *from.array.children[0], from.name};
  const std::int64_t begin_all = entries.array.offset, end_all = begin_all + entries.size();
  const Column keys = child(entries, 0, begin_all, end_all), held = child(entries, 1, begin_all, end_all);
  auto* offsets = from.buffer<std::int32_t>(1);
  std::vector<Value> values(static_cast<std::size_t>(from.size()));
  std::map<std::int64_t, std::string> foreign;
  for (std::int64_t i = 0; i < from.size(); ++i) {
    if (from.is_null(i)) continue;
    Members members;
    const auto [begin, end] = items_of(from, offsets, i, keys.size());
    for (auto item = begin; item < end && !foreign.contains(i); ++item) {
      if (keys.kind() != Column::Kind::text) foreign.emplace(i, "a map whose keys are not text");
      else if (held.foreign().contains(item)) foreign.emplace(i, "a map with " + held.foreign().at(item));
      else members.emplace_back(std::string(keys.text(item)), held.value(item));
    }
    if (!foreign.contains(i)) values[static_cast<std::size_t>(i)] = Json{base::json_object(members)};
  }
  return Column::objects(std::move(values), std::move(foreign));
}

/// Bytes, decimals, durations and what else no field holds: the column keeps its place.
Column import_foreign(const ArrowSource& from) {
  static const std::map<std::string_view, std::string> known = {{"z", "bytes"}, {"Z", "bytes"}};
  const auto found = known.find(from.format().substr(0, 1));
  const std::string what =
      found != known.end() ? found->second : fmt::format("a value of Arrow type '{}'", from.format());
  std::map<std::int64_t, std::string> rows;
  for (std::int64_t i = 0; i < from.size(); ++i) {
    if (!from.is_null(i)) rows.emplace(i, what);
  }
  return Column::objects(std::vector<Value>(static_cast<std::size_t>(from.size())), std::move(rows));
}

}  // namespace lamin
