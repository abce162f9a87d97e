// preview.hpp -- a first look at what a file or folder holds, without loading it.
//
// Of a table the columns, their types and the first rows; of AnnData, MuData and SpatialData the shape and the columns
// of obs and var with how often their values occur; of a picture its size; of a folder the tree of its files; of JSON
// and YAML the keys; of text the first lines; of anything else what its first bytes say. Only what is shown is read:
// never a matrix, and of a long text or table the beginning; of obs and var, values of the first rows are counted.
//
// A file that claims to be something and is not gives a preview with a note that says why, not an error: people look at
// broken files, too.
//
// Example: examples/cpp/preview.cpp
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct PreviewOptions {
  std::size_t rows = 5;                                ///< of a table
  std::int64_t counted_rows = 100'000;                 ///< of obs and var, whose values are counted
  std::size_t columns = 40;                            ///< of a table
  std::size_t values = 4;                              ///< of a column of obs
  std::size_t lines = 20;                              ///< of a text, of keys, of the tree of a folder
  std::int64_t picture_bytes = std::int64_t{1} << 20;  ///< a picture with more is not shown itself
};

struct PreviewColumn {
  std::string name = {}, type = {};  ///< "category", "int64"
  std::string values = {};           ///< "T cell (412), B cell (88), …"; "0.1 to 12.5"; empty: see the first rows
  std::int64_t missing = 0;
};

struct PreviewTable {
  std::string name = {};      ///< "obs", "rna:var"; empty for a plain table
  std::int64_t rows = -1;     ///< -1: not counted
  std::int64_t seen = -1;     ///< of these the first whose values are counted; -1: all
  std::size_t n_columns = 0;  ///< of which `columns` are the first
  std::vector<PreviewColumn> columns = {};
  std::vector<std::vector<std::string>> first = {};  ///< rows of a plain table
};

struct Preview {
  std::string name = {};                                        ///< of the file
  std::string what = {};                                        ///< "Parquet table", "AnnData", "PNG image", "folder"
  std::int64_t size = 0;                                        ///< bytes
  std::vector<std::pair<std::string, std::string>> facts = {};  ///< ("shape", "700 x 765")
  std::vector<PreviewTable> tables = {};
  std::vector<std::string> lines = {};  ///< of text, keys, or a tree
  bool cut = false;                     ///< there are more lines
  std::string picture = {};             ///< the bytes of a picture that a browser shows
  std::string picture_type = {};        ///< "image/png"
  std::string note = {};                ///< what could not be read, and why
};

/// Throws not_found, no_access.
Preview preview(const std::filesystem::path& path, const PreviewOptions& options = {});
/// Of an artifact, by its own suffix; a remote one is cached. Throws what cache_artifact throws.
Preview preview(Instance& instance, const Record& artifact, const PreviewOptions& options = {});

}  // namespace lamin
