// ontology.hpp -- public ontologies in a registry: terms, parents, synonyms, and everything below a term.
//
// A term is a row of a registry such as bionty.CellType: its public identifier is the field ontology_id, its name the
// field name. Files of terms are imported; public_terms.hpp finds or downloads them. Descendants of terms are
// stored (table lamin_closure) and kept up to date, even if LaminDB or plain SQL changes the parents.
//
// Example: examples/cpp/ontology.cpp
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
  std::string source = {};   ///< name of the source: "cl"; default: from the file
  std::string version = {};  ///< "2026-03-26"; default: the file's data-version
  std::string organism = "all";
  bool currently_used = true;  ///< this source becomes the one in use
  bool update = false;         ///< rewrite existing terms that differ
  bool strict = false;         ///< refuse a file with anything that would be left out with a warning
  /// The terms are a part of their release, as a file may say of itself ("remark: subset"): the release does not count
  /// as registered, and the rest of it can be looked up and imported later.
  bool partial = false;
  bool refuse_known = false;  ///< throw conflict if a term is registered already, naming the first few
};
/// Terms of a file that were not imported, for one reason.
struct LeftOut {
  std::string why;  ///< "of other ontologies", "without a name"
  std::int64_t count = 0;
  std::vector<std::string> some = {};  ///< ids of the first few, or what they have in common
};
struct ImportReport {
  std::int64_t terms = 0;     ///< terms in the file that are not obsolete
  std::int64_t created = 0;   ///< new rows
  std::int64_t updated = 0;   ///< rewritten rows
  std::int64_t obsolete = 0;  ///< obsolete terms in the file, left out
  std::int64_t parents = 0;   ///< new parent links
  Record source = {};         ///< the row of registry bionty.Source; empty without a source
  std::vector<LeftOut> left_out = {};
  std::vector<std::string> complaints = {};  ///< "line 12, column 5: ...": clauses and rows left out, at most 1000
  std::int64_t n_complaints = 0;
  std::vector<std::string> unused_columns = {};  ///< of a table: those that no field takes
};

/// Reads an ontology (OBO, OWL in RDF/XML, JSON) into a registry, in one transaction. Terms flagged as obsolete are
/// left out; synonyms of every scope are kept, EXACT ones in `synonyms`; what LaminDB's columns cannot hold (xrefs,
/// typed relations, sources, what replaces an obsolete term) is kept beside them: term.hpp reads it. A clause that
/// cannot be understood is reported, and the rest comes. Running it again changes nothing. Throws not_found, corrupt
/// (with the line), invalid_argument; validation with `strict`.
ImportReport import_ontology(Instance& instance, std::string_view registry, const std::filesystem::path& file,
                             const ImportOptions& options = {});
/// The same from a table: columns are field names (gene: symbol, ensembl_gene_id, synonyms, ...), "parents" holds
/// identifiers joined by "|"; others are ignored with a message. Several rows with one identifier become one. Throws
/// not_configured if rows need an organism and none is given.
ImportReport import_terms(Instance& instance, std::string_view registry, const Frame& terms,
                          const ImportOptions& options = {});

/// Either of them, by the file's format. Throws invalid_argument for a file that is neither an ontology nor a table.
ImportReport import_file(Instance& instance, std::string_view registry, const std::filesystem::path& file,
                         const ImportOptions& options = {});

/// Everything below (above) a term, excluding the term, on visible branches. Below: one index range of the stored
/// closure. Above: the few links are followed.
std::vector<Record> descendants(Instance& instance, const Record& term);
std::vector<Record> ancestors(Instance& instance, const Record& term);
/// Ids of everything below any of these terms, sorted, excluding the terms, on all branches. Throws invalid_argument if
/// the registry has no parents.
std::vector<std::int64_t> descendant_ids(Instance& instance, const schema::Table& table,
                                         std::span<const std::int64_t> terms);

/// The same above them, by following the links.
std::vector<std::int64_t> ancestor_ids(Instance& instance, const schema::Table& table,
                                       std::span<const std::int64_t> terms);

/// A condition on rows of `table`: its relation ("cell_types") leads to the term or anything below it. A term given by
/// name must be registered. Throws unknown_field (relation) and not_found, naming the nearest.
Expr labelled_with_any(Instance& instance, const schema::Table& table, std::string_view relation, const Record& term);
Expr labelled_with_any(Instance& instance, const schema::Table& table, std::string_view relation,
                       std::string_view term);

}  // namespace lamin
