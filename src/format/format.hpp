// format.hpp -- files to frames and terms. One function per format; what needs a heavy library (Arrow, HDF5) is in a
// module library that is loaded on first use, behind the pure interfaces below.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "format/complaints.hpp"
#include "lamin/frame.hpp"

namespace lamin::format {

class ByteStream;

/// A term of an ontology as a file states it, whatever its syntax.
struct Synonym {
  std::string text;
  enum class Scope { exact, broad, narrow, related } scope = Scope::related;
  std::string type = {};                  ///< "ABBREVIATION", as the file calls it
  std::vector<std::string> sources = {};  ///< who says so: "PMID:12345"
};
struct Term {
  std::string id, name, definition;
  std::vector<Synonym> synonyms = {};
  std::vector<std::string> is_a = {};                                   ///< ids
  std::vector<std::pair<std::string, std::string>> relationships = {};  ///< (relation, id): ("part_of", "UBERON:1")
  std::vector<std::string> alt_ids = {}, replaced_by = {};
  bool obsolete = false;
  std::vector<std::string> consider = {};            ///< of an obsolete term: ids that may replace it
  std::vector<std::string> definition_sources = {};  ///< "PMID:12345"
  std::vector<std::string> xrefs = {};               ///< ids of the same thing elsewhere: "DOID:4"
  std::vector<std::string> subsets = {};
  std::vector<std::pair<std::string, std::string>> properties = {};  ///< whatever else is said: ("comment", "...")
};
struct Terms {
  std::string ontology, version;
  std::vector<Term> terms = {};
  Complaints complaints = {};
  bool partial = false;  ///< the file says that it has some of the terms of its release: "remark: subset"
};

/// OBO 1.0 to 1.4, OWL in RDF/XML, OBO graphs and the CELLxGENE guide's files in JSON; .gz and .zst too. A term or
/// clause that cannot be understood is a complaint, and the rest is read. Throws corrupt for a file that is cut short,
/// is none of these or has no term; unsupported for other syntaxes, by name.
Terms read_terms(const std::filesystem::path& path);
Terms read_obo(const std::filesystem::path& path);
Terms parse_obo(std::string_view text, std::string_view name_for_messages);
Terms parse_obo(ByteStream& bytes, std::string_view name_for_messages, std::size_t size);  ///< about so many bytes

Frame read_csv(const std::filesystem::path& path, char separator = ',');        ///< .gz too
Frame read_csv_texts(const std::filesystem::path& path, char separator = ',');  ///< the same, all columns as texts
void write_csv(const Frame& frame, const std::filesystem::path& path);
Frame read_parquet(const std::filesystem::path& path);
void write_parquet(const Frame& frame, const std::filesystem::path& path);
/// The next part of a table; nullopt after the last one. All have the same columns of the same kinds.
using NextPart = std::function<std::optional<Frame>()>;
/// A table of any length, of at least one part, in the memory of one. pandas reads its integers as `Int64`, so that
/// missing values do not make them floats. Throws invalid_argument if there is no part.
void write_parquet_parts(const NextPart& next, const std::filesystem::path& path);
std::int64_t parquet_rows(const std::filesystem::path& path);

/// The part of an AnnData file that can be read without its matrix.
struct AnnDataHead {
  std::int64_t n_obs = 0, n_vars = 0;
  Frame obs, var;
  std::vector<std::string> uns_keys, layers, obsm;
};
/// h5ad or zarr (v2, v3). Throws corrupt for a truncated or foreign file.
AnnDataHead read_anndata(const std::filesystem::path& path);
/// Call before another library opens an HDF5 file in this process: throws corrupt for one that crashes or stalls the
/// HDF5 library, whose links lead out of it, or that claims far more than it stores. Costs about as much as
/// `read_anndata`.
void check_hdf5(const std::filesystem::path& path);

/// Copies an h5ad or h5mu file, or a zarr folder, and replaces whole columns of its tables ("obs", "rna:var") by those
/// of the frames, which hold only these, or adds them, in the current anndata encoding; texts with missing values
/// become categories. `to` appears atomically and durably, and may be `from`. Throws unsupported for times and dates;
/// invalid_argument for a different number of rows; corrupt, not_found.
void write_table_columns(const std::filesystem::path& from, const std::filesystem::path& to,
                         std::span<const Slot> changed);

}  // namespace lamin::format
