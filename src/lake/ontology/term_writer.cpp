#include "lake/ontology/term_writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/instance/branches.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/trashed.hpp"
#include "lamin/error.hpp"
#include "registry/bulk_load.hpp"
#include "registry/scan.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

/// Of another version that was in use until now.
void tell_change(Database& database, const Record& source) {
  std::vector<Expr> same{Expr::compare("currently_used", Op::exact, Value(true)),
                         Expr::compare("in_db", Op::exact, Value(true))};
  for (const char* field : {"entity", "organism", "name"}) {
    same.push_back(Expr::compare(field, Op::exact, source.at(field)));
  }
  const auto before = database.first(
      {.registry = source.table().qualified.str(), .where = Expr::all_of(std::move(same)), .any_branch = true});
  if (!before) return;
  database.say(Level::important, std::string(source.text("name")) + " " + std::string(source.text("version")) +
                                     " is the release in use now, no longer " + std::string(before->text("version")));
}

Record find_or_make_source(Database& database, const schema::Table& table, const TermRows& rows,
                           const ImportOptions& options) {
  const schema::Table& sources = database.catalog().table("bionty.Source");
  const std::string entity = table.qualified.str();
  Query query{.registry = sources.qualified.str(),
              .where = Expr::all_of({Expr::compare("entity", Op::exact, Value(entity)),
                                     Expr::compare("organism", Op::exact, Value(options.organism)),
                                     Expr::compare("name", Op::exact, Value(rows.name)),
                                     Expr::compare("version", Op::exact, Value(rows.version))}),
              .any_branch = true};
  auto found = database.first(query);
  Record source = found ? std::move(*found) : Record(sources);
  const bool in_use = found ? source.at("currently_used").boolean_or(false) : false;
  const bool is_whole = rows.partial || (found && source.at("in_db").boolean_or(false));
  if (found && is_whole && (in_use || !options.currently_used)) return source;
  if (!found) {
    source.set("uid", base::derived_uid(entity + rows.name + options.organism + rows.version, sources.uid_size));
    source.set("entity", entity);
    source.set("organism", options.organism);
    source.set("name", rows.name);
    source.set("version", rows.version);
  }
  if (!in_use && options.currently_used) tell_change(database, source);
  if (!rows.partial) source.set("in_db", true);
  source.set("currently_used", in_use || options.currently_used);
  registry::Writes(database).save(source);
  return source;
}

void tell_partial(Database& database, const TermRows& rows) {
  if (!rows.partial || rows.name.empty()) return;
  database.say(Level::warning,
               fmt::format("these {} terms are a part of {} {}: bring the whole file with `lamin ontology add`, and "
                           "import it for the rest",
                           rows.records.size(), rows.name, rows.version));
}

struct ExistingRow {
  std::int64_t id = 0;
  bool trashed = false;
};
std::unordered_map<std::string, ExistingRow> rows_by_uid(Database& database, const schema::Table& table) {
  std::unordered_map<std::string, ExistingRow> existing;
  registry::ScanOptions options{.columns = {&table.column("uid"), &table.columns[0]}};
  if (const auto* branch = table.find_column("branch")) options.columns.push_back(branch);
  auto rows = registry::Scan(table, options).rows(database);
  while (rows->next()) {
    const bool trashed = options.columns.size() > 2 && rows->integer(2) == trash_branch;
    existing.emplace(rows->text(0), ExistingRow{rows->integer(1), trashed});
  }
  return existing;
}

/// Copies the columns of `term` that differ into the stored row. Returns whether any did.
bool merge(Record& stored, const Record& term) {
  bool changed = false;
  for (const schema::Column& column : term.table().columns) {
    const bool content = column.kind == schema::Kind::text || column.kind == schema::Kind::integer ||
                         column.name == "source" || column.name == "organism";
    const Value& value = term[column.position];
    if (!content || column.position == 0 || column.name == "uid" || value.is_null()) continue;
    if (stored[column.position] == value) continue;
    stored.set(column.position, value);
    changed = true;
  }
  return changed;
}

constexpr std::size_t many = 10'000;

