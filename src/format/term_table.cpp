#include "format/term_table.hpp"
#include <algorithm>
#include <array>
#include <cctype>
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
  const std::vector<std::string_view> head(lines_of_head.begin(), lines_of_head.end());
  if (head.empty()) return std::nullopt;
  Lines lines(bytes);
  for (const auto* reader :
       {&gene_models, &uniprot_entries, &cellosaurus_entries, &icd_tabulation, &gencode_list, &icd_codes}) {
    if (reader->fits(head)) return reader->read(lines, file);
  }
  return read_layout(head, lines, file);
}

/// Tables under the names of fields in a form that the reader of other tables does not take.
bool is_packed_table(const std::string& path) {
  return std::ranges::any_of(std::array{".csv.zst", ".tsv.zst", ".csv.zip", ".tsv.zip"},
                             [&](const char* suffix) { return path.ends_with(suffix); });
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string as_list(std::string_view text, std::string_view separator) {
  std::string list;
  while (!text.empty()) {
    const auto end = text.find(separator);
    const auto part = trimmed(text.substr(0, end));
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

bool is_of_organism(std::string_view row, std::string_view wanted, std::map<std::string, std::int64_t>& others) {
  if (wanted.empty() || wanted == "all" || row.empty()) return true;
  const auto text = base::lower(row);
  auto name = base::lower(wanted);
  std::ranges::replace(name, '_', ' ');
  const bool begins = text.starts_with(name) && (text.size() == name.size() || text[name.size()] == ' ');
  if (begins || text.find("(" + name + ")") != text.npos) return true;
  ++others[std::string(row)];
  return false;
}

void TextColumns::begin() {
  for (auto& column : values_) column.emplace_back();
}

void TextColumns::drop_row() {
  for (auto& column : values_) column.pop_back();
}

void TextColumns::append(std::size_t column, std::string_view text) {
  auto& cell = at(column);
  if (!text.empty() && !cell.empty()) cell += '|';
  cell += text;
}

Frame TextColumns::frame() const {
  Frame frame;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    std::vector<bool> valid;
    valid.reserve(values_[i].size());
    for (const auto& text : values_[i]) valid.push_back(!text.empty());
    if (std::ranges::find(valid, true) != valid.end()) frame.add(names_[i], Column::texts(values_[i], valid));
  }
  return frame;
}

std::span<const std::string_view> term_table_suffixes() { return own_suffixes; }

std::optional<TermTable> read_term_table(const std::filesystem::path& path, std::string_view organism) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return std::nullopt;
  const auto head = head_of(*open_bytes(path));
  auto table = read_stream(head, *open_bytes(path), {path.string(), std::string(organism)});
  if (!table && is_packed_table(path.string())) table = TermTable{.format = "a table", .frame = read_text_table(path)};
  return table;
}

std::optional<TermTable> parse_term_table(std::string_view text, const std::string& name, std::string_view organism) {
  TextBytes first(text), again(text);
  return read_stream(head_of(first), again, {name, std::string(organism)});
}

Frame read_text_table(const std::filesystem::path& path) {
  const auto bytes = open_bytes(path);
  Lines lines(*bytes);
  std::string_view header;
  if (!lines.next(header)) throw Error(Code::corrupt, "'" + path.string() + "' is empty");
  const auto separator = separator_of(header);
  const auto names = cells_of(header, separator);
  TextColumns columns(names);
  for (std::vector<std::string> cells; next_row(lines, separator, cells);) {
    columns.begin();
    if (cells.size() > names.size()) {
      throw Error(Code::corrupt, "'" + path.string() + "', line " + std::to_string(lines.number()) + ": " +
                                     std::to_string(cells.size()) + " cells in a table of " +
                                     std::to_string(names.size()) + " columns");
    }
    for (std::size_t i = 0; i < cells.size(); ++i) columns.at(i) = std::move(cells[i]);
  }
  return columns.frame();
}

}  // namespace lamin::format
