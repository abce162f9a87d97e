#include "lake/curate/annotate.hpp"

#include <algorithm>

#include "lake/curate/frame_edit.hpp"
#include "lake/curate/matches.hpp"
#include "lake/curate/meant.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/feature/links.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

/// As LaminDB infers it: with what the validating schema says of its set, so that a dataset with its members has it.
SchemaOptions inferred(const Part& part, std::string itype) {
  return {.itype = std::move(itype),
          .minimal_set = part.flag("minimal_set"),
          .maximal_set = part.flag("maximal_set"),
          .ordered_set = part.flag("ordered_set")};
}

/// Of a set that is too large to link.
SchemaOptions counted(std::string itype, std::size_t members) {
  return {.itype = std::move(itype), .n_members = static_cast<std::int64_t>(members)};
}

SchemaOptions inferred_from_features(const Part& part, const std::vector<DatasetColumn>& columns, const Frame& frame,
                                     std::size_t most_linked) {
  const auto itype = part.schema.text("itype");
  auto options = inferred(part, holds_features(itype) ? std::string(itype) : "Feature");
  for (const DatasetColumn& one : columns) {
    if (one.column.empty() || !frame.find(one.column)) continue;
    if (one.is_index) options.index = one.feature;
    options.members.push_back(one.feature);
  }
  if (options.members.size() > most_linked) return counted(options.itype, options.members.size());
  if (part.flag("coerce")) options.coerce = true;
  return options;
}

std::vector<Record> rows_of(Instance& instance, const schema::Table& table, const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return {};
  return instance.database().all({.registry = table.qualified.str(),
                                  .where = Expr::in("id", std::vector<Value>(ids.begin(), ids.end())),
                                  .order_by = {"id"}});
}

/// The terms that the labels of a part name.
std::vector<std::int64_t> term_ids(Instance& instance, const Part& part, const Frame& frame) {
  const std::string_view itype = part.schema.text("itype");
  return matches(instance, itype_table(instance.catalog(), itype).qualified.view(),
                 {.field = itype_field(instance.catalog(), itype)}, term_labels(part, frame));
}

SchemaOptions inferred_from_terms(Instance& instance, const Part& part, const Frame& frame, std::size_t most_linked) {
  const std::string itype(part.schema.text("itype"));
  const auto ids = term_ids(instance, part, frame);
  if (ids.size() > most_linked) return counted(itype, ids.size());
  auto options = inferred(part, itype);
  options.members = rows_of(instance, itype_table(instance.catalog(), itype), ids);
  return options;
}

void link_schema(Instance& instance, const Record& artifact, const std::string& slot, const SchemaOptions& options) {
  if (options.members.empty() && !options.n_members) return;
  Database& database = instance.database();
  SchemaDraft draft = prepare_schema(instance, options);
  save_schema(instance, draft);
  Query same{.registry = "ArtifactSchema",
             .where = Expr::all_of({Expr::compare("artifact_id", Op::exact, Value(artifact.id())),
                                    Expr::compare("slot", Op::exact, Value(slot))})};
  if (const auto known = database.first(same)) {
    if (known->at("schema").integer_or(0) == draft.record.id()) return;
    registry::Writes(database).remove(*known);
  }
  std::vector<Record> link(1, Record(instance.catalog().table("ArtifactSchema")));
  link[0].set("artifact", Value(artifact.id()));
  link[0].set("schema", Value(draft.record.id()));
  link[0].set("slot", Value(slot));
  registry::Writes(database).insert(link, {.ignore_conflicts = true});
}

void link_labels(Instance& instance, const Record& artifact, const Part& part, const DatasetColumn& one,
                 const Frame& frame, std::size_t most_linked) {
  const std::vector<std::string> values = unique_labels(frame.at(one.column));
  for (const Dtype::Target& target : one.dtype.targets) {
    const auto* relation = find_label_relation(artifact.table(), instance.catalog().table(target.registry));
    if (relation == nullptr) continue;  // such labels are in the dataset alone
    const auto ids = meant(instance, part, frame, one, target, values);
    if (ids.empty()) continue;
    if (ids.size() > most_linked) {
      instance.say(Level::important, "feature '" + std::string(one.feature.text("name")) + "' has " +
                                         std::to_string(ids.size()) + " labels: more than " +
                                         std::to_string(most_linked) + " are not linked to the artifact");
      continue;
    }
    registry::Writes(instance.database()).link(artifact, *relation, ids, {{"feature", Value(one.feature.id())}});
  }
}

}  // namespace

std::vector<Record> rows_named(Instance& instance, const std::vector<Part>& parts, const std::vector<Slot>& slots) {
  std::vector<Record> found;
  const auto add = [&](const schema::Table& table, const std::vector<std::int64_t>& ids) {
    std::ranges::move(rows_of(instance, table, ids), std::back_inserter(found));
  };
  for (const Part& part : parts) {
    const Frame& frame = slots[part.table].frame;
    if (part.of_terms) {
      add(itype_table(instance.catalog(), part.schema.text("itype")), term_ids(instance, part, frame));
      continue;
    }
    for (const DatasetColumn& one : dataset_columns(instance, part, frame)) {
      const Column* column = one.column.empty() ? nullptr : frame.find(one.column);
      if (column == nullptr) continue;
      found.push_back(one.feature);
      if (!one.dtype.is_category()) continue;
      const auto values = unique_labels(*column);
      for (const Dtype::Target& target : one.dtype.targets)
        add(instance.catalog().table(target.registry), meant(instance, part, frame, one, target, values));
    }
  }
  return found;
}

void annotate_artifact(Instance& instance, Record& artifact, const Record& schema, const std::vector<Part>& parts,
                       const std::vector<Slot>& slots, std::size_t most_linked) {
  Database& database = instance.database();
  database.transaction([&] {
    if (artifact.at("schema").integer_or(0) != schema.id()) {
      artifact.set("schema", Value(schema.id()));
      registry::Writes(database).save(artifact);
    }
    for (const Part& part : parts) {
      const Frame& frame = slots[part.table].frame;
      const std::string slot = part.slot.empty() ? "columns" : part.slot;
      if (part.of_terms) {
        link_schema(instance, artifact, slot, inferred_from_terms(instance, part, frame, most_linked));
        continue;
      }
      const auto columns = dataset_columns(instance, part, frame);
      link_schema(instance, artifact, slot, inferred_from_features(part, columns, frame, most_linked));
      for (const DatasetColumn& one : columns) {
        if (one.dtype.is_category() && !one.column.empty() && frame.find(one.column))
          link_labels(instance, artifact, part, one, frame, most_linked);
      }
    }
  });
}

}  // namespace lamin::lake
