// term_table.hpp -- tables of genes, proteins, organisms, cell lines, markers and diseases as their publishers write
// them, under the names that the fields of a registry have: what a table of Ensembl calls "Gene stable ID" is
// ensembl_gene_id here.
//
// Most are delimited text, described by a row of term_layouts.cpp; the others have a reader of their own. Which one a
// file is, its first lines say.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "format/byte_stream.hpp"
#include "lamin/frame.hpp"

namespace lamin::format {

struct TermTable {
  std::string format;                                   ///< "Ensembl's table of species", for messages
  std::string source, version, organism;                ///< "" = the file does not say
  Frame frame;                                          ///< texts; null where the file has nothing
  std::vector<std::string> untaken;                     ///< columns that become no field
  std::map<std::string, std::int64_t> other_organisms;  ///< rows of others than asked for, left out
};

/// nullopt: not one of these. With `organism` ("human", "mus musculus") only its rows, where rows say whose they are.
/// Throws corrupt, with the line.
std::optional<TermTable> read_term_table(const std::filesystem::path& path, std::string_view organism = {});
/// The same of a text in memory.
std::optional<TermTable> parse_term_table(std::string_view text, const std::string& name_for_messages,
                                          std::string_view organism = {});
/// Any delimited text with a header: its columns, under their names, as texts.
Frame read_text_table(const std::filesystem::path& path);
/// What such files end with, apart from what other formats have.
std::span<const std::string_view> term_table_suffixes();

/// Columns of texts that grow by rows.
class TextColumns {
 public:
  explicit TextColumns(std::vector<std::string> names) : names_(std::move(names)), values_(names_.size()) {}
  /// Begins a row, in which nothing is set.
  void begin();
  std::string& at(std::size_t column) { return values_[column].back(); }
  /// Adds to what is there, behind "|".
  void append(std::size_t column, std::string_view text);
  void drop_row();
  std::int64_t rows() const { return values_.empty() ? 0 : static_cast<std::int64_t>(values_.front().size()); }
  /// Columns without any text are left out.
  Frame frame() const;

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> values_;
};

/// What a reader is told of a file.
struct TermFile {
  std::string path;
  std::string organism;  ///< "" = any
};
/// Whether a row for "Homo sapiens (Human)" is one of "human", "homo sapiens" or ""; counts it in `others` if not.
bool is_of_organism(std::string_view row, std::string_view wanted, std::map<std::string, std::int64_t>& others);

/// "Homo sapiens" for "homo_sapiens".
std::string scientific_name(std::string_view species);
/// "a|b" for "a; b" and the like, each part trimmed; "" for none.
std::string as_list(std::string_view text, std::string_view separator);
std::string_view trimmed(std::string_view text);

/// A reader that is not a layout.
struct TermReader {
  bool (*fits)(std::span<const std::string_view> head);
  TermTable (*read)(Lines& lines, const TermFile& file);
};
extern const TermReader gene_models, uniprot_entries, cellosaurus_entries, icd_codes, icd_tabulation, gencode_list;
/// Delimited text with a header that a layout describes; nullopt if none does.
std::optional<TermTable> read_layout(std::span<const std::string_view> head, Lines& lines, const TermFile& file);

}  // namespace lamin::format
