// plain.cpp -- folders, documents, text, and everything else.
#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include "base/budget.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "format/byte_stream.hpp"
#include "format/file_text.hpp"
#include "lake/preview/parts.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// Adds a line, or notes that there are more.
bool add_line(std::string line, const PreviewOptions& options, Preview& out) {
  if (out.lines.size() == options.lines) {
    out.cut = true;
    return false;
  }
  out.lines.push_back(std::move(line));
  return true;
}

class Branches {
 public:
  Branches(const PreviewOptions& options, Preview& out) : options_(options), out_(out) {}

  /// The tree is shown as far as there are lines, and everything is counted up to a limit.
  void show(const fs::path& folder, const std::string& indent) {
    std::vector<fs::directory_entry> entries;
    std::error_code failure;
    for (auto it = fs::directory_iterator(folder, failure); !failure && it != fs::directory_iterator();
         it.increment(failure)) {
      entries.push_back(*it);
      if (++seen_ >= most) break;
    }
    if (failure) out_.note = fmt::format("'{}' cannot be listed: {}", folder.string(), failure.message());
    std::ranges::sort(entries);
    for (const auto& entry : entries) {
      std::error_code gone;
      const bool inner = entry.is_directory(gone) && !entry.is_symlink(gone);
      const auto size = inner ? 0 : static_cast<std::int64_t>(entry.is_regular_file(gone) ? entry.file_size(gone) : 0);
      const auto name = entry.path().filename().string();
      add_line(indent + (inner ? name + "/" : fmt::format("{}  {}", name, base::size_text(size))), options_, out_);
      files_ += inner ? 0 : 1;
      out_.size += size;
      if (inner && seen_ < most) show(entry.path(), indent + "  ");
    }
  }
  std::string count() const { return fmt::format("{}{}", seen_ >= most ? "more than " : "", files_); }

 private:
  static constexpr std::size_t most = 20'000;
  const PreviewOptions& options_;
  Preview& out_;
  std::size_t seen_ = 0, files_ = 0;
};

std::string kind_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::object: return fmt::format("object of {}", value.get_object().size());
    case json::kind::array: return fmt::format("list of {}", value.get_array().size());
    case json::kind::string: {
      std::string text(value.get_string());
      constexpr std::size_t most = 60;
      if (text.size() > most) {
        std::size_t end = most;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
        text = text.substr(0, end) + "…";
      }
      return "\"" + text + "\"";
    }
    default: return json::serialize(value);
  }
}

void add_keys(const json::value& value, const std::string& indent, int depth, const PreviewOptions& options,
              Preview& out) {
  if (depth > 2) return;
  if (const auto* object = value.if_object()) {
    for (const auto& [key, inner] : *object) {
      if (!add_line(fmt::format("{}{}: {}", indent, std::string_view(key), kind_of(inner)), options, out)) return;
      if (inner.is_object() || inner.is_array()) add_keys(inner, indent + "  ", depth + 1, options, out);
    }
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    if (!add_line(fmt::format("{}[0]: {}", indent, kind_of(array->front())), options, out)) return;
    add_keys(array->front(), indent + "  ", depth + 1, options, out);
  }
}

constexpr std::int64_t largest_document = std::int64_t{16} << 20;

bool look_at_json(const fs::path& path, const PreviewOptions& options, Preview& out) {
  if (out.size > largest_document) return false;
  try {
    const auto document = base::parse_json(format::file_text(path));
    out.what = "JSON";
    out.facts.emplace_back("holds", kind_of(document));
    add_keys(document, "", 0, options, out);
    return true;
  } catch (const Error& error) {
    out.note = error.what();
    return false;
  }
}

/// The lines that begin a key at the top, as far as the text is read.
bool look_at_yaml(const std::vector<std::string>& lines, const PreviewOptions& options, Preview& out) {
  for (const auto& line : lines) {
    const auto colon = line.find(':');
    const bool key = colon != line.npos && colon > 0 && line[0] != ' ' && line[0] != '#' && line[0] != '-' &&
                     (colon + 1 == line.size() || line[colon + 1] == ' ');
    if (key && !add_line(line, options, out)) break;
  }
  return !out.lines.empty();
}

