// search_judge.hpp -- the score of a text: LaminDB's rank (rank.hpp), or a similarity (near.hpp).
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "registry/near.hpp"
#include "registry/rank.hpp"
#include "registry/search.hpp"

namespace lamin::registry {

/// How well the texts of a row match.
class SearchJudge {
 public:
  explicit SearchJudge(const SearchRequest& request)
      : request_(request),
        wanted_(request.case_sensitive ? request.text : base::fold(request.text)),
        wording_(request.near ? std::optional<Wording>(wanted_) : std::nullopt) {}

  double score(std::string_view text) {
    if (text.empty()) return 0;
    if (!request_.case_sensitive) text = folded(text);
    if (wording_) return likeness_in(*wording_, text);
    const int rank = rank_text(text, wanted_);
    return rank + (rank > 0 && text.starts_with(wanted_) ? request_.for_beginning : 0);
  }
  /// Ranks add up over the fields; of similarities the best counts.
  double together(double a, double b) const { return wording_ ? std::max(a, b) : a + b; }
  const std::string& wanted() const { return wanted_; }

 private:
  std::string_view folded(std::string_view text) {
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    if (!ascii) return buffer_ = base::fold(text);
    buffer_.resize(text.size());
    std::transform(text.begin(), text.end(), buffer_.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return buffer_;
  }

  const SearchRequest& request_;
  std::string wanted_, buffer_;
  std::optional<Wording> wording_;
};

}  // namespace lamin::registry
