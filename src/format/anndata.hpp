// anndata.hpp -- how AnnData is laid out in a tree, whatever the file format and the version of anndata that wrote it.
#pragma once
#include <string>
#include "format/format.hpp"
#include "format/tree.hpp"

namespace lamin::format {

/// obs or var of any version: groups of columns with encodings (anndata >= 0.8), with `__categories` (0.7), arrays of
/// records with categories in uns (<= 0.6). Numeric categories become texts.
Frame read_dataframe(const Tree& tree, const std::string& path);

/// `name_for_messages` is the file's.
AnnDataHead read_anndata_head(const Tree& tree, const std::string& name_for_messages);

}  // namespace lamin::format
