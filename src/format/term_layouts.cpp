// term_layouts.cpp -- delimited tables of terms: by which columns each is known, and what its columns become.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include "base/text.hpp"
#include "format/delimited.hpp"
#include "format/term_table.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using As = std::string (*)(std::string_view cell);

std::string itself(std::string_view cell) { return std::string(base::trim(cell)); }
std::string lower(std::string_view cell) { return base::lower(base::trim(cell)); }
std::string taxon(std::string_view cell) { return cell.empty() ? "" : "NCBITaxon:" + itself(cell); }
std::string species(std::string_view cell) { return scientific_name(base::trim(cell)); }
std::string by_semicolon(std::string_view cell) { return as_list(cell, ";"); }
std::string by_comma(std::string_view cell) { return as_list(cell, ","); }
std::string by_bar(std::string_view cell) { return as_list(cell, "|"); }
std::string first_word(std::string_view cell) {
  cell = base::trim(cell);
  return std::string(cell.substr(0, cell.find_first_of(" ;")));
}
std::string without_brackets(std::string_view cell) { return std::string(base::trim(cell.substr(0, cell.find('[')))); }
std::string underscored(std::string_view cell) {
  auto text = itself(cell);
  std::ranges::replace(text, '-', '_');
  return text;
}

/// "ENST00000269305.9 [P04637-1];ENST..." has no gene; "ENSG00000141510.20; ..." does.
std::string genes_of_ensembl(std::string_view cell) {
  std::string list;
  for (const auto& part : base::split(cell, ';')) {
    auto id = first_word(part);
    id = id.substr(0, id.find('.'));
    if (id.starts_with("ENS") && id.find("G0") != id.npos && list.find(id) == list.npos)
      (list += list.empty() ? "" : "|") += id;
  }
  return list;
}

/// "MIM:191170|HGNC:HGNC:11998|Ensembl:ENSG00000141510"
std::string in_references(std::string_view cell, std::string_view mark) {
  std::string list;
  for (const auto& part : base::split(cell, '|')) {
    if (part.starts_with(mark)) (list += list.empty() ? "" : "|") += part.substr(mark.size());
  }
  return list;
}
std::string reference_ensembl(std::string_view cell) {
  const auto all = in_references(cell, "Ensembl:");
  return all.substr(0, all.find('|'));
}
std::string reference_hgnc(std::string_view cell) { return in_references(cell, "HGNC:"); }

/// UniProt's "Protein names": the name, then others in parentheses, which may hold parentheses.
std::size_t other_names_at(std::string_view cell) {
  const auto at = cell.find(" (");
  return std::min(at, cell.size());
}
std::string protein_name(std::string_view cell) {
  return std::string(base::trim(cell.substr(0, other_names_at(cell))));
}
std::string protein_synonyms(std::string_view cell) {
  std::string list;
  const auto parts = cell.find(" [");  // "[Cleaved into: ...]"
  cell = cell.substr(0, parts);
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = other_names_at(cell); i < cell.size(); ++i) {
    if (cell[i] == '(' && depth++ == 0) begin = i + 1;
    if (cell[i] == ')' && depth > 0 && --depth == 0) (list += list.empty() ? "" : "|") += cell.substr(begin, i - begin);
  }
  return list;
}

struct Taken {
  std::string_view column, field;
  As as = itself;
};
struct Layout {
  std::string_view name, source, organism;
  std::vector<std::string_view> needs;  ///< columns that no other table has together
  std::vector<Taken> takes;
  std::string_view row_organism = {};  ///< the column that says whose the row is
  std::string_view division = {};      ///< the column that says, in every row, what of Ensembl the table is of
  std::string_view nothing = {};       ///< what stands for no value
  bool lists = false;                  ///< each row has the markers of a cell type, which become rows of their own
};