/// Of more rows than there were: making the indexes anew takes a fraction of keeping them up.
void bulk_of(Database& database, const schema::Table& table, std::size_t fresh, std::size_t known,
             const std::function<void()>& load) {
  if (fresh >= many && fresh > known) registry::without_indexes(database, table, load);
  else load();
}

/// Where to find the rows of public identifiers.
class RowsById {
 public:
  RowsById(const schema::Table& table, const TermRows& rows, const std::vector<std::int64_t>& ids)
      : table_(table), identifier_(table.column(table.id_field.empty() ? table.name_field : table.id_field)) {
    for (std::size_t i = 0; i < ids.size(); ++i)
      by_id_.emplace(rows.records[i][identifier_.position].text_or(""), ids[i]);
  }
  /// Looks for those of `identifiers` that are in the registry besides.
  void look_up(Database& database, const std::vector<std::vector<std::string>>& identifiers) {
    for (const auto& some : identifiers) {
      for (const auto& one : some) by_id_.emplace(one, none);
    }
    if (std::ranges::none_of(by_id_, [](const auto& one) { return one.second == none; })) return;
    auto stored = registry::Scan(table_, {.columns = {&identifier_, &table_.columns[0]}}).rows(database);
    while (stored->next()) {
      const auto found = stored->is_null(0) ? by_id_.end() : by_id_.find(stored->text(0));
      if (found != by_id_.end() && found->second == none) found->second = stored->integer(1);
    }
  }
  static constexpr std::int64_t none = 0;
  std::int64_t find(std::string_view identifier) const { return by_id_.at(identifier); }

 private:
  const schema::Table& table_;
  const schema::Column& identifier_;
  std::unordered_map<std::string_view, std::int64_t> by_id_;
};

/// Links of terms to their parents.
struct ParentLinks {
  std::vector<Edge> known, fresh;
};
ParentLinks links_of(Database& database, const schema::Table& table, const TermRows& rows,
                     const std::vector<std::int64_t>& ids) {
  ParentLinks links;
  const schema::Relation* parents = parents_relation(table);
  const bool any = std::any_of(rows.parents.begin(), rows.parents.end(), [](const auto& p) { return !p.empty(); });
  if (!parents || !any) return links;
  RowsById by_id(table, rows, ids);
  by_id.look_up(database, rows.parents);
  links.known = read_edges(database, *parents);
  std::sort(links.known.begin(), links.known.end());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (const std::string& parent : rows.parents[i]) {
      const Edge link{ids[i], by_id.find(parent)};
      if (link.second == RowsById::none || link.second == link.first) continue;
      if (!std::binary_search(links.known.begin(), links.known.end(), link)) links.fresh.push_back(link);
    }
  }
  return links;
}

std::shared_future<Foreseen> foresee_closure(const ParentLinks& links) {
  if (!are_many(links.fresh.size())) return {};
  auto all = links.known;
  all.insert(all.end(), links.fresh.begin(), links.fresh.end());
  return foresee(std::move(all));
}

std::int64_t write_links(Database& database, const schema::Table& table, const ParentLinks& links) {
  if (links.fresh.empty()) return 0;
  const schema::Relation& parents = *parents_relation(table);
  std::int64_t added = 0;
  bulk_of(database, *parents.through, links.fresh.size(), links.known.size(),
          [&] { added = registry::Writes(database).add_pairs(parents, links.fresh); });
  return added;
}

/// A term that is its own ancestor is an error in the ontology, but no reason to reject the rest.
void warn_of_cycle(Database& database, const schema::Table& table, std::vector<std::int64_t> cycle) {
  if (cycle.empty()) return;
  constexpr std::size_t shown = 10;
  const std::size_t length = cycle.size();
  const schema::Column& identifier = table.column(table.id_field.empty() ? table.name_field : table.id_field);
  std::vector<std::string> names;
  cycle.push_back(cycle.front());
  for (std::size_t i = 0; i < std::min(cycle.size(), shown); ++i) {
    const auto term = database.find(table, cycle[i]);
    names.emplace_back(term ? (*term)[identifier.position].text_or("?") : "?");
  }
  if (cycle.size() > shown) names.emplace_back("...");
  database.say(Level::warning, "the parents of " + table.qualified.str() + " run in a circle of " +
                                   std::to_string(length) + ": " + base::join(names, " -> ") +
                                   "; each of these terms is above and below the others");
}

