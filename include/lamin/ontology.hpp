// ontology.hpp -- public ontologies in a registry: terms, parents, synonyms, and everything below a term.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/frame.hpp"
#include "lamin/instance.hpp"

namespace lamin {

struct ImportOptions {
  std::string source;   ///< name of the source: "cl"
  std::string version;  ///< default: the file's data-version
  std::string organism = "all";
  bool currently_used = true;  ///< this source becomes the one in use
  bool update = false;         ///< rewrite terms that are there and differ
};
struct ImportReport {
  std::int64_t terms = 0, created = 0, updated = 0, obsolete = 0, parents = 0;
  Record source;
};

/// Reads an OBO file into a registry of an ontology, in one transaction. Obsolete terms by their flag; synonyms of
/// every scope are kept, EXACT ones in `synonyms`. Running it again changes nothing. Throws not_found, corrupt with
/// the line, invalid_argument.
ImportReport import_ontology(Instance& instance, std::string_view registry, const std::filesystem::path& file,
                             const ImportOptions& options = {});
/// The same from a table: columns are field names (gene: symbol, ensembl_gene_id, synonyms, ...), "parents" holds
/// identifiers joined by "|"; others are ignored and said so. Several rows of one identifier become one. Throws
/// not_configured where rows need an organism and none is given.
ImportReport import_terms(Instance& instance, std::string_view registry, const Frame& terms,
                          const ImportOptions& options = {});

/// Everything below (above) a term, itself not included, on visible branches. Below: one index range of the stored
/// closure. Above: the few links are walked.
std::vector<Record> descendants(Instance& instance, const Record& term);
std::vector<Record> ancestors(Instance& instance, const Record& term);
std::vector<std::int64_t> descendant_ids(Instance& instance, const schema::Table& table,
                                         std::span<const std::int64_t> terms);

/// An organism by name, from the registry or made from the built-in table (human, mouse, ...). Saved.
Record organism(Instance& instance, std::string_view name);

}  // namespace lamin
