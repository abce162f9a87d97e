// content.cpp -- the columns of terms, and synonyms of several origins.
#include <algorithm>
#include <array>
#include <memory>
#include <tuple>

#include "base/text.hpp"
#include "db/connection.hpp"
#include "lake/reference/reference.hpp"
#include "lake/upgrade/moves.hpp"
#include "registry/scan.hpp"

namespace lamin::lake {
namespace {

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

}  // namespace

TermContents contents_of(Instance& instance, const schema::Table& table) {
  const auto& own = instance.catalog().table(table.qualified);
  TermContents out;
  const auto further = further_columns(own);
  registry::ScanOptions options{.columns = {&own.column(own.id_field), &own.column(own.name_field),
                                            &own.column("description"), &own.column("synonyms")}};
  options.columns.insert(options.columns.end(), further.begin(), further.end());
  auto rows = registry::Scan(own, options).rows(instance.database());
  while (rows->next()) {
    if (rows->is_null(0)) continue;
    TermContent content{.name = rows->is_null(1) ? "" : std::string(rows->text(1)),
                        .description = rows->value(2, Type::text),
                        .synonyms = rows->value(3, Type::text)};
    for (std::size_t i = 0; i < further.size(); ++i)
      content.further.push_back(rows->value(static_cast<int>(i + 4), further[i]->type));
    out.emplace(rows->text(0), std::move(content));
  }
  return out;
}

namespace {

OtherSynonyms others_of(Instance& reference, const schema::Table& given) {
  const auto& table = reference.catalog().table(given.qualified);
  std::unordered_map<std::int64_t, std::string> terms;
  auto rows =
      registry::Scan(table, {.columns = {&table.columns[0], &table.column(table.id_field)}}).rows(reference.database());
  while (rows->next()) {
    if (!rows->is_null(1)) terms.emplace(rows->integer(0), rows->text(1));
  }
  return other_synonyms(reference, table, terms);
}

}  // namespace

OtherSynonyms other_synonyms(Instance& instance, const schema::Table& table,
                             const std::unordered_map<std::int64_t, std::string>& terms) {
  OtherSynonyms out;
  each_own_synonym(instance.database(), table, [&](std::int64_t row, std::string_view scope, std::string_view text) {
    if (const auto term = terms.find(row); term != terms.end())
      out[term->second].push_back({.record = row, .scope = std::string(scope), .text = std::string(text)});
  });
  for (auto& [term, synonyms] : out)
    std::ranges::sort(synonyms, {}, [](const OwnSynonym& one) { return std::tie(one.scope, one.text); });
  return out;
}

ReleaseTerms::ReleaseTerms(Instance& reference, const schema::Table& table)
    : stated(reference, table, Stated::Reads::all),
      contents(contents_of(reference, table)),
      others(others_of(reference, table)) {}

std::shared_ptr<const ReleaseTerms> terms_of(Instance& reference, const schema::Table& table) {
  using Kept = std::weak_ptr<const ReleaseTerms>;
  auto& attached = reference.database().attachment("upgrade.terms");
  if (!attached) attached = std::make_shared<Kept>();
  auto& kept = *static_cast<Kept*>(attached.get());
  if (auto terms = kept.lock()) return terms;
  auto terms = std::make_shared<const ReleaseTerms>(reference, table);
  kept = terms;
  return terms;
}

std::vector<std::string> parts_of(const Value& joined) {
  auto parts = base::split(joined.text_or(""), '|');
  std::erase_if(parts, [](const std::string& part) { return part.empty(); });
  return parts;
}

Value merged_synonyms(const Value& current, const TermContent* before, const Value& after) {
  const auto has_now = parts_of(current), released = before ? parts_of(before->synonyms) : std::vector<std::string>();
  std::vector<std::string> merged;
  for (const auto& one : parts_of(after)) {
    const bool removed = has(released, one) && !has(has_now, one);
    if (!removed) merged.push_back(one);
  }
  for (const auto& one : has_now) {
    if (!has(released, one) && !has(merged, one)) merged.push_back(one);
  }
  if (merged == has_now) return current;
  return merged.empty() ? Value() : Value(base::join(merged, "|"));
}

}  // namespace lamin::lake
