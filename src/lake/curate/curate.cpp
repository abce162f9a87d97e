// The curator: which schema checks which table, and what is changed in memory.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "format/format.hpp"
#include "format/formats.hpp"
#include "format/sketch.hpp"
#include "lake/curate/annotate.hpp"
#include "lake/curate/fill.hpp"
#include "lake/curate/frame_edit.hpp"
#include "lake/curate/part.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lamin/curate.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

/// New rows must not be synonyms of others: the dataset is standardized first.
void refuse_synonyms(const Inspection& inspection, const std::string& column) {
  if (inspection.synonyms.empty()) return;
  const auto& [from, to] = *inspection.synonyms.begin();
  throw Error(Code::validation, "Please run `.standardize()` before adding new values: '" + from + "' in '" + column +
                                    "' is a synonym of '" + to + "'");
}

/// A name of a row is changed only where it stays one of its own.
void refuse_repetition(const Frame& frame, const std::string& from, const std::string& to) {
  const Column* names = frame.index.empty() ? nullptr : frame.find(frame.index);
  const auto known = names == nullptr ? std::vector<std::string>() : lake::unique_labels(*names);
  if (std::ranges::find(known, from) == known.end()) throw Error(Code::not_found, "no row has the name '" + from + "'");
  if (std::ranges::find(known, to) != known.end()) {
    throw Error(Code::conflict, "row '" + from + "' cannot become '" + to +
                                    "', since another row has this name: join the two, or remove one");
  }
}

}  // namespace

struct Curator::State {
  Instance* instance = nullptr;
  Record schema;
  std::vector<Slot> slots;
  std::vector<lake::Part> parts;
  std::vector<Problem> problems;
  lake::Coerced coerced;
  CurateOptions options;
  bool checked = false;
  std::vector<std::set<std::string>> changed;  ///< per slot: columns that differ from the file

  void require_valid(Curator& curator) {
    if (!schema.saved())
      throw Error(Code::invalid_argument, "the schema is not saved: save it before annotating with it");
    if (!checked) curator.check();
    if (problems.empty()) return;
    throw Error(Code::validation,
                "the dataset does not meet the schema, nothing was annotated:\n" + problems.front().message);
  }
  lake::Part& part(std::string_view slot) {
    for (lake::Part& one : parts) {
      if (one.slot == slot || (slot == "columns" && one.slot.empty())) return one;
    }
    throw Error(Code::invalid_argument, "the schema has no slot '" + std::string(slot) + "'");
  }
  Frame& frame(const lake::Part& one) { return slots[one.table].frame; }

  void replace(const lake::Part& one, const std::string& column, const std::map<std::string, std::string>& texts) {
    if (texts.empty()) return;
    replace_in(one.table, column, texts);
    if (column == frame(one).index) replace_in_union(slots[one.table].name, texts);
    checked = false;
  }
  void replace_in(std::size_t table, const std::string& column, const std::map<std::string, std::string>& texts) {
    Frame& columns = slots[table].frame;
    columns = lake::with_column(columns, column, lake::replace_texts(columns.at(column), texts));
    changed[table].insert(column);
  }
  /// The table of a whole MuData names the rows as its modalities do.
  void replace_in_union(const std::string& slot, const std::map<std::string, std::string>& texts) {
    const auto colon = slot.find(':');
    if (colon == std::string::npos || slot.starts_with("tables:")) return;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const Frame& table = slots[i].frame;
      if (slots[i].name == slot.substr(colon + 1) && table.find(table.index)) replace_in(i, table.index, texts);
    }
  }
  void replace_labels(const lake::Part& one, const std::map<std::string, std::string>& texts) {
    if (texts.empty()) return;
    if (one.of_rows) return replace(one, frame(one).index, texts);
    frame(one) = lake::with_names(frame(one), texts);
    for (const auto& [from, to] : texts) changed[one.table].insert(to);
    checked = false;
  }
  /// Existing categorical columns with this name; all of them for "".
  std::vector<lake::DatasetColumn> categorical(const lake::Part& one, std::string_view column) {
    std::vector<lake::DatasetColumn> found;
    if (one.of_terms) return found;
    for (lake::DatasetColumn& each : lake::dataset_columns(*instance, one, frame(one))) {
      const bool named = column.empty() || each.feature.text("name") == column || (each.is_index && column == "index");
      const bool categories = each.dtype.is_category() && !each.dtype.targets.empty();
      if (named && categories && !each.column.empty() && frame(one).find(each.column)) found.push_back(std::move(each));
    }
    if (found.empty() && !column.empty()) {
      throw Error(Code::invalid_argument, "column '" + std::string(column) + "' is not there or holds no categories");
    }
    return found;
  }
};

