// sql_files_testing.hpp -- tests/sql: queries as input, SQL of both dialects and rows as output, as text.
//
// A block is `query:` lines (registry, then `where`, `order by`, `limit`, `offset`, each optional and in that order)
// followed by what is expected: `sqlite:`, `postgres:`, `values:` (the parameters), `rows:` (their names). With
// LAMIN_UPDATE_SQL=1 the test writes what it found into the file instead: read the diff before you commit it.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "registry/engine.hpp"
#include "registry/testing.hpp"
#include "registry/writes.hpp"

namespace lamin::registry::test {

struct Block {
  std::string comment, query, sqlite, postgres, values, rows;
};

inline std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

inline std::vector<Block> read_blocks(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<Block> out;
  std::string line, comment;
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    if (line[0] == '#') {
      comment += line + "\n";
      continue;
    }
    const auto colon = line.find(':');
    const std::string key = line.substr(0, colon), text = trimmed(line.substr(colon + 1));
    if (key == "query") {
      out.push_back({.comment = comment, .query = text});
      comment.clear();
    } else if (out.empty()) {
      ADD_FAILURE() << file << ": a block begins with query:";
    } else {
      auto& block = out.back();
      if (key == "sqlite") block.sqlite = text;
      else if (key == "postgres") block.postgres = text;
      else if (key == "values") block.values = text;
      else if (key == "rows") block.rows = text;
      else ADD_FAILURE() << file << ": unknown line " << line;
    }
  }
  return out;
}

/// "Sample where name = 'a' order by -size, name limit 3"
inline Query read_query(const std::string& text) {
  auto cut = [](std::string& from, std::string_view word) {
    const auto at = from.rfind(word);
    std::string tail;
    if (at != std::string::npos) {
      tail = from.substr(at + word.size());
      from.resize(at);
    }
    return tail;
  };
  std::string rest = text + " ";
  Query query;
  if (const auto n = cut(rest, " offset "); !n.empty()) query.offset = std::stoll(n);
  if (const auto n = cut(rest, " limit "); !n.empty()) query.limit = std::stoll(n);
  std::string order = cut(rest, " order by ");
  while (!order.empty()) {
    const auto comma = std::min(order.find(','), order.size());
    query.order_by.push_back(trimmed(order.substr(0, comma)));
    order.erase(0, comma + 1);
  }
  const auto at = rest.find(" where ");
  query.registry = trimmed(rest.substr(0, at));
  if (query.registry.ends_with("*")) {
    query.registry.pop_back();
    query.any_branch = true;
  }
  if (at != std::string::npos) query.where = Expr::parse(rest.substr(at + 7));
  return query;
}

/// The SQL without the list of columns, which says nothing about the query.
inline std::string sql_of(Bench& bench, const Query& query, db::Dialect dialect, std::string* values = nullptr) {
  const auto& table = bench.table(query.registry);
  Shape shape;
  add_shape(query.where, shape);
  const bool hides = !query.any_branch && !shape.names_rows && table.has(schema::Trait::branched);
  const Seen seen{.branches = hides || shape.asks_visible ? Visible::main : Visible::all, .everywhere = hides};
  Compiler compiler(table, dialect, shape, seen, false);
  const auto statement = compiler.rows(query);
  if (values != nullptr)
    for (const auto& value : bind(statement, shape, query, 1, dialect == db::Dialect::sqlite))
      *values += (values->empty() ? "" : ", ") + to_string(value);
  return statement.sql.substr(statement.sql.find(" FROM ") + 1);
}

inline void add_sample_rows(Bench& bench) {
  auto& db = bench.db();
  const auto site = bench.row("Site", {{"name", "Basel"}, {"date", "2024-02-29"}}).id();
  const auto ann = bench.row("Donor", {{"name", "Ann"}, {"age", 41}, {"site", site}}).id();
  const auto bob = bench.row("Donor", {{"name", "Bob"}}).id();
  const Record red = bench.row("Tag", {{"name", "red"}, {"weight", 1.5}}), warm = bench.row("Tag", {{"name", "warm"}});
  const auto warm_id = warm.id(), red_id = red.id();
  registry::Writes(db).link(red, *red.table().find_relation("parents"), {&warm_id, 1});
  auto sample = [&](const char* name, std::vector<std::pair<std::string, Value>> more) {
    more.emplace_back("name", name);
    return bench.row("Sample", more);
  };
  const Record a = sample("alpha", {{"size", 5},
                                    {"kind", "cell"},
                                    {"donor", ann},
                                    {"taken_at", "2024-12-31 23:59:59"},
                                    {"day", "2024-12-31"},
                                    {"params", Json{R"({"lr": 0.5, "by": "ann"})"}}});
  const Record b =
      sample("Beta_1", {{"size", 50}, {"donor", bob}, {"is_ok", true}, {"taken_at", "2025-01-01 00:00:00"}});
  const Record c = sample("\xC3\x84nne 100%", {{"score", 0.25}, {"donor", ann}, {"kind", "tissue"}});
  sample("binned", {{"branch", -1}, {"size", 7}});
  for (const auto* s : {&a, &c}) registry::Writes(db).link(*s, *s->table().find_relation("tags"), {&red_id, 1});
  registry::Writes(db).link(b, *b.table().find_relation("tags"), {&warm_id, 1});
  registry::Writes(db).link(a, *a.table().find_relation("labels"), {&warm_id, 1}, {{"feature", 1}});
  bench.row("Note", {{"text", "first"}, {"stars", 3}, {"sample", a.id()}});
  bench.row("Note", {{"text", "second"}, {"stars", 1}, {"sample", a.id()}});
  bench.row("Note", {{"text", "third"}, {"stars", 3}, {"sample", b.id()}});
}

inline void check_sql_files(Bench& bench) {
  add_sample_rows(bench);
  const bool update = std::getenv("LAMIN_UPDATE_SQL") != nullptr;
  const std::filesystem::path folder = std::filesystem::path(LAMIN_SOURCE_DIR) / "tests" / "sql";
  int blocks = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".txt") continue;
    auto all = read_blocks(entry.path());
    for (auto& block : all) {
      ++blocks;
      SCOPED_TRACE(entry.path().filename().string() + ": " + block.query);
      Block found = block;
      try {
        const Query query = read_query(block.query);
        found.values.clear();
        found.sqlite = sql_of(bench, query, db::Dialect::sqlite, &found.values);
        found.postgres = sql_of(bench, query, db::Dialect::postgres);
        found.rows = names_of(bench.db().all(query));
      } catch (const Error& error) {
        found = {.comment = block.comment, .query = block.query, .rows = std::string("error: ") + error.what()};
      }
      if (!update) {
        EXPECT_EQ(found.sqlite, block.sqlite);
        EXPECT_EQ(found.postgres, block.postgres);
        EXPECT_EQ(found.values, block.values);
        EXPECT_EQ(found.rows, block.rows);
      }
      block = found;
    }
    if (!update) continue;
    std::ofstream out(entry.path());
    for (const auto& b : all) {
      out << b.comment << "query: " << b.query << "\n";
      if (!b.sqlite.empty()) out << "sqlite: " << b.sqlite << "\npostgres: " << b.postgres << "\n";
      if (!b.values.empty()) out << "values: " << b.values << "\n";
      out << "rows: " << b.rows << "\n\n";
    }
  }
  EXPECT_GT(blocks, 60) << "the files are in " << folder;
}

}  // namespace lamin::registry::test
