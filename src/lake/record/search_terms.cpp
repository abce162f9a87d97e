// search_terms.cpp -- terms that match a text, registered or not.
#include <algorithm>
#include <memory>
#include <unordered_set>

#include "lake/ontology/trashed.hpp"
#include "lake/reference/browse.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "lamin/public_terms.hpp"
#include "lamin/search.hpp"
#include "lamin/term.hpp"

namespace lamin {
namespace {

/// Null, with the reason, if no release can be read.
std::shared_ptr<Instance> readable(Instance& instance, const schema::Table& table, const std::string& source,
                                   std::string& why) {
  try {
    const auto used = release_in_use(instance, table.qualified, {.name = source});
    return lake::reference(instance, readable_release(instance, used));
  } catch (const Error& error) {
    const auto code = error.code();
    const bool is_absent =
        code == Code::unavailable || code == Code::not_found || code == Code::no_access || code == Code::not_configured;
    if (!is_absent) throw;
    why = error.what();
    return nullptr;
  }
}

class Finder {
 public:
  Finder(Instance& instance, const schema::Table& table, const std::string& source)
      : instance_(instance), table_(table), release_(readable(instance, table, source, found_.only_registered)) {}

  void look(std::string_view text, const SearchOptions& how) {
    for (auto& one : search(instance_, table_.qualified, text, how)) add(std::move(one.record), one.score, true);
    if (!release_) return;
    for (auto& one : search(*release_, table_.qualified, text, how)) {
      if (seen_.contains(std::string(one.record.uid()))) continue;
      // It may be registered under a name that does not match.
      auto row = instance_.database().find(table_, one.record.uid());
      const bool registered = row && row->uid() == one.record.uid() && !lake::is_trashed(*row);
      add(registered ? std::move(*row) : std::move(one.record), one.score, registered);
    }
  }
  bool empty() const { return found_.terms.empty(); }
  TermSearch best(std::int64_t limit) {
    std::ranges::stable_sort(found_.terms, std::ranges::greater(), &FoundTerm::score);
    if (limit >= 0 && found_.terms.size() > static_cast<std::size_t>(limit))
      found_.terms.resize(static_cast<std::size_t>(limit));
    return std::move(found_);
  }

 private:
  void add(Record record, double score, bool registered) {
    if (!seen_.emplace(record.uid()).second) return;
    found_.terms.push_back({.record = std::move(record), .score = score, .registered = registered});
  }

  Instance& instance_;
  const schema::Table& table_;
  TermSearch found_;
  std::shared_ptr<Instance> release_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

TermSearch search_terms(Instance& instance, std::string_view registry, std::string_view text,
                        const TermSearchOptions& options) {
  Finder finder(instance, lake::term_table(instance, registry), options.source);
  SearchOptions how{.limit = options.limit, .fuzzy = options.fuzzy};
  finder.look(text, how);
  const bool near = finder.empty() && !options.fuzzy && options.limit != 0;
  if (near) {
    how.fuzzy = true;
    finder.look(text, how);
  }
  auto found = finder.best(options.limit);
  found.only_near = near && !found.terms.empty();
  return found;
}

}  // namespace lamin