const std::vector<Layout>& layouts() {
  static const std::vector<Layout> all{
      {.name = "Ensembl's table of species",
       .source = "ensembl",
       .needs = {"#name", "species", "taxonomy_id"},
       .takes = {{"#name", "name", lower},
                 {"taxonomy_id", "ontology_id", taxon},
                 {"species", "scientific_name", species}},
       .division = "division"},
      {.name = "a table of UniProt",
       .source = "uniprot",
       .needs = {"entry", "protein names"},
       .takes = {{"entry", "uniprotkb_id"},
                 {"protein names", "name", protein_name},
                 {"protein names", "synonyms", protein_synonyms},
                 {"length", "length"},
                 {"gene names (primary)", "gene_symbol", first_word},
                 {"gene names", "gene_symbol", first_word},
                 {"ensembl", "ensembl_gene_ids", genes_of_ensembl}},
       .row_organism = "organism"},
      {.name = "CellMarker 2.0",
       .source = "cellmarker",
       .needs = {"species", "cell_name", "marker"},
       .takes =
           {{"marker", "name"}, {"symbol", "gene_symbol"}, {"geneid", "ncbi_gene_id"}, {"uniprotid", "uniprotkb_id"}},
       .row_organism = "species",
       .nothing = "NA"},
      {.name = "CellMarker's lists of markers",
       .source = "cellmarker",
       .needs = {"speciestype", "cellmarker", "genesymbol"},
       .takes = {{"cellmarker", "name"},
                 {"genesymbol", "gene_symbol"},
                 {"geneid", "ncbi_gene_id"},
                 {"proteinid", "uniprotkb_id"}},
       .row_organism = "speciestype",
       .nothing = "NA",
       .lists = true},
      {.name = "CellMarker's genes of cell types",
       .source = "cellmarker",
       .needs = {"tissue", "ct", "gene"},
       .takes = {{"gene", "name"}, {"gene", "gene_symbol"}},
       .lists = true},
      {.name = "DepMap's models",
       .source = "depmap",
       .needs = {"modelid", "celllinename"},
       .takes = {{"modelid", "ontology_id"},
                 {"celllinename", "name"},
                 {"strippedcelllinename", "synonyms"},
                 {"ccle name", "synonyms"},
                 {"cclename", "synonyms"}}},
      {.name = "DepMap's cell lines",
       .source = "depmap",
       .needs = {"depmap_id", "cell_line_name"},
       .takes = {{"depmap_id", "ontology_id"},
                 {"cell_line_name", "name"},
                 {"stripped_cell_line_name", "name"},
                 {"stripped_cell_line_name", "synonyms"},
                 {"ccle_name", "synonyms"},
                 {"alias", "synonyms", by_comma}}},
      {.name = "HGNC's table of genes",
       .source = "hgnc",
       .organism = "human",
       .needs = {"hgnc_id", "symbol", "locus_group"},
       .takes = {{"ensembl_gene_id", "ensembl_gene_id"},
                 {"symbol", "symbol"},
                 {"name", "description"},
                 {"entrez_id", "ncbi_gene_ids"},
                 {"alias_symbol", "synonyms", by_bar},
                 {"prev_symbol", "synonyms", by_bar},
                 {"hgnc_id", "hgnc_id"}}},
      {.name = "NCBI's gene_info",
       .source = "ncbi_gene",
       .needs = {"#tax_id", "geneid", "symbol", "dbxrefs"},
       .takes = {{"dbxrefs", "ensembl_gene_id", reference_ensembl},
                 {"symbol", "symbol"},
                 {"description", "description"},
                 {"geneid", "ncbi_gene_ids"},
                 {"synonyms", "synonyms", by_bar},
                 {"type_of_gene", "biotype", underscored},
                 {"dbxrefs", "hgnc_id", reference_hgnc}},
       .nothing = "-"},
      {.name = "an export of BioMart",
       .source = "ensembl",
       .needs = {"gene stable id"},
       .takes = {{"gene stable id", "ensembl_gene_id"},
                 {"gene name", "symbol"},
                 {"gene type", "biotype"},
                 {"gene description", "description", without_brackets},
                 {"gene synonym", "synonyms"},
                 {"ncbi gene (formerly entrezgene) id", "ncbi_gene_ids"},
                 {"ncbi gene id", "ncbi_gene_ids"},
                 {"hgnc id", "hgnc_id"}}},
      {.name = "the phecode map",
       .source = "phe",
       .organism = "human",
       .needs = {"phecode", "phenotype"},
       .takes = {{"phecode", "ontology_id"}, {"phenotype", "name"}}},
      {.name = "Cellosaurus' table",
       .source = "cellosaurus",
       .needs = {"accession", "cell line name"},
       .takes = {{"accession", "ontology_id"}, {"cell line name", "name"}, {"synonyms", "synonyms", by_semicolon}}},
  };
  return all;
}

