// describe.hpp -- the parts of describe(): what is shown of a record, as nodes of a tree.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>
#include "lake/text_tree.hpp"
#include "lamin/instance.hpp"

namespace lamin::lake {

/// What a person calls a record: the name field, as text; "" if it is null.
std::string called(const Record& record);
/// "2.0 KB"
std::string display_size(std::int64_t bytes);
/// Time as "2026-11-22 14:52:26 UTC"; others as they are, null as "".
std::string display_value(const Value& value);
/// Version tag, or the last four characters of the uid.
std::string version_of(const Record& record);
/// The record that a reference points at, if there is one.
std::optional<Record> pointed(Instance& instance, const Record& record, std::string_view field);
/// "key (version)" of a transform, "uid (transform)" of a run.
std::string run_label(Instance& instance, const Record& run);
/// Lines behind a bar, for text inside the tree.
void quote_lines(std::vector<std::string>& into, std::string_view text, std::size_t most_lines, std::size_t most_width,
                 bool more_mark);

/// A dtype as it is shown: "cat[bionty.CellType]" -> "bionty.CellType", types by name.
std::string display_dtype(Instance& instance, std::string_view dtype);

/// Dataset features, features and entities of an artifact; features of a run or record. Appended where there are any.
void describe_values(Instance& instance, const Record& host, std::vector<TreeNode>& nodes);
/// Features or members, and slots, of a schema.
void describe_members(Instance& instance, const Record& schema, std::vector<TreeNode>& nodes);
/// The cells at the top of a schema.
std::vector<std::string> schema_cells(Instance& instance, const Record& schema);
/// Command line, report, environment and parameters.
void describe_run(Instance& instance, const Record& run, std::vector<TreeNode>& nodes);

}  // namespace lamin::lake
