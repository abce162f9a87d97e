// sheet_check.cpp -- a table against a sheet, cell by cell: everything that is wrong, where, and what may be meant.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include "base/text.hpp"
#include "lake/curate/candidates.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/feature/json.hpp"
#include "lake/feature/links.hpp"
#include "lake/feature/resolve.hpp"
#include "lake/feature/sheet.hpp"
#include "lake/record/sheet_cells.hpp"
#include "lamin/error.hpp"
#include "lamin/sheet.hpp"
#include "lamin/values.hpp"

namespace lamin {
namespace {

using lake::Sheet;
constexpr std::string_view uid_column = "__lamindb_record_uid__", own_name_column = "__lamindb_record_name__";

struct Planned {
  std::size_t at = 0;  ///< which column of the table
  Record feature = {};
  Dtype dtype = {};
  std::vector<std::vector<Value>> cells = {};
};

class TableCheck {
 public:
  TableCheck(Instance& instance, const Record& type, const SheetTable& table, const SheetOptions& options)
      : instance_(instance), type_(type), table_(table), options_(options), sheets_(instance) {
    Record one(type.table());
    one.set("type", type.id());
    sheet_ = sheets_.of(one);
    const auto rows = static_cast<std::size_t>(table.frame.rows());
    bad_.assign(rows, false);
    rows_.resize(rows);
  }

  CheckedTable run() {
    plan();
    for (auto& column : columns_) check(column);
    check_names();
    check_uids();
    check_known_names();
    take_rows();
    std::ranges::stable_sort(out_.errors, {}, &CellError::row);
    return std::move(out_);
  }

 private:
  const std::string& name_at(std::size_t column) const { return table_.frame.names()[column]; }
  std::string_view name_column() const {
    if (!options_.name_column.empty() && table_.frame.find(options_.name_column) != nullptr)
      return options_.name_column;
    return table_.frame.find(own_name_column) != nullptr ? own_name_column : "name";
  }

  std::string place(std::int64_t row, std::size_t column) const {
    const auto letters = column < table_.letters.size() ? table_.letters[column] : std::string();
    if (row < 0) return letters.empty() ? "" : "column " + letters;
    if (table_.rows.empty()) return "";
    const auto number = table_.rows[static_cast<std::size_t>(row)];
    return letters.empty() ? fmt::format("row {}", number) : fmt::format("{}{}", letters, number);
  }

  CellError& report(std::int64_t row, std::size_t column, std::string rule, std::string why) {
    CellError error{.row = row, .rule = std::move(rule), .why = std::move(why)};
    if (column < table_.frame.size()) {
      error.column = name_at(column);
      error.place = place(row, column);
      if (row >= 0) {
        const auto& foreign = table_.frame.at(column).foreign();
        const auto found = foreign.find(row);
        error.value = found != foreign.end() ? found->second : lake::written(table_.frame.at(column).value(row));
      }
    }
    if (row >= 0) bad_[static_cast<std::size_t>(row)] = true;
    else all_bad_ = true;
    out_.errors.push_back(std::move(error));
    return out_.errors.back();
  }

  // -- columns ---------------------------------------------------------------------------------------------------

  void plan() {
    std::set<std::int64_t> found;
    for (std::size_t i = 0; i < table_.frame.size(); ++i) {
      const auto& name = name_at(i);
      if (sheet_ != nullptr && sheet_->index && sheet_->is_index(name)) {
        index_ = i;
        found.insert(sheet_->index->id());
      } else if (name == name_column()) {
        names_ = i;
      } else if (name == uid_column && (options_.update || !table_.typed)) {
        uids_ = i;
      } else if (name.starts_with("__lamindb_")) {
        continue;  // what an export adds
      } else if (auto feature = feature_of(name, i)) {
        found.insert(feature->id());
        auto dtype = parse_dtype(instance_.catalog(), feature->text("_dtype_str"));
        columns_.push_back({.at = i, .feature = std::move(*feature), .dtype = std::move(dtype)});
      }
    }
    if (sheet_ == nullptr) return;
    for (const Record& feature : sheet_->features) {
      if (!sheet_->required.contains(feature.id()) || found.contains(feature.id())) continue;
      if (sheet_->is_index(feature) && names_) {  // the names are its values
        index_ = names_;
        continue;
      }
      auto& error = report(-1, table_.frame.size(), "missing_column",
                           fmt::format("missing required features '{0}' of {1} (COLUMN_NOT_IN_DATAFRAME: column '{0}' "
                                       "not in dataframe)",
                                       feature.text("name"), sheet_->called()));
      error.column = feature.text("name");
      std::vector<std::string_view> free(out_.left_out.begin(), out_.left_out.end());
      for (auto& near : base::nearest(error.column, free, 1)) error.candidates.push_back({.value = std::move(near)});
    }
  }