std::string column_name(std::string_view text) {
  text = base::trim(text);
  return base::lower(text);
}

const Layout* layout_of(const std::vector<std::string>& names) {
  const auto has = [&](std::string_view wanted) { return std::ranges::find(names, wanted) != names.end(); };
  for (const auto& layout : layouts()) {
    if (std::ranges::all_of(layout.needs, has)) return &layout;
  }
  return nullptr;
}

/// "CD4, [CD3D, CD3E], NA" as CD4; CD3D, CD3E; NA.
std::vector<std::string_view> listed(std::string_view cell) {
  std::vector<std::string_view> items;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= cell.size(); ++i) {
    if (i < cell.size() && cell[i] == '[') ++depth;
    if (i < cell.size() && cell[i] == ']') --depth;
    if (i < cell.size() && (cell[i] != ',' || depth > 0)) continue;
    items.push_back(base::trim(cell.substr(begin, i - begin)));
    begin = i + 1;
  }
  return items;
}

class Reading {
 public:
  Reading(const Layout& layout, const std::vector<std::string>& header, const TermFile& file)
      : layout_(layout), file_(file), fields_(fields_of(layout, header, file)), columns_(fields_, file.budget) {
    std::vector<std::string> names;
    for (const auto& name : header) names.push_back(column_name(name));
    std::vector<bool> used(names.size());
    for (const auto& taken : layout.takes) {
      const auto from = std::ranges::find(names, taken.column);
      if (from == names.end()) continue;
      const auto at = static_cast<std::size_t>(from - names.begin());
      used[at] = true;
      takes_.push_back({at, field(taken.field), taken.as});
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto own = field(as_field(names[i]));
      if (used[i] || own == fields_.size() || is_of_layout(own)) continue;
      used[i] = true;
      takes_.push_back({i, own, itself});
    }
    const auto division = std::ranges::find(names, layout.division);
    if (division != names.end()) division_ = static_cast<std::size_t>(division - names.begin());
    const auto organism = std::ranges::find(names, layout.row_organism);
    if (organism != names.end()) organism_ = static_cast<std::size_t>(organism - names.begin());
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!used[i] && i != organism_ && i != division_) untaken_.push_back(header[i]);
    }
    size_ = header.size();
    for (const auto& field : fields_) lists_.push_back(field == "synonyms" || field.ends_with("_ids"));
    name_ = field("name");
  }

  void row(std::vector<std::string>& cells) {
    if (organism_ < size_ && !is_of_organism(cells[organism_], file_, others_)) return;
    if (division_ < size_ && all_.empty()) {
      constexpr std::string_view of = "ensembl";
      all_ = base::lower(cells[division_]);
      if (all_.starts_with(of)) all_.erase(0, of.size());  // "EnsemblVertebrates"
    }
    if (layout_.lists) return lists(cells);
    columns_.begin();
    for (const auto& [from, to, as] : takes_) put(to, cells[from], as);
  }
  TermTable table() {
    return {.format = std::string(layout_.name),
            .source = std::string(layout_.source),
            .organism = layout_.organism.empty() ? all_ : std::string(layout_.organism),
            .frame = columns_.frame(),
            .untaken = std::move(untaken_),
            .other_organisms = std::move(others_)};
  }

 private:
  struct Take {
    std::size_t from, to;
    As as;
  };
  /// What the layout makes, then columns of the file that are called like fields which are wanted.
  static std::vector<std::string> fields_of(const Layout& layout, const std::vector<std::string>& header,
                                            const TermFile& file) {
    std::vector<std::string> fields;
    const auto add = [&](std::string_view name) {
      if (std::ranges::find(fields, name) == fields.end()) fields.emplace_back(name);
    };
    for (const auto& taken : layout.takes) add(taken.field);
    if (layout.lists) return fields;
    for (const auto& name : header) {
      const auto own = as_field(column_name(name));
      if (std::ranges::find(file.options.fields, own) != file.options.fields.end()) add(own);
    }
    return fields;
  }
  static std::string as_field(std::string name) {
    std::ranges::replace(name, ' ', '_');
    return name;
  }
  std::size_t field(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::find(fields_, name) - fields_.begin());
  }
  bool is_of_layout(std::size_t field) const {
    return std::ranges::any_of(layout_.takes, [&](const Taken& one) { return one.field == fields_[field]; });
  }
  /// The first column that has it gives a field; "synonyms" and lists of ids are joined.
  void put(std::size_t to, std::string_view cell, As as) {
    if (!layout_.nothing.empty() && base::trim(cell) == layout_.nothing) return;
    auto text = as(cell);
    if (text.empty()) return;
    auto& known = columns_.at(to);
    if (known.empty() || !lists_[to]) {
      const bool repeats_name = lists_[to] && name_ < lists_.size() && columns_.at(name_) == text;
      if (known.empty() && !repeats_name) known = std::move(text);
    } else if (("|" + known + "|").find("|" + text + "|") == std::string::npos) {
      columns_.append(to, text);
    }
  }
  /// A marker may be a complex of several, in brackets; only what all lists have is matched item by item.
  void lists(const std::vector<std::string>& cells) {
    std::vector<std::vector<std::string_view>> items;
    for (const auto& take : takes_) {
      const auto n = static_cast<std::size_t>(std::ranges::count(cells[take.from], ',')) + 1;
      file_.budget.check(n, 2 * sizeof(std::string_view), "a list of markers");
      items.push_back(listed(cells[take.from]));
    }
    if (items.empty()) return;
    for (std::size_t i = 0; i < items.front().size(); ++i) {
      if (items.front()[i].empty() || items.front()[i] == layout_.nothing) continue;
      columns_.begin();
      for (std::size_t column = 0; column < takes_.size(); ++column) {
        if (items[column].size() != items.front().size()) continue;
        const auto text = items[column][i];
        if (text != layout_.nothing && !text.starts_with('[')) columns_.at(takes_[column].to) = text;
      }
      if (columns_.at(takes_.front().to).empty()) columns_.at(takes_.front().to) = items.front()[i];
    }
  }

  const Layout& layout_;
  const TermFile& file_;
  std::vector<std::string> fields_;
  TextColumns columns_;
  std::vector<Take> takes_;
  std::vector<bool> lists_;  // of the fields: whether columns are joined in them
  std::size_t organism_ = std::string::npos, division_ = std::string::npos, size_ = 0, name_ = 0;
  std::string all_;  // the organisms of the table
  std::vector<std::string> untaken_;
  std::map<std::string, std::int64_t> others_;
};

}  // namespace

