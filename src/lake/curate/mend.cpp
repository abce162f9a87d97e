#include "lake/curate/mend.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "base/fresh_file.hpp"
#include "base/path.hpp"
#include "format/formats.hpp"
#include "format/sketch.hpp"
#include "lake/curate/report_file.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;

/// Where the copy of a file goes.
fs::path target_of(const fs::path& path, const CurateFilesOptions& options, bool one_of_many) {
  std::error_code ignored;
  if (options.write.empty()) return fs::weakly_canonical(path, ignored);  // a link stays one
  return one_of_many ? options.write / path.filename() : options.write;
}

void fill_in(Curator& curator, Instance& instance, const Record& schema, FileReport& report) {
  std::vector<std::string> slots;
  for (const auto& slot : schema_slots(instance, schema)) slots.push_back(slot.first);
  if (slots.empty()) slots.emplace_back();
  for (const auto& slot : slots) {
    for (const auto& one : curator.fill_in(slot)) {
      report.mended.push_back(
          {.slot = slot, .column = one.column, .to = one.value.is_null() ? "" : to_string(one.value)});
    }
  }
}

void replace_certain(Curator& curator, const CurateFilesOptions& options, FileReport& report) {
  const auto by_hand = [&](const ReportProblem& problem, const BadValue& bad) {
    return std::ranges::any_of(options.replace, [&](const auto& one) {
      return one.slot == problem.slot && one.column == problem.column && one.from == bad.value;
    });
  };
  for (const auto& problem : report.problems) {
    for (const auto& bad : problem.values) {
      if (!bad.certain() || by_hand(problem, bad)) continue;
      const auto& to = bad.candidates.front().value;
      const auto column = problem.column.empty() ? std::string("columns") : problem.column;
      try {
        curator.replace(problem.slot, column, bad.value, to);
      } catch (const Error& error) {
        if (error.code() != Code::conflict) throw;
        report.notes.push_back(error.words());
        continue;
      }
      report.mended.push_back(
          {.slot = problem.slot, .column = problem.column, .from = bad.value, .to = to, .count = bad.count});
    }
  }
}

void replace_by_hand(Curator& curator, const CurateFilesOptions& options, FileReport& report) {
  for (const auto& one : options.replace) {
    curator.replace(one.slot, one.column, one.from, one.to);
    report.mended.push_back({.slot = one.slot, .column = one.column, .from = one.from, .to = one.to});
  }
}

/// Folders whose files are saved versions: the storages of the instance, and what is cached of them.
std::vector<fs::path> kept_places(Instance& instance) {
  std::vector<fs::path> places{base::cache_folder()};
  for (const auto& row : instance.database().all(
           {.registry = "Storage", .where = Expr::compare("type", Op::exact, Value("local")), .any_branch = true}))
    places.emplace_back(row.text("root"));
  std::error_code ignored;
  for (auto& place : places) place = fs::weakly_canonical(place, ignored);
  return places;
}

void refuse_kept(Instance& instance, const std::vector<fs::path>& targets) {
  const auto places = kept_places(instance);
  for (const auto& target : targets) {
    std::error_code ignored;
    const auto real = fs::weakly_canonical(target, ignored);
    const bool kept = std::ranges::any_of(places, [&](const fs::path& place) {
      return !place.empty() && std::ranges::mismatch(place, real).in1 == place.end();
    });
    if (!kept) continue;
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is in a storage or the cache of the instance, where a saved version must stay as it "
                            "is: write a mended copy elsewhere, and save that as the next version",
                            target.string()));
  }
}

}  // namespace

void check_options(Instance& instance, const CurateFilesOptions& options, const std::vector<fs::path>& files) {
  if (options.mend || !options.replace.empty())
    refuse_kept(instance, options.write.empty() ? files : std::vector{options.write});
  if (options.write.empty()) return;
  std::error_code failure;
  const bool folder = fs::is_directory(options.write, failure);
  if (files.size() == 1) {
    if (folder && format::format_of(options.write) == nullptr)
      throw Error(Code::invalid_argument,
                  fmt::format("'{}' is a folder: name the file to write", options.write.string()));
    return;
  }
  if (!folder) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is not a folder: the mended copies of several files go to one; create it first",
                            options.write.string()));
  }
  std::set<fs::path> names;
  for (const auto& file : files) {
    if (!names.insert(file.filename()).second)
      throw Error(Code::invalid_argument,
                  fmt::format("two files are called '{}': write them one by one", file.filename().string()));
  }
}

CurationReport report_for(Instance& instance, const Record& schema) {
  if (!schema.saved()) throw Error(Code::invalid_argument, "the schema is not saved: save it before curating with it");
  CurationReport report;
  report.schema = std::string(schema.text("name").empty() ? schema.uid() : schema.text("name"));
  report.schema_uid = std::string(schema.uid());
  report.instance = instance.settings().slug();
  report.version = LAMIN_VERSION;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  report.made_at.micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return report;
}

void mend(Instance& instance, const Record& schema, const fs::path& path, const CurateFilesOptions& options,
          bool one_of_many, FileReport& report) {
  const auto* format = format::format_of(path);
  if (format->slots == nullptr || (format->write == nullptr && format->rewrite == nullptr)) {
    throw Error(Code::unsupported, fmt::format("'{}' can be checked, but not mended: mend {} or the object in memory",
                                               path.string(), format::suffixes_that([](const format::Format& f) {
                                                 return f.write != nullptr || f.rewrite != nullptr;
                                               })));
  }
  Curator curator(instance, schema, format->slots(path));
  replace_by_hand(curator, options, report);
  if (options.mend) {
    fill_in(curator, instance, schema, report);
    replace_certain(curator, options, report);
  }
  const auto target = target_of(path, options, one_of_many);
  if (!curator.changed() && options.write.empty()) return;
  base::FreshFile fresh(target);
  curator.write(path, fresh.path());
  fresh.put();
  report.written = target.string();
  const CurationReport left = report_of(instance, curator, report.path);
  report.problems = left.files.front().problems;
  report.columns = left.files.front().columns;
}

}  // namespace lamin::lake
