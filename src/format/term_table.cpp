#include "format/term_table.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include "base/source_file.hpp"
#include "base/text.hpp"
#include "format/delimited.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

constexpr std::array<std::string_view, 22> own_suffixes{
    ".gtf",     ".gtf.gz",  ".gff3",    ".gff3.gz", ".dat",      ".dat.gz",  ".txt",     ".txt.gz",
    ".txt.zst", ".csv.zst", ".tsv.zst", ".tab",     ".tab.gz",   ".csv.zip", ".tsv.zip", ".txt.zip",
    ".zip",     ".tar.gz",  ".tar",     ".dmp.zip", ".gff3.zst", ".gtf.zst"};

constexpr std::size_t looked_at = 64;
constexpr std::string_view subset_mark = "#!subset";

bool is_marked(const std::vector<std::string>& head) { return !head.empty() && head.front() == subset_mark; }

/// The first lines of a stream; none of one that is no text.
std::vector<std::string> head_of(ByteStream& bytes) {
  std::vector<std::string> head;
  constexpr std::size_t most = std::size_t{1} << 17;
  std::string text(most, '\0');
  std::size_t have = 0;
  while (have < most) {
    const auto n = bytes.read(std::span(text).subspan(have));
    if (n == 0) break;
    have += n;
  }
  text.resize(have);
  if (text.find('\0') != text.npos) return head;
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  while (!rest.empty() && head.size() < looked_at) {
    const auto end = rest.find('\n');
    if (end == rest.npos && have == most && !head.empty()) break;  // cut off by us
    auto line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    head.emplace_back(line);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return head;
}

std::optional<TermTable> read_stream(const std::vector<std::string>& lines_of_head, ByteStream& bytes,
                                     const TermFile& file) {
  const bool partial = is_marked(lines_of_head);
  const std::vector<std::string_view> head(lines_of_head.begin() + (partial ? 1 : 0), lines_of_head.end());
  if (head.empty()) return std::nullopt;
  Lines lines(bytes, file.path);
  if (std::string_view mark; partial) lines.next(mark);
  for (const auto* reader :
       {&gene_models, &uniprot_entries, &cellosaurus_entries, &icd_tabulation, &gencode_list, &icd_codes}) {
    if (reader->fits(head)) return reader->read(lines, file);
  }
  return read_layout(head, lines, file);
}

void refuse_misfits(const Complaints& complaints, const std::string& path) {
  if (complaints.count == 0) return;
  throw Error(Code::corrupt,
              fmt::format("'{}', {}{}: get it again, or mend it.", path, to_string(complaints.first.front()),
                          complaints.count == 1 ? "" : fmt::format(" ({} such rows)", complaints.count)));
}

/// Tables under the names of fields in a form that the reader of other tables does not take.
bool is_packed_table(const std::string& path) {
  return std::ranges::any_of(std::array{".csv.zst", ".tsv.zst", ".csv.zip", ".tsv.zip"},
                             [&](const char* suffix) { return path.ends_with(suffix); });
}

}  // namespace

std::string as_list(std::string_view text, std::string_view separator) {
  std::string list;
  while (!text.empty()) {
    const auto end = text.find(separator);
    const auto part = base::trim(text.substr(0, end));
    if (!part.empty()) (list += list.empty() ? "" : "|") += part;
    text.remove_prefix(end == text.npos ? text.size() : end + separator.size());
  }
  return list;
}

