// formats.cpp -- the rows, and the readers that give them one signature.
#include "format/formats.hpp"
#include <algorithm>
#include <string>
#include "base/path.hpp"
#include "format/format.hpp"
#include "format/hdf5_client.hpp"
#include "format/sketch.hpp"
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

template <char separator>
FileSketch sketch_text(const fs::path& path) {
  const Frame frame = read_csv(path, separator);
  check_separator(frame, path, separator);
  FileSketch sketch{.otype = "DataFrame"};
  sketch.tables.push_back(sketch_frame("", frame));
  sketch.bytes = sketch.bytes_read = bytes_of(path);
  return sketch;
}

template <char separator>
Frame text_table(const fs::path& path) {
  Frame frame = read_csv_texts(path, separator);
  check_separator(frame, path, separator);
  return frame;
}

FileSketch sketch_zarr(const fs::path& path) {
  auto sketch = sketch_tree(*open_zarr(path), path.string());
  std::error_code failure;
  for (auto it = fs::recursive_directory_iterator(path, failure); !failure && it != fs::recursive_directory_iterator();
       it.increment(failure)) {
    if (it->is_regular_file(failure)) sketch.bytes += bytes_of(it->path());
  }
  return sketch;
}

Frame comma_separated(const fs::path& path) { return read_csv(path); }
Frame tab_separated(const fs::path& path) { return read_csv(path, '\t'); }

std::vector<Slot> anndata_slots(const fs::path& path) {
  AnnDataHead head = read_anndata(path);
  Frame uns;
  for (const std::string& key : head.uns_keys) uns.add(key, Column::texts(std::vector<std::string>{}));
  std::vector<Slot> slots;
  slots.push_back({"obs", std::move(head.obs)});
  slots.push_back({"var", std::move(head.var)});
  slots.push_back({"uns", std::move(uns)});
  return slots;
}

std::pair<std::int64_t, std::int64_t> anndata_shape(const fs::path& path) {
  const AnnDataHead head = read_anndata(path);
  return {head.n_obs, head.n_vars};
}

void rewrite_anndata(const fs::path& from, const fs::path& to, std::span<const Slot> changed) {
  Frame obs, var;
  for (const Slot& slot : changed) (slot.name == "obs" ? obs : var) = slot.frame;
  write_anndata_columns(from, to, obs, var);
}

}  // namespace

std::span<const Format> formats() {
  static const std::vector<Format> rows = {
      {.name = "parquet",
       .suffixes = {".parquet"},
       .otype = "DataFrame",
       .dataset = "parquet",
       .slots = one_table<read_parquet>,
       .sketch = sketch_table<read_parquet>,
       .write = write_parquet},
      {.name = "csv",
       .suffixes = {".csv"},
       .otype = "DataFrame",
       .dataset = "csv",
       .slots = one_table<comma_separated>,
       .sketch = sketch_text<','>,
       .texts = text_table<','>,
       .write = write_csv},
      {.name = "csv",
       .suffixes = {".csv.gz"},
       .slots = one_table<comma_separated>,
       .sketch = sketch_text<','>,
       .texts = text_table<','>},
      {.name = "tsv",
       .suffixes = {".tsv", ".tsv.gz"},
       .slots = one_table<tab_separated>,
       .sketch = sketch_text<'\t'>,
       .texts = text_table<'\t'>},
      {.name = "xlsx",
       .suffixes = {".xlsx"},
       .slots = one_table<read_xlsx>,
       .sketch = sketch_table<read_xlsx>,
       .worksheet = read_worksheet,
       .write = write_xlsx},
      {.name = "ipc", .suffixes = {".ipc"}, .otype = "DataFrame", .dataset = "ipc"},
      {.name = "ipc", .suffixes = {".arrow"}, .dataset = "ipc"},
      {.name = "feather", .suffixes = {".feather"}, .dataset = "feather"},
      {.name = "orc", .suffixes = {".orc"}, .dataset = "orc"},
      {.name = "h5ad",
       .suffixes = {".h5ad"},
       .otype = "AnnData",
       .slots = anndata_slots,
       .sketch = sketch_hdf5,
       .shape = anndata_shape,
       .rewrite = rewrite_anndata,
       .check = check_hdf5},
      {.name = "zarr",
       .suffixes = {".zarr", ".anndata.zarr"},
       .look = zarr_otype,
       .slots = anndata_slots,
       .sketch = sketch_zarr,
       .shape = anndata_shape,
       .rewrite = rewrite_anndata},
      {.name = "obo", .suffixes = {".obo", ".obo.gz", ".obo.zst", ".obo.zip"}, .has_terms = true},
      {.name = "owl",
       .suffixes = {".owl", ".owl.gz", ".owl.zst", ".owl.zip", ".ofn", ".omn", ".ttl"},
       .has_terms = true},
      {.name = "h5mu", .suffixes = {".h5mu"}, .otype = "MuData", .sketch = sketch_hdf5, .check = check_hdf5},
      {.name = "json", .suffixes = {".json"}, .dataset = "json", .has_terms = true},
      {.name = "json", .suffixes = {".json.gz", ".json.zst", ".json.zip"}, .has_terms = true},
      {.name = "json", .suffixes = {".vitessce.json"}},
      {.name = "yaml", .suffixes = {".yaml", ".yml"}},
      {.name = "txt", .suffixes = {".txt", ".fasta"}},
      {.name = "path", .suffixes = {".html", ".jpg", ".png", ".gif", ".svg", ".rds"}},
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

std::string suffixes_that(bool (*can)(const Format&)) {
  std::string text;
  for (const Format& format : formats()) {
    if (!can(format)) continue;
    for (const auto suffix : format.suffixes) text += (text.empty() ? "" : ", ") + std::string(suffix);
  }
  return text;
}

}  // namespace lamin::format
