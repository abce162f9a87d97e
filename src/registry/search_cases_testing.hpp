// search_cases_testing.hpp -- a registry large enough for an index, a plain model of a search, and questions.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "registry/injection_testing.hpp"
#include "registry/near.hpp"
#include "registry/rank.hpp"
#include "registry/search.hpp"
#include "registry/search_index.hpp"
#include "registry/testing.hpp"
#include "registry/writes.hpp"

namespace lamin::registry::test {

constexpr int many_samples = 12'000;

/// Names of words that are rare and common, and some that are hard to search for.
inline void add_samples(Bench& bench) {
  static constexpr const char* words[] = {"kidney", "Liver", "lung", "skin", "neuron", "Th17", "ilc", "gut"};
  static constexpr const char* odd[] = {"x|Y|z", "50% of a_b", "o'x \"q\"",  "b*(c)",      "ÄRZTE µ",
                                        "cell",  "CELL",       "a.b,c;d",    "Tcell|cell", "中文字",
                                        "日本",  "\\back",     "AND OR NOT", "kidney:9"};
  std::vector<Record> records;
  for (int i = 0; i < many_samples; ++i) {
    Record record(bench.table("Sample"));
    std::string name = std::string(words[i % 8]) + (i % 3 ? " cell " : " ") + std::to_string(i);
    if (i % 800 == 799) name = odd[i / 800 % std::size(odd)];
    record.set("name", Value(std::move(name)));
    if (i % 4 == 0) record.set("kind", Value(i % 8 ? "cell" : "tissue"));
    record.set("size", Value(i));
    if (i % 100 == 7) record.set("branch", Value(-1));
    records.push_back(std::move(record));
  }
  Writes(bench.db()).insert(records);
}

/// Ranks every row, without an index.
inline std::vector<Hit> model(Bench& bench, const SearchRequest& request) {
  const std::string wanted = request.case_sensitive ? request.text : base::fold(request.text);
  const Wording wording(wanted);
  std::vector<Hit> hits;
  Query query{.registry = request.table->qualified.str(), .where = request.within, .any_branch = request.any_branch};
  for (const auto& record : bench.db().all(query)) {
    double score = 0;
    for (const auto* column : request.columns) {
      const std::string text(record[column->position].text_or(""));
      const std::string folded = request.case_sensitive ? text : base::fold(text);
      if (request.near) score = std::max(score, text.empty() ? 0 : likeness_in(wording, folded));
      else score += rank_text(folded, wanted);
    }
    if (score > 0) hits.push_back({record.id(), score});
  }
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.score > b.score; });
  return hits;
}

inline SearchRequest request(Bench& bench, std::string text) {
  const auto& table = bench.table("Sample");
  return {.table = &table,
          .columns = searched_columns(table),
          .text = std::move(text),
          .all_ranked = 0,
          .most_ranked = 4000};
}

inline std::string to_text(const std::vector<Hit>& hits) {
  std::string text;
  for (const auto& hit : hits) text += std::to_string(hit.id) + ":" + std::to_string(hit.score) + " ";
  return text;
}

inline void expect_as_model(Bench& bench, const SearchRequest& request) {
  auto expected = model(bench, request);
  if (request.limit >= 0 && std::cmp_greater(expected.size(), request.limit)) {
    expected.resize(static_cast<std::size_t>(request.limit));
  }
  EXPECT_EQ(to_text(search(bench.db(), request)), to_text(expected))
      << "searching '" << request.text << "'" << (request.near ? " nearly" : "");
}

/// Texts in up to 2,000 rows: the answer is the model's, to the last row.
inline void check_rare_texts(Bench& bench) {
  for (const char* text :
       {"kidney",   "Kidney",     "liver cell 1", "11999", "n cell 77",   "il", "µ",     "x|y", "y",
        "50%",      "a_b",        "o'x",          "\"q\"", "b*(c)",       "(",  "ärzte", "Ä",   "zzz",
        "a.b,c",    "a b",        "tcell|cell",   "中文",  "日",          "\\", "AND",   "NOT", "*",
        "kidney:9", "ilc cell 6", "TISSUE",       "77",    "th17 cell 5", "|z", "\x02"}) {
    auto asked = request(bench, text);
    expect_as_model(bench, asked);
    asked.limit = -1;
    expect_as_model(bench, asked);
    asked.limit = 3;
    asked.case_sensitive = true;
    expect_as_model(bench, asked);
    asked.case_sensitive = false;
    asked.any_branch = true;
    expect_as_model(bench, asked);
    asked.any_branch = false;
    asked.columns = {&bench.table("Sample").column("name")};
    asked.within = Expr::compare("size", Op::lt, Value(4000));
    expect_as_model(bench, asked);
    asked.within = Expr::compare("branch", Op::exact, Value(-1));
    expect_as_model(bench, asked);
  }
}

/// A text in 8,000 rows and more: those that have it as a whole come first, however far down the table they are.
inline void check_common_text(Bench& bench) {
  auto asked = request(bench, "cell");
  asked.columns = {&bench.table("Sample").column("name")};
  const auto expected = model(bench, asked);
  const auto whole = std::count_if(expected.begin(), expected.end(), [](const Hit& hit) { return hit.score >= 400; });
  ASSERT_GE(whole, 2);
  asked.limit = whole;
  expect_as_model(bench, asked);
  asked.limit = -1;
  expect_as_model(bench, asked);
  asked.limit = 20;
  asked.within = Expr::compare("size", Op::gt, Value(3000));
  expect_as_model(bench, asked);
}

inline void check_near_texts(Bench& bench) {
  for (const char* text : {"kidny", "livre cell 1", "neruon cell 20", "lugn", "xx", "ilc", "Th71", "kidney cell 11o"}) {
    auto asked = request(bench, text);
    asked.near = true;
    expect_as_model(bench, asked);
    asked.within = Expr::compare("kind", Op::exact, Value("cell"));
    expect_as_model(bench, asked);
  }
}

/// Hostile texts are searched by the same statements as harmless ones, and find what the model finds.
inline void check_hostile_texts(Bench& bench, std::set<std::string, std::less<>>& sent) {
  const auto ask = [&](const std::string& text, bool rare) {
    for (const int way : {0, 1, 2, 4, 5, 6}) {  // near, or by case, in all or within
      auto asked = request(bench, text);
      asked.near = (way & 1) != 0;
      asked.case_sensitive = (way & 2) != 0;
      if ((way & 4) != 0) asked.within = Expr::compare("kind", Op::exact, Value("cell"));
      try {
        if (rare) expect_as_model(bench, asked);
        else search(bench.db(), asked);
      } catch (const Error& error) {
        EXPECT_TRUE(error.code() == Code::invalid_argument || error.code() == Code::validation) << error.what();
      }
    }
  };
  for (const char* text : {"k", "ki", "kid", "kidney", "kidney cell 1", "no such text",
                           "a longer text that is not there", "x y z", "中", "cell", "ce", "ll"})
    ask(text, false);
  const auto usual = std::exchange(sent, {});
  for (const auto& text : hostile_texts()) {
    if (!base::trim(text).empty()) ask(text, true);
  }
  const Vocabulary vocabulary(bench.db().catalog());
  EXPECT_FALSE(sent.empty());
  for (const auto& sql : sent) EXPECT_TRUE(usual.contains(sql) || vocabulary.unexpected(sql).empty()) << sql;
}

}  // namespace lamin::registry::test
