// term.hpp -- a term of an ontology, with all that is known of it: what its release says, what is near it, who uses it.
//
// A term is looked up in the registry and, where it is not registered, in the release in use (public_terms.hpp);
// obsolete terms and former identifiers are found, too. Nothing is registered by looking.
//
// Example: examples/cpp/term.cpp
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

/// Rows that use a term: of one registry, how many, and the first few as people know them.
struct TermUse {
  std::string registry = {};  ///< "Artifact", "Record", "Feature", "Schema"
  std::int64_t count = 0;
  std::vector<std::string> some = {};
};

struct TermSynonym {
  std::string text = {};
  std::string scope = {};                 ///< "EXACT", "BROAD", "NARROW", "RELATED"; "OBSOLETE": of a term it replaces
  std::string type = {};                  ///< "ABBREVIATION", as the release calls it
  std::vector<std::string> sources = {};  ///< "PMID:12345"
};
struct TermLink {
  std::string relation = {};  ///< "is_a", "part_of"; of a user's own link "parent"
  std::string id = {}, name = {};
};

struct TermInfo {
  std::string registry = {}, id = {}, name = {}, definition = {}, abbreviation = {};
  std::string source = {}, version = {};  ///< the release that says so; "" for a term of one's own
  bool registered = false, obsolete = false;
  Record record = {};  ///< registered or, of another database, the release's row; empty for an obsolete term
  std::vector<TermSynonym> synonyms = {};
  std::vector<std::string> definition_sources = {}, xrefs = {}, alt_ids = {}, subsets = {};
  std::vector<TermLink> replaced_by = {}, consider = {};             ///< of an obsolete term; the relation is ""
  std::vector<TermLink> relations = {};                              ///< what it says of other terms
  std::vector<TermLink> children = {};                               ///< direct ones
  std::vector<std::pair<std::string, std::string>> properties = {};  ///< ("comment", "...")
  std::vector<TermUse> uses = {};                                    ///< of a registered one
};

/// By identifier, name, synonym, or the identifier of a term that was merged into it. Registry "": that of the
/// identifier's prefix, otherwise the one with a registered term of this name. Throws not_found, naming the nearest;
/// multiple_found for a name in several registries; invalid_argument for a registry without ontology terms.
TermInfo term_info(Instance& instance, std::string_view registry, std::string_view text);
/// Of a row: what its release says.
TermInfo term_info(Instance& instance, const Record& record);

struct TermSearchOptions {
  std::string source = {};  ///< the release in use of this source is searched; "" = of any
  std::int64_t limit = 20;
  bool fuzzy = false;  ///< as in search.hpp; without it only if no term contains the text
};
struct FoundTerm {
  Record record = {};  ///< of the registry, or of the release
  double score = 0;
  bool registered = false;
};
struct TermSearch {
  std::vector<FoundTerm> terms = {};  ///< the best first
  std::string only_registered = {};   ///< why no release was searched; "" = one was
  bool only_near = false;             ///< no term contains the text: these have something like it
};
/// Terms of a registry and of the release in use, each once. Throws what search throws; without a release that can be
/// read, the registered ones are found.
TermSearch search_terms(Instance& instance, std::string_view registry, std::string_view text,
                        const TermSearchOptions& options = {});

struct TermGraphOptions {
  int up = 0, down = 0;       ///< levels
  std::string relation = {};  ///< "part_of"; "" = what the registry calls parents
  std::size_t most = 2000;    ///< terms; what is beyond is left out and marked
  std::string field = {};     ///< row_graph: what rows are shown by; "" = their names
};
struct TermNode {
  std::string id = {}, name = {};
  int level = 0;  ///< 0: the term asked for; negative: above it
  bool registered = false;
  std::int64_t hidden = 0;  ///< direct ones below (of an upper term: above) that are not in the graph
};
/// A term, what is above and what is below it; the first node is the term.
struct TermGraph {
  std::string registry = {}, relation = {};
  int up = 0, down = 0;  ///< levels, as asked for
  std::vector<TermNode> nodes = {};
  std::vector<std::pair<std::size_t, std::size_t>> edges = {};  ///< (child, parent), positions of nodes
  bool cut = false;
};
/// Of the registry's terms and, unless it holds a whole release, of those of the release in use that is at hand. Throws
/// what term_info throws; not_found for a relation that no term has, naming those there are.
TermGraph term_graph(Instance& instance, std::string_view registry, std::string_view text,
                     const TermGraphOptions& options = {});
/// Of any rows that have parents, registered ones alone.
TermGraph row_graph(Instance& instance, const Record& record, const TermGraphOptions& options = {});

/// What people call an ontology: the name of a source ("CL") or a registry ("cell_type", "bionty.CellType").
struct OntologyName {
  std::string registry = {}, source = {};  ///< source: "" if a registry was named
};
/// Throws not_found, naming the nearest; multiple_found for a source of several registries.
OntologyName ontology_called(Instance& instance, std::string_view name);

}  // namespace lamin