  std::optional<Record> feature_of(const std::string& name, std::size_t column) {
    if (sheet_ != nullptr) {
      if (const Record* own = sheet_->find(name)) return *own;
      const bool forbidden = sheet_->schema.at("maximal_set").boolean_or(false);
      if (options_.leave_out && !forbidden) {
        out_.left_out.push_back(name);
        return std::nullopt;
      }
      std::vector<std::string_view> known;
      for (const Record& feature : sheet_->features) known.push_back(feature.text("name"));
      auto& error = report(-1, column, "extra_column",
                           fmt::format("Features are not in the provided schema: ['{}'], which {} does not have", name,
                                       sheet_->called()));
      for (auto& near : base::nearest(name, known, 2)) error.candidates.push_back({.value = std::move(near)});
      return std::nullopt;
    }
    try {
      if (auto feature = lake::find_feature(instance_, name)) return feature;
    } catch (const Error& error) {
      if (error.code() != Code::validation) throw;
      report(-1, column, "ambiguous", error.what());
      return std::nullopt;
    }
    if (options_.leave_out) {
      out_.left_out.push_back(name);
      return std::nullopt;
    }
    report(-1, column, "not_registered",
           fmt::format("These keys could not be validated: ['{}'], since no registered feature has this name", name));
    const auto& cells = table_.frame.at(column);
    std::string dtype = "str";
    for (std::int64_t r = 0; r < cells.size(); ++r) {
      if (cells.is_null(r)) continue;
      dtype = likely_dtype(cells.value(r));
      break;
    }
    out_.remedies.push_back({.verb = Remedy::Verb::register_feature, .name = name, .field = dtype});
    return std::nullopt;
  }

  // -- cells -----------------------------------------------------------------------------------------------------

  void check(Planned& column) {
    const auto& cells = table_.frame.at(column.at);
    column.cells.resize(rows_.size());
    const bool nullable = column.feature.at("nullable").boolean_or(true);
    const bool whole = is_of_whole_reals(column.dtype, cells);
    for (std::int64_t row = 0; row < cells.size(); ++row) {
      const auto& foreign = cells.foreign();
      if (const auto found = foreign.find(row); found != foreign.end()) {
        report(row, column.at, "bad_cell", "is no value: correct it in the file");
        continue;
      }
      if (cells.is_null(row) || (cells.kind() == Column::Kind::object && lake::is_missing(cells.value(row)))) {
        if (!nullable) report(row, column.at, "null", "missing, and the feature takes no missing values");
        continue;
      }
      Value cell = cells.value(row);
      if (whole) cell = Value(static_cast<std::int64_t>(std::get<double>(cell)));
      auto values = lake::values_of_cell(column.dtype, cell, table_.typed);
      if (!values || !fits(column, *values)) misfit(row, column, cell);
      else column.cells[static_cast<std::size_t>(row)] = std::move(*values);
    }
    if (column.dtype.is_category()) check_labels(column);
  }

  /// A table of numbers marks gaps among integers by turning all into reals.
  bool is_of_whole_reals(const Dtype& dtype, const Column& cells) const {
    if (!table_.typed || dtype.list || dtype.base != Dtype::Base::integer || cells.kind() != Column::Kind::float64)
      return false;
    bool gaps = false;
    for (std::int64_t row = 0; row < cells.size(); ++row) {
      const double real = cells.reals()[static_cast<std::size_t>(row)];
      if (cells.is_null(row)) gaps = true;
      else if (std::trunc(real) != real || std::abs(real) > 9e15) return false;
    }
    return gaps;
  }

  bool fits(const Planned& column, const std::vector<Value>& values) {
    if (column.dtype.is_category()) return true;
    try {
      advice_.clear();
      (void)lake::store_values(column.feature.text("name"), column.dtype, values);
      return true;
    } catch (const Error& error) {
      if (error.code() != Code::validation) throw;
      // "... whose dtype is datetime: remove the time zone (WRONG_DATATYPE)"
      const std::string_view said = error.what();
      const auto begin = said.find(':', std::min(said.find("whose dtype is "), said.size()));
      if (begin != said.npos) advice_ = said.substr(begin, said.find(" (WRONG_DATATYPE)", begin) - begin);
      return false;
    }
  }

  void misfit(std::int64_t row, const Planned& column, const Value& cell) {
    auto& error = report(row, column.at, "wrong_type",
                         fmt::format("does not fit feature '{}', whose dtype is {} (WRONG_DATATYPE){}",
                                     column.feature.text("name"), column.feature.text("_dtype_str"), advice_));
    error.candidates = lake::meant(column.dtype, cell);
    advice_.clear();
  }