std::optional<TermTable> read_layout(std::span<const std::string_view> head, Lines& lines, const TermFile& file) {
  // Some tables begin with lines of comment ("##").
  std::size_t skipped = 0;
  while (skipped < head.size() && (head[skipped].starts_with("##") || head[skipped].empty())) ++skipped;
  if (skipped == head.size()) return std::nullopt;
  const auto separator = separator_of(head[skipped]);
  if (separator == '\0') return std::nullopt;
  const auto header = header_of(head[skipped], separator, file.budget);
  std::vector<std::string> names;
  for (const auto& name : header) names.push_back(column_name(name));
  const auto* layout = layout_of(names);
  if (layout == nullptr) return std::nullopt;
  Reading reading(*layout, header, file);
  std::string_view line;
  for (std::size_t i = 0; i <= skipped; ++i) lines.next(line);
  Complaints misfits;
  TableRows rows(lines, separator, header.size(), misfits);
  for (std::vector<std::string> cells; rows.next(cells);) reading.row(cells);
  auto table = reading.table();
  if (table.frame.size() == 0) {
    throw Error(Code::corrupt, fmt::format("'{}' is {} without rows{}{}", file.path, table.format,
                                           misfits.count > 0 ? " that fit its header: " : "",
                                           misfits.count > 0 ? to_string(misfits.first.front()) : ""));
  }
  table.complaints = std::move(misfits);
  return table;
}

}  // namespace lamin::format
