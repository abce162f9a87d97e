// term_table.hpp -- tables of genes, proteins, organisms, cell lines, markers and diseases as their publishers write
// them, under the names that the fields of a registry have: what a table of Ensembl calls "Gene stable ID" is
// ensembl_gene_id here.
//
// A first line "#!subset" says that a table has some of the rows of its release.
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
#include "base/budget.hpp"
#include "format/byte_stream.hpp"
#include "format/complaints.hpp"
#include "frame/column_data.hpp"
#include "lamin/frame.hpp"

namespace lamin::format {

struct TermTable {
  std::string format;                                   ///< "Ensembl's table of species", for messages
  std::string source, version, organism;                ///< "" = the file does not say
  Frame frame;                                          ///< texts; null where the file has nothing
  std::vector<std::string> untaken;                     ///< columns that become no field
  std::map<std::string, std::int64_t> other_organisms;  ///< rows of others than asked for, left out
  Complaints complaints;                                ///< rows that do not fit the header, left out
  bool partial = false;                                 ///< it says that it is a part of its release
};

/// What of a table is wanted.
struct TermTableOptions {
  std::string organism = {};             ///< only its rows, where rows say whose they are ("human", "mus musculus")
  std::vector<std::string> fields = {};  ///< columns that are called so are taken, too, whoever publishes the table
};
/// nullopt: not one of these. Throws corrupt, with the line; a file may take as much memory as base::Budget allows.
std::optional<TermTable> read_term_table(const std::filesystem::path& path, const TermTableOptions& options = {});
/// The same of a text in memory.
std::optional<TermTable> parse_term_table(std::string_view text, const std::string& name_for_messages,
                                          const TermTableOptions& options = {});
/// Any delimited text with a header: its columns, under their names, as texts. Throws corrupt for rows that do not fit
/// the header, unless `complaints` takes them.
Frame read_text_table(const std::filesystem::path& path, Complaints* complaints = nullptr);
/// What such files end with, apart from what other formats have.
std::span<const std::string_view> term_table_suffixes();

/// Columns of texts that grow by rows, within the budget of the file.
class TextColumns {
 public:
  TextColumns(const std::vector<std::string>& names, base::Budget& budget);
  TextColumns(const TextColumns&) = delete;
  TextColumns& operator=(const TextColumns&) = delete;
  /// Begins a row, in which nothing is set.
  void begin();
  std::string& at(std::size_t column) { return row_[column]; }
  /// Adds to what is there, after "|".
  void append(std::size_t column, std::string_view text);
  void drop_row() { open_ = false; }
  std::int64_t rows() const { return rows_ + (open_ ? 1 : 0); }
  /// Columns without any text are left out. Ends the columns.
  Frame frame();

 private:
  void keep_row();

  std::vector<std::string> names_;
  std::vector<ColumnData> columns_;
  std::vector<TextBuilder> texts_;  // into columns_
  std::vector<std::string> row_;
  base::Budget& budget_;
  std::int64_t rows_ = 0;
  bool open_ = false;
};

/// The cells of a header, if there is memory for them.
std::vector<std::string> header_of(std::string_view line, char separator, const base::Budget& budget);

/// What a reader is told of a file.
struct TermFile {
  std::string path;
  const TermTableOptions& options;
  base::Budget& budget;
};
/// Whether a row for "Homo sapiens (Human)" is of the organism that is wanted, if any is; counts it in `others` if not.
bool is_of_organism(std::string_view row, const TermFile& file, std::map<std::string, std::int64_t>& others);

/// "Homo sapiens" for "homo_sapiens".
std::string scientific_name(std::string_view species);
/// "a|b" for "a; b" and the like, each part trimmed; "" for none.
std::string as_list(std::string_view text, std::string_view separator);

/// A reader that is not a layout.
struct TermReader {
  bool (*fits)(std::span<const std::string_view> head);
  TermTable (*read)(Lines& lines, const TermFile& file);
};
extern const TermReader gene_models, uniprot_entries, cellosaurus_entries, icd_codes, icd_tabulation, gencode_list;
/// Delimited text with a header that a layout describes; nullopt if none does.
std::optional<TermTable> read_layout(std::span<const std::string_view> head, Lines& lines, const TermFile& file);

}  // namespace lamin::format