  // -- labels ----------------------------------------------------------------------------------------------------

  /// All values together; one by one only where some are wrong.
  void check_labels(const Planned& column) {
    std::vector<Value> distinct;
    std::map<std::string, std::vector<std::int64_t>> rows;  // of each value
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (const Value& value : column.cells[r]) {
        auto& where = rows[lake::written(value)];
        if (where.empty()) distinct.push_back(value);
        where.push_back(static_cast<std::int64_t>(r));
      }
    }
    if (distinct.empty() || !complaint(column, distinct)) return;
    std::optional<lake::Candidates> candidates;
    std::vector<std::string> unregistered;
    for (const Value& value : distinct) {
      const auto wrong = complaint(column, {value});
      if (!wrong) continue;
      const auto text = lake::written(value);
      std::vector<Candidate> found;
      if (wrong->rule == "not_registered") {
        if (!candidates) candidates.emplace(instance_, registries_of(column.dtype));
        found = candidates->of(text);
        unregistered.push_back(text);
      }
      for (const auto row : rows[text]) report(row, column.at, wrong->rule, wrong->why).candidates = found;
    }
    if (!unregistered.empty()) add_remedy(column.dtype, std::move(unregistered));
  }

  struct Complaint {
    std::string rule, why;
  };
  std::optional<Complaint> complaint(const Planned& column, const std::vector<Value>& values) {
    lake::Unresolved unresolved;
    try {
      (void)lake::resolve(instance_, column.feature, values, unresolved);
    } catch (const Error& error) {
      if (error.code() != Code::validation) throw;
      return Complaint{"ambiguous", error.what()};
    }
    try {
      unresolved.refuse();
    } catch (const Error&) {
      return Complaint{"not_registered", fmt::format("not validated in feature '{}'", column.feature.text("name"))};
    }
    return std::nullopt;
  }

  static std::vector<Dtype::Target> targets_of(const Dtype& dtype) {
    if (!dtype.targets.empty()) return dtype.targets;
    return {{.registry = "ULabel", .field = "name"}};
  }

  std::vector<lake::LabelsOf> registries_of(const Dtype& dtype) const {
    std::vector<lake::LabelsOf> all;
    for (const auto& target : targets_of(dtype)) {
      const auto* field = instance_.catalog().table(target.registry).find_column(target.field);
      if (field != nullptr && field->type == Type::text)
        all.push_back({target.registry, lake::target_options(instance_, target)});
    }
    return all;
  }

  void add_remedy(const Dtype& dtype, std::vector<std::string> values) {
    const auto target = targets_of(dtype).front();
    const bool public_terms = instance_.catalog().table(target.registry).find_column("source") != nullptr;
    out_.remedies.push_back({.verb = public_terms ? Remedy::Verb::register_terms : Remedy::Verb::register_values,
                             .name = target.registry,
                             .field = target.field,
                             .values = std::move(values)});
  }

  // -- names and rows --------------------------------------------------------------------------------------------

  void check_names() {
    const auto column = index_ ? index_ : names_;
    if (!column) return;
    const auto& cells = table_.frame.at(*column);
    std::map<std::string, std::int64_t> seen;
    for (std::int64_t row = 0; row < cells.size(); ++row) {
      auto& name = rows_[static_cast<std::size_t>(row)].name;
      const bool foreign = cells.foreign().contains(row);
      if (foreign) report(row, *column, "bad_cell", "is no value: correct it in the file");
      if (!foreign && !cells.is_null(row)) name = lake::written(cells.value(row));
      if (!index_ || foreign) continue;
      if (name.empty()) {
        report(row, *column, "null", fmt::format("missing, but '{}' names the rows", name_at(*column)));
      } else if (const auto [first, is_new] = seen.emplace(name, row); !is_new && !table_.typed) {
        const auto where = place(first->second, *column);
        report(row, *column, "repeated_name",
               fmt::format("{} has the same, and it names the rows",
                           where.empty() ? fmt::format("row {}", first->second) : where));
      }
    }
  }

  std::map<std::string, Record> rows_with(std::string_view field, const std::vector<Value>& values) const {
    std::map<std::string, Record> found;
    constexpr std::size_t at_once = 10'000;
    for (std::size_t i = 0; i < values.size(); i += at_once) {
      const std::vector<Value> some(values.begin() + static_cast<std::ptrdiff_t>(i),
                                    values.begin() + static_cast<std::ptrdiff_t>(std::min(values.size(), i + at_once)));
      const Query query{
          .registry = "Record",
          .where = Expr::all_of({Expr::in(std::string(field), some), Expr::compare("type", Op::exact, type_.id())}),
          .order_by = {"id"}};
      for (Record& row : instance_.database().all(query)) found.emplace(row.text(field), std::move(row));
    }
    return found;
  }