std::string scientific_name(std::string_view species) {
  std::string name(species);
  std::ranges::replace(name, '_', ' ');
  if (!name.empty()) name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

bool is_of_organism(std::string_view row, const TermFile& file, std::map<std::string, std::int64_t>& others) {
  const auto& wanted = file.options.organism;
  if (wanted.empty() || wanted == "all" || row.empty()) return true;
  const auto text = base::lower(row);
  auto name = base::lower(wanted);
  std::ranges::replace(name, '_', ' ');
  const bool begins = text.starts_with(name) && (text.size() == name.size() || text[name.size()] == ' ');
  if (begins || text.find("(" + name + ")") != text.npos) return true;
  const auto [other, is_new] = others.try_emplace(std::string(row), 0);
  constexpr std::size_t node = 96;
  if (is_new) file.budget.take(row.size() + node, 1, "the organisms of its rows");
  ++other->second;
  return false;
}

TextColumns::TextColumns(const std::vector<std::string>& names, base::Budget& budget)
    : names_(names), columns_(names.size()), row_(names.size()), budget_(budget) {
  budget_.take(names.size(), sizeof(ColumnData) + 2 * sizeof(std::string), "its columns");
  for (auto& column : columns_) texts_.emplace_back(column);
}

void TextColumns::begin() {
  keep_row();
  for (auto& cell : row_) cell.clear();
  open_ = true;
}

void TextColumns::keep_row() {
  if (!std::exchange(open_, false)) return;
  constexpr std::size_t growth = 2;  // a vector that grows takes up to twice what is in it
  std::size_t bytes = 0;
  for (const auto& cell : row_) bytes += cell.size() + sizeof(std::int32_t);
  budget_.take(bytes, growth, "its rows");
  for (std::size_t i = 0; i < row_.size(); ++i) texts_[i].add(row_[i]);
  ++rows_;
}

void TextColumns::append(std::size_t column, std::string_view text) {
  auto& cell = at(column);
  if (!text.empty() && !cell.empty()) cell += '|';
  cell += text;
}

Frame TextColumns::frame() {
  keep_row();
  Frame frame;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    auto& column = columns_[i];
    if (column.bytes.empty()) continue;
    column.size = rows_;
    ValidityBuilder valid(column, rows_);
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (column.text(row).empty()) valid.set_null(row);
    }
    frame.add(names_[i], Column(std::make_shared<const ColumnData>(std::move(column))));
  }
  return frame;
}

std::span<const std::string_view> term_table_suffixes() { return own_suffixes; }

std::optional<TermTable> read_term_table(const std::filesystem::path& path, const TermTableOptions& options) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return std::nullopt;
  base::Budget budget(path.string(), base::SourceFile(path).size());
  const auto head = head_of(*open_bytes(path));
  auto table = read_stream(head, *open_bytes(path), {path.string(), options, budget});
  if (!table && (is_packed_table(path.string()) || is_marked(head))) {
    table.emplace(TermTable{.format = "a table"});
    table->frame = read_text_table(path, &table->complaints);
  }
  if (table) table->partial = is_marked(head);
  return table;
}

std::optional<TermTable> parse_term_table(std::string_view text, const std::string& name,
                                          const TermTableOptions& options) {
  base::Budget budget(name, std::ssize(text));
  TextBytes first(text), again(text);
  const auto head = head_of(first);
  auto table = read_stream(head, again, {name, options, budget});
  if (table) table->partial = is_marked(head);
  return table;
}

std::vector<std::string> header_of(std::string_view line, char separator, const base::Budget& budget) {
  budget.check(static_cast<std::size_t>(std::ranges::count(line, separator)) + 1, sizeof(std::string), "its header");
  return cells_of(line, separator);
}

Frame read_text_table(const std::filesystem::path& path, Complaints* complaints) {
  base::Budget budget(path.string(), base::SourceFile(path).size());
  const auto bytes = open_bytes(path);
  Lines lines(*bytes, path.string());
  std::string_view header;
  const bool any = lines.next(header) && (header != subset_mark || lines.next(header));
  if (!any) throw Error(Code::corrupt, "'" + path.string() + "' is empty");
  const auto separator = separator_of(header);
  const auto names = header_of(header, separator, budget);
  TextColumns columns(names, budget);
  Complaints misfits;
  TableRows rows(lines, separator, names.size(), misfits);
  for (std::vector<std::string> cells; rows.next(cells);) {
    columns.begin();
    for (std::size_t i = 0; i < names.size(); ++i) columns.at(i).swap(cells[i]);
  }
  if (complaints == nullptr) refuse_misfits(misfits, path.string());
  else *complaints = std::move(misfits);
  return columns.frame();
}

}  // namespace lamin::format
