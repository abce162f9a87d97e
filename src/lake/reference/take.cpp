// take.cpp -- terms of a release become rows of the user's registry: all, some by value, and what is above them.
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include "base/text.hpp"
#include "lake/label/outside.hpp"
#include "lake/label/scope.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/term_writer.hpp"
#include "lake/ontology/trashed.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "registry/new_record.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

/// A new record with the content of a term; whom it belongs to and where it came from are the user's.
Record copy_of(Record copy, const Record& term, const Record& release, std::int64_t organism) {
  const schema::Table& table = copy.table();
  for (const auto& column : term.table().columns) {
    const bool content = column.kind == schema::Kind::text || column.kind == schema::Kind::integer;
    if (!content || column.position == 0 || term[column.position].is_null()) continue;
    if (table.find_column(column.name)) copy.set(column.name, term[column.position]);
  }
  if (release.saved()) copy.set("source", release.id());
  if (organism != 0) copy.set("organism", organism);
  return copy;
}

std::int64_t organism_id(Instance& instance, const schema::Table& table, const Record& release) {
  return needs_organism(table) ? organism_of(instance, release.text("organism")).id() : 0;
}

/// Once for each release: a dataset is looked up column by column. Who wants no downloads knows why.
void only_warn(Instance& instance, const Record& release, const Error& error) {
  if (error.code() != Code::unavailable && error.code() != Code::no_access) throw error;
  const char* offline = std::getenv("LAMIN_OFFLINE");
  auto& attached = instance.database().attachment("releases that are not here");
  if (!attached) attached = std::make_shared<std::set<std::string>>();
  if (!static_cast<std::set<std::string>*>(attached.get())->insert(file_stem(release)).second) return;
  instance.say(offline != nullptr && *offline != '\0' ? Level::debug : Level::warning, error.what());
}

/// The release that options name, or the one in use; null if all its terms are registered, or none can be had.
std::shared_ptr<Instance> terms_for(Instance& instance, const schema::Table& table, const LabelOptions& options) {
  if (table.find_column("source") == nullptr) return nullptr;
  std::optional<Record> release;
  try {
    release = options.source_uid.empty()
                  ? release_in_use(instance, table.qualified, {.organism = options.organism})
                  : instance.database().get(instance.catalog().table("bionty.Source"), options.source_uid);
    if (release->at("in_db").boolean_or(false)) return nullptr;
    if (options.source_uid.empty()) release = readable_release(instance, *release);
    if (release->at("in_db").boolean_or(false)) return nullptr;
    return reference(instance, *release);
  } catch (const Error& error) {
    if (error.code() == Code::not_found || error.code() == Code::not_configured) return nullptr;
    only_warn(instance, *release, error);
    return nullptr;
  }
}

/// Terms of one release among the values; those that it does not have stay in `missing`.
void take(Instance& instance, const schema::Table& table, const LabelOptions& options, Record release,
          FromValues& into) {
  if (release.at("in_db").boolean_or(false)) return;  // all its terms are registered
  std::shared_ptr<Instance> from;
  try {
    from = reference(instance, release);
  } catch (const Error& error) { return only_warn(instance, release, error); }
  const auto found = from_values(*from, table.qualified, into.missing, {.field = options.field});
  into.missing = found.missing;
  if (found.records.empty()) return;
  keep_release(instance, release);
  const auto organism = organism_id(instance, table, release);
  const auto& session = instance.database().session();
  for (const auto& term : found.records) {
    // A synonym may lead to a term that is registered. One in the trash comes back when it is saved.
    const auto known = instance.database().find(table, term.uid());
    const bool there = known && !is_trashed(*known);
    into.records.push_back(there ? *known : copy_of(registry::new_record(table, session), term, release, organism));
  }
}

/// The same from the release in use, or what stands in for it.
void take_from_use(Instance& instance, const schema::Table& table, const LabelOptions& options,
                   const std::string& organism, FromValues& into) {
  auto release = release_in_use(instance, table.qualified, {.organism = organism});
  if (!release.at("in_db").boolean_or(false)) release = readable_release(instance, release);
  take(instance, table, options, std::move(release), into);
}

/// The values by the organism that their identifiers name; "" for the rest.
std::map<std::string, std::vector<std::string>> by_organism(const std::vector<std::string>& values) {
  std::map<std::string, std::vector<std::string>> groups;
  for (const auto& value : values) groups[std::string(organism_of_id(value))].push_back(value);
  return groups;
}