Curator::Curator(Instance& instance, Record schema, std::vector<Slot> slots, const CurateOptions& options)
    : state_(std::make_unique<State>()) {
  if (!schema.saved() && !options.members)
    throw Error(Code::invalid_argument, "the schema is not saved: save it before curating with it");
  state_->instance = &instance;
  state_->options = options;
  state_->parts = lake::make_parts(instance, schema, slots, options);
  state_->schema = std::move(schema);
  state_->changed.resize(slots.size());
  state_->slots = std::move(slots);
}
Curator::~Curator() = default;
Curator::Curator(Curator&&) noexcept = default;

const std::vector<Slot>& Curator::slots() const { return state_->slots; }

const Record& Curator::schema() const { return state_->schema; }

bool Curator::changed() const {
  return std::ranges::any_of(state_->changed, [](const auto& columns) { return !columns.empty(); });
}

const std::vector<Problem>& Curator::check() {
  state_->problems.clear();
  state_->coerced.clear();
  for (const lake::Part& part : state_->parts) {
    auto [problems, coerced, notes] = lake::check_part(*state_->instance, part, state_->frame(part));
    std::ranges::move(problems, std::back_inserter(state_->problems));
    std::ranges::move(coerced, std::back_inserter(state_->coerced));
    for (const Words& note : notes) state_->instance->say(Level::warning, note);
  }
  state_->checked = true;
  return state_->problems;
}

void Curator::validate() {
  Words message;
  bool valid = true;
  for (const Problem& problem : check()) {
    message += (valid ? "" : "\n") + problem.message;
    valid = false;
  }
  if (!valid) throw Error(Code::validation, message);
}

std::map<std::string, std::string> Curator::standardize(std::string_view slot, std::string_view column) {
  lake::Part& part = state_->part(slot);
  if (part.of_terms) {
    if (!column.empty() && column != "columns") {
      throw Error(Code::invalid_argument, "slot '" + part.slot + "' checks labels, not columns: pass \"columns\"");
    }
    if (column.empty()) return {};
    const std::string_view itype = part.schema.text("itype");
    const schema::Catalog& catalog = state_->instance->catalog();
    const Inspection inspection =
        inspect(*state_->instance, lake::itype_table(catalog, itype).qualified.view(),
                lake::term_labels(part, state_->frame(part)), {.field = lake::itype_field(catalog, itype)});
    state_->replace_labels(part, inspection.synonyms);
    return inspection.synonyms;
  }
  if (column == "columns") {
    const Inspection inspection = inspect(*state_->instance, "Feature", lake::term_labels(part, state_->frame(part)));
    state_->replace_labels(part, inspection.synonyms);
    return inspection.synonyms;
  }
  std::map<std::string, std::string> all;
  for (const lake::DatasetColumn& one : state_->categorical(part, column)) {
    const Inspection inspection =
        lake::inspect_values(*state_->instance, one.dtype, lake::unique_labels(state_->frame(part).at(one.column)));
    state_->replace(part, one.column, inspection.synonyms);
    all.insert(inspection.synonyms.begin(), inspection.synonyms.end());
  }
  return all;
}

std::vector<CheckedColumn> Curator::columns(std::string_view slot) const {
  const lake::Part& part = state_->part(slot);
  std::vector<CheckedColumn> columns;
  if (part.of_terms) return columns;
  for (lake::DatasetColumn& one : lake::dataset_columns(*state_->instance, part, state_->frame(part))) {
    columns.push_back({.feature = one.feature,
                       .dtype = one.dtype,
                       .column = one.column,
                       .is_index = one.is_index,
                       .required = !one.optional && one.listed && part.flag("minimal_set"),
                       .coerced = part.coerce(one.feature)});
  }
  return columns;
}

const lake::Coerced& Curator::coerced() const { return state_->coerced; }

std::vector<Filled> Curator::fill_in(std::string_view slot) {
  const lake::Part& part = state_->part(slot);
  std::vector<Filled> filled;
  if (part.of_terms) return filled;
  Frame& frame = state_->frame(part);
  const auto& slot_name = state_->slots[part.table].name;
  const bool dictionary = !slot_name.empty() && format::table_path(slot_name).empty();
  for (const lake::DatasetColumn& one : lake::dataset_columns(*state_->instance, part, frame)) {
    if (one.is_index || one.column.empty()) continue;
    if (dictionary && frame.find(one.column) != nullptr) continue;  // a value that no cell can hold seems to be missing
    const Value value = lake::default_value(one.feature, one.dtype);
    const Column* column = frame.find(one.column);
    if (column == nullptr && value.is_null() && !one.feature.at("nullable").boolean_or(true)) {
      throw Error(Code::validation, "column '" + one.column + "' is missing and has no default value");
    }
    if (column != nullptr && (value.is_null() || !lake::has_nulls(*column))) continue;
    filled.push_back({one.column, value, column == nullptr});
    if (column == nullptr) frame.add(one.column, lake::column_of(one.dtype, value, frame.rows()));
    else frame = lake::with_column(frame, one.column, lake::without_nulls(*column, value));
    state_->changed[part.table].insert(one.column);
    state_->checked = false;
  }
  return filled;
}

