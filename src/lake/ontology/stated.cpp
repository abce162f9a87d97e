#include "lake/ontology/stated.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "db/connection.hpp"

namespace lamin::lake {
namespace {

constexpr std::array<std::string_view, 4> scopes{"EXACT", "BROAD", "NARROW", "RELATED"};

/// FNV-1a, with a mark between the parts.
class Digest {
 public:
  void add(std::string_view text) {
    for (const unsigned char c : text) value_ = (value_ ^ c) * prime;
    value_ = (value_ ^ 0x1FU) * prime;
  }
  std::int64_t value() const { return static_cast<std::int64_t>(value_); }

 private:
  static constexpr std::uint64_t prime = 0x100000001b3U;
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

void add_synonyms(const format::Term& term, StatedTerm& out) {
  for (const auto& synonym : term.synonyms) {
    if (synonym.type.empty() && synonym.sources.empty()) continue;
    std::string detail(scopes[static_cast<std::size_t>(synonym.scope)]);
    detail += "\t" + synonym.type;
    for (const auto& source : synonym.sources) detail += "\t" + source;
    out.facts.push_back({"synonym", synonym.text, std::move(detail)});
  }
}

std::int64_t digest_of(const StatedTerm& term, std::string_view definition, std::span<const std::string> synonyms) {
  Digest digest;
  for (const std::string_view part :
       {std::string_view(term.name), definition, std::string_view(term.obsolete ? "obsolete" : ""),
        std::string_view(term.parents)})
    digest.add(part);
  for (const auto& one : synonyms) digest.add(one);
  for (const auto& fact : term.facts) {
    for (const auto* part : {&fact.kind, &fact.value, &fact.detail}) digest.add(*part);
  }
  return digest.value();
}

StatedTerm read(db::Rows& rows) {
  return {.id = std::string(rows.text(0)),
          .name = std::string(rows.text(1)),
          .obsolete = rows.integer(2) != 0,
          .parents = std::string(rows.text(3)),
          .digest = rows.integer(4)};
}

void read_facts(db::Connection& connection, std::int64_t row, StatedTerm& term) {
  const std::array<Value, 1> which{Value(row)};
  auto rows = connection.query(
      R"(SELECT "kind", "value", "detail" FROM "lamin_term_fact" WHERE "term" = ? ORDER BY "kind", "position")", which);
  while (rows->next()) {
    term.facts.push_back({std::string(rows->text(0)), std::string(rows->text(1)),
                          rows->is_null(2) ? std::string() : std::string(rows->text(2))});
  }
}

bool is_there(db::Connection& connection) {
  return connection.table_exists("lamin_term") && connection.table_exists("lamin_term_fact");
}

std::optional<StatedTerm> find_in(db::Connection& connection, std::int64_t source, std::string_view id) {
  const std::array<Value, 2> which{Value(source), Value(id)};
  auto rows = connection.query(R"(SELECT "term", "name", "obsolete", "parents", "digest", "id" FROM )"
                               R"("lamin_term" WHERE "source" = ? AND "term" = ?)",
                               which);
  if (!rows->next()) return std::nullopt;
  auto term = read(*rows);
  read_facts(connection, rows->integer(5), term);
  return term;
}

/// What is known of a release: the row and digest of each term.
std::unordered_map<std::string, std::pair<std::int64_t, std::int64_t>> known_terms(db::Connection& connection,
                                                                                   std::int64_t source) {
  std::unordered_map<std::string, std::pair<std::int64_t, std::int64_t>> known;
  const std::array<Value, 1> which{Value(source)};
  auto rows = connection.query(R"(SELECT "term", "id", "digest" FROM "lamin_term" WHERE "source" = ?)", which);
  while (rows->next()) known.emplace(rows->text(0), std::pair(rows->integer(1), rows->integer(2)));
  return known;
}

void erase_row(db::Connection& connection, std::int64_t row) {
  const std::array<Value, 1> which{Value(row)};
  connection.execute(R"(DELETE FROM "lamin_term_fact" WHERE "term" = ?)", which);
  connection.execute(R"(DELETE FROM "lamin_term" WHERE "id" = ?)", which);
}

void insert_facts(db::Connection& connection, std::span<const StatedTerm* const> terms,
                  std::span<const std::int64_t> rows) {
  constexpr std::array<std::string_view, 5> columns{"term", "kind", "position", "value", "detail"};
  constexpr std::size_t at_once = 50'000;  // values
  std::vector<Value> values;
  const auto flush = [&] {
    if (!values.empty()) connection.bulk_insert("lamin_term_fact", columns, values, false);
    values.clear();
  };
  for (std::size_t i = 0; i < terms.size(); ++i) {
    std::map<std::string_view, std::int64_t> positions;
    for (const auto& fact : terms[i]->facts) {
      values.emplace_back(rows[i]);
      values.emplace_back(fact.kind);
      values.emplace_back(positions[fact.kind]++);
      values.emplace_back(fact.value);
      values.push_back(fact.detail.empty() ? Value() : Value(fact.detail));
    }
    if (values.size() >= at_once) flush();
  }
  flush();
}

}  // namespace

StatedTerm stated(format::Term term, const std::vector<std::string>& parents) {
  StatedTerm out{.id = std::move(term.id),
                 .name = std::move(term.name),
                 .obsolete = term.obsolete,
                 .parents = base::join(parents, "|")};
  const auto add = [&](const char* kind, std::vector<std::string>& values) {
    for (auto& value : values) out.facts.push_back({kind, std::move(value)});
  };
  add("is_a", term.is_a);
  for (auto& [relation, id] : term.relationships) out.facts.push_back({"relation", std::move(id), std::move(relation)});
  add("alt_id", term.alt_ids);
  add("replaced_by", term.replaced_by);
  add("consider", term.consider);
  add("xref", term.xrefs);
  add("subset", term.subsets);
  add("definition_source", term.definition_sources);
  add_synonyms(term, out);
  for (auto& [name, value] : term.properties) out.facts.push_back({"property", std::move(value), std::move(name)});
  std::vector<std::string> synonyms;
  for (auto& one : term.synonyms) synonyms.push_back(std::move(one.text));
  std::ranges::sort(synonyms);
  out.digest = digest_of(out, term.definition, synonyms);
  return out;
}

StatedTerm stated(const Record& row, std::string_view id_field, const std::vector<std::string>& parents) {
  auto sorted = parents;
  std::ranges::sort(sorted);
  StatedTerm out{.id = std::string(row.text(id_field)),
                 .name = std::string(row.text(row.table().name_field)),
                 .parents = base::join(sorted, "|")};
  const auto text = [&](const char* field) {
    return std::string(row.table().find_column(field) == nullptr ? "" : row.text(field));
  };
  const std::string synonyms[] = {text("synonyms")};
  out.digest = digest_of(out, text("description"), synonyms);
  return out;
}

void write_stated(Database& database, std::int64_t source, std::span<const StatedTerm> terms) {
  db::Connection& connection = database.connection();
  if (terms.empty() || !is_there(connection)) return;
  const auto known = known_terms(connection, source);
  constexpr std::array<std::string_view, 6> columns{"source", "term", "name", "obsolete", "parents", "digest"};
  std::vector<const StatedTerm*> fresh;
  std::vector<Value> values;
  values.reserve(terms.size() * columns.size());
  for (const auto& term : terms) {
    if (const auto there = known.find(term.id); there != known.end()) {
      if (there->second.second == term.digest) continue;
      erase_row(connection, there->second.first);
    }
    fresh.push_back(&term);
    values.insert(values.end(),
                  {Value(source), Value(term.id), Value(term.name),
                   Value(static_cast<std::int64_t>(term.obsolete ? 1 : 0)), Value(term.parents), Value(term.digest)});
  }
  if (fresh.empty()) return;
  const auto rows = connection.bulk_insert("lamin_term", columns, values, false);
  insert_facts(connection, fresh, rows);
}

std::vector<StatedTerm> read_stated(Database& database, std::int64_t source,
                                    const std::function<bool(const std::string& id)>& wanted) {
  std::vector<StatedTerm> terms;
  if (!is_there(database.connection())) return terms;
  const std::array<Value, 1> which{Value(source)};
  std::unordered_map<std::int64_t, std::size_t> by_row;
  auto rows = database.connection().query(
      R"(SELECT "term", "name", "obsolete", "parents", "digest", "id" FROM "lamin_term" WHERE "source" = ?)", which);
  while (rows->next()) {
    auto term = read(*rows);
    if (!wanted(term.id)) continue;
    by_row.emplace(rows->integer(5), terms.size());
    terms.push_back(std::move(term));
  }
  auto facts = database.connection().query(
      R"(SELECT f."term", f."kind", f."value", f."detail" FROM "lamin_term" t JOIN "lamin_term_fact" f )"
      R"(ON f."term" = t."id" WHERE t."source" = ? ORDER BY f."term", f."kind", f."position")",
      which);
  while (facts->next()) {
    if (const auto term = by_row.find(facts->integer(0)); term != by_row.end()) {
      terms[term->second].facts.push_back({std::string(facts->text(1)), std::string(facts->text(2)),
                                           facts->is_null(3) ? std::string() : std::string(facts->text(3))});
    }
  }
  return terms;
}

void copy_stated(Database& from, std::int64_t from_source, Database& to, std::int64_t source,
                 std::span<const std::string> ids) {
  constexpr std::size_t few = 100;  // that are looked up more quickly than all of a release is read
  std::vector<StatedTerm> terms;
  if (ids.size() > few) {
    const std::unordered_set<std::string_view> wanted(ids.begin(), ids.end());
    terms = read_stated(from, from_source, [&](const std::string& id) { return wanted.contains(id); });
  } else if (is_there(from.connection())) {
    for (const auto& id : ids) {
      if (auto term = find_in(from.connection(), from_source, id)) terms.push_back(std::move(*term));
    }
  }
  write_stated(to, source, terms);
}

void erase_stated(Database& database, std::int64_t source) {
  db::Connection& connection = database.connection();
  if (!is_there(connection)) return;
  const std::array<Value, 1> which{Value(source)};
  connection.execute(
      R"(DELETE FROM "lamin_term_fact" WHERE "term" IN (SELECT "id" FROM "lamin_term" WHERE "source" = ?))", which);
  connection.execute(R"(DELETE FROM "lamin_term" WHERE "source" = ?)", which);
}

void each_stated(Database& database, std::int64_t source, const std::function<void(StatedTerm&&)>& use) {
  if (!is_there(database.connection())) return;
  const std::array<Value, 1> which{Value(source)};
  auto rows = database.connection().query(
      R"(SELECT "term", "name", "obsolete", "parents", "digest" FROM "lamin_term" WHERE "source" = ?)", which);
  while (rows->next()) use(read(*rows));
}

void each_head(Database& database, std::int64_t source, const std::function<void(StatedTerm&&)>& use) {
  if (!is_there(database.connection())) return;
  const std::array<Value, 1> which{Value(source)};
  auto rows = database.connection().query(
      R"(SELECT "term", "obsolete", "digest" FROM "lamin_term" WHERE "source" = ? ORDER BY "term")", which);
  while (rows->next())
    use({.id = std::string(rows->text(0)), .name = {}, .obsolete = rows->integer(1) != 0, .digest = rows->integer(2)});
}

void fill_content(Database& database, std::int64_t source, std::span<StatedTerm* const> terms) {
  if (!is_there(database.connection())) return;
  constexpr std::size_t at_once = 500;
  for (std::size_t begin = 0; begin < terms.size(); begin += at_once) {
    const auto some = terms.subspan(begin, std::min(at_once, terms.size() - begin));
    std::vector<Value> which{Value(source)};
    std::unordered_map<std::string_view, StatedTerm*> by_id;
    std::string places;
    for (auto* term : some) {
      which.emplace_back(term->id);
      by_id.emplace(term->id, term);
      places += places.empty() ? "?" : ", ?";
    }
    auto rows = database.connection().query(
        R"(SELECT "term", "name", "parents" FROM "lamin_term" WHERE "source" = ? AND "term" IN ()" + places + ")",
        which);
    while (rows->next()) {
      auto& term = *by_id.at(rows->text(0));
      term.name = rows->text(1);
      term.parents = rows->text(2);
    }
  }
}

std::optional<StatedTerm> find_stated(Database& database, std::int64_t source, std::string_view id) {
  if (!is_there(database.connection())) return std::nullopt;
  return find_in(database.connection(), source, id);
}

std::vector<StatedTerm> stated_with(Database& database, std::int64_t source, std::string_view kind,
                                    std::string_view value) {
  std::vector<StatedTerm> terms;
  if (!is_there(database.connection())) return terms;
  const std::array<Value, 3> which{Value(source), Value(kind), Value(value)};
  auto rows = database.connection().query(
      R"(SELECT t."term", t."name", t."obsolete", t."parents", t."digest", t."id" FROM "lamin_term" t )"
      R"(JOIN "lamin_term_fact" f ON f."term" = t."id" WHERE t."source" = ? AND f."kind" = ? AND f."value" = ? )"
      R"(ORDER BY t."term")",
      which);
  while (rows->next()) {
    terms.push_back(read(*rows));
    read_facts(database.connection(), rows->integer(5), terms.back());
  }
  return terms;
}

std::vector<std::pair<std::string, std::string>> stated_relations(Database& database, std::int64_t source,
                                                                  std::string_view relation) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!is_there(database.connection())) return pairs;
  const bool is_a = relation == "is_a";
  std::vector<Value> which{Value(source), Value(is_a ? "is_a" : "relation")};
  if (!is_a) which.emplace_back(relation);
  auto rows = database.connection().query(
      std::string(R"(SELECT t."term", f."value" FROM "lamin_term" t JOIN "lamin_term_fact" f ON f."term" = t."id" )"
                  R"(WHERE t."source" = ? AND f."kind" = ?)") +
          (is_a ? "" : R"( AND f."detail" = ?)"),
      which);
  while (rows->next()) pairs.emplace_back(rows->text(0), rows->text(1));
  return pairs;
}