  void check_uids() {
    if (!uids_) return;
    const auto& cells = table_.frame.at(*uids_);
    std::vector<Value> given;
    for (std::int64_t row = 0; row < cells.size(); ++row)
      if (!cells.is_null(row)) given.emplace_back(lake::written(cells.value(row)));
    const auto known = rows_with("uid", given);
    std::set<std::string> seen;
    for (std::int64_t row = 0; row < cells.size(); ++row) {
      if (cells.is_null(row)) continue;
      auto uid = lake::written(cells.value(row));
      if (!known.contains(uid)) {
        report(row, *uids_, "not_registered", "is no row of the sheet: leave the uid of a new row empty");
      } else if (!options_.update) {
        say_existing(row, *uids_);
      } else if (!seen.insert(uid).second) {
        report(row, *uids_, "repeated_name", "another row has this uid");
      } else {
        rows_[static_cast<std::size_t>(row)].uid = std::move(uid);
      }
    }
  }

  void say_existing(std::int64_t row, std::size_t column) {
    report(row, column, "existing_row", "the sheet has this row already: update its rows, or leave it out");
  }

  /// An index says which row is meant, in a file that people edit.
  void check_known_names() {
    if (!index_ || table_.typed) return;
    std::vector<Value> names;
    for (const auto& row : rows_)
      if (!row.name.empty() && row.uid.empty()) names.emplace_back(row.name);
    const auto known = rows_with("name", names);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const auto found = known.find(rows_[r].name);
      if (found == known.end() || !rows_[r].uid.empty()) continue;
      if (options_.update) rows_[r].uid = found->second.uid();
      else say_existing(static_cast<std::int64_t>(r), *index_);
    }
  }

  void take_rows() {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (bad_[r] || all_bad_) continue;
      for (auto& column : columns_) {
        auto& values = column.cells[r];
        // Of a sheet a feature without a value counts as given; elsewhere there is nothing that asks for it.
        if (!values.empty() || sheet_ != nullptr || !rows_[r].uid.empty())
          rows_[r].values[std::string(column.feature.text("name"))] = std::move(values);
      }
      out_.rows.push_back(std::move(rows_[r]));
      out_.numbers.push_back(static_cast<std::int64_t>(r));
    }
  }

  Instance& instance_;
  const Record& type_;
  const SheetTable& table_;
  const SheetOptions& options_;
  lake::Sheets sheets_;
  const Sheet* sheet_ = nullptr;
  std::vector<Planned> columns_;
  std::optional<std::size_t> index_, names_, uids_;
  std::vector<SheetRow> rows_;
  std::vector<bool> bad_;
  bool all_bad_ = false;
  std::string advice_;
  CheckedTable out_;
};

/// "B3: 'T cel' not validated in feature 'cell_type'; did you mean 'T cell'?"
std::string line_of(const CellError& error) {
  const bool in_why = error.row < 0;
  std::string text = "\n  ";
  if (!error.place.empty()) text += error.place + (in_why ? ": " : ", ");
  if (!in_why) {
    if (error.place.empty()) text += fmt::format("row {}, ", error.row);
    text += fmt::format("column '{}': ", error.column);
    if (!error.value.empty()) text += fmt::format("'{}' ", error.value);
  }
  text += error.why;
  for (std::size_t i = 0; i < error.candidates.size(); ++i)
    text += fmt::format("{} '{}'", i == 0 ? "; did you mean" : " or", error.candidates[i].value);
  return text + (error.candidates.empty() ? "" : "?");
}

}  // namespace

CheckedTable check_table(Instance& instance, const Record& type, const SheetTable& table, const SheetOptions& options) {
  if (!type || !type.saved() || !type.at("is_type").boolean_or(false)) {
    throw Error(Code::invalid_argument,
                fmt::format("{} is not a type: only the records of a type are rows of a table", named(type)));
  }
  return TableCheck(instance, type, table, options).run();
}

Words cell_errors_text(const CheckedTable& checked, const Record& type) {
  if (checked.errors.empty()) return {};
  const auto n = checked.errors.size();
  std::string text = fmt::format("{} error{} in the table for '{}':", n, n == 1 ? "" : "s", type.text("name"));
  constexpr std::size_t most_listed = 100;
  for (std::size_t i = 0; i < std::min(n, most_listed); ++i) text += line_of(checked.errors[i]);
  if (n > most_listed) text += fmt::format("\n  ... and {} more", n - most_listed);
  Words words = text;
  if (!checked.remedies.empty())
    words += "\n    → fix typos, remove values that do not exist, or create objects via:\n";
  for (const auto& remedy : checked.remedies) words += Words("\n") + Words(remedy);
  return words;
}

}  // namespace lamin