/// Identifiers of genes of several organisms, each from the release for its organism; what names none is of the one in
/// the settings.
void take_by_prefix(Instance& instance, const schema::Table& table, const LabelOptions& options, FromValues& into) {
  std::vector<std::string> missing;
  const auto groups = by_organism(into.missing);
  if (groups.size() == 1 && groups.begin()->first.empty() && options.organism.empty())
    release_in_use(instance, table.qualified);  // throws not_configured
  for (const auto& [named, values] : groups) {
    auto of_group = options;
    of_group.organism = named.empty() ? options.organism : named;
    if (of_group.organism.empty()) {
      missing.insert(missing.end(), values.begin(), values.end());
      continue;
    }
    FromValues some{.records = {}, .missing = values};
    take_from_use(instance, table, of_group, of_group.organism, some);
    std::ranges::move(some.records, std::back_inserter(into.records));
    std::ranges::move(some.missing, std::back_inserter(missing));
  }
  into.missing = std::move(missing);
}

/// Everything above terms of a reference, and the terms: by id.
std::map<std::int64_t, Record> with_ancestors(Instance& from, const schema::Table& table,
                                              std::span<const Record* const> terms) {
  std::vector<Value> uids;
  for (const auto* term : terms) uids.emplace_back(term->uid());
  std::map<std::int64_t, Record> all;
  for (auto& row :
       from.database().all({.registry = table.qualified.str(), .where = Expr::in("uid", std::move(uids))})) {
    for (auto& above : ancestors(from, row)) all.emplace(above.id(), std::move(above));
    all.emplace(row.id(), std::move(row));
  }
  return all;
}

/// The identifiers of the direct parents, by the id of the child.
std::map<std::int64_t, std::vector<std::string>> parents_of(Instance& from,
                                                            const std::map<std::int64_t, Record>& terms) {
  std::map<std::int64_t, std::vector<std::string>> parents;
  if (terms.empty()) return parents;
  const auto& table = terms.begin()->second.table();
  for (const auto& [child, parent] : read_edges(from.database(), *parents_relation(table))) {
    const auto row = terms.find(parent);
    if (row != terms.end() && terms.contains(child)) parents[child].emplace_back(row->second.text(table.id_field));
  }
  return parents;
}

/// What the registry's columns cannot hold: synonyms of other scopes, and whatever else the release states.
void copy_rest(Instance& instance, const schema::Table& table, const Record& release, Instance& from,
               const std::map<std::int64_t, Record>& terms) {
  auto& database = instance.database();
  std::vector<std::string> ids;
  for (const auto& [id, term] : terms) {
    ids.emplace_back(term.text(table.id_field));
    auto synonyms = own_synonyms_of(from.database(), term.table(), id);
    const auto row = database.find(table, term.uid());
    if (synonyms.empty() || !row || !own_synonyms_of(database, table, row->id()).empty()) continue;
    for (auto& synonym : synonyms) synonym.record = row->id();
    write_own_synonyms(database, table, synonyms);
  }
  copy_stated(from.database(), source_of(from), database, release.id(), ids);
}

void add_above(Instance& instance, const schema::Table& table, const Record& release,
               std::span<const Record* const> terms) {
  const auto from = reference_at_hand(instance, release);
  if (!from) return;
  const auto all = with_ancestors(*from, table, terms);
  auto parents = parents_of(*from, all);
  if (!parents.empty()) {
    const auto organism = organism_id(instance, table, release);
    TermRows rows{.restores = true};
    for (const auto& [id, term] : all) {
      rows.records.push_back(copy_of(Record(table), term, release, organism));
      rows.parents.push_back(std::move(parents[id]));
      rows.synonyms.emplace_back();
    }
    write_terms(instance, table, std::move(rows), {});
  }
  if (!table.id_field.empty()) copy_rest(instance, table, release, *from, all);
}

}  // namespace

void install_outside(Instance& instance) {
  const auto find = [](Instance& of, const schema::Table& table, const LabelOptions& options) {
    return terms_for(of, table, options);
  };
  outside_of(instance.database()) = std::make_shared<Outside>(find);
}

namespace {

FromValues registered_or_taken(Instance& instance, std::string_view registry, std::span<const std::string> values,
                               const LabelOptions& options, const std::optional<Record>& release) {
  const auto& table = instance.catalog().table(registry);
  auto result = from_values(instance, registry, values, options);
  if (result.missing.empty()) return result;
  if (release) {
    take(instance, table, options, *release, result);
  } else if (!options.source_uid.empty()) {
    const auto& sources = instance.catalog().table("bionty.Source");
    take(instance, table, options, instance.database().get(sources, options.source_uid), result);
  } else if (!has_releases(instance, table)) {
    return result;
  } else if (needs_organism(table) && options.field == "ensembl_gene_id" &&
             (options.organism.empty() || options.default_organism)) {
    take_by_prefix(instance, table, options, result);
  } else {
    take_from_use(instance, table, options, options.organism, result);
  }
  return result;
}

}  // namespace

