// Feature values of artifacts, runs and records.
#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <set>

#include "base/text.hpp"
#include "lake/feature/json.hpp"
#include "lake/feature/resolve.hpp"
#include "lake/feature/sheet.hpp"
#include "lake/feature/through.hpp"
#include "lake/feature/value_batch.hpp"
#include "lake/feature/write_values.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using lake::Resolved, lake::Way;

bool is_list(const Record& feature) { return feature.text("_dtype_str").starts_with("list["); }

/// By name: for a row of a sheet the sheet's own feature, since others may have the same name.
std::optional<Record> feature_of(lake::ValueBatch& batch, const lake::Sheet* sheet, std::string_view name) {
  if (sheet == nullptr) return batch.feature(name);
  const Record* own = sheet->find(name);
  return own == nullptr ? std::nullopt : std::optional(*own);
}

/// Null, NaN, and an empty list or document do not count as values.
bool is_nothing(const Value& value) {
  const auto* document = std::get_if<Json>(&value);
  return lake::is_missing(value) || (document != nullptr && (document->text == "{}" || document->text == "[]"));
}

void check_nullable(const Record& feature) {
  if (feature.at("nullable").boolean_or(true)) return;
  throw Error(Code::validation, "feature '" + std::string(feature.text("name")) + "' takes no missing values");
}

/// The name of a row of a sheet.
Value index_name(const std::string& feature, const std::vector<Value>& given) {
  if (given.size() == 1 && given.front().text() != nullptr) return given.front();
  throw Error(Code::validation, "feature '" + feature + "' names the rows of the sheet: its value is one text, not " +
                                    (given.size() == 1 ? to_string(given.front()) : std::to_string(given.size())));
}

/// A record is a single thing: for a feature that is not a list it has at most one value, or several labels if they are
/// set together. Datasets and runs may have several values of any feature.
void check_single(const Record& host, const Resolved& resolved) {
  if (host.table().name != "Record" || resolved.dtype.list || resolved.documents.size() < 2) return;
  throw Error(Code::validation, fmt::format("a record holds one value of feature '{}', not {}: make it a list feature",
                                            resolved.feature.text("name"), resolved.documents.size()));
}

/// Several values that are given at once are a list, which a feature of single numbers, texts or times does not take.
/// Labels are a set, and values that are added one after the other accumulate.
void check_no_list(const Record& host, const Record& feature, std::size_t given) {
  const auto dtype = feature.text("_dtype_str");
  if (given < 2 || host.table().name == "Record" || is_list(feature) || dtype.starts_with("cat")) return;
  throw Error(Code::validation,
              fmt::format("expected series '{}' to have type {}, got object: {} values were given; give one, or make "
                          "it a feature of dtype list[{}]",
                          feature.text("name"), dtype, given, dtype));
}

/// "Failed to add features on Record 'a' (uid=...): 'cell type' (cat[bionty.CellType])='T cel'. "
std::string failed(const Record& host, Way way, const std::vector<std::pair<Record, std::vector<Value>>>& given) {
  constexpr std::size_t most_listed = 10;
  constexpr const char* verbs[] = {"add", "set", "update"};
  const bool named = host.table().find_column("name") != nullptr && !host.text("name").empty();
  std::string text =
      fmt::format("Failed to {} features on {}{} (uid={}): ", verbs[static_cast<int>(way)], host.table().name.view(),
                  named ? fmt::format(" '{}'", host.text("name")) : "", host.uid());
  for (std::size_t i = 0; i < std::min(given.size(), most_listed); ++i) {
    const auto& [feature, values] = given[i];
    std::string shown;
    for (const Value& value : values) shown += (shown.empty() ? "" : ", ") + to_string(value);
    text += fmt::format("{}'{}' ({})={}", i == 0 ? "" : ", ", feature.text("name"), feature.text("_dtype_str"),
                        values.size() == 1 ? shown : "[" + shown + "]");
  }
  return text + (given.size() > most_listed ? ", ... " : ". ");
}

/// Values that are fields of the record, or that are read backwards from other records.
struct Elsewhere {
  std::vector<std::tuple<Record, std::string, std::vector<Value>>> fields;
  std::vector<std::pair<Record, std::vector<std::int64_t>>> backwards;  ///< source and records
};

