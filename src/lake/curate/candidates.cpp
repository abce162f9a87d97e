#include "lake/curate/candidates.hpp"

#include <algorithm>
#include <unordered_map>

#include "lake/label/outside.hpp"
#include "lake/label/own_synonyms.hpp"
#include "lake/label/scope.hpp"
#include "lake/label/suggest.hpp"
#include "lake/label/value_index.hpp"

namespace lamin::lake {

struct Candidates::One {
  std::shared_ptr<Instance> outside;  ///< of which the index is; null = of registered rows
  std::shared_ptr<const ValueIndex> index;
  std::unordered_map<std::string, std::int64_t> obsolete;  ///< name or id of an obsolete term, folded -> row
  std::unordered_map<std::int64_t, std::string> values;    ///< of the rows that replace one

  bool by_name() const { return index->scope().field->name == index->scope().table->name_field; }
};

namespace {

void add_new(std::vector<Candidate>& found, Candidate one) {
  const bool known = std::ranges::any_of(found, [&](const auto& each) { return each.value == one.value; });
  if (!known && !one.value.empty()) found.push_back(std::move(one));
}

void add_rows(std::vector<Candidate>& found, const ValueIndex& index, const TextMap& map, std::string_view text,
              Candidate::Why why, std::string_view via = {}) {
  for (auto e = map.find(text); e != TextMap::none; e = map.next(e)) {
    add_new(found, {.value = std::string(index.value(map.row(e))), .why = why, .via = std::string(via)});
  }
}

/// "ENSG00000139618.2" without the version of the record.
std::string_view unversioned(std::string_view id) {
  const auto dot = id.rfind('.');
  const bool version =
      dot != id.npos && dot > 0 && dot + 1 < id.size() && id.find_first_not_of("0123456789", dot + 1) == id.npos;
  return version ? id.substr(0, dot) : id;
}

}  // namespace

Candidates::Candidates(Instance& instance, std::vector<LabelsOf> registries) {
  for (const auto& [registry, options] : registries) add(instance, nullptr, registry, options);
  for (const auto& [registry, options] : registries) {
    const auto& table = instance.catalog().table(registry);
    if (auto terms = outside(instance, table, options)) add(*terms, terms, registry, {.field = options.field});
  }
}

void Candidates::add(Instance& instance, std::shared_ptr<Instance> outside, const std::string& registry,
                     const LabelOptions& options) {
  One one{.outside = std::move(outside),
          .index = value_index(instance.database(), label_scope(instance, registry, options))};
  const auto& index = *one.index;
  std::string buffer;
  each_own_synonym(instance.database(), *index.scope().table,
                   [&](std::int64_t record, std::string_view scope, std::string_view text) {
                     if (!scope.starts_with("OBSOLETE")) return;
                     one.obsolete.emplace(std::string(fold_into(buffer, text)), record);
                     one.values.emplace(record, "");
                   });
  if (!one.values.empty()) {
    for (std::uint32_t row = 0; row < index.rows(); ++row) {
      const auto found = one.values.find(index.id(row));
      if (found != one.values.end()) found->second = index.value(row);
    }
  }
  all_.push_back(std::move(one));
}
Candidates::~Candidates() = default;

std::vector<Candidate> Candidates::of(const std::string& value, std::size_t most_similar) const {
  using Why = Candidate::Why;
  std::vector<Candidate> found;
  std::string buffer;
  const std::string folded(fold_into(buffer, value));
  for (const One& one : all_) add_rows(found, *one.index, one.index->folded_values(), folded, Why::letter_case);
  if (const std::string plain = squeezed(value); found.empty() && plain != value) {
    const std::string narrow(fold_into(buffer, plain));
    for (const One& one : all_)
      add_rows(found, *one.index, one.index->folded_values(), narrow, Why::letter_case, plain);
  }
  for (const One& one : all_) {
    if (one.by_name() && one.index->scope().synonyms != nullptr)
      add_rows(found, *one.index, one.index->folded_synonyms(), folded, Why::synonym);
  }
  for (const One& one : all_) {
    if (const auto at = one.obsolete.find(folded); at != one.obsolete.end())
      add_new(found, {.value = one.values.at(at->second), .why = Why::obsolete});
  }
  if (!found.empty()) return found;
  for (const One& one : all_) {
    if (one.by_name()) {
      for (auto& [name, score, via] : suggest(*one.index, value, most_similar))
        add_new(found, {.value = std::move(name), .why = Why::similar, .via = std::move(via), .score = score});
    } else if (const auto id = unversioned(value); one.index->values().find(id) != TextMap::none) {
      add_new(found, {.value = std::string(id), .why = Why::similar, .score = 0.95});
    }
  }
  std::ranges::stable_sort(found, std::ranges::greater(), &Candidate::score);
  std::erase_if(found, [&](const auto& one) { return one.score < found.front().score - distracts; });
  if (found.size() > most_similar) found.resize(most_similar);
  return found;
}

}  // namespace lamin::lake