bool is_of_release(const Record& record) {
  const auto& table = record.table();
  if (table.id_field.empty() || parents_relation(table) == nullptr || table.find_column("source") == nullptr)
    return false;
  return !record.at(table.id_field.view()).is_null() && !record.at("source").is_null();
}

Record organism_of(Instance& instance, std::string_view name) {
  try {
    return organism(instance, name);
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
    const std::vector<std::string> names{base::lower(name)};
    for (const char* field : {"name", "scientific_name"}) {
      const std::vector<std::string> wanted{field == std::string_view("name") ? base::lower(name) : std::string(name)};
      auto found = from_release(instance, "bionty.Organism", wanted, {.field = field});
      if (found.records.empty()) continue;
      auto& row = found.records.front();
      if (!row.saved()) registry::Writes(instance.database()).save(row);
      return std::move(row);
    }
    throw;
  }
}

}  // namespace lake

ImportReport import_release(Instance& instance, const Record& release, const ImportOptions& options) {
  auto given = options;
  given.source = release.text("name");
  given.version = release.text("version");
  given.organism = release.text("organism");
  const auto file = release_file(instance, release);
  if (const auto& table = instance.catalog().table(release.text("entity")); lake::needs_organism(table))
    lake::organism_of(instance, given.organism);
  return import_file(instance, release.text("entity"), file, given);
}

FromValues from_release(Instance& instance, std::string_view registry, std::span<const std::string> values,
                        const LabelOptions& options, const std::optional<Record>& release, bool create) {
  auto result = lake::registered_or_taken(instance, registry, values, options, release);
  if (create && !result.missing.empty()) {
    auto made = from_values(instance, registry, result.missing, options, true);
    std::ranges::move(made.records, std::back_inserter(result.records));
    result.missing.clear();
  }
  return result;
}

std::vector<std::string> register_from_release(Instance& instance, std::string_view registry,
                                               std::span<const std::string> values, const LabelOptions& options) {
  const auto& table = instance.catalog().table(registry);
  std::vector<std::string> taken;
  if (table.find_column("source") == nullptr || instance.database().read_only()) return taken;
  FromValues found;
  try {
    found = from_release(instance, registry, values, options);
  } catch (const Error& error) {  // no organism is given, or no release is known
    if (error.code() != Code::not_configured && error.code() != Code::not_found) throw;
    return taken;
  }
  const std::set<std::string_view> wanted(values.begin(), values.end());
  const auto field = options.field.empty() ? table.name_field.str() : options.field;
  std::vector<Record> fresh;
  for (auto& record : found.records) {
    const std::string value(record.text(field));
    if (record.saved() || !wanted.contains(value)) continue;  // by a synonym: the value itself is no term
    taken.push_back(value);
    fresh.push_back(std::move(record));
  }
  if (fresh.empty()) return taken;
  instance.database().transaction([&] {
    auto rows = fresh;
    std::vector<Record> back;
    std::erase_if(rows, [&](Record& row) {
      const bool is_back = lake::restored_as(instance.database(), row);
      if (is_back) back.push_back(row);
      return is_back;
    });
    registry::Writes(instance.database()).insert(rows, {.ignore_conflicts = false, .undoes = false});
    std::ranges::move(back, std::back_inserter(rows));
    add_ancestors(instance, rows);
  });
  constexpr std::size_t shown = 10;
  std::vector<std::string> some(taken.begin(),
                                taken.begin() + static_cast<std::ptrdiff_t>(std::min(taken.size(), shown)));
  for (auto& one : some) one = "'" + one + "'";
  instance.say(Level::success, fmt::format("added {} record{} from_public with {} for \"{}\": {}{}", taken.size(),
                                           taken.size() == 1 ? "" : "s", table.qualified.view(), field,
                                           base::join(some, ", "), taken.size() > shown ? ", ..." : ""));
  return taken;
}

void add_ancestors(Instance& instance, std::span<const Record> terms) {
  std::map<std::pair<const schema::Table*, std::int64_t>, std::vector<const Record*>> groups;
  for (const auto& term : terms) {
    if (lake::is_of_release(term)) groups[{&term.table(), term.at("source").integer_or(0)}].push_back(&term);
  }
  for (const auto& [of, some] : groups) {
    const auto release = instance.database().find(instance.catalog().table("bionty.Source"), of.second);
    if (release) lake::add_above(instance, *of.first, *release, some);
  }
}

}  // namespace lamin
