#include "lake/curate/candidates.hpp"

#include <algorithm>
#include <unordered_map>

#include "lake/label/own_synonyms.hpp"
#include "lake/label/scope.hpp"
#include "lake/label/suggest.hpp"
#include "lake/label/value_index.hpp"

namespace lamin::lake {

struct Candidates::One {
  std::shared_ptr<const ValueIndex> index;
  std::unordered_map<std::string, std::int64_t> obsolete;  ///< name or id of an obsolete term, folded -> row
  std::unordered_map<std::int64_t, std::string> values;    ///< of the rows that replace one

  bool by_name() const { return index->scope().field->name == index->scope().table->name_field; }
};

namespace {

void add(std::vector<Candidate>& found, Candidate one) {
  const bool known = std::ranges::any_of(found, [&](const auto& each) { return each.value == one.value; });
  if (!known && !one.value.empty()) found.push_back(std::move(one));
}

void add_rows(std::vector<Candidate>& found, const ValueIndex& index, const TextMap& map, std::string_view text,
              Candidate::Why why) {
  for (auto e = map.find(text); e != TextMap::none; e = map.next(e)) {
    add(found, {.value = std::string(index.value(map.row(e))), .why = why});
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
  for (const auto& [registry, options] : registries) {
    One one{.index = value_index(instance.database(), label_scope(instance, registry, options))};
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
}
Candidates::~Candidates() = default;

std::vector<Candidate> Candidates::of(const std::string& value, std::size_t most_similar) const {
  using Why = Candidate::Why;
  std::vector<Candidate> found;
  std::string buffer;
  const std::string folded(fold_into(buffer, value));
  for (const auto& [index, obsolete, values] : all_)
    add_rows(found, *index, index->folded_values(), folded, Why::letter_case);
  for (const One& one : all_) {
    if (one.by_name() && one.index->scope().synonyms != nullptr)
      add_rows(found, *one.index, one.index->folded_synonyms(), folded, Why::synonym);
  }
  for (const auto& [index, obsolete, values] : all_) {
    if (const auto at = obsolete.find(folded); at != obsolete.end())
      add(found, {.value = values.at(at->second), .why = Why::obsolete});
  }
  if (!found.empty()) return found;
  for (const One& one : all_) {
    if (one.by_name()) {
      for (auto& [name, score, via] : suggest(*one.index, value, most_similar))
        add(found, {.value = std::move(name), .why = Why::similar, .via = std::move(via), .score = score});
    } else if (const auto id = unversioned(value); one.index->values().find(id) != TextMap::none) {
      add(found, {.value = std::string(id), .why = Why::similar, .score = 0.95});
    }
  }
  std::ranges::stable_sort(found, std::ranges::greater(), &Candidate::score);
  // Where one is much more alike than the others, these would only distract.
  constexpr double near = 0.15;
  std::erase_if(found, [&](const auto& one) { return one.score < found.front().score - near; });
  if (found.size() > most_similar) found.resize(most_similar);
  return found;
}

}  // namespace lamin::lake
