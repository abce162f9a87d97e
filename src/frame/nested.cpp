#include "frame/nested.hpp"
#include <fmt/format.h>
#include <limits>
#include <utility>
#include "base/json.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using Kind = Column::Kind;

const ColumnData& expect(const std::shared_ptr<const ColumnData>& data, Kind kind) {
  if (data->kind == kind) return *data;
  throw Error(Code::invalid_argument,
              fmt::format("a column of {} is no column of {}", name_of(data->kind), name_of(kind)));
}

}  // namespace

Column Column::lists(const std::vector<std::int64_t>& lengths, const Column& items) {
  auto data = std::make_shared<ColumnData>();
  data->kind = Kind::list;
  data->size = static_cast<std::int64_t>(lengths.size());
  ValidityBuilder validity(*data, data->size);
  std::int64_t end = 0;
  data->offsets.assign(1, 0);
  for (std::size_t row = 0; row < lengths.size(); ++row) {
    if (lengths[row] < 0) validity.set_null(static_cast<std::int64_t>(row));
    else end += lengths[row];
    if (end > std::numeric_limits<std::int32_t>::max()) {
      throw Error(Code::unsupported, "a column of lists has more than 2,147,483,647 items: split the table");
    }
    data->offsets.push_back(static_cast<std::int32_t>(end));
  }
  if (end != items.size()) {
    throw Error(Code::invalid_argument, fmt::format("lists of {} items in all, but {} items", end, items.size()));
  }
  data->items = items.data();
  return Column(std::move(data));
}

Column Column::objects(std::vector<Value> values, std::map<std::int64_t, std::string> foreign) {
  auto data = std::make_shared<ColumnData>();
  data->kind = Kind::object;
  data->size = static_cast<std::int64_t>(values.size());
  ValidityBuilder validity(*data, data->size);
  for (std::int64_t row = 0; row < data->size; ++row) {
    if (values[static_cast<std::size_t>(row)].is_null() && !foreign.contains(row)) validity.set_null(row);
  }
  data->cells = std::move(values);
  data->foreign = std::move(foreign);
  return Column(std::move(data));
}

Column Column::with_zone(bool zoned) const {
  auto data = std::make_shared<ColumnData>(expect(data_, Kind::time));
  data->zoned = zoned;
  return Column(std::move(data));
}

Column Column::items() const { return Column(expect(data_, Kind::list).items); }

std::vector<std::int64_t> Column::lengths() const {
  const ColumnData& data = expect(data_, Kind::list);
  std::vector<std::int64_t> lengths;
  lengths.reserve(static_cast<std::size_t>(data.size));
  for (std::int64_t row = 0; row < data.size; ++row) {
    const auto at = static_cast<std::size_t>(row);
    lengths.push_back(data.is_null(row) ? -1 : data.offsets[at + 1] - data.offsets[at]);
  }
  return lengths;
}

const std::map<std::int64_t, std::string>& Column::foreign() const { return data_->foreign; }

bool Column::has_zone() const { return expect(data_, Kind::time).zoned; }

Value list_value(const ColumnData& data, std::int64_t row) {
  const Column items(data.items);
  const auto at = static_cast<std::size_t>(row);
  std::vector<Value> list;
  for (auto i = data.offsets[at]; i < data.offsets[at + 1]; ++i) list.push_back(items.value(i));
  return Json{base::json_array(list)};
}

Value object_value(const ColumnData& data, std::int64_t row) {
  if (const auto found = data.foreign.find(row); found != data.foreign.end()) {
    throw Error(Code::validation,
                fmt::format("row {} holds {}, which cannot be a value of a feature", row, found->second));
  }
  return data.cells[static_cast<std::size_t>(row)];
}

}  // namespace lamin
