// A table of terms into a registry: genes, proteins, a user's own terms.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "format/formats.hpp"
#include "format/taxonomy.hpp"
#include "lake/label/hooks.hpp"
#include "lake/label/scope.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/taxonomy_import.hpp"
#include "lake/ontology/term_table_import.hpp"
#include "lake/ontology/term_writer.hpp"
#include "lamin/error.hpp"
#include "lamin/ontology.hpp"
#include "registry/values.hpp"

namespace lamin {
namespace {

/// Where a column of the frame goes.
struct Target {
  const Column* from = nullptr;
  const schema::Column* to = nullptr;
  bool parents = false;
};

std::string_view field_of(const schema::Table& table, std::string_view column) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> other_names{
      {{"definition", "description"}, {"ncbi_gene_id", "ncbi_gene_ids"}, {"gene_name", "symbol"}}};
  if (table.find_column(column)) return column;
  for (const auto& [name, field] : other_names) {
    if (name == column && table.find_column(field)) return field;
  }
  return {};
}

/// "deskription (did you mean description?)".
std::string with_nearest(const schema::Table& table, const std::string& name) {
  const auto near = table.nearest(name);
  return near.empty() ? name : fmt::format("{} (did you mean {}?)", name, near.substr(0, near.find(',')));
}

/// Where the columns go; those that no field takes are added to `ignored`.
std::vector<Target> targets_of(const schema::Table& table, const Frame& terms, std::vector<std::string>& ignored) {
  std::vector<Target> targets;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const std::string& name = terms.names()[i];
    const std::string_view field = field_of(table, name);
    const schema::Column* column = field.empty() ? nullptr : &table.column(field);
    const bool writable = column && column->position != 0 && column->kind != schema::Kind::ref && field != "uid";
    if (name == "parents" && table.find_relation("parents")) targets.push_back({&terms.at(i), nullptr, true});
    else if (writable) targets.push_back({&terms.at(i), column, false});
    else ignored.push_back(name);
  }
  if (targets.empty()) {
    throw Error(Code::invalid_argument, "none of the columns " + base::join(terms.names(), ", ") + " is a field of " +
                                            table.qualified.str() + ": name them as its fields are named");
  }
  return targets;
}

void tell_unused(Instance& instance, const schema::Table& table, const std::vector<std::string>& unused, bool strict) {
  std::vector<std::string> named;
  for (const auto& name : unused) named.push_back(with_nearest(table, name));
  const auto text = fmt::format("no field of {} takes the column{} {}", table.qualified.view(),
                                unused.size() == 1 ? "" : "s", base::join(named, ", "));
  if (strict) throw Error(Code::validation, text + ". Rename or remove them, or import without `strict`");
  instance.say(Level::warning, text + ": left out");
}

Value cell(const Target& target, std::int64_t row) {
  if (target.from->is_null(row)) return {};
  Value value = target.from->value(row);
  if (target.to->type == Type::text) {
    if (const std::string* text = value.text()) return text->empty() ? Value() : value;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return Value(std::to_string(*number));
    if (const auto* number = std::get_if<double>(&value)) {
      return Value(std::to_string(static_cast<std::int64_t>(*number)));  // identifiers that pandas turned into floats
    }
  }
  if (target.to->type == Type::integer) {
    if (const std::string* text = value.text()) {
      std::int64_t number = 0;
      const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
      return read.ec == std::errc() && read.ptr == text->data() + text->size() ? Value(number) : Value();
    }
    if (const auto* number = std::get_if<double>(&value)) return Value(static_cast<std::int64_t>(*number));
  }
  return value;
}

/// Identifiers of parents: a list in each cell, or texts joined by "|".
class Parents {
 public:
  explicit Parents(const Column& column) : column_(column) {
    if (column.kind() != Column::Kind::list) return;
    items_ = column.items();
    begins_.push_back(0);
    for (const auto n : column.lengths()) begins_.push_back(begins_.back() + std::max<std::int64_t>(n, 0));
  }
  std::vector<std::string> of(std::int64_t row) const {
    if (begins_.empty()) return base::split(column_.text(row), '|');
    std::vector<std::string> all;
    for (auto i = begins_[static_cast<std::size_t>(row)]; i < begins_[static_cast<std::size_t>(row) + 1]; ++i) {
      if (!items_.is_null(i)) all.emplace_back(items_.text(i));
    }
    return all;
  }

 private:
  Column column_, items_;
  std::vector<std::int64_t> begins_;  // only of lists
};

/// Identifiers not in Ensembl's format go to stable_id.
void place_stable_id(const schema::Table& table, Record& record) {
  const schema::Column* ensembl = table.find_column("ensembl_gene_id");
  const schema::Column* stable = table.find_column("stable_id");
  if (!ensembl || !stable) return;
  const std::string id(record[ensembl->position].text_or(""));
  if (id.empty() || id.starts_with("ENS")) return;
  record.set(stable->position, Value(id));
  record.set(ensembl->position, Value());
}

/// One row of the registry per identifier: further rows of the frame only add to lists ("|"-joined ids).
void merge_row(Record& into, const Record& more) {
  for (const schema::Column& column : into.table().columns) {
    const Value& value = more[column.position];
    if (value.is_null()) continue;
    const Value& has = into[column.position];
    if (has.is_null()) {
      into.set(column.position, value);
    } else if (column.name == "ncbi_gene_ids" || column.name == "synonyms") {
      std::vector<std::string> parts = base::split(has.text_or(""), '|');
      for (const std::string& part : base::split(value.text_or(""), '|')) {
        if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
      }
      into.set(column.position, Value(base::join(parts, "|")));
    }
  }
}