std::vector<std::string> relations_of(Database& database, std::int64_t source) {
  std::vector<std::string> names;
  if (!is_there(database.connection())) return names;
  const std::array<Value, 1> which{Value(source)};
  auto rows = database.connection().query(
      R"(SELECT DISTINCT COALESCE(f."detail", f."kind") FROM "lamin_term" t JOIN "lamin_term_fact" f )"
      R"(ON f."term" = t."id" WHERE t."source" = ? AND f."kind" IN ('is_a', 'relation') ORDER BY 1)",
      which);
  while (rows->next()) names.emplace_back(rows->text(0));
  return names;
}

std::optional<StatedTerm> find_obsolete(Database& database, std::int64_t source, std::string_view name) {
  if (!is_there(database.connection())) return std::nullopt;
  const std::array<Value, 3> which{Value(source), Value(name), Value("obsolete " + std::string(name))};
  auto rows =
      database.connection().query(R"(SELECT "term" FROM "lamin_term" WHERE "source" = ? AND "obsolete" = 1 AND )"
                                  R"("name" IN (?, ?) ORDER BY "term" LIMIT 1)",
                                  which);
  if (!rows->next()) return std::nullopt;
  return find_stated(database, source, std::string(rows->text(0)));
}

std::vector<ObsoleteFact> facts_of_obsolete(Database& database, std::int64_t source) {
  std::vector<ObsoleteFact> facts;
  if (!is_there(database.connection())) return facts;
  const std::array<Value, 1> which{Value(source)};
  auto rows = database.connection().query(
      R"(SELECT t."term", f."kind", f."value" FROM "lamin_term" t JOIN "lamin_term_fact" f ON f."term" = t."id" )"
      R"(WHERE t."source" = ? AND t."obsolete" = 1 AND f."kind" IN ('replaced_by', 'consider') )"
      R"(ORDER BY t."term", f."kind", f."position")",
      which);
  while (rows->next())
    facts.push_back({std::string(rows->text(0)), std::string(rows->text(1)), std::string(rows->text(2))});
  return facts;
}

