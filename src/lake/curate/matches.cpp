#include "lake/curate/matches.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "base/text.hpp"
#include "lake/label/scope.hpp"
#include "lake/label/value_index.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

constexpr int deepest = 100;  // types do not nest deeper; a cycle ends here

struct Placed {
  std::int64_t id = 0;
  int depth = 0;
  std::string type = {};  ///< name of the nearest type
};

Placed placed(Instance& instance, const schema::Table& table, std::int64_t id) {
  Placed found{.id = id};
  const auto row = instance.database().find(table, id);
  std::int64_t type = row ? row->at("type").integer_or(0) : 0;
  for (; type != 0 && found.depth < deepest; ++found.depth) {
    const auto parent = instance.database().find(table, type);
    if (parent && found.depth == 0) found.type = parent->text("name");
    type = parent ? parent->at("type").integer_or(0) : 0;
  }
  return found;
}

}  // namespace

std::int64_t topmost(Instance& instance, const schema::Table& table, std::string_view name,
                     std::span<const std::int64_t> ids) {
  if (ids.size() == 1) return ids.front();
  std::vector<Placed> rows;
  for (const std::int64_t id : ids) rows.push_back(placed(instance, table, id));
  const int least = std::ranges::min(rows, {}, &Placed::depth).depth;
  std::erase_if(rows, [&](const Placed& row) { return row.depth != least; });
  if (rows.size() == 1) return rows.front().id;
  std::string where;
  if (least > 0) {
    std::vector<std::string> types;
    for (const Placed& row : rows) types.push_back("'" + row.type + "'");
    where = fmt::format(" at depth {} (under types: [{}])", least, base::join(types, ", "));
  }
  throw Error(Code::validation,
              fmt::format("Ambiguous match for {} '{}': found {} {}{}s{}", table.name.view(), name, rows.size(),
                          least == 0 ? "root-level " : "", base::lower(table.name.view()), where));
}

std::vector<std::int64_t> matches(Instance& instance, std::string_view registry, const LabelOptions& options,
                                  std::span<const std::string> values) {
  const schema::Table& table = instance.catalog().table(registry);
  const auto index = value_index(instance.database(), label_scope(instance, registry, options));
  const bool typed = table.has(schema::Trait::typed);
  std::vector<std::int64_t> ids;
  for (const std::string& value : values) {
    std::vector<std::int64_t> rows;
    for (auto e = index->values().find(value); e != TextMap::none; e = index->values().next(e)) {
      rows.push_back(index->id(index->values().row(e)));
    }
    if (rows.empty()) continue;
    if (typed) ids.push_back(topmost(instance, table, value, rows));
    else ids.insert(ids.end(), rows.begin(), rows.end());
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

std::vector<bool> shared_labels(Instance& instance, std::string_view registry, const LabelOptions& options,
                                std::span<const std::string> values) {
  std::vector<bool> shared(values.size(), false);
  if (!instance.catalog().table(registry).has(schema::Trait::typed)) return shared;
  const auto index = value_index(instance.database(), label_scope(instance, registry, options));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto first = index->values().find(values[i]);
    shared[i] = first != TextMap::none && index->values().next(first) != TextMap::none;
  }
  return shared;
}

}  // namespace lamin::lake
