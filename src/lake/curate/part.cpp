#include "lake/curate/part.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <unordered_set>

#include "base/text.hpp"
#include "lake/curate/frame_edit.hpp"
#include "lake/curate/matches.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/feature/schema_set.hpp"
#include "lake/label/suggest.hpp"
#include "lamin/error.hpp"
#include "lamin/find.hpp"
#include "lamin/public_terms.hpp"

namespace lamin::lake {
namespace {

constexpr std::string_view external_slot = "__external__";  // feature values of the artifact

bool holds_terms(const Record& schema) {
  const std::string_view itype = schema.text("itype");
  return !itype.empty() && !holds_features(itype) && itype != "Composite";
}

/// The features that a schema of a type considers.
std::vector<Value> ids_in_type(Instance& instance, std::string_view itype) {
  const auto type = instance.database().get(instance.catalog().table("Feature"), itype_type(itype));
  std::vector<Value> ids;
  for (const auto id : members_of_type(instance, type)) ids.emplace_back(id);
  return ids;
}

Part make_part(Instance& instance, const Record& schema, std::string slot, std::size_t table,
               const std::optional<std::vector<Record>>& members = {}) {
  Part part{.slot = std::move(slot), .table = table, .schema = schema, .aux = schema_roles(schema)};
  part.of_terms = holds_terms(schema);
  part.of_rows = part.of_terms && (part.slot.ends_with(".T") || part.slot == "var" || part.slot.ends_with(":var"));
  part.members = members ? *members : schema_members(instance, schema);
  return part;
}

}  // namespace

std::vector<Part> make_parts(Instance& instance, const Record& schema, const std::vector<Slot>& slots,
                             const CurateOptions& options) {
  std::vector<std::string> names;
  for (const Slot& slot : slots) names.push_back(slot.name);
  const auto table_of = [&](std::string_view name) { return std::find(names.begin(), names.end(), name); };
  std::vector<Part> parts;
  const auto components =
      schema.saved() ? schema_slots(instance, schema) : std::vector<std::pair<std::string, Record>>();
  const auto plain = table_of("");
  if (plain != names.end()) {
    parts.push_back(make_part(instance, schema, "", static_cast<std::size_t>(plain - names.begin()), options.members));
    parts.back().is_dictionary = options.is_dictionary;
    parts.back().called = options.slot;
  } else if (components.empty()) {
    throw Error(Code::invalid_argument, "the schema has no slots, but the dataset has " + base::join(names, ", ") +
                                            ": make a schema with slots={\"obs\": ..., ...} and otype");
  }
  for (const auto& [slot, component] : components) {
    if (slot == external_slot) continue;
    std::string_view name = slot;
    auto found = table_of(name);
    if (found == names.end() && name.ends_with(".T")) found = table_of(name.substr(0, name.size() - 2));
    if (found == names.end()) {
      throw Error(Code::invalid_argument, "the schema asks for slot '" + slot + "', but the dataset has " +
                                              (names.empty() ? "none" : base::join(names, ", ")));
    }
    parts.push_back(make_part(instance, component, slot, static_cast<std::size_t>(found - names.begin())));
  }
  return parts;
}

std::vector<DatasetColumn> dataset_columns(Instance& instance, const Part& part, const Frame& frame) {
  std::vector<DatasetColumn> columns;
  std::set<std::string> listed;
  const auto add = [&](const Record& feature, bool is_member) {
    DatasetColumn one{.feature = feature, .column = std::string(feature.text("name")), .listed = is_member};
    one.is_index = is_member && !part.aux.index.empty() && part.aux.index == feature.uid();
    if (one.is_index) one.column = frame.index;
    one.optional =
        std::find(part.aux.optional.begin(), part.aux.optional.end(), feature.uid()) != part.aux.optional.end();
    one.dtype = parse_dtype(instance.catalog(), feature.text("_dtype_str"));
    listed.insert(one.column);
    columns.push_back(std::move(one));
  };
  for (const Record& member : part.members) add(member, true);
  if (!part.flag("flexible")) return columns;
  std::vector<Value> others;
  for (const std::string& name : frame.names()) {
    if (!listed.contains(name) && name != frame.index) others.emplace_back(name);
  }
  if (others.empty()) return columns;
  Query query{
      .registry = "Feature",
      .where = Expr::all_of({Expr::in("name", std::move(others)), Expr::compare("is_type", Op::exact, Value(false))}),
      .order_by = {"id"}};
  const bool of_type = !itype_type(part.schema.text("itype")).empty();
  if (of_type) query.where.children.push_back(Expr::in("id", ids_in_type(instance, part.schema.text("itype"))));
  std::map<std::string, std::vector<Record>> by_name;
  for (Record& feature : instance.database().all(query)) {
    by_name[std::string(feature.text("name"))].push_back(std::move(feature));
  }
  for (const std::string& name : frame.names()) {
    const auto found = by_name.find(name);
    if (found == by_name.end() || listed.contains(name)) continue;
    std::vector<std::int64_t> ids;
    for (const Record& feature : found->second) ids.push_back(feature.id());
    const std::int64_t nearest = topmost(instance, found->second.front().table(), name, ids);
    add(*std::ranges::find(found->second, nearest, &Record::id), false);
  }
  return columns;
}

std::vector<std::string> term_labels(const Part& part, const Frame& frame) {
  std::vector<std::string> labels;
  if (!part.of_rows) {
    for (const std::string& name : frame.names()) {
      if (name != frame.index && !name.starts_with("__lamindb_")) labels.push_back(name);
    }
    return labels;
  }
  const lamin::Column* index = frame.index.empty() ? nullptr : frame.find(frame.index);
  if (!index) {
    throw Error(Code::validation, "slot '" + part.slot + "' checks the names of the rows, and the table has none");
  }
  return unique_labels(*index);
}

bool take_public(Instance& instance, const Dtype& dtype, const std::vector<std::string>& values) {
  bool any = false;
  for (const Dtype::Target& target : dtype.targets) {
    if (instance.catalog().table(target.registry).find_column("source") == nullptr) continue;
    any |= !register_from_release(instance, target.registry, values, target_options(instance, target)).empty();
  }
  return any;
}

Inspection inspect_values(Instance& instance, const Dtype& dtype, const std::vector<std::string>& values) {
  Inspection total;
  total.non_validated = values;
  total.n_values = static_cast<std::int64_t>(values.size());
  for (const Dtype::Target& target : dtype.targets) {
    auto options = target_options(instance, target);
    options.from_source = true;  // a term that was meant need not be registered
    Inspection one = inspect(instance, target.registry, total.non_validated, options);
    total.validated.insert(total.validated.end(), one.validated.begin(), one.validated.end());
    total.non_validated = std::move(one.non_validated);
    total.synonyms.merge(one.synonyms);
    for (auto& [value, suggestions] : one.suggestions) {
      auto& all = total.suggestions[value];
      all = best_of(std::move(all), std::move(suggestions));
    }
  }
  const std::unordered_set<std::string_view> unknown(total.non_validated.begin(), total.non_validated.end());
  const auto is_known = [&](const std::string& value) { return !unknown.contains(value); };
  std::erase_if(total.synonyms, [&](const auto& one) { return is_known(one.first); });
  std::erase_if(total.suggestions,
                [&](const auto& one) { return is_known(one.first) || total.synonyms.contains(one.first); });
  total.n_unique = static_cast<std::int64_t>(total.validated.size() + total.non_validated.size());
  const auto unique = static_cast<std::size_t>(total.n_unique);
  const std::size_t per_mille = unique == 0 ? 0 : total.validated.size() * 1000 / unique;
  total.frac_validated = static_cast<double>(per_mille) / 10;
  return total;
}

}  // namespace lamin::lake
