#include "format/table_read.hpp"
#include <fmt/format.h>
#include "format/anndata.hpp"
#include "format/formats.hpp"
#include "format/hdf5_client.hpp"
#include "format/sketch.hpp"
#include "format/tree.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;

std::string path_of(const Tree& tree, const std::string& slot) {
  auto path = table_path(slot);
  if (path.empty()) {
    throw Error(
        Code::invalid_argument,
        fmt::format("'{}' is not a table of rows: pass obs, var, or one of a modality, such as rna:obs.", slot));
  }
  if (tree.kind(path) != Tree::Node::none) return path;
  throw Error(Code::invalid_argument,
              fmt::format("It has no table '{}'; it holds: {}.", slot, fmt::join(tree.children(""), ", ")));
}

const Format& format_with_tables(const fs::path& path) {
  const auto* format = format_of(path);
  if (format != nullptr && format->rewrite != nullptr) return *format;
  throw Error(Code::unsupported, fmt::format("'{}' has no obs or var: only {} have.", path.string(),
                                             suffixes_that([](const Format& f) { return f.rewrite != nullptr; })));
}

bool is_zarr(const fs::path& path) {
  std::error_code failure;
  return format_with_tables(path).name == "zarr" || fs::is_directory(path, failure);
}

}  // namespace

TableLayout table_layout(const Tree& tree, const std::string& slot) {
  return dataframe_layout(tree, path_of(tree, slot));
}

Frame read_table(const Tree& tree, const std::string& slot, std::span<const std::string> columns) {
  return read_dataframe(tree, path_of(tree, slot), columns);
}

TableLayout table_layout(const fs::path& path, const std::string& slot) {
  if (!is_zarr(path)) return hdf5_table_layout(path, slot);
  try {
    return table_layout(*open_zarr(path), slot);
  } catch (Error& error) {
    error.add_context(fmt::format("while reading '{}'", path.string()));
    throw;
  }
}

Frame read_table(const fs::path& path, const std::string& slot, std::span<const std::string> columns) {
  if (!is_zarr(path)) return read_hdf5_table(path, slot, columns);
  try {
    return read_table(*open_zarr(path), slot, columns);
  } catch (Error& error) {
    error.add_context(fmt::format("while reading '{}'", path.string()));
    throw;
  }
}

}  // namespace lamin::format
