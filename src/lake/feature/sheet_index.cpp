// Renames rows of sheets when the index of their schema changes.
#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "lake/feature/schema_set.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

class Rows {
 public:
  Rows(Instance& instance, const Record& schema) : instance_(instance), database_(instance.database()) {
    const Expr of_schema = Expr::all_of({Expr::compare("type.schema_id", Op::exact, Value(schema.id())),
                                         Expr::compare("is_type", Op::exact, Value(false))});
    for (Record& row :
         database_.all({.registry = "Record", .where = of_schema, .order_by = {"id"}, .any_branch = true}))
      rows_.emplace(row.id(), std::move(row));
  }

  bool empty() const { return rows_.empty(); }

  void names_to_values(const std::string& index) {
    const Record feature = feature_of(index);
    std::vector<Record> values;
    for (auto& [id, row] : rows_) {
      if (row.text("name").empty()) continue;
      Record value(instance_.catalog().table("RecordJson"));
      value.set("record", Value(id));
      value.set("feature", Value(feature.id()));
      value.set("value", Json{base::write_json(boost::json::value(std::string(row.text("name"))))});
      values.push_back(std::move(value));
      row.set("name", Value());
      registry::Writes(database_).save(row);
    }
    if (!values.empty()) registry::Writes(database_).insert(values, {.ignore_conflicts = true});
  }

  void values_to_names(const std::string& index, const std::string& on_conflict) {
    const Record feature = feature_of(index);
    const Query stored{.registry = "RecordJson",
                       .where = Expr::compare("feature_id", Op::exact, Value(feature.id())),
                       .order_by = {"id"},
                       .any_branch = true};
    std::string differing;
    int n = 0;
    for (const Record& value : database_.all(stored)) {
      const auto found = rows_.find(value.at("record").integer_or(0));
      if (found == rows_.end()) continue;
      Record& row = found->second;
      const auto text = text_of(value);
      const bool differs = !row.text("name").empty() && row.text("name") != text;
      if (differs && on_conflict.empty() && ++n <= 3)
        differing += fmt::format("\n  the record '{}' ({}) has '{}'", row.text("name"), row.uid(), text);
      if (row.text("name").empty() || (differs && on_conflict == "keep_feature")) {
        row.set("name", Value(text));
        registry::Writes(database_).save(row);
      }
      registry::Writes(database_).remove(value);
    }
    if (n == 0) return;
    throw Error(
        Code::validation,
        fmt::format("{} records have names that differ from their values of '{}', which becomes the index:{}{}\n"
                    "Pass index_names 'keep_name' or 'keep_feature' to say which is right",
                    n, feature.text("name"), differing, n > 3 ? "\n  ..." : ""));
  }

 private:
  Record feature_of(const std::string& uid) { return database_.get(instance_.catalog().table("Feature"), uid); }

  static std::string text_of(const Record& value) {
    const auto* document = std::get_if<Json>(&value.at("value"));
    const auto parsed = document == nullptr ? boost::json::value() : base::parse_json(document->text);
    return parsed.is_string() ? std::string(parsed.as_string()) : base::write_json(parsed);
  }

  Instance& instance_;
  Database& database_;
  std::map<std::int64_t, Record> rows_;
};

}  // namespace

void move_names(Instance& instance, const Record& schema, const std::string& from, const std::string& to,
                const std::string& on_conflict) {
  if (from == to) return;
  if (!on_conflict.empty() && on_conflict != "keep_name" && on_conflict != "keep_feature") {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is not a way to settle names: pass keep_name or keep_feature", on_conflict));
  }
  Rows rows(instance, schema);
  if (rows.empty()) return;
  if (!from.empty()) rows.names_to_values(from);
  if (!to.empty()) rows.values_to_names(to, on_conflict);
}

}  // namespace lamin::lake
