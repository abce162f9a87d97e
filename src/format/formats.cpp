// formats.cpp -- the rows, and the readers that give them one signature.
#include "format/formats.hpp"
#include <algorithm>
#include <optional>
#include <string>
#include "base/path.hpp"
#include "format/format.hpp"
#include "format/hdf5_client.hpp"
#include "format/sketch.hpp"
#include "format/table_scan.hpp"
#include "format/tree.hpp"
#include "format/xlsx.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;

template <Frame (*read)(const fs::path&)>
std::vector<Slot> one_table(const fs::path& path) {
  std::vector<Slot> slots(1);
  slots[0].frame = read(path);
  return slots;
}

std::int64_t bytes_of(const fs::path& path) {
  std::error_code failure;
  const auto size = fs::file_size(path, failure);
  return failure ? 0 : static_cast<std::int64_t>(size);
}

template <Frame (*read)(const fs::path&)>
FileSketch sketch_table(const fs::path& path) {
  FileSketch sketch{.otype = "DataFrame"};
  sketch.tables.push_back(sketch_frame("", read(path)));
  sketch.bytes = sketch.bytes_read = bytes_of(path);
  return sketch;
}

/// What else a table of one column may be separated by.
void check_separator(const Frame& frame, const fs::path& path, char separator) {
  struct Other {
    char sign;
    std::string_view name, remedy;
  };
  constexpr Other others[] = {{';', "';'", "write it with commas"},
                              {'\t', "tabs", "call it .tsv, or write it with commas"},
                              {',', "commas", "call it .csv"},
                              {'|', "'|'", "write it with commas"}};
  if (frame.size() != 1) return;
  for (const auto& [sign, name, remedy] : others) {
    if (sign == separator || frame.names()[0].find(sign) == std::string::npos) continue;
    throw Error(Code::corrupt, "'" + path.string() + "' has one column, '" + frame.names()[0] +
                                   "': its values seem to be separated by " + std::string(name) + "; " +
                                   std::string(remedy));
  }
}

FileSketch sketch_parts(const fs::path& path, const std::function<void(const TableScan&)>& scan) {
  TableSketcher table("");
  scan({.start =
            [&](const std::string& index) {
              table = TableSketcher("");
              table.set_index(index);
            },
        .add = [&](const Frame& part) { table.add(part); }});
  FileSketch sketch{.otype = "DataFrame"};
  sketch.tables.push_back(table.finish());
  sketch.bytes = sketch.bytes_read = bytes_of(path);
  return sketch;
}

template <char separator>
FileSketch sketch_text(const fs::path& path) {
  return sketch_parts(path, [&](const TableScan& to) {
    scan_csv(path, separator, {.start = to.start, .add = [&](const Frame& part) {
                                 check_separator(part, path, separator);
                                 to.add(part);
                               }});
  });
}

FileSketch sketch_parquet(const fs::path& path) {
  return sketch_parts(path, [&](const TableScan& to) { scan_parquet(path, to); });
}

void values_in_parts(const std::string& column, const TakeValues& take,
                     const std::function<void(const TableScan&)>& scan) {
  std::optional<ColumnSketcher> sketcher;
  scan({.start =
            [&](const std::string&) {
              if (sketcher && take.again) take.again();
              sketcher.emplace(column, take.take);
            },
        .add = [&](const Frame& part) { sketcher->add(part.at(column)); }});
  if (sketcher) sketcher->finish();
}

template <char separator>
void text_values(const fs::path& path, const std::string&, const std::string& column, const TakeValues& take) {
  values_in_parts(column, take, [&](const TableScan& to) { scan_csv(path, separator, to); });
}

void parquet_values(const fs::path& path, const std::string&, const std::string& column, const TakeValues& take) {
  values_in_parts(column, take, [&](const TableScan& to) { scan_parquet(path, to); });
}

template <Frame (*read)(const fs::path&)>
void table_values(const fs::path& path, const std::string&, const std::string& column, const TakeValues& take) {
  ColumnSketcher sketcher(column, take.take);
  sketcher.add(read(path).at(column));
  sketcher.finish();
}

template <char separator>
Frame text_table(const fs::path& path) {
  Frame frame = read_csv_texts(path, separator);
  check_separator(frame, path, separator);
  return frame;
}

void zarr_values(const fs::path& path, const std::string& slot, const std::string& column, const TakeValues& take) {
  tree_values(*open_zarr(path), slot, column, take);
}

