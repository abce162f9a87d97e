// files.cpp -- files against a schema, several at once: bytes are read and unpacked in parallel, the database is asked
// by one file at a time.
#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>
#include <utility>

#include "base/threads.hpp"
#include "base/time.hpp"
#include "format/formats.hpp"
#include "format/sketch.hpp"
#include "lake/curate/conventions.hpp"
#include "lake/curate/doubtful.hpp"
#include "lake/curate/layout.hpp"
#include "lake/curate/mend.hpp"
#include "lake/curate/report_file.hpp"
#include "lake/curate/sketched.hpp"
#include "lamin/error.hpp"
#include "lamin/report.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

void add_files_below(const fs::path& folder, std::vector<fs::path>& files) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (auto it = fs::recursive_directory_iterator(folder, failure);
       !failure && it != fs::recursive_directory_iterator(); it.increment(failure)) {
    if (it->path().filename().string().starts_with('.')) {
      if (it->is_directory(failure)) it.disable_recursion_pending();
      continue;
    }
    if (!can_curate(it->path())) continue;
    found.push_back(it->path());
    if (it->is_directory(failure)) it.disable_recursion_pending();  // a zarr store is one dataset
  }
  if (failure)
    throw Error(Code::no_access, fmt::format("'{}' cannot be listed: {}", folder.string(), failure.message()));
  if (found.empty()) {
    throw Error(Code::not_found,
                fmt::format("'{}' holds no dataset: {} can be curated", folder.string(),
                            format::suffixes_that([](const format::Format& f) { return f.sketch != nullptr; })));
  }
  std::ranges::sort(found);
  std::ranges::move(found, std::back_inserter(files));
}

std::vector<fs::path> all_files(std::span<const fs::path> paths) {
  std::vector<fs::path> files;
  for (const auto& path : paths) {
    std::error_code failure;
    if (!fs::exists(path, failure)) throw Error(Code::not_found, fmt::format("'{}' does not exist", path.string()));
    if (fs::is_directory(path, failure) && !can_curate(path)) add_files_below(path, files);
    else files.push_back(path);
  }
  if (files.empty()) throw Error(Code::invalid_argument, "no file to curate: name files or folders");
  return files;
}

/// The parts of a schema against the sketch of a file. Of columns with more labels than a sketch keeps, the file is
/// asked once more.
class FileCheck {
 public:
  FileCheck(Instance& instance, const Record& schema, const fs::path& path, format::FileSketch& sketch,
            FileReport& report)
      : instance_(instance), schema_(schema), path_(path), sketch_(sketch), report_(report) {}

  void run() {
    std::vector<Slot> slots;
    for (const auto& table : sketch_.tables) slots.push_back({table.slot, lake::frame_of(table, {})});
    for (auto& part : lake::make_parts(instance_, schema_, slots)) check(part, slots[part.table].frame);
    for (const auto& table : sketch_.tables) lake::report_table(table, report_);
    if (sketch_.otype == "AnnData") lake::check_layout(schema_, sketch_, report_);
    if (sketch_.zarr_format != 0) lake::check_conventions(schema_, path_, sketch_, report_);
  }

 private:
  void check(lake::Part& part, const Frame& outline) {
    auto& table = sketch_.tables[part.table];
    std::set<std::string, std::less<>> compared;
    std::vector<std::pair<format::ColumnSketch*, format::ColumnSketch>> before;
    for (const auto& one : lake::compared_columns(instance_, part, outline)) {
      compared.insert(one.column);
      const auto column = std::ranges::find(table.columns, one.column, &format::ColumnSketch::name);
      if (column == table.columns.end() || !has_more_labels(*column)) continue;
      auto few = doubtful(part, one, *column);
      before.emplace_back(&*column, std::exchange(*column, std::move(few)));
    }
    Frame frame = lake::frame_of(table, compared);
    part.sketch = &table;
    auto found = lake::check_part(instance_, part, frame);
    lake::report_part(instance_, part, frame, found.problems, report_);
    for (auto& note : found.notes) report_.notes.push_back(std::move(note));
    for (auto& [column, whole] : before) *column = std::move(whole);  // another part may ask for other labels
  }

