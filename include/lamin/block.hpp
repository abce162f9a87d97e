// block.hpp -- texts: the readme of a record and its versions, comments on it, and pages of their own.
//
// Each registry with texts has its registry of blocks (RecordBlock, ArtifactBlock, ...), whose rows point to a record;
// registry Block holds pages with a key instead. A readme has versions, the latest of which is shown; a comment has
// none. A block is saved like any record (save.hpp); `hash` always is that of the text. To read the readme of a record,
// see find.hpp.
//
// Example: examples/cpp/block.cpp
#pragma once
#include <optional>
#include <string>
#include "lamin/instance.hpp"

namespace lamin {

struct BlockOptions {
  std::string registry = "Block";           ///< "RecordBlock" for the texts of a Record
  std::optional<std::int64_t> host = {};    ///< id of the record; not for Block
  std::string key = {};                     ///< only for Block: "README.md"
  std::string content = {};                 ///< Markdown
  std::string kind = "readme";              ///< or "comment"; a Block is always a readme
  std::string version_tag = {}, uid = {};   ///< uid: of the row meant
  std::string revises = {};                 ///< uid of the version it replaces; empty = the host's or the key's latest
  std::optional<std::int64_t> anchor = {};  ///< only for Block: id of the page that it belongs to
  std::optional<std::int64_t> branch = {}, space = {};  ///< ids; empty = the current ones
};

/// The existing row if the latest version has this text, or none yet; otherwise an unsaved row: the next version, or
/// the first. Throws invalid_argument (kind, no host, a version tag that is taken, `revises` of a comment), not_found.
Record make_block(Instance& instance, const BlockOptions& options);

}  // namespace lamin
