// formats.hpp -- the one table of file formats: everything that asks what a file is reads it.
//
// To add a format: a row in formats.cpp, and what it points at. A null function means that the format cannot do that.
#pragma once
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/frame.hpp"

namespace lamin::format {

struct FileSketch;
struct TakeValues;
struct Worksheet;

struct Format {
  using Path = std::filesystem::path;

  std::string_view name;                              ///< also that of its loader in Python: "csv"
  std::vector<std::string_view> suffixes;             ///< as artifacts have them: ".csv"
  std::string_view otype = {};                        ///< what such a file holds as an object: "DataFrame"
  std::string_view (*look)(const Path&) = nullptr;    ///< the same, where only the content says it; "" = none of these
  std::string_view dataset = {};                      ///< what pyarrow and polars call it, where they read it in parts
  std::string_view opens = {};                        ///< "hdf5", "zarr", "soma": arrays that are read in parts
  std::vector<Slot> (*slots)(const Path&) = nullptr;  ///< its tables, without any matrix
  FileSketch (*sketch)(const Path&) = nullptr;        ///< the same, as their distinct values (sketch.hpp)
  FileSketch (*glance)(const Path&, std::int64_t) = nullptr;  ///< the same of the first rows of each, for a look
  /// The values of one column of them that a sketch does not keep: slot, column.
  void (*values)(const Path&, const std::string&, const std::string&, const TakeValues&) = nullptr;
  Frame (*texts)(const Path&) = nullptr;  ///< its table as it is written, where a file does not say types
  Worksheet (*worksheet)(const Path&, std::string_view) = nullptr;        ///< one of its tables, where each has a name
  std::pair<std::int64_t, std::int64_t> (*shape)(const Path&) = nullptr;  ///< observations, variables
  void (*write)(const Frame&, const Path&) = nullptr;                     ///< one table to a new file
  /// A copy with some columns of its slots replaced: from, to, the columns by slot.
  void (*rewrite)(const Path&, const Path&, std::span<const Slot>) = nullptr;
  bool has_terms = false;                ///< of an ontology (read_terms in format.hpp)
  void (*check)(const Path&) = nullptr;  ///< before another library opens it in this process
};

std::span<const Format> formats();
/// By an artifact's suffix; null if no row has it.
const Format* format_of(std::string_view suffix);
/// By the name of a file.
const Format* format_of(const std::filesystem::path& file);
/// How what has this suffix is opened in parts: "hdf5", "zarr", "soma"; "" for a table or anything else. `name` is the
/// last part of its key: LaminDB calls a store of TileDB-SOMA "soma", too.
std::string_view opening_of(std::string_view suffix, std::string_view name = {});
/// Refuses a mode ("r", "r+", "w") that there is not for what is to be opened, and a change in place of what does not
/// overwrite its versions. Throws invalid_argument, naming the modes.
void check_open_mode(std::string_view opens, std::string_view suffix, std::string_view mode, bool overwrites_versions);
/// What a file of this suffix holds as an object: "AnnData"; "" if that is not known.
std::string_view otype_of(std::string_view suffix, const std::filesystem::path& file);
/// The suffixes of the formats that can do something: ".csv, .parquet".
std::string suffixes_that(bool (*can)(const Format&));

}  // namespace lamin::format