bool is_text(std::string_view begin) {
  if (begin.find('\0') != begin.npos) return false;
  constexpr std::size_t longest = 4;  // bytes of a character, which may be cut at the end
  for (std::size_t at = 0; at < begin.size();) {
    if (!base::next_code_point(begin, at)) return at + longest > begin.size();
  }
  return true;
}

/// Up to `most` lines, unpacked on the way, and no more than a little of them.
std::vector<std::string> first_lines(const fs::path& path, std::size_t most, bool& cut) {
  constexpr std::size_t bytes = std::size_t{256} << 10, width = 200;
  auto stream = format::open_bytes(path);
  auto begin = format::peek(stream, bytes);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < begin.size();) {
    const auto end = std::min(begin.find('\n', at), begin.size());
    if (lines.size() == most) {
      cut = true;
      break;
    }
    auto line = begin.substr(at, std::min(end - at, width));
    if (line.ends_with('\r')) line.pop_back();
    if (end - at > width) line += "…";
    lines.push_back(std::move(line));
    at = end + 1;
  }
  return lines;
}

std::string_view binary_kind(std::string_view begin) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> kinds[] = {{"\x89HDF\r\n\x1a\n"sv, "HDF5 file"},
                                                                     {"PAR1"sv, "Parquet file"},
                                                                     {"ARROW1"sv, "Arrow file"},
                                                                     {"SQLite format 3\0"sv, "SQLite database"},
                                                                     {"%PDF-"sv, "PDF document"},
                                                                     {"PK\x03\x04"sv, "zip archive"},
                                                                     {"BAM\x01"sv, "BAM file"},
                                                                     {"CRAM"sv, "CRAM file"},
                                                                     {"\x93NUMPY"sv, "NumPy array"},
                                                                     {"\x80\x04"sv, "pickle"},
                                                                     {"\x80\x05"sv, "pickle"},
                                                                     {"FCS"sv, "flow cytometry file"},
                                                                     {"\x1f\x8b"sv, "gzip file"},
                                                                     {"\x28\xb5\x2f\xfd"sv, "zstd file"}};
  for (const auto& [magic, kind] : kinds)
    if (begin.starts_with(magic)) return kind;
  return "binary file";
}

}  // namespace

void look_at_folder(const fs::path& path, const PreviewOptions& options, Preview& out) {
  out.what = "folder";
  Branches branches(options, out);
  branches.show(path, "");
  out.facts.emplace_back("files", branches.count());
}

void look_at_bytes(const fs::path& path, const std::string& name, std::string_view begin, const PreviewOptions& options,
                   Preview& out) {
  if (out.size == 0) {
    out.what = "empty file";
    return;
  }
  if (name.ends_with(".json") && out.note.empty() && look_at_json(path, options, out)) return;
  const bool packed = !format::codec_of(begin).empty();
  if (!packed && !is_text(begin)) {
    out.what = binary_kind(begin);
    return;
  }
  try {
    if (packed) {
      auto stream = format::open_bytes(path);
      const auto inside = format::peek(stream, 4096);
      if (!is_text(inside)) {
        out.what = fmt::format("{}, {} inside", binary_kind(begin), binary_kind(inside));
        return;
      }
      out.facts.emplace_back("packed by", std::string(format::codec_of(begin)));
    }
    const bool yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    bool cut = false;
    auto lines = first_lines(path, yaml ? 10'000 : options.lines, cut);
    out.what = "text";
    if (yaml && look_at_yaml(lines, options, out)) {
      out.what = "YAML";
      return;
    }
    out.lines = std::move(lines);
    out.cut = cut;
  } catch (const Error& error) {
    out.what = binary_kind(begin);
    out.note = error.what();
  }
}

}  // namespace lamin::lake
