// flat_entries.cpp -- entries of lines that begin with two letters and end with "//": UniProt's .dat, Cellosaurus'
// .txt.
#include <algorithm>
#include "base/text.hpp"
#include "format/term_table.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

constexpr std::size_t code_size = 5;  // "ID   "

std::string_view value_of(std::string_view line) {
  return line.size() > code_size ? base::trim(line.substr(code_size)) : std::string_view();
}

std::string_view before(std::string_view text, std::string_view sign) { return text.substr(0, text.find(sign)); }

/// "Cellular tumor antigen p53 {ECO:0000305}" without its evidence.
std::string_view without_evidence(std::string_view text) { return base::trim(before(text, "{ECO:")); }

/// What follows "Full=" or "Short=", up to ";".
std::string_view named(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  return at == text.npos ? std::string_view() : without_evidence(before(text.substr(at + key.size()), ";"));
}

bool two_letter_codes(std::span<const std::string_view> head, std::string_view accession) {
  for (std::size_t i = 0; i + 1 < head.size(); ++i) {
    if (head[i].starts_with("ID   ")) return head[i + 1].starts_with(accession);
  }
  return false;
}

// UniProt

bool uniprot_fits(std::span<const std::string_view> head) {
  return !head.empty() && head.front().starts_with("ID   ") && head.front().ends_with(" AA.") &&
         two_letter_codes(head, "AC   ");
}

enum Protein : std::size_t { accession, name, length, synonyms, gene_symbol, ensembl };

class Proteins {
 public:
  explicit Proteins(const TermFile& file) : file_(file) {}

  void line(std::string_view line, std::int64_t number) {
    if (line.starts_with("//")) return end(number);
    const auto code = line.substr(0, 2);
    const auto value = value_of(line);
    if (code == "ID") return begin(value);
    if (!open_) return;
    if (code == "AC" && columns_.at(accession).empty()) columns_.at(accession) = base::trim(before(value, ";"));
    if (code == "DE") description(value);
    if (code == "GN" && columns_.at(gene_symbol).empty()) columns_.at(gene_symbol) = named(value, "Name=");
    if (code == "OS") (organism_ += organism_.empty() ? "" : " ") += value;
    if (code == "DR" && value.starts_with("Ensembl; ")) cross_reference(value);
  }
  TermTable table() {
    if (open_) throw Error(Code::corrupt, "'" + file_.path + "' ends within an entry; it was cut short: get it again");
    return {.format = "entries of UniProt",
            .source = "uniprot",
            .frame = columns_.frame(),
            .other_organisms = std::move(others_),
            .complaints = std::move(complaints_)};
  }

 private:
  void begin(std::string_view value) {
    columns_.begin();
    open_ = true;
    part_ = false;
    const auto at = value.rfind("; ");
    if (at != value.npos) columns_.at(length) = base::trim(before(value.substr(at + 1), "AA."));
  }
  void description(std::string_view value) {
    if (value.starts_with("Contains:") || value.starts_with("Includes:")) part_ = true;  // names of its parts follow
    if (part_) return;
    const bool recommended = value.starts_with("RecName:") || value.starts_with("SubName:");
    const auto full = named(value, "Full="), shorter = named(value, "Short=");
    if (!full.empty() && recommended && columns_.at(name).empty()) columns_.at(name) = full;
    else if (!full.empty()) columns_.append(synonyms, full);
    if (!shorter.empty()) columns_.append(synonyms, shorter);
  }
  /// "Ensembl; ENST00000269305.9; ENSP00000269305.4; ENSG00000141510.20. [P04637-1]"
  void cross_reference(std::string_view value) {
    for (const auto& part : base::split(value, ';')) {
      auto id = base::trim(part);
      if (id.find("G0") == id.npos) continue;
      id = before(id, ".");
      const auto& known = columns_.at(ensembl);
      if (known.find(id) == known.npos) columns_.append(ensembl, id);
    }
  }
  void end(std::int64_t line) {
    if (open_ && columns_.at(accession).empty()) {
      complaints_.add(Place{line}, "an entry ends that has no accession (AC)");
      columns_.drop_row();
    } else if (open_ && !is_of_organism(before(organism_, "."), file_, others_)) {
      columns_.drop_row();
    }
    organism_.clear();
    open_ = false;
  }

  const TermFile& file_;
  TextColumns columns_{{"uniprotkb_id", "name", "length", "synonyms", "gene_symbol", "ensembl_gene_ids"}, file_.budget};
  std::map<std::string, std::int64_t> others_;
  Complaints complaints_;
  std::string organism_;
  bool open_ = false, part_ = false;
};

TermTable read_uniprot(Lines& lines, const TermFile& file) {
  Proteins proteins(file);
  for (std::string_view line; lines.next(line);) proteins.line(line, lines.number());
  return proteins.table();
}

// Cellosaurus

bool cellosaurus_fits(std::span<const std::string_view> head) {
  return two_letter_codes(head, "AC   CVCL_") ||
         std::ranges::any_of(head, [](std::string_view line) { return line.starts_with("Description: Cellosaurus"); });
}

TermTable read_cellosaurus(Lines& lines, const TermFile& file) {
  enum Field : std::size_t { id, called, others };
  TermTable table{.format = "entries of Cellosaurus", .source = "cellosaurus"};
  TextColumns columns({"ontology_id", "name", "synonyms"}, file.budget);
  bool open = false;
  for (std::string_view line; lines.next(line);) {
    constexpr std::string_view version = "Version: ";
    if (const auto at = base::trim(line); !open && at.starts_with(version)) table.version = at.substr(version.size());
    const auto code = line.substr(0, std::min<std::size_t>(line.size(), code_size));
    if (code == "ID   ") {
      columns.begin();
      open = true;
      columns.at(called) = value_of(line);
    }
    if (!open) continue;
    if (code == "AC   ") columns.at(id) = value_of(line);
    if (code == "SY   ") columns.append(others, as_list(value_of(line), "; "));
    if (!line.starts_with("//")) continue;
    open = false;
    if (!columns.at(id).empty()) continue;
    table.complaints.add(Place{lines.number()}, "an entry ends that has no accession (AC)");
    columns.drop_row();
  }
  if (open) throw Error(Code::corrupt, "'" + file.path + "' ends within an entry; it was cut short: get it again");
  table.frame = columns.frame();
  return table;
}

}  // namespace

const TermReader uniprot_entries{uniprot_fits, read_uniprot};
const TermReader cellosaurus_entries{cellosaurus_fits, read_cellosaurus};

}  // namespace lamin::format
