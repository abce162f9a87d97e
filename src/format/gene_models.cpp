// gene_models.cpp -- the genes of Ensembl's and GENCODE's GTF and GFF3 files, and of lists that GENCODE's ids begin.
//
// Lines of transcripts and exons, which are nearly all, are passed over by their third column.
#include <algorithm>
#include <array>
#include <cctype>
#include "base/percent_decode.hpp"
#include "base/text.hpp"
#include "format/delimited.hpp"
#include "format/term_table.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

enum Field : std::size_t { id, symbol, biotype, description, hgnc };

/// The next cell of a line by tabs.
std::string_view next_cell(std::string_view& line) {
  const auto end = line.find('\t');
  const auto cell = line.substr(0, end);
  line.remove_prefix(end == line.npos ? line.size() : end + 1);
  return cell;
}

bool is_gene(std::string_view kind) { return kind == "gene" || kind == "ncRNA_gene" || kind == "pseudogene"; }

/// GTF: `gene_id "X";`, GFF3: `gene_id=X;`.
std::string attribute(std::string_view attributes, std::string_view name) {
  for (auto at = attributes.find(name); at != attributes.npos; at = attributes.find(name, at + 1)) {
    const bool begins = at == 0 || attributes[at - 1] == ';' || attributes[at - 1] == ' ';
    const auto after = at + name.size();
    if (!begins || after >= attributes.size()) continue;
    if (attributes[after] == '=')
      return base::percent_decoded(attributes.substr(after + 1, attributes.find(';', after) - after - 1));
    if (attributes.substr(after, 2) != " \"") continue;
    const auto end = attributes.find('"', after + 2);
    if (end != attributes.npos) return std::string(attributes.substr(after + 2, end - after - 2));
  }
  return {};
}

std::string without_version(std::string id) {
  const auto dot = id.rfind('.');
  const bool versioned = id.starts_with("ENS") && dot != id.npos && dot + 1 < id.size() &&
                         std::all_of(id.begin() + static_cast<std::ptrdiff_t>(dot) + 1, id.end(),
                                     [](unsigned char c) { return std::isdigit(c) != 0; });
  return versioned ? id.substr(0, dot) : id;
}

/// "breast cancer 1 [Source:HGNC Symbol;Acc:HGNC:1100]": what is in brackets says where the text is from.
void put_description(TextColumns& columns, std::string_view text) {
  const auto bracket = text.find('[');
  columns.at(description) = base::trim(text.substr(0, bracket));
  constexpr std::string_view mark = "Acc:HGNC:";
  if (const auto at = text.find(mark); at != text.npos)
    columns.at(hgnc) = text.substr(at + 4, text.find_first_of("];", at) - at - 4);
}

