// obo_frames.hpp -- what the frames of an OBO file, or the nodes of a graph, say together: several may state one term,
// and a relation may be named in a frame after those that use it.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>
#include "format/format.hpp"

namespace lamin::format::obo {

struct Relation {
  std::string id, name;
  std::vector<std::string> xrefs;
};

class Frames {
 public:
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
  void drop_repeated();
  void name_relations();

  std::vector<Term> terms_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::vector<std::size_t> merged_;  // terms with several frames
  std::vector<Relation> relations_;
};

}  // namespace lamin::format::obo