/// Takes values that are stored elsewhere; false for others.
bool take_elsewhere(Instance& instance, const Record& host, const Record& feature, const std::vector<Value>& given,
                    Way way, lake::Unresolved& unresolved, Elsewhere& elsewhere) {
  if (host.table().name != "Record") return false;
  const auto through = values_through(feature);
  if (!through.field.empty()) {
    if (!given.empty() || way != Way::add) elsewhere.fields.emplace_back(feature, through.field, given);
    return true;
  }
  if (through.source.empty()) return false;
  auto source = instance.database().find(feature.table(), through.source);
  if (!source) return false;
  const Resolved found = lake::resolve(instance, feature, given, unresolved);
  std::vector<std::int64_t> ids;
  for (const auto& [table, some] : found.labels) ids.insert(ids.end(), some.begin(), some.end());
  elsewhere.backwards.emplace_back(std::move(*source), std::move(ids));
  return true;
}

/// Values with their features, resolved and checked.
class Given {
 public:
  Given(Instance& instance, lake::ValueBatch& batch, const Record& host, Way way, const lake::Sheet* sheet,
        const ValueOptions& options)
      : instance_(instance),
        batch_(batch),
        host_(host),
        way_(way),
        sheet_(sheet),
        options_(options),
        internal_(lake::internal_features(instance, host)) {}

  void take(const FeatureValues& values) {
    lake::Unresolved unknown;
    std::vector<std::pair<Record, std::vector<Value>>> all;
    for (const auto& [name, several] : values) {
      std::vector<Value> given = several;
      std::erase_if(given, is_nothing);
      if (auto feature = feature_of(batch_, sheet_, name)) all.emplace_back(std::move(*feature), std::move(given));
      else unknown.feature(name, given, dtype_of_records(name));
    }
    unknown.refuse();
    refuse_single(all);
    try {
      for (const auto& [feature, given] : all) {
        for (const auto key : {feature.text("name"), feature.uid()}) {
          const auto records = options_.records.find(std::string(key));
          if (records != options_.records.end()) lake::check_given(instance_, feature, records->second);
        }
        take(feature, given);
      }
      unresolved_.refuse();
    } catch (const Error& error) {
      if (error.code() != Code::validation) throw;
      throw Error(error.code(), failed(host_, way_, all) + error.words());
    }
  }

  void write(Record& host) {
    const bool renames = name_ && host.at("name") != *name_;
    if (name_) host.set("name", *name_);
    for (const auto& [feature, field, given] : elsewhere_.fields)
      lake::set_in_field(instance_, host, feature, field, given);
    if (renames || !elsewhere_.fields.empty()) registry::Writes(instance_.database()).save(host);
    batch_.start(host);
    if (way_ == Way::set) batch_.erase(host, {internal_.begin(), internal_.end()}, true);
    if (way_ == Way::update) batch_.erase(host, features_, false);
    for (const Resolved& resolved : resolved_) batch_.add(host, resolved);
    if (!elsewhere_.backwards.empty()) batch_.flush();  // they are values of other hosts, too
    for (const auto& [source, records] : elsewhere_.backwards)
      lake::write_backwards(instance_, host, source, records, way_ != Way::add);
  }

 private:
  /// "cat[bionty.Organism]" of values that were given as records; "" of others.
  std::string dtype_of_records(const std::string& name) const {
    const auto records = options_.records.find(name);
    if (records == options_.records.end() || records->second.empty()) return {};
    return fmt::format("cat[{}]", records->second.front().table().qualified.view());
  }

  /// To a record, values are added only where it may have several.
  void refuse_single(const std::vector<std::pair<Record, std::vector<Value>>>& all) const {
    if (way_ != Way::add || host_.table().name != "Record") return;
    std::string names;
    for (const auto& [feature, given] : all)
      if (!given.empty() && !is_list(feature))
        names += fmt::format("{}'{}'", names.empty() ? "" : ", ", feature.text("name"));
    if (names.empty()) return;
    throw Error(
        Code::validation,
        fmt::format("Cannot use add_values() for to-one features on a Record: [{}]. Use set_values() to replace "
                    "all feature annotations.",
                    names));
  }

  void take(const Record& feature, const std::vector<Value>& given) {
    const std::string name(feature.text("name"));
    features_.push_back(feature.id());
    if (sheet_ != nullptr && sheet_->is_index(feature) && host_.table().name == "Record") {
      if (!given.empty()) name_ = index_name(name, given);
      return;
    }
    if (internal_.contains(feature.id())) {
      throw Error(Code::validation,
                  "Cannot manually annotate a feature measured *within* the dataset. Please use a "
                  "Curator. The values of '" +
                      name + "' come from the data");
    }
    if (given.empty()) check_nullable(feature);
    check_no_list(host_, feature, given.size());
    if (take_elsewhere(instance_, host_, feature, given, way_, unresolved_, elsewhere_) || given.empty()) return;
    resolved_.push_back(batch_.resolve(feature, given, unresolved_));
    check_single(host_, resolved_.back());
  }