FileSketch glance_at_zarr(const fs::path& path, std::int64_t most_rows) {
  auto sketch = sketch_tree(*open_zarr(path), path.string(), most_rows);
  std::error_code failure;
  for (auto it = fs::recursive_directory_iterator(path, failure); !failure && it != fs::recursive_directory_iterator();
       it.increment(failure)) {
    if (it->is_regular_file(failure)) sketch.bytes += bytes_of(it->path());
  }
  return sketch;
}

FileSketch sketch_zarr(const fs::path& path) { return glance_at_zarr(path, all_rows); }

template <char separator>
Frame separated(const fs::path& path) {
  Frame frame = read_csv(path, separator);
  check_separator(frame, path, separator);
  return frame;
}

std::pair<std::int64_t, std::int64_t> anndata_shape(const fs::path& path) {
  const AnnDataHead head = read_anndata(path);
  return {head.n_obs, head.n_vars};
}

std::vector<Slot> zarr_slots(const fs::path& path) { return tree_slots(*open_zarr(path), path.string()); }

}  // namespace

std::span<const Format> formats() {
  static const std::vector<Format> rows = {
      {.name = "parquet",
       .suffixes = {".parquet"},
       .otype = "DataFrame",
       .dataset = "parquet",
       .slots = one_table<read_parquet>,
       .sketch = sketch_parquet,
       .values = parquet_values,
       .write = write_parquet},
      {.name = "csv",
       .suffixes = {".csv"},
       .otype = "DataFrame",
       .dataset = "csv",
       .slots = one_table<separated<','>>,
       .sketch = sketch_text<','>,
       .values = text_values<','>,
       .texts = text_table<','>,
       .write = write_csv},
      {.name = "csv", .suffixes = {".csv.tar.gz"}},
      {.name = "tsv", .suffixes = {".tsv.tar.gz"}},
      {.name = "csv",
       .suffixes = {".csv.gz"},
       .slots = one_table<separated<','>>,
       .sketch = sketch_text<','>,
       .values = text_values<','>,
       .texts = text_table<','>},
      {.name = "tsv",
       .suffixes = {".tsv"},
       .dataset = "csv",
       .slots = one_table<separated<'\t'>>,
       .sketch = sketch_text<'\t'>,
       .values = text_values<'\t'>,
       .texts = text_table<'\t'>},
      {.name = "tsv",
       .suffixes = {".tsv.gz"},
       .slots = one_table<separated<'\t'>>,
       .sketch = sketch_text<'\t'>,
       .values = text_values<'\t'>,
       .texts = text_table<'\t'>},
      {.name = "xlsx",
       .suffixes = {".xlsx"},
       .slots = one_table<read_xlsx>,
       .sketch = sketch_table<read_xlsx>,
       .values = table_values<read_xlsx>,
       .worksheet = read_worksheet,
       .write = write_xlsx},
      {.name = "ipc", .suffixes = {".ipc"}, .otype = "DataFrame", .dataset = "ipc"},
      {.name = "ipc", .suffixes = {".arrow"}, .dataset = "ipc"},
      {.name = "feather", .suffixes = {".feather"}, .dataset = "feather"},
      {.name = "orc", .suffixes = {".orc"}, .dataset = "orc"},
      {.name = "h5ad", .suffixes = {".h5ad.gz"}, .opens = "hdf5"},
      {.name = "h5ad",
       .suffixes = {".h5ad"},
       .otype = "AnnData",
       .opens = "hdf5",
       .slots = read_hdf5_slots,
       .sketch = sketch_hdf5,
       .glance = glance_at_hdf5,
       .values = hdf5_values,
       .shape = anndata_shape,
       .rewrite = write_table_columns,
       .check = check_hdf5},
      {.name = "zarr",
       .suffixes = {".zarr", ".anndata.zarr"},
       .look = zarr_otype,
       .opens = "zarr",
       .slots = zarr_slots,
       .sketch = sketch_zarr,
       .glance = glance_at_zarr,
       .values = zarr_values,
       .shape = anndata_shape,
       .rewrite = write_table_columns},
      {.name = "obo", .suffixes = {".obo", ".obo.gz", ".obo.zst", ".obo.zip"}, .has_terms = true},
      {.name = "owl",
       .suffixes = {".owl", ".owl.gz", ".owl.zst", ".owl.zip", ".ofn", ".omn", ".ttl"},
       .has_terms = true},
      {.name = "h5mu",
       .suffixes = {".h5mu"},
       .otype = "MuData",
       .opens = "hdf5",
       .slots = read_hdf5_slots,
       .sketch = sketch_hdf5,
       .glance = glance_at_hdf5,
       .values = hdf5_values,
       .rewrite = write_table_columns,
       .check = check_hdf5},
      {.name = "hdf5", .suffixes = {".h5", ".hdf5"}, .opens = "hdf5", .check = check_hdf5},
      {.name = "hdf5", .suffixes = {".h5.gz", ".hdf5.gz"}, .opens = "hdf5"},
      {.name = "soma", .suffixes = {".tiledbsoma"}, .opens = "soma"},
      {.name = "json", .suffixes = {".json"}, .dataset = "json", .has_terms = true},
      {.name = "jsonl", .suffixes = {".jsonl", ".ndjson"}, .dataset = "json"},
      {.name = "json", .suffixes = {".json.gz", ".json.zst", ".json.zip"}, .has_terms = true},
      {.name = "json", .suffixes = {".vitessce.json"}},
      {.name = "yaml", .suffixes = {".yaml", ".yml"}},
      {.name = "txt", .suffixes = {".txt", ".fasta"}},
      {.name = "fcs", .suffixes = {".fcs"}},
      {.name = "html", .suffixes = {".html"}},
      {.name = "image", .suffixes = {".jpg", ".jpeg", ".png", ".gif"}},
      {.name = "svg", .suffixes = {".svg"}},
      {.name = "rds", .suffixes = {".rds"}},
  };
  return rows;
}