constexpr std::int64_t named_rows = 5;

void leave_out(LeftOut& out, std::int64_t row) {
  if (++out.count <= named_rows) out.some.push_back(fmt::format("row {}", row + 1));
}

/// Throws validation if nothing may be left out.
void tell_left_out(Instance& instance, const LeftOut& out, bool strict) {
  if (out.count == 0) return;
  const auto text =
      fmt::format("{} row{} {} ({}{}) {} left out", out.count, out.count == 1 ? "" : "s", out.why,
                  base::join(out.some, ", "), out.count > named_rows ? ", ..." : "", out.count == 1 ? "was" : "were");
  if (strict) throw Error(Code::validation, text + ". Nothing was imported, as asked");
  instance.say(Level::warning, text);
}

/// Whether a text of it is longer than its column can hold; a shorter one would be another name.
bool is_too_long(const Record& record) {
  return std::ranges::any_of(record.table().columns, [&](const schema::Column& column) {
    const auto limit = column.field == nullptr ? 0 : column.field->size;
    const auto* text = column.kind == schema::Kind::text ? record[column.position].text() : nullptr;
    return limit > 0 && text != nullptr && registry::length(*text) > limit;
  });
}

std::int64_t organism_for(Instance& instance, const schema::Table& table, const ImportOptions& options) {
  if (!lake::needs_organism(table)) return 0;
  if (options.organism.empty() || options.organism == "all") {
    throw Error(Code::not_configured,
                table.qualified.str() + " keeps the organism of each row: say which, such as human");
  }
  return organism(instance, options.organism).id();
}

}  // namespace

ImportReport import_terms(Instance& instance, std::string_view registry, const Frame& terms,
                          const ImportOptions& options) {
  const schema::Table& table = instance.catalog().table(registry);
  std::vector<std::string> unused;
  const auto targets = targets_of(table, terms, unused);
  if (!unused.empty()) tell_unused(instance, table, unused, options.strict);
  const std::int64_t organism_id = organism_for(instance, table, options);
  lake::TermRows rows;
  rows.name = options.source;
  rows.version = options.version;
  rows.partial = options.partial;
  if (!rows.name.empty() && rows.version.empty()) {
    throw Error(Code::invalid_argument,
                "source '" + rows.name + "' needs a version: " + Words(Remedy{Remedy::Verb::name_version}));
  }
  std::optional<Parents> above;
  for (const Target& target : targets) {
    if (target.parents) above.emplace(*target.from);
  }
  std::unordered_map<std::string, std::size_t> by_uid;
  LeftOut nameless{.why = "with neither an identifier nor a name"};
  LeftOut too_long{.why = "with a text that is longer than its field can hold"};
  for (std::int64_t i = 0; i < terms.rows(); ++i) {
    Record record(table);
    std::vector<std::string> parents;
    for (const Target& target : targets) {
      if (!target.parents) record.set(target.to->position, cell(target, i));
      else if (!target.from->is_null(i)) parents = above->of(i);
    }
    if (organism_id != 0) record.set("organism", organism_id);
    place_stable_id(table, record);
    if (is_too_long(record)) {
      leave_out(too_long, i);
      continue;
    }
    std::string uid = lake::term_uid(instance.database(), record);
    if (uid.empty()) {
      leave_out(nameless, i);
      continue;
    }
    record.set("uid", Value(uid));
    const auto [found, is_new] = by_uid.emplace(std::move(uid), rows.records.size());
    if (!is_new) {
      merge_row(rows.records[found->second], record);
      continue;
    }
    rows.records.push_back(std::move(record));
    rows.parents.push_back(std::move(parents));
    rows.synonyms.emplace_back();
  }
  tell_left_out(instance, nameless, options.strict);
  tell_left_out(instance, too_long, options.strict);
  if (!table.id_field.empty() && lake::parents_relation(table) != nullptr) {
    std::promise<std::vector<lake::StatedTerm>> stated;
    std::vector<lake::StatedTerm> all;
    for (std::size_t i = 0; i < rows.records.size(); ++i) {
      if (!rows.records[i].at(table.id_field).is_null())
        all.push_back(lake::stated(rows.records[i], table.id_field, rows.parents[i]));
    }
    stated.set_value(std::move(all));
    rows.stated = stated.get_future().share();
  }
  auto report = lake::write_terms(instance, table, std::move(rows), options);
  report.unused_columns = std::move(unused);
  for (auto* some : {&nameless, &too_long}) {
    if (some->count > 0) report.left_out.push_back(std::move(*some));
  }
  return report;
}

ImportReport import_file(Instance& instance, std::string_view registry, const std::filesystem::path& file,
                         const ImportOptions& options) {
  if (format::is_taxonomy(file)) return lake::import_taxonomy(instance, registry, file, options);
  const auto* format = format::format_of(file);
  if (format != nullptr && format->has_terms) return import_ontology(instance, registry, file, options);
  if (auto report = lake::import_term_table(instance, registry, file, options)) return std::move(*report);
  const auto is_table = [](const format::Format& one) { return one.slots != nullptr && one.shape == nullptr; };
  if (format == nullptr || !is_table(*format)) {
    throw Error(Code::invalid_argument, fmt::format("'{}' is neither an ontology (OBO, OWL, JSON) nor a table ({})",
                                                    file.string(), format::suffixes_that(is_table)));
  }
  return import_terms(instance, registry, format->slots(file).front().frame, options);
}

}  // namespace lamin
