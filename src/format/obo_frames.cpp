#include "format/obo_frames.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <set>
#include "format/term_names.hpp"

namespace lamin::format::obo {

void Frames::expect(std::size_t bytes) {
  constexpr std::size_t a_term = 256, most = 200'000;  // rather too many: what is not used costs nothing
  terms_.reserve(std::min(bytes / a_term, most));
  by_id_.reserve(std::min(bytes / a_term, most));
}

Term& Frames::term(const std::string& id) {
  if (const auto known = by_id_.find(std::string_view(id)); known != by_id_.end()) return terms_[*known];
  return append({.id = id});
}

Term& Frames::append(Term&& term) {
  terms_.push_back(std::move(term));
  by_id_.insert(static_cast<std::uint32_t>(terms_.size() - 1));
  return terms_.back();
}

std::string Frames::add(Term&& fresh) {
  const auto at = by_id_.find(std::string_view(fresh.id));
  if (at == by_id_.end()) {
    append(std::move(fresh));
    return {};
  }
  Term& known = terms_[*at];
  std::string complaint;
  if (!fresh.name.empty() && !known.name.empty() && fresh.name != known.name)
    complaint = fmt::format("{} is called '{}' and '{}'; the first is taken", known.id, known.name, fresh.name);
  const auto add = [](auto& into, auto& from) {
    into.insert(into.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  if (known.name.empty()) known.name = std::move(fresh.name);
  if (known.definition.empty()) known.definition = std::move(fresh.definition);
  add(known.synonyms, fresh.synonyms);
  add(known.is_a, fresh.is_a);
  add(known.relationships, fresh.relationships);
  add(known.alt_ids, fresh.alt_ids);
  add(known.replaced_by, fresh.replaced_by);
  add(known.consider, fresh.consider);
  add(known.definition_sources, fresh.definition_sources);
  add(known.xrefs, fresh.xrefs);
  add(known.subsets, fresh.subsets);
  add(known.properties, fresh.properties);
  merged_.push_back(*at);
  known.obsolete = known.obsolete || fresh.obsolete;
  return complaint;
}

std::vector<Term> Frames::take() {
  drop_repeated();
  name_relations();
  return std::move(terms_);
}

/// Drops what several frames of a term repeat. Done at the end, so that many frames cost no more than their lines.
void Frames::drop_repeated() {
  auto once = [](auto& items, auto key) {
    std::set<decltype(key(items.front()))> seen;
    std::erase_if(items, [&](const auto& item) { return !seen.insert(key(item)).second; });
  };
  auto itself = [](const auto& item) { return item; };
  std::sort(merged_.begin(), merged_.end());
  merged_.erase(std::unique(merged_.begin(), merged_.end()), merged_.end());
  for (const auto at : merged_) {
    Term& term = terms_[at];
    once(term.synonyms, [](const Synonym& synonym) { return std::pair(synonym.text, synonym.scope); });
    once(term.relationships, itself);
    once(term.properties, itself);
    for (auto* ids : {&term.is_a, &term.alt_ids, &term.replaced_by, &term.consider, &term.definition_sources,
                      &term.xrefs, &term.subsets}) {
      once(*ids, itself);
    }
  }
}

// A relation has a short name ("part_of") and an identifier ("BFO:0000050"); files use either.
void Frames::name_relations() {
  std::unordered_map<std::string, std::string> names;
  for (auto& type : relations_) {
    if (type.id.find(':') != std::string::npos) {
      if (type.name.empty()) continue;
      auto name = type.name;
      std::replace(name.begin(), name.end(), ' ', '_');
      names.emplace(type.id, name);
    } else {
      for (auto& xref : type.xrefs) names.emplace(xref, type.id);
    }
  }
  for (auto& term : terms_) {
    for (auto& [relation, target] : term.relationships) {
      if (relation.find(':') == std::string::npos) continue;
      if (const auto known = relation_called(relation); !known.empty()) relation = known;
      else if (auto found = names.find(relation); found != names.end()) relation = found->second;
    }
  }
}

}  // namespace lamin::format::obo
