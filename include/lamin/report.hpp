// report.hpp -- what was checked in files of data, what is wrong, how often, and what would mend it: as data.
//
// `curate_files` compares files with a schema in place: it reads the annotation only, never a matrix, in the memory of
// its distinct values, several files at once, and leaves them as they are unless told to mend them. The report is for
// people and programs; faces print it as text, HTML and JSON.
//
// Example: examples/cpp/report.cpp
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "lamin/curate.hpp"

namespace lamin {

/// A registered value that a bad one may stand for.
struct Candidate {
  enum class Why : std::uint8_t {
    letter_case,  ///< the same but for upper and lower case
    synonym,      ///< it has the value as a synonym
    obsolete,     ///< it replaces the obsolete term of this name
    similar,      ///< it is spelled alike
  };
  std::string value = {};
  Why why = Why::similar;
  std::string via = {};  ///< the synonym that is alike, if it is not the name itself
  double score = 1;      ///< 1: certain; otherwise how alike
};
std::string_view name_of(Candidate::Why why);  ///< "letter_case", "synonym", ...

/// A value that the schema does not allow.
struct BadValue {
  std::string value = {};
  std::int64_t count = 0;                  ///< rows that have it; 0: of the names of columns
  std::int64_t row = -1;                   ///< the first that has it; -1: not known
  std::vector<Candidate> candidates = {};  ///< best first
  /// Whether it can only mean the first candidate, so that mending replaces it: the same but for case, or a synonym of
  /// this one row.
  bool certain() const;
};

struct ReportProblem {
  std::string slot = {}, column = {};  ///< as in Problem
  std::string rule = {};               ///< those of Problem; also repeated_names, repeated_levels, zarr, unreadable
  Words message = {};
  std::int64_t rows = 0;              ///< rows that are concerned; 0: not known, or not of rows
  std::vector<BadValue> values = {};  ///< the most frequent first
};

/// A column that a rule of the schema was about.
struct ReportColumn {
  std::string slot = {}, column = {}, dtype = {};
  std::int64_t rows = 0, missing = 0, distinct = 0;  ///< distinct: -1 if they are too many to count
  bool found = true, valid = true;
};

struct MendedValue {
  std::string slot = {}, column = {}, from = {}, to = {};  ///< from "": a missing value; from and to "": a new column
  std::int64_t count = 0;
};

struct FileReport {
  std::string path = {}, otype = {};
  std::int64_t n_obs = -1, n_vars = -1;    ///< -1: it has none
  std::int64_t bytes = 0, bytes_read = 0;  ///< of the file, and of these what the check looked at
  double seconds = 0;
  std::vector<ReportColumn> columns = {};
  std::vector<ReportProblem> problems = {};
  std::vector<Words> notes = {};  ///< allowed, but seldom meant
  std::vector<MendedValue> mended = {};
  std::string written = {};  ///< where the mended copy is; "" = nothing was written
};

struct CurationReport {
  std::string schema = {}, schema_uid = {};
  std::string instance = {}, version = {};  ///< owner/name, of this program
  Time made_at = {};
  std::vector<FileReport> files = {};
  std::int64_t n_problems() const;
  bool valid() const { return n_problems() == 0; }
};

struct Replacement {
  std::string slot = {}, column = {}, from = {}, to = {};
};
struct CurateFilesOptions {
  bool mend = false;                      ///< replace values by their certain candidates, fill in default values
  std::filesystem::path write = {};       ///< where mended copies go: a file, or for several a folder; "" = in place
  std::vector<Replacement> replace = {};  ///< by hand, before the check; implies mending
};

/// Whether a file of this name is of a kind that curate_files reads.
bool can_curate(const std::filesystem::path& file);

/// Each file is checked and reported, whatever is wrong with the others; one of several that cannot be read has the
/// problem `unreadable`, a single one throws. A folder stands for the datasets in it, at any depth. Throws
/// invalid_argument (schema not saved, no file), not_found (path).
CurationReport curate_files(Instance& instance, const Record& schema, std::span<const std::filesystem::path> paths,
                            const CurateFilesOptions& options = {});
/// The last check of a curator as a report of one dataset, which `name` names.
CurationReport report_of(Instance& instance, Curator& curator, const std::string& name);

}  // namespace lamin