/// "Homo_sapiens.GRCh38.114.gtf.gz": organism and release, as Ensembl calls its files.
void take_file_name(std::string_view path, TermTable& table) {
  auto name = path.substr(path.find_last_of('/') + 1);
  const auto dot = name.find('.');
  if (dot == name.npos || name.find('_') > dot) return;
  table.organism = base::lower(scientific_name(name.substr(0, dot)));
  const auto parts = base::split(name.substr(dot + 1), '.');
  for (const auto& part : parts) {
    const bool number = !part.empty() && part.size() <= 3 &&
                        std::ranges::all_of(part, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (number && &part != &parts.front()) table.version = "release-" + part;
  }
}

/// "##description: evidence-based annotation of the human genome (GRCh38), version 48 (Ensembl 114)".
void take_comment(std::string_view line, TermTable& table) {
  constexpr std::string_view of = "annotation of the ", release = "(Ensembl ";
  if (const auto at = line.find(of); at != line.npos)
    table.organism = line.substr(at + of.size(), line.find(' ', at + of.size()) - at - of.size());
  if (const auto at = line.find(release); at != line.npos)
    table.version =
        "release-" + std::string(line.substr(at + release.size(), line.find(')', at) - at - release.size()));
}

bool fits(std::span<const std::string_view> head) {
  for (const auto line : head) {
    if (line.starts_with('#')) {
      if (line.starts_with("##gff-version 3")) return true;
      continue;
    }
    if (std::ranges::count(line, '\t') != 8) return false;
    const auto last = line.substr(line.rfind('\t') + 1);
    return last.starts_with("gene_id \"") || last.starts_with("ID=gene:");
  }
  return false;
}

TermTable read(Lines& lines, const TermFile& file) {
  TermTable table{.format = "a GTF or GFF3 file", .source = "ensembl"};
  take_file_name(file.path, table);
  TextColumns columns({"ensembl_gene_id", "symbol", "biotype", "description", "hgnc_id"}, file.budget);
  for (std::string_view line; lines.next(line);) {
    if (line.starts_with('#')) {
      take_comment(line, table);
      if (line == "##FASTA") break;
      continue;
    }
    auto rest = line;
    next_cell(rest);
    next_cell(rest);
    const bool is_cut = !lines.ended_by_newline() && std::ranges::count(line, '\t') != 8;
    if (is_cut) table.complaints.add(Place{lines.number()}, "the file ends in the middle of a line: it was cut short");
    if (is_cut || !is_gene(next_cell(rest))) continue;
    for (int i = 0; i < 5; ++i) next_cell(rest);
    auto gene = without_version(attribute(rest, "gene_id"));
    if (gene.empty()) gene = without_version(attribute(rest, "ID"));
    if (gene.starts_with("gene:")) gene.erase(0, 5);
    if (gene.empty()) {
      table.complaints.add(Place{lines.number()}, "a gene without an id");
      continue;
    }
    columns.begin();
    columns.at(id) = std::move(gene);
    for (const char* name : {"gene_name", "Name"}) {
      if (columns.at(symbol).empty()) columns.at(symbol) = attribute(rest, name);
    }
    for (const char* name : {"gene_biotype", "gene_type", "biotype"}) {
      if (columns.at(biotype).empty()) columns.at(biotype) = attribute(rest, name);
    }
    put_description(columns, attribute(rest, "description"));
    if (auto stated = attribute(rest, "hgnc_id"); !stated.empty()) columns.at(hgnc) = std::move(stated);
  }
  if (columns.rows() == 0) throw Error(Code::corrupt, "'" + file.path + "' states no genes");
  table.frame = columns.frame();
  return table;
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "ENSMUSG00000102693", "FBgn0038189", "WBGene00000003", "ERCC-00002": names of genes in Ensembl, FlyBase, WormBase
/// and of spike-ins, of which CELLxGENE has lists.
bool is_gene_id(std::string_view text) {
  constexpr std::array<std::string_view, 5> stems{"FBgn", "FBti", "FBtr", "WBGene", "ERCC-"};
  constexpr std::size_t fewest = 5, digits_of_ensembl = 11;
  for (const auto stem : stems) {
    if (text.starts_with(stem)) return text.size() >= stem.size() + fewest && all_digits(text.substr(stem.size()));
  }
  if (!text.starts_with("ENS") || text.size() <= digits_of_ensembl + 3) return false;
  const auto species = text.substr(0, text.size() - digits_of_ensembl);
  return species.ends_with('G') && all_digits(text.substr(species.size())) &&
         std::ranges::all_of(species, [](unsigned char c) { return std::isupper(c) != 0; });
}

bool is_biotype(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

constexpr std::size_t list_columns = 5;

/// "ENSG00000223972,DDX11L1,6,1735,transcribed_unprocessed_pseudogene", without a header: CELLxGENE's lists. A version
/// may be missing.
bool list_fits(std::span<const std::string_view> head) {
  constexpr std::size_t looked_at = 20;
  return std::ranges::all_of(head.first(std::min(head.size(), looked_at)), [](std::string_view line) {
    const auto cells = cells_of(line, ',');
    return cells.size() == list_columns && is_gene_id(cells[0]) && !cells[1].empty() && all_digits(cells[2]) &&
           !cells[3].empty() && all_digits(cells[3]) && is_biotype(cells[4]);
  });
}

TermTable read_list(Lines& lines, const TermFile& file) {
  TermTable table{.format = "a list of GENCODE's genes", .source = "ensembl"};
  TextColumns columns({"ensembl_gene_id", "symbol", "biotype"}, file.budget);
  TableRows rows(lines, ',', list_columns, table.complaints);
  for (std::vector<std::string> cells; rows.next(cells);) {
    columns.begin();
    columns.at(id) = std::move(cells[0]);
    columns.at(symbol) = std::move(cells[1]);
    columns.at(biotype) = std::move(cells[4]);
  }
  table.frame = columns.frame();
  return table;
}

}  // namespace

const TermReader gene_models{fits, read};
const TermReader gencode_list{list_fits, read_list};

}  // namespace lamin::format