void Curator::replace(std::string_view slot, std::string_view column, std::string_view from, std::string_view to) {
  lake::Part& part = state_->part(slot);
  const std::map<std::string, std::string> texts{{std::string(from), std::string(to)}};
  const Frame& frame = state_->frame(part);
  const bool names_rows = part.of_rows ? column == "columns" : column == "index" && frame.find(column) == nullptr;
  if (part.of_terms && column == "columns" && !names_rows) return state_->replace_labels(part, texts);
  if (names_rows) {
    refuse_repetition(frame, std::string(from), std::string(to));
    return state_->replace(part, frame.index, texts);
  }
  const Column* found = frame.find(column);
  if (!found) throw Error(Code::not_found, "there is no column '" + std::string(column) + "'");
  if (found->kind() != Column::Kind::text && found->kind() != Column::Kind::category) {
    throw Error(Code::invalid_argument, "column '" + std::string(column) + "' holds no text");
  }
  const std::vector<std::string> values = lake::unique_labels(*found);
  if (std::find(values.begin(), values.end(), from) == values.end()) {
    throw Error(Code::not_found,
                "column '" + std::string(column) + "' has no value '" + std::string(from) + "' to replace");
  }
  state_->replace(part, std::string(column), texts);
}

std::int64_t Curator::add_new(std::string_view slot, std::string_view column,
                              const std::map<std::string, Value>& fields) {
  lake::Part& part = state_->part(slot);
  Instance& instance = *state_->instance;
  std::vector<Record> fresh;
  const auto collect = [&](const Dtype::Target& target, const std::vector<std::string>& unknown) {
    const std::int64_t type = lake::target_type(instance, target);
    FromValues made = from_values(instance, target.registry, unknown, lake::target_options(instance, target), true);
    for (Record& record : made.records) {
      if (record.saved()) continue;
      if (type != 0) record.set("type", Value(type));
      for (const auto& [field, value] : fields) record.set(field, value);
      fresh.push_back(std::move(record));
    }
  };
  if (part.of_terms) {
    const std::string_view itype = part.schema.text("itype");
    const schema::Catalog& catalog = instance.catalog();
    const Dtype::Target target{.registry = lake::itype_table(catalog, itype).qualified.str(),
                               .field = lake::itype_field(catalog, itype)};
    const auto labels = lake::term_labels(part, state_->frame(part));
    refuse_synonyms(inspect(instance, target.registry, labels, {.field = target.field}), "columns");
    collect(target, labels);
  } else {
    for (const lake::DatasetColumn& one : state_->categorical(part, column)) {
      const auto values = lake::unique_labels(state_->frame(part).at(one.column));
      const Inspection inspection = lake::inspect_values(instance, one.dtype, values);
      if (inspection.non_validated.empty()) continue;
      refuse_synonyms(inspection, one.column);
      if (one.dtype.targets.size() > 1) {
        throw Error(Code::invalid_argument,
                    "feature '" + std::string(one.feature.text("name")) +
                        "' takes rows of several registries: create the new ones in one of them");
      }
      collect(one.dtype.targets.front(), inspection.non_validated);
    }
  }
  instance.database().transaction([&] {
    for (Record& record : fresh) {
      Record copy = record;
      registry::Writes(instance.database()).save(copy);
    }
  });
  state_->checked = false;
  return static_cast<std::int64_t>(fresh.size());
}

void Curator::annotate(Record& artifact) {
  state_->require_valid(*this);
  lake::annotate_artifact(*state_->instance, artifact, state_->schema, state_->parts, state_->slots,
                          state_->options.most_linked);
}

CarriedRows Curator::carried() {
  state_->require_valid(*this);
  auto rows = lake::rows_named(*state_->instance, state_->parts, state_->slots);
  rows.insert(rows.begin(), state_->schema);
  return read_rows(*state_->instance, rows);
}

void Curator::write(const std::filesystem::path& from, const std::filesystem::path& to) const {
  const auto* format = format::format_of(to);
  if (state_->slots.size() == 1 && state_->slots.front().name.empty()) {
    const auto write = format == nullptr || format->write == nullptr ? format::write_csv : format->write;
    return write(state_->slots.front().frame, to);
  }
  std::vector<Slot> changed;
  for (std::size_t i = 0; i < state_->slots.size(); ++i) {
    const Slot& slot = state_->slots[i];
    Slot columns{.name = slot.name};
    for (const std::string& column : state_->changed[i]) { columns.frame.add(column, slot.frame.at(column)); }
    if (columns.frame.size() > 0) changed.push_back(std::move(columns));
  }
  const auto* source = format::format_of(from);
  if (source == nullptr || source->rewrite == nullptr) {
    throw Error(Code::unsupported,
                "columns of '" + from.string() + "' cannot be replaced: change the object in memory " + "and save it");
  }
  source->rewrite(from, to, changed);
}

}  // namespace lamin