std::vector<ObsoleteFact> fates_of(Database& database, std::int64_t source, std::string_view id) {
  std::vector<ObsoleteFact> facts;
  if (!is_there(database.connection())) return facts;
  const std::array<Value, 2> which{Value(source), Value(id)};
  auto rows = database.connection().query(
      R"(SELECT f."kind", f."value" FROM "lamin_term" t JOIN "lamin_term_fact" f ON f."term" = t."id" )"
      R"(WHERE t."source" = ? AND t."term" = ? AND t."obsolete" = 1 AND f."kind" IN ('replaced_by', 'consider') )"
      R"(ORDER BY f."kind", f."position")",
      which);
  while (rows->next()) facts.push_back({std::string(id), std::string(rows->text(0)), std::string(rows->text(1))});
  return facts;
}

std::vector<std::pair<std::string, std::string>> alternative_ids(Database& database, std::int64_t source) {
  std::vector<std::pair<std::string, std::string>> ids;
  if (!is_there(database.connection())) return ids;
  const std::array<Value, 1> which{Value(source)};
  // In this order: few terms have one, so that all facts are read once, not looked up for each term.
  auto rows =
      database.connection().query(R"(SELECT f."value", t."term" FROM "lamin_term_fact" f CROSS JOIN "lamin_term" t )"
                                  R"(WHERE f."kind" = 'alt_id' AND t."id" = f."term" AND t."source" = ?)",
                                  which);
  while (rows->next()) ids.emplace_back(rows->text(0), rows->text(1));
  return ids;
}

bool has_stated(Database& database, std::int64_t source) {
  if (!is_there(database.connection())) return false;
  const std::array<Value, 1> which{Value(source)};
  return database.connection().query(R"(SELECT 1 FROM "lamin_term" WHERE "source" = ? LIMIT 1)", which)->next();
}

}  // namespace lamin::lake
