// sheet_check.cpp -- a table against a sheet, cell by cell: everything that is wrong, where, and what may be meant.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include "base/text.hpp"
#include "lake/feature/json.hpp"
#include "lake/feature/links.hpp"
#include "lake/feature/sheet.hpp"
#include "lake/record/sheet_cells.hpp"
#include "lake/record/sheet_errors.hpp"
#include "lake/record/sheet_labels.hpp"
#include "lamin/error.hpp"
#include "lamin/sheet.hpp"
#include "lamin/values.hpp"

namespace lamin {
namespace {

using lake::Sheet, lake::SheetColumn;
class TableCheck {
 public:
  TableCheck(Instance& instance, const Record& type, const SheetTable& table, const SheetOptions& options)
      : instance_(instance), type_(type), table_(table), options_(options), sheets_(instance), errors_(table) {
    Record one(type.table());
    one.set("type", type.id());
    sheet_ = sheets_.of(one);
    rows_.resize(static_cast<std::size_t>(table.frame.rows()));
  }

  CheckedTable run() {
    plan();
    for (auto& column : columns_) check(column);
    check_names();
    check_uids();
    check_known_names();
    take_rows();
    out_.errors = std::move(errors_).sorted();
    return std::move(out_);
  }

 private:
  const std::string& name_at(std::size_t column) const { return table_.frame.names()[column]; }

  // -- columns ---------------------------------------------------------------------------------------------------

  void plan() {
    std::set<std::int64_t> found;
    const auto& columns = table_.frame.names();
    const auto index = sheet_ == nullptr
                           ? columns.end()
                           : std::ranges::find_if(columns, [&](const auto& one) { return sheet_->is_index(one); });
    const auto names = lake::name_column(options_, columns);
    for (std::size_t i = 0; i < table_.frame.size(); ++i) {
      const auto& name = name_at(i);
      if (index != columns.end() && name == *index) {
        index_ = i;
        found.insert(sheet_->index->id());
      } else if (index == columns.end() && name == names) {
        names_ = i;
      } else if (name == lake::uid_column && (options_.update || !table_.typed)) {
        uids_ = i;
      } else if (name.starts_with("__lamindb_")) {
        continue;  // what an export adds
      } else if (auto feature = feature_of(name, i)) {
        found.insert(feature->id());
        auto dtype = parse_dtype(instance_.catalog(), feature->text("_dtype_str"));
        columns_.push_back({.at = i, .feature = std::move(*feature), .dtype = std::move(dtype)});
      }
    }
    check_required(found);
    if (!options_.update || uids_ || index_) return;
    throw Error(Code::invalid_argument,
                fmt::format("cannot update rows of '{}': the table does not say which. Add the column '{}', which an "
                            "export has, or give the schema of the sheet an index",
                            type_.text("name"), lake::uid_column));
  }

