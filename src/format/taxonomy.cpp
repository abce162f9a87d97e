#include "format/taxonomy.hpp"
#include <fmt/format.h>
#include <array>
#include <charconv>
#include <string_view>
#include "format/archive.hpp"
#include "format/byte_stream.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view between = "\t|\t", end_of_row = "\t|";

/// The first cells of a row: "9606\t|\tHomo sapiens\t|\t\t|\tscientific name\t|".
template <std::size_t n>
bool cells_of(std::string_view line, std::array<std::string_view, n>& cells) {
  for (std::size_t i = 0; i < n; ++i) {
    auto end = line.find(between);
    const bool last = end == line.npos;
    if (last && i + 1 < n) return false;
    if (last) end = line.ends_with(end_of_row) ? line.size() - end_of_row.size() : line.size();
    cells[i] = line.substr(0, end);
    line.remove_prefix(last ? line.size() : end + between.size());
  }
  return true;
}

std::uint32_t number(std::string_view text, std::string_view name, const Lines& lines) {
  std::uint32_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value == 0)
    throw Error(Code::corrupt, fmt::format("{}, line {}: '{}' is no number of a taxon", name, lines.number(), text));
  return value;
}

[[noreturn]] void not_a_row(std::string_view name, const Lines& lines) {
  throw Error(Code::corrupt, fmt::format("{}, line {}: not a row of NCBI's taxonomy", name, lines.number()));
}

void read_nodes(ByteStream& bytes, std::string_view name,
                const std::function<void(std::uint32_t, std::uint32_t)>& use) {
  Lines lines(bytes, std::string(name));
  std::array<std::string_view, 2> cells;
  for (std::string_view line; lines.next(line);) {
    if (line.empty()) continue;
    if (!cells_of(line, cells)) not_a_row(name, lines);
    const auto child = number(cells[0], name, lines), parent = number(cells[1], name, lines);
    if (child != parent) use(child, parent);
  }
}

std::string_view file_of(std::string_view name) { return name.substr(name.find_last_of('/') + 1); }

}  // namespace

/// Rows of one taxon follow each other.
void read_taxa(ByteStream& bytes, std::string_view name, const std::function<void(const Taxon&)>& use) {
  Lines lines(bytes, std::string(name));
  Taxon taxon;
  std::array<std::string_view, 4> cells;
  const auto hand_over = [&] {
    if (taxon.id != 0 && !taxon.scientific_name.empty()) use(taxon);
    taxon.scientific_name.clear();
    taxon.common_name.clear();
    taxon.synonyms.clear();
  };
  for (std::string_view line; lines.next(line);) {
    if (line.empty()) continue;
    if (!cells_of(line, cells)) not_a_row(name, lines);
    const auto id = number(cells[0], name, lines);
    if (id != taxon.id) {
      hand_over();
      taxon.id = id;
    }
    const auto kind = cells[3];
    const bool common = kind == "genbank common name";
    if (kind == "scientific name") taxon.scientific_name = cells[2].empty() ? cells[1] : cells[2];
    else if (common && taxon.common_name.empty()) taxon.common_name = cells[1];
    else if (common || kind == "common name" || kind == "equivalent name") {
      if (cells[1].find('|') != std::string_view::npos) continue;
      (taxon.synonyms += taxon.synonyms.empty() ? "" : "|") += cells[1];
    }
  }
  hand_over();
}

bool is_taxonomy(const fs::path& path) {
  std::error_code failed;
  if (fs::is_directory(path, failed))
    return fs::is_regular_file(path / "names.dmp", failed) && fs::is_regular_file(path / "nodes.dmp", failed);
  if (!fs::is_regular_file(path, failed) || !has_members(path)) return false;
  for (const auto& member : first_members(path)) {
    if (member.ends_with(".dmp")) return true;
  }
  return false;
}

void read_taxonomy(const fs::path& path, const std::function<void(const Taxon&)>& taxon,
                   const std::function<void(std::uint32_t, std::uint32_t)>& parent) {
  bool names = false, nodes = false;
  each_member(path, [&](std::string_view member, ByteStream& bytes) {
    const auto file = file_of(member);
    const auto called = fmt::format("'{}', {}", path.string(), file);
    if (file == "names.dmp") {
      names = true;
      read_taxa(bytes, called, taxon);
    } else if (file == "nodes.dmp") {
      nodes = true;
      read_nodes(bytes, called, parent);
    }
  });
  if (!names || !nodes)
    throw Error(Code::corrupt, fmt::format("'{}' has no {} of NCBI's taxonomy: get it again", path.string(),
                                           names ? "nodes.dmp" : "names.dmp"));
}

}  // namespace lamin::format