void write_further_synonyms(Database& database, const schema::Table& table, const TermRows& rows,
                            const std::vector<std::int64_t>& ids, const std::vector<bool>& touched) {
  std::vector<OwnSynonym> all;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!touched[i]) continue;
    for (OwnSynonym synonym : rows.synonyms[i]) {
      synonym.record = ids[i];
      all.push_back(std::move(synonym));
    }
  }
  if (!all.empty()) write_own_synonyms(database, table, all);
}

void insert(Database& database, const schema::Table& table, std::span<Record* const> rows) {
  constexpr std::size_t at_once = 10'000;
  base::Progress progress([&](Level level, const Words& words) { database.say(level, words); },
                          "importing " + std::to_string(rows.size()) + " rows of " + table.qualified.str(),
                          static_cast<std::int64_t>(rows.size()));
  for (std::size_t done = 0; done < rows.size(); done += at_once) {
    progress.at(static_cast<std::int64_t>(done));
    const auto some = rows.subspan(done, std::min(at_once, rows.size() - done));
    registry::Writes(database).insert(some, {.ignore_conflicts = false, .undoes = false});
  }
}

void refuse_known(const TermRows& rows, const std::unordered_map<std::string, ExistingRow>& known) {
  constexpr std::size_t shown = 5;
  std::vector<std::string> some;
  std::size_t n = 0;
  for (const auto& record : rows.records) {
    if (!known.contains(std::string(record.uid())) || ++n > shown) continue;
    some.push_back(named(record));
  }
  if (n == 0) return;
  throw Error(Code::conflict,
              fmt::format("{} of the terms of {} {} {} registered already, and nothing is imported: {}{}", n, rows.name,
                          rows.version, n == 1 ? "is" : "are", base::join(some, ", "), n > shown ? ", ..." : ""));
}

/// Inserts and updates; returns the id of each row, and marks those that were written.
std::vector<std::int64_t> write_rows(Database& database, const schema::Table& table, TermRows& rows,
                                     const ImportOptions& options, ImportReport& report, std::vector<bool>& touched) {
  const auto known = rows_by_uid(database, table);
  if (options.refuse_known) refuse_known(rows, known);
  std::vector<std::int64_t> ids(rows.records.size());
  std::vector<Record*> fresh;
  std::int64_t trashed = 0;
  for (std::size_t i = 0; i < rows.records.size(); ++i) {
    const auto found = known.find(std::string(rows.records[i].uid()));
    if (found == known.end()) {
      rows.records[i].set(0, Value());  // it has one if the transaction is repeated
      fresh.push_back(&rows.records[i]);
      continue;
    }
    ids[i] = found->second.id;
    if (found->second.trashed && !rows.restores) ++trashed;
    if (found->second.trashed && rows.restores) touched[i] = restored_as(database, rows.records[i]);
    if (!options.update) continue;
    auto stored = database.find(table, ids[i]);
    if (stored && merge(*stored, rows.records[i])) {
      registry::Writes(database).save(*stored);
      touched[i] = true;
      ++report.updated;
    }
  }
  tell_trashed(database, rows.name + " " + rows.version, trashed);
  bulk_of(database, table, fresh.size(), known.size(), [&] { insert(database, table, fresh); });
  for (Record* record : fresh) {
    const auto i = static_cast<std::size_t>(record - rows.records.data());
    ids[i] = record->id();
    touched[i] = true;
  }
  report.created = static_cast<std::int64_t>(fresh.size());
  return ids;
}

/// "CL:0000002 'dies' (replaced by CL:0000001)".
std::string told(const Record& row, const ObsoleteTerm& term) {
  std::string text = term.id + " " + to_string(row.at(row.table().name_field));
  return term.replaced_by.empty() ? text : text + " (replaced by " + base::join(term.replaced_by, ", ") + ")";
}

/// "obsolete dies", as most releases write it.
std::string obsolete_name(const std::string& name) {
  return base::lower(name).starts_with("obsolete") ? name : "obsolete " + name;
}