const Format* format_of(std::string_view suffix) {
  for (const Format& format : formats()) {
    if (std::ranges::find(format.suffixes, suffix) != format.suffixes.end()) return &format;
  }
  return nullptr;
}

FileSketch sketch_file(const fs::path& path) {
  const auto* format = format_of(path);
  if (format == nullptr || format->sketch == nullptr) {
    throw Error(Code::unsupported, "'" + path.string() + "' cannot be curated: " + suffixes_that([](const Format& f) {
                                     return f.sketch != nullptr;
                                   }) + " can");
  }
  return format->sketch(path);
}

void file_values(const fs::path& path, const std::string& slot, const std::string& column, const TakeValues& take) {
  const auto* format = format_of(path);
  if (format == nullptr || format->values == nullptr)
    throw Error(Code::unsupported, "'" + path.string() + "' cannot be curated");
  format->values(path, slot, column, take);
}

const Format* format_of(const fs::path& file) {
  const auto name = file.filename().string();
  if (const auto* format = format_of(std::string_view(base::suffix_of(name)))) return format;
  // A suffix that artifacts do not have, such as ".owl.zst".
  const Format* longest = nullptr;
  std::size_t length = 0;
  for (const Format& format : formats()) {
    for (const auto suffix : format.suffixes) {
      if (!name.ends_with(suffix) || suffix.size() <= length) continue;
      longest = &format;
      length = suffix.size();
    }
  }
  return longest;
}

std::string_view otype_of(std::string_view suffix, const fs::path& file) {
  const auto* format = format_of(suffix);
  if (format == nullptr) return "";
  return format->look == nullptr ? format->otype : format->look(file);
}

std::string_view opening_of(std::string_view suffix, std::string_view name) {
  if (name == "soma") return "soma";
  if (const auto* format = format_of(suffix); format != nullptr && !format->opens.empty()) return format->opens;
  const auto dot = suffix.rfind('.');  // ".spatialdata.zarr"
  const auto* format = dot == suffix.npos ? nullptr : format_of(suffix.substr(dot));
  return format == nullptr ? std::string_view() : format->opens;
}

void check_open_mode(std::string_view opens, std::string_view suffix, std::string_view mode, bool overwrites_versions) {
  const std::string_view changing = opens == "zarr" ? "r+" : opens == "soma" ? "w" : "";
  if (mode != "r" && mode != changing)
    throw Error(Code::invalid_argument, std::string(suffix.empty() ? "this" : suffix) +
                                            " cannot be opened with mode='" + std::string(mode) + "', only with 'r'" +
                                            (changing.empty() ? "" : " or '" + std::string(changing) + "'"));
  if (mode != "r" && !overwrites_versions)
    throw Error(Code::invalid_argument,
                "mode='" + std::string(mode) +
                    "' changes a folder in place, which an artifact with overwrite_versions=False does not allow");
}

std::string suffixes_that(bool (*can)(const Format&)) {
  std::string text;
  for (const Format& format : formats()) {
    if (!can(format)) continue;
    for (const auto suffix : format.suffixes) text += (text.empty() ? "" : ", ") + std::string(suffix);
  }
  return text;
}

}  // namespace lamin::format