  Instance& instance_;
  lake::ValueBatch& batch_;
  const Record& host_;
  Way way_;
  const lake::Sheet* sheet_;
  const ValueOptions& options_;
  std::set<std::int64_t> internal_;
  lake::Unresolved unresolved_;
  std::vector<std::int64_t> features_;
  std::vector<Resolved> resolved_;
  Elsewhere elsewhere_;
  std::optional<Value> name_;
};

/// Writes in a transaction, which ends with a check that the host has what its schema requires.
void change_values(Instance& instance, Record& host, const FeatureValues& values, Way way,
                   const ValueOptions& options) {
  lake::check_host(host);
  lake::Sheets sheets(instance);
  if (options.schema) sheets.ask(*options.schema, host);
  sheets.check_way(host, way);
  // Nothing at all is no addition to a row, but a dictionary that lacks what the sheet requires.
  if (const auto* sheet = sheets.of(host); sheet != nullptr && way == Way::add && values.empty())
    lake::check_names(*sheet, values, &host);
  Record written;
  instance.database().transaction([&] {
    written = host;
    lake::write_feature_values(instance, written, values, way, sheets, options);
    const lake::Row row{&written, &values};
    lake::check_rows(instance, sheets, {&row, 1});
  });
  host = std::move(written);
}

}  // namespace

void lake::check_host(const Record& host) {
  const auto name = host.table().name.view();
  if (name != "Artifact" && name != "Run" && name != "Record") {
    throw Error(Code::invalid_argument, "rows of " + host.table().qualified.str() + " hold no values of features");
  }
  if (!host.saved()) throw Error(Code::invalid_argument, "the " + std::string(name) + " is not saved: save it first");
}

void lake::expect_values(ValueBatch& batch, const Record& host, const FeatureValues& values, Sheets& sheets) {
  const Sheet* sheet = sheets.of(host);
  for (const auto& [name, given] : values)
    if (const auto feature = feature_of(batch, sheet, name)) batch.expect(*feature, given);
}

void lake::write_feature_values(Instance& instance, ValueBatch& batch, Record& host, const FeatureValues& values,
                                Way way, Sheets& sheets, const ValueOptions& options) {
  check_host(host);
  const Sheet* sheet = sheets.of(host);
  if (sheet != nullptr) check_names(*sheet, values, sheets.asked() && way != Way::update ? &host : nullptr);
  Given given(instance, batch, host, way, sheet, options);
  given.take(values);
  given.write(host);
}

void lake::write_feature_values(Instance& instance, Record& host, const FeatureValues& values, Way way, Sheets& sheets,
                                const ValueOptions& options) {
  Record written;
  instance.database().transaction([&] {
    written = host;
    ValueBatch batch(instance);
    write_feature_values(instance, batch, written, values, way, sheets, options);
    batch.flush();
  });
  host = std::move(written);
}

void lake::write_feature_values(Instance& instance, Record& host, const FeatureValues& values, bool replace,
                                Sheets& sheets) {
  write_feature_values(instance, host, values, replace ? Way::set : Way::add, sheets);
}

void add_feature_values(Instance& instance, Record& host, const FeatureValues& values) {
  add_feature_values(instance, host, values, {});
}

void set_feature_values(Instance& instance, Record& host, const FeatureValues& values) {
  set_feature_values(instance, host, values, {});
}

void update_feature_values(Instance& instance, Record& host, const FeatureValues& values) {
  update_feature_values(instance, host, values, {});
}

void add_feature_values(Instance& instance, Record& host, const FeatureValues& values, const ValueOptions& options) {
  change_values(instance, host, values, Way::add, options);
}

void set_feature_values(Instance& instance, Record& host, const FeatureValues& values, const ValueOptions& options) {
  change_values(instance, host, values, Way::set, options);
}

void update_feature_values(Instance& instance, Record& host, const FeatureValues& values, const ValueOptions& options) {
  if (!values.empty()) change_values(instance, host, values, Way::update, options);
}

std::pair<Record, bool> json_value(Instance& instance, const Record& feature, const Value& value) {
  const auto stored = lake::store_values(feature.text("name"), Dtype{}, {value});
  if (stored.empty()) throw Error(Code::invalid_argument, "null cannot be the value of a feature");
  return lake::json_row(instance, feature.id(), stored.front());
}

}  // namespace lamin
