#include "lake/curate/complaint.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lake/feature/dtype_target.hpp"

namespace lamin::lake {
namespace {

constexpr std::size_t most_listed = 10;  // values listed in a message

// Dtypes that columns of a table have themselves; others are compared value by value.
constexpr std::array typed_bases{Dtype::Base::integer,  Dtype::Base::floating,     Dtype::Base::date,
                                 Dtype::Base::datetime, Dtype::Base::datetime_utc, Dtype::Base::category};

}  // namespace

std::string place(const Part& part) {
  const auto& slot = part.slot.empty() ? part.called : part.slot;
  return slot.empty() ? "" : " in slot '" + slot + "'";
}

Words wrong_type_text(const Part& part, const DatasetColumn& one, const std::string& held, const std::string& stuck) {
  const std::string wanted(one.feature.text("_dtype_str"));
  const bool typed = !one.dtype.list && std::ranges::find(typed_bases, one.dtype.base) != typed_bases.end();
  if (one.dtype.base == Dtype::Base::dict && !one.dtype.list && !one.is_index) {
    return fmt::format(
        "Column '{}' failed dtype check for '{}': got {}{}: non-null values must be dicts or strings representing "
        "dicts",
        one.column, wanted, held, place(part));
  }
  // In pandas, a missing value among booleans or integers costs the column its type.
  const char* advice =
      held == "object" ? "convert it to a column with a type of its own, such as boolean or Int64" : "convert it";
  if (!typed && !one.is_index) {
    return fmt::format("Column '{}' failed dtype check for '{}': got {}{}: {}", one.column, wanted, held, place(part),
                       advice);
  }
  if (!stuck.empty()) {
    return fmt::format("expected series '{}' to have type {}, got {}{}: {} cannot be converted", one.column, wanted,
                       held, place(part), stuck);
  }
  const std::string name = one.dtype.is_category() ? one.is_index ? "str" : "category" : wanted;
  return fmt::format("expected series '{}' to have type {}, got {}{}: {}, or ", one.column, name, held, place(part),
                     advice) +
         Words(Remedy{Remedy::Verb::coerce}) + " where all values can be converted";
}

TypeLabels type_labels(Instance& instance, const Dtype::Target& target) {
  if (target.type_uid.empty()) return {};
  const schema::Table& table = instance.catalog().table(target.registry);
  const auto type = instance.database().find(table, target.type_uid);
  if (!type) return {};
  TypeLabels found{.name = std::string(type->text("name"))};
  Query query{.registry = target.registry,
              .where = target_options(instance, target).within,
              .order_by = {"id"},
              .limit = static_cast<std::int64_t>(most_listed) + 1};
  for (const Record& row : instance.database().all(query)) found.labels.emplace_back(row.text(target.field));
  return found;
}

}  // namespace lamin::lake