  static bool has_more_labels(const format::ColumnSketch& column) {
    using Kind = Column::Kind;
    constexpr Kind kinds[] = {Kind::text, Kind::category, Kind::list, Kind::int64, Kind::float64};
    return !column.complete && std::ranges::find(kinds, column.kind) != std::end(kinds);
  }

  format::ColumnSketch doubtful(const lake::Part& part, const lake::DatasetColumn& one,
                                const format::ColumnSketch& column) {
    const auto& slot = sketch_.tables[part.table].slot;
    auto found = lake::doubtful_values(
        instance_, part, part.of_terms ? nullptr : &one, column,
        [&](const format::TakeValues& take) { format::file_values(path_, slot, column.name, take); });
    if (found.more) {
      report_.notes.push_back(
          fmt::format("column '{}'{} has more than {} values that are not registered; the others "
                      "are not listed",
                      column.name, slot.empty() ? "" : " in slot '" + slot + "'", found.column.values.size()));
    }
    return std::move(found.column);
  }

  Instance& instance_;
  const Record& schema_;
  const fs::path& path_;
  format::FileSketch& sketch_;
  FileReport& report_;
};

void note_unreadable(FileReport& report, const Error& error) {
  Words message = error.words();
  report.problems.push_back(
      {.rule = error.code() == Code::invalid_argument ? "slots" : "unreadable", .message = message});
}

void describe(const format::FileSketch& sketch, FileReport& report) {
  report.otype = sketch.otype;
  report.n_obs = sketch.n_obs;
  report.n_vars = sketch.n_vars;
  if (sketch.n_obs < 0 && sketch.tables.size() == 1) report.n_obs = sketch.tables[0].rows;
  report.bytes = sketch.bytes;
  report.bytes_read = std::min(sketch.bytes_read, sketch.bytes);  // some of a small file may be read twice
}

}  // namespace

bool can_curate(const fs::path& file) {
  const auto* format = format::format_of(file);
  return format != nullptr && format->sketch != nullptr;
}

std::string_view name_of(Candidate::Why why) {
  static constexpr std::string_view names[] = {"letter_case", "synonym", "obsolete", "similar"};
  return names[static_cast<std::size_t>(why)];
}

bool BadValue::certain() const {
  const auto sure = [](const Candidate& one) { return one.why <= Candidate::Why::synonym; };
  return !candidates.empty() && sure(candidates[0]) && (candidates.size() == 1 || !sure(candidates[1]));
}

std::int64_t CurationReport::n_problems() const {
  std::int64_t n = 0;
  for (const auto& file : files) n += static_cast<std::int64_t>(file.problems.size());
  return n;
}

CurationReport curate_files(Instance& instance, const Record& schema, std::span<const fs::path> paths,
                            const CurateFilesOptions& options) {
  const auto files = all_files(paths);
  lake::check_options(instance, options, files);
  CurationReport report = lake::report_for(instance, schema);
  report.files.resize(files.size());
  std::mutex database;
  base::in_parallel(files.size(), [&](std::size_t i) {
    auto& one = report.files[i];
    one.path = files[i].string();
    const auto began = Clock::now();
    try {
      auto sketch = format::sketch_file(files[i]);
      describe(sketch, one);
      const std::lock_guard lock(database);
      FileCheck(instance, schema, files[i], sketch, one).run();
      if (options.mend || !options.replace.empty())
        lake::mend(instance, schema, files[i], options, files.size() > 1, one);
    } catch (const Error& error) {
      if (files.size() == 1 && error.code() != Code::invalid_argument) throw;
      note_unreadable(one, error);
    }
    one.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  });
  return report;
}

CurationReport report_of(Instance& instance, Curator& curator, const std::string& name) {
  CurationReport report = lake::report_for(instance, curator.schema());
  auto& one = report.files.emplace_back();
  one.path = name;
  const auto began = Clock::now();
  const auto problems = curator.check();
  for (const auto& part : lake::make_parts(instance, curator.schema(), curator.slots())) {
    lake::report_part(instance, part, curator.slots()[part.table].frame, problems, one);
  }
  if (const auto& slots = curator.slots(); !slots.empty()) one.n_obs = slots.front().frame.rows();
  one.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  return report;
}

}  // namespace lamin
