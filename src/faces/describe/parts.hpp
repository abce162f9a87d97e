// parts.hpp -- the parts of describe(): what is shown of a record, as nodes of a tree.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "lamin/describe.hpp"
#include "lamin/instance.hpp"

namespace lamin::faces {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// What people call a record: the name field, as text; "" if it is null.
std::string called(const Record& record);
/// "2.0 KB"
std::string display_size(std::int64_t bytes);
/// Version tag, or the last four characters of the uid.
std::string version_of(const Record& record);
/// The record that a reference points at, if there is one.
std::optional<Record> pointed(Instance& instance, const Record& record, std::string_view field);
/// "key (version)" of a transform, "uid (transform)" of a run.
std::string run_label(Instance& instance, const Record& run);

/// At most `width` characters; if some were cut, the last one is an ellipsis.
std::string shortened(const std::string& text, std::size_t width);
struct QuoteOptions {
  std::size_t most_lines = 1000;
  std::size_t most_width = 0;  ///< maximum characters per line; 0 = all
  bool marks_cut = false;      ///< says so if there are more lines
};
/// A node with a text below its title.
Node quoted(std::string title, std::string_view text, const QuoteOptions& options = {});

/// A dtype as shown: "cat[bionty.CellType]" -> "bionty.CellType", types by name.
std::string display_dtype(Instance& instance, std::string_view dtype);

/// Dataset features, features and entities of an artifact; features of a run or record. Appended if there are any.
void describe_values(Instance& instance, const Record& host, const DescribeOptions& options, std::vector<Node>& nodes);
/// Features or members, and slots, of a schema.
void describe_members(Instance& instance, const Record& schema, const DescribeOptions& options,
                      std::vector<Node>& nodes);
/// The fields at the top of a schema.
Fields schema_fields(Instance& instance, const Record& schema);
/// Command line, report, environment and parameters.
void describe_run(Instance& instance, const Record& run, std::vector<Node>& nodes);
/// What a run read and made, and the runs that it has initiated.
void describe_run_links(Instance& instance, const Record& run, std::vector<Node>& nodes);
/// The latest runs of a transform.
void describe_runs_of(Instance& instance, const Record& transform, std::vector<Node>& nodes);

}  // namespace lamin::faces
