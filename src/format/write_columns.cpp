// write_columns.cpp -- copies of AnnData, MuData and SpatialData files with some columns replaced.
#include <fmt/format.h>
#include "base/fresh_file.hpp"
#include "base/source_file.hpp"
#include "format/hdf5_client.hpp"
#include "format/zarr_write.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_write(const fs::path& path, const std::error_code& why) {
  Code code = why == std::errc::permission_denied || why == std::errc::read_only_file_system ? Code::no_access
              : why == std::errc::no_such_file_or_directory                                  ? Code::not_found
                                                                                             : Code::unavailable;
  throw Error(code, fmt::format("Cannot write '{}': {}.", path.string(), why.message()));
}

void write_hdf5(const fs::path& from, const fs::path& fresh, const fs::path& to, std::span<const Slot> changed) {
  const base::SourceFile source(from);
  std::error_code failure;
  fs::copy_file(from, fresh, failure);
  if (failure) fail_write(to, failure);
  fs::permissions(fresh, fs::perms::owner_write, fs::perm_options::add, failure);
  std::vector<ColumnEdit> edits;
  for (const Slot& slot : changed) {
    for (std::size_t i = 0; i < slot.frame.size(); ++i)
      edits.push_back({slot.name, slot.frame.names()[i], slot.frame.at(i)});
  }
  edit_hdf5_columns(fresh, from.string(), edits);
}

/// Where the old folder goes, its unchanged files need no copy: what is changed is written as new files.
void copy_folder(const fs::path& from, const fs::path& fresh, const fs::path& to) {
  std::error_code failure, ignored;
  if (fs::equivalent(from, to, ignored)) {
    fs::copy(from, fresh, fs::copy_options::recursive | fs::copy_options::create_hard_links, failure);
    if (!failure) return;
    fs::remove_all(fresh, ignored);
  }
  fs::copy(from, fresh, fs::copy_options::recursive, failure);
  if (failure) fail_write(to, failure);
}

}  // namespace

void write_table_columns(const fs::path& from, const fs::path& to, std::span<const Slot> changed) {
  base::FreshFile fresh(to);
  std::error_code failure;
  if (fs::is_directory(from, failure)) {
    copy_folder(from, fresh.path(), to);
    edit_zarr_columns(fresh.path(), from.string(), changed);
  } else {
    write_hdf5(from, fresh.path(), to, changed);
  }
  fresh.put();
}

}  // namespace lamin::format
