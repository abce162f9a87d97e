#include "lake/curate/meant.hpp"

#include <algorithm>

#include "lake/curate/matches.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/feature/links.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

constexpr std::string_view uid_column = "__lamindb_record_uid__";

bool holds_texts(const lamin::Column* column) {
  return column != nullptr &&
         (column->kind() == lamin::Column::Kind::text || column->kind() == lamin::Column::Kind::category);
}

/// The record that a row of an exported table is: by its uid, or by the index of the sheet.
std::optional<Record> record_of(Instance& instance, const Part& part, const Frame& frame, std::int64_t row) {
  const auto& records = instance.catalog().table("Record");
  if (const auto* uids = frame.find(uid_column); holds_texts(uids)) {
    return uids->is_null(row) ? std::nullopt : instance.database().find(records, uids->text(row));
  }
  const auto* names = frame.index.empty() ? nullptr : frame.find(frame.index);
  if (part.aux.index.empty() || !holds_texts(names) || names->is_null(row)) return std::nullopt;
  const Query same{.registry = "Record",
                   .where = Expr::all_of({Expr::compare("name", Op::exact, Value(names->text(row))),
                                          Expr::compare("type.schema_id", Op::exact, Value(part.schema.id()))}),
                   .order_by = {"id"},
                   .limit = 2};
  auto found = instance.database().all(same);
  return found.size() == 1 ? std::optional(std::move(found.front())) : std::nullopt;
}

/// What the rows with this text are linked to; none if one of them does not say.
std::vector<std::int64_t> linked(Instance& instance, const Part& part, const Frame& frame, const DatasetColumn& column,
                                 const schema::Table& registry, const std::string& text) {
  const auto* cells = frame.find(column.column);
  if (part.sketch != nullptr || !holds_texts(cells)) return {};
  const auto& relation = label_relation(instance.catalog().table("Record"), registry);
  std::vector<std::int64_t> ids;
  for (std::int64_t row = 0; row < cells->size(); ++row) {
    if (cells->is_null(row) || cells->text(row) != text) continue;
    const auto record = record_of(instance, part, frame, row);
    if (!record) return {};
    const auto own = labels_of(instance, *record, relation, column.feature.id());
    if (own.size() != 1) return {};
    ids.push_back(own.front());
  }
  return ids;
}

}  // namespace

std::vector<std::int64_t> meant(Instance& instance, const Part& part, const Frame& frame, const DatasetColumn& column,
                                const Dtype::Target& target, std::span<const std::string> texts) {
  const auto options = target_options(instance, target);
  try {
    return matches(instance, target.registry, options, texts);
  } catch (const Error& error) {
    if (error.code() != Code::validation || target.registry != "Record") throw;
  }
  std::vector<std::int64_t> ids;
  for (const std::string& text : texts) {
    std::vector<std::int64_t> own;
    try {
      own = matches(instance, target.registry, options, {&text, 1});
    } catch (const Error&) {
      own = linked(instance, part, frame, column, instance.catalog().table(target.registry), text);
      if (own.empty()) throw;
    }
    ids.insert(ids.end(), own.begin(), own.end());
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

}  // namespace lamin::lake
