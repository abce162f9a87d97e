// hdf5_client.hpp -- HDF5 files, parsed by another process: whatever a file does to the library, this process survives.
//
// Each throws not_found, no_access, invalid_argument (not a file); corrupt for a file that is damaged, crashes or
// stalls the library, leads out of itself or exceeds the budget (base/budget.hpp); unsupported for a missing filter;
// unavailable if the helper program cannot be started.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>
#include "format/format.hpp"
#include "format/hdf5_module.hpp"
#include "format/sketch.hpp"
#include "format/table_read.hpp"

namespace lamin::format {

AnnDataHead read_hdf5_head(const std::filesystem::path& path);
FileSketch sketch_hdf5(const std::filesystem::path& path);
FileSketch glance_at_hdf5(const std::filesystem::path& path, std::int64_t most_rows);  ///< see sketch_tree
/// As tree_values.
void hdf5_values(const std::filesystem::path& path, const std::string& slot, const std::string& column,
                 const TakeValues& take);
std::vector<Slot> read_hdf5_slots(const std::filesystem::path& path);  ///< as tree_slots
/// As table_layout and read_table (table_read.hpp).
TableLayout hdf5_table_layout(const std::filesystem::path& path, const std::string& slot);
Frame read_hdf5_table(const std::filesystem::path& path, const std::string& slot, std::span<const std::string> columns);
/// A file, or one elsewhere whose ranges `ranges` reads.
struct Hdf5Origin {
  std::string name = {};  ///< for messages
  std::int64_t size = 0;
  int descriptor = -1;
  std::function<void(std::int64_t offset, std::span<std::uint8_t> into)> ranges = {};
};
/// Throws not_found for a path that is not there, and what `ranges` throws.
Hdf5Outline outline_hdf5(const Hdf5Origin& origin, const OutlineQuery& query);
/// Replaces or adds columns of tables (table_path) in the file itself; messages call it `name`.
void edit_hdf5_columns(const std::filesystem::path& path, const std::string& name, std::span<const ColumnEdit> edits);

}  // namespace lamin::format
