// anndata.hpp -- how AnnData is laid out in a tree, whatever the file format and the version of anndata that wrote it.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include "format/format.hpp"
#include "format/table_read.hpp"
#include "format/tree.hpp"

namespace lamin::format {

/// obs or var of any version: groups of columns with encodings (anndata >= 0.8), with `__categories` (0.7), arrays of
/// records with categories in uns (<= 0.6). Numeric categories become texts.
Frame read_dataframe(const Tree& tree, const std::string& path);
/// Some of its columns, in this order; nothing else is read. Throws not_found, listing the existing ones.
Frame read_dataframe(const Tree& tree, const std::string& path, std::span<const std::string> columns);
/// Its columns, without their cells.
TableLayout dataframe_layout(const Tree& tree, const std::string& path);

/// The values of the levels of a category as pandas would print them.
Column level_texts(const Column& levels);

/// Names of what a slot of several things holds.
std::vector<std::string> anndata_keys(const Tree& tree, const std::string& path);
/// The shape of a dense or sparse matrix, if it exists and states one.
std::optional<std::pair<std::int64_t, std::int64_t>> matrix_shape(const Tree& tree, const std::string& path);

/// `name_for_messages` is the file's.
AnnDataHead read_anndata_head(const Tree& tree, const std::string& name_for_messages);

}  // namespace lamin::format