/// Rows of terms that are obsolete in this release: links to them stay, but their names and synonyms are valid no more.
void retire(Database& database, const schema::Table& table, const TermRows& rows, bool update, ImportReport& report) {
  if (rows.obsolete.empty()) return;
  std::unordered_map<std::string_view, const ObsoleteTerm*> by_id;
  std::vector<Value> ids;
  for (const ObsoleteTerm& term : rows.obsolete) {
    by_id.emplace(term.id, &term);
    ids.emplace_back(term.id);
  }
  constexpr std::size_t shown = 5;
  std::vector<std::string> retired;
  Query query{.registry = table.qualified.str(), .where = Expr::in("ontology_id", std::move(ids)), .any_branch = true};
  for (Record& row : database.all(query)) {
    const ObsoleteTerm& term = *by_id.at(row.text("ontology_id"));
    const std::string name = obsolete_name(term.name);
    if (row.text(table.name_field) == name && row.at("synonyms").is_null()) continue;
    retired.push_back(told(row, term));
    if (!update) continue;
    row.set(table.name_field, Value(name));
    row.set("synonyms", Value());
    registry::Writes(database).save(row);
    ++report.updated;
  }
  if (retired.empty()) return;
  const std::size_t n = retired.size();
  retired.resize(std::min(n, shown));
  database.say(Level::warning, std::to_string(n) + (n == 1 ? " registered term is" : " registered terms are") +
                                   " obsolete in " + rows.name + " " + rows.version +
                                   (update ? ", and no longer valid: " : ", and stay valid without an update: ") +
                                   base::join(retired, ", ") + (n > shown ? ", ..." : ""));
}

/// The one term that replaces an obsolete one is found by its former name and id, too, if never by mistake: as a
/// synonym of a scope of its own, it is proposed, and not put in its place.
void name_successors(const schema::Table& table, TermRows& rows) {
  if (rows.obsolete.empty() || table.find_column("ontology_id") == nullptr) return;
  std::unordered_map<std::string_view, std::size_t> by_id;
  for (std::size_t i = 0; i < rows.records.size(); ++i) by_id.emplace(rows.records[i].text("ontology_id"), i);
  constexpr std::string_view mark = "obsolete ";
  for (const ObsoleteTerm& term : rows.obsolete) {
    const auto found = term.replaced_by.size() == 1 ? by_id.find(term.replaced_by.front()) : by_id.end();
    if (found == by_id.end()) continue;
    auto& synonyms = rows.synonyms[found->second];
    const bool marked = base::lower(term.name).starts_with(mark);
    synonyms.push_back({.scope = "OBSOLETE", .text = marked ? term.name.substr(mark.size()) : term.name});
    synonyms.push_back({.scope = "OBSOLETE", .text = term.id});
  }
}

}  // namespace

ImportReport write_terms(Instance& instance, const schema::Table& table, TermRows rows, const ImportOptions& options) {
  Database& database = instance.database();
  ImportReport report;
  name_successors(table, rows);
  tell_partial(database, rows);
  const auto write = [&] {
    report = ImportReport();
    report.terms = static_cast<std::int64_t>(rows.records.size());
    if (!rows.name.empty() && table.find_column("source")) {
      report.source = find_or_make_source(database, table, rows, options);
      for (Record& record : rows.records) record.set("source", report.source.id());
    }
    std::vector<bool> touched(rows.records.size());
    const auto ids = write_rows(database, table, rows, options, report, touched);
    const auto links = links_of(database, table, rows, ids);
    const auto foreseen = foresee_closure(links);
    retire(database, table, rows, options.update, report);
    write_further_synonyms(database, table, rows, ids, touched);
    if (report.source.saved() && rows.stated.valid()) write_stated(database, report.source.id(), rows.stated.get());
    report.parents = write_links(database, table, links);
    if (report.parents == 0) return;
    warn_of_cycle(database, table,
                  foreseen.valid() ? foreseen.get().cycle : find_cycle(read_edges(database, *parents_relation(table))));
    refresh_closure(database, table, foreseen);
  };
  if (rows.records.size() >= many && !options.update) registry::load_in_bulk(database, table, write);
  else database.transaction(write);
  return report;
}

}  // namespace lamin::lake
