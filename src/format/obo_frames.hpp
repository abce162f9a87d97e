// obo_frames.hpp -- what the frames of an OBO file, or the nodes of a graph, say together: several may state one term,
// and a relation may be named in a frame after those that use it.
#pragma once
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>
#include "format/format.hpp"

namespace lamin::format::obo {

struct Relation {
  std::string id, name;
  std::vector<std::string> xrefs;
};

class Frames {
 public:
  Frames() = default;
  Frames(const Frames&) = delete;  // by_id_ refers to terms_
  Frames& operator=(const Frames&) = delete;

  /// Makes room for the terms of a text of about so many bytes: moving them while their number grows takes time, and
  /// memory for all of them twice.
  void expect(std::size_t bytes);
  /// Frames with the same id are one term. Returns what there is to complain of: they differ in its name.
  std::string add(Term&& term);
  void add(Relation&& relation) { relations_.push_back(std::move(relation)); }
  /// The term, which is new if no frame has stated it; valid until the next call.
  Term& term(const std::string& id);
  /// The terms, in the order of their first frames.
  std::vector<Term> take();

 private:
  Term& append(Term&& term);
  void drop_repeated();
  void name_relations();

  std::string_view id_of(std::uint32_t number) const { return terms_[number].id; }
  static std::string_view id_of(std::string_view id) { return id; }
  struct HashOfId {
    using is_transparent = void;
    const Frames* of;
    std::size_t operator()(auto term) const { return std::hash<std::string_view>()(of->id_of(term)); }
  };
  struct SameId {
    using is_transparent = void;
    const Frames* of;
    bool operator()(auto one, auto other) const { return of->id_of(one) == of->id_of(other); }
  };

  std::vector<Term> terms_;
  boost::unordered_flat_set<std::uint32_t, HashOfId, SameId> by_id_{0, HashOfId{this},
                                                                    SameId{this}};  // numbers of terms
  std::vector<std::size_t> merged_;                                                 // terms with several frames
  std::vector<Relation> relations_;
};

}  // namespace lamin::format::obo