  void check_required(const std::set<std::int64_t>& found) {
    if (sheet_ == nullptr) return;
    for (const Record& feature : sheet_->features) {
      if (!sheet_->required.contains(feature.id()) || found.contains(feature.id())) continue;
      if (sheet_->is_index(feature) && names_) {  // the names are its values
        index_ = names_;
        continue;
      }
      auto& error =
          errors_.add(-1, table_.frame.size(), "missing_column",
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
      auto& error = errors_.add(-1, column, "extra_column",
                                fmt::format("Features are not in the provided schema: ['{}'], which {} does not have",
                                            name, sheet_->called()));
      for (auto& near : base::nearest(name, known, 2)) error.candidates.push_back({.value = std::move(near)});
      return std::nullopt;
    }
    try {
      if (auto feature = lake::find_feature(instance_, name)) return feature;
    } catch (const Error& error) {
      if (error.code() != Code::validation) throw;
      errors_.add(-1, column, "ambiguous", error.what());
      return std::nullopt;
    }
    if (options_.leave_out) {
      out_.left_out.push_back(name);
      return std::nullopt;
    }
    errors_.add(
        -1, column, "not_registered",
        fmt::format("These keys could not be validated: ['{}'], since no registered feature has this name", name));
    const auto& cells = table_.frame.at(column);
    std::string dtype = "str";
    for (std::int64_t r = 0; r < cells.size(); ++r) {
      if (cells.is_null(r) || lake::is_missing(cells.value(r))) continue;
      dtype = likely_dtype(cells.value(r));
      break;
    }
    out_.remedies.push_back({.verb = Remedy::Verb::register_feature, .name = name, .field = dtype});
    return std::nullopt;
  }

  // -- cells -----------------------------------------------------------------------------------------------------

  void check(SheetColumn& column) {
    const auto& cells = table_.frame.at(column.at);
    column.cells.resize(rows_.size());
    const bool nullable = column.feature.at("nullable").boolean_or(true);
    const bool whole = is_of_whole_reals(column.dtype, cells);
    for (std::int64_t row = 0; row < cells.size(); ++row) {
      const auto& foreign = cells.foreign();
      if (const auto found = foreign.find(row); found != foreign.end()) {
        errors_.add(row, column.at, "bad_cell", "cannot be read as a value: correct it in the file");
        continue;
      }
      if (cells.is_null(row) || (cells.kind() == Column::Kind::object && lake::is_missing(cells.value(row)))) {
        if (!nullable) errors_.add(row, column.at, "null", "missing, and the feature takes no missing values");
        continue;
      }
      Value cell = cells.value(row);
      if (whole) cell = Value(static_cast<std::int64_t>(std::get<double>(cell)));
      auto values = lake::values_of_cell(column.dtype, cell, table_.typed);
      if (!values || !fits(column, *values)) misfit(row, column, cell);
      else column.cells[static_cast<std::size_t>(row)] = std::move(*values);
    }
    if (column.dtype.is_category()) lake::check_labels(instance_, column, errors_, out_.remedies);
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

  bool fits(const SheetColumn& column, const std::vector<Value>& values) {
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

  void misfit(std::int64_t row, const SheetColumn& column, const Value& cell) {
    auto& error = errors_.add(row, column.at, "wrong_type",
                              fmt::format("does not fit feature '{}', whose dtype is {} (WRONG_DATATYPE){}",
                                          column.feature.text("name"), column.feature.text("_dtype_str"), advice_));
    error.candidates = lake::meant(column.dtype, cell);
    advice_.clear();
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
      if (foreign) errors_.add(row, *column, "bad_cell", "cannot be read as a value: correct it in the file");
      if (!foreign && !cells.is_null(row)) name = lake::written(cells.value(row));
      if (!index_ || foreign) continue;
      if (name.empty()) {
        errors_.add(row, *column, "null", fmt::format("missing, but '{}' names the rows", name_at(*column)));
      } else if (const auto [first, is_new] = seen.emplace(name, row); !is_new && (!table_.typed || options_.update)) {
        const auto where = errors_.place(first->second, *column);
        errors_.add(row, *column, "repeated_name",
                    fmt::format("{} has the same, and it names the rows",
                                where.empty() ? fmt::format("row {}", first->second) : where));
      }
    }
  }

  std::multimap<std::string, Record> rows_with(std::string_view field, const std::vector<Value>& values) const {
    std::multimap<std::string, Record> found;
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
        errors_.add(row, *uids_, "not_registered",
                    "is not the uid of a row of this sheet: leave the uid of a new row empty");
      } else if (!options_.update) {
        say_existing(row, *uids_);
      } else if (!seen.insert(uid).second) {
        errors_.add(row, *uids_, "repeated_name", "another row has this uid");
      } else {
        rows_[static_cast<std::size_t>(row)].uid = std::move(uid);
      }
    }
  }

  void say_existing(std::int64_t row, std::size_t column) {
    errors_.add(row, column, "existing_row", "the sheet already has this row: update its rows, or leave it out");
  }

  /// An index says which row is meant: for an update, and in a file that people edit.
  void check_known_names() {
    if (!index_ || (table_.typed && !options_.update)) return;
    std::vector<Value> names;
    for (const auto& row : rows_)
      if (!row.name.empty() && row.uid.empty()) names.emplace_back(row.name);
    const auto known = rows_with("name", names);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const auto found = known.equal_range(rows_[r].name);
      const auto n = std::distance(found.first, found.second);
      if (n == 0 || !rows_[r].uid.empty()) continue;
      const auto row = static_cast<std::int64_t>(r);
      if (!options_.update) say_existing(row, *index_);
      else if (n == 1) rows_[r].uid = found.first->second.uid();
      else
        errors_.add(row, *index_, "ambiguous",
                    fmt::format("{} rows of the sheet have this name: say which one in a "
                                "column '{}'",
                                n, lake::uid_column));
    }
  }

  void take_rows() {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (errors_.spoils(r)) continue;
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
  lake::CellErrors errors_;
  const Sheet* sheet_ = nullptr;
  std::vector<SheetColumn> columns_;
  std::optional<std::size_t> index_, names_, uids_;
  std::vector<SheetRow> rows_;
  std::string advice_;
  CheckedTable out_;
};

}  // namespace

CheckedTable check_table(Instance& instance, const Record& type, const SheetTable& table, const SheetOptions& options) {
  lake::check_is_sheet(type);
  return TableCheck(instance, type, table, options).run();
}

}  // namespace lamin
