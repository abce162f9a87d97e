// Reads the feature values of hosts.
#include <algorithm>
#include <iterator>
#include <numeric>
#include <set>

#include "lake/feature/json.hpp"
#include "lake/feature/links.hpp"
#include "lake/feature/sheet.hpp"
#include "lake/feature/through.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"
#include "lamin/pages.hpp"

namespace lamin {
namespace {

struct Known {
  std::string name;
  Dtype dtype;
};

class Features {
 public:
  explicit Features(Instance& instance) : instance_(instance) {}
  const Known& at(std::int64_t id) {
    auto found = known_.find(id);
    if (found != known_.end()) return found->second;
    Known known;
    if (const auto feature = instance_.database().find(instance_.catalog().table("Feature"), id)) {
      known.name = feature->text("name");
      try {
        known.dtype = parse_dtype(instance_.catalog(), feature->text("_dtype_str"));
      } catch (const Error&) {
        known.dtype = {};  // of a registry whose module is not in force: any value, shown as it is
      }
    }
    return known_.emplace(id, std::move(known)).first->second;
  }

 private:
  Instance& instance_;
  std::map<std::int64_t, Known> known_;
};

/// How a label is shown: by the field that the dtype names, otherwise by name or, without one, by uid.
Value shown(const Record& label, const Dtype& dtype) {
  std::string field = label.table().name_field.str();
  for (const Dtype::Target& target : dtype.targets) {
    if (target.registry == label.table().qualified.view()) field = target.field;
  }
  const schema::Column* column = label.table().find_column(field);
  if (column && column->type == Type::text && !label[column->position].is_null()) return label[column->position];
  return Value(label.uid());
}

/// Reads the values of many hosts together.
class Reader {
 public:
  Reader(Instance& instance, const schema::Table& registry, lake::PairsOf& pairs)
      : instance_(instance), db_(instance.database()), registry_(registry), features_(instance), pairs_(pairs) {}

  FeatureColumns read(const std::set<std::int64_t>& hidden) {
    if (pairs_.size() == 0) return of_no_rows();
    documents(hidden);
    for (const auto* relation : lake::label_relations(registry_)) labels(*relation, hidden);
    if (registry_.name == "Record") elsewhere();
    FeatureColumns columns;
    for (auto& [name, same_name] : columns_) columns.emplace(name, merged(same_name));
    return columns;
  }

 private:
  /// Columns of features with one name: those of labels first, then the oldest.
  using Rank = std::pair<bool, std::int64_t>;
  using SameName = std::map<Rank, FeatureColumn>;

  /// For each host the values of the first feature that has some.
  static FeatureColumn merged(SameName& same_name) {
    FeatureColumn out = std::move(same_name.begin()->second);
    if (same_name.size() == 1) return out;
    for (auto other = std::next(same_name.begin()); other != same_name.end(); ++other) {
      std::set<std::size_t> has(out.empty.begin(), out.empty.end());
      for (const auto& [host, value] : out.cells) has.insert(host);
      const auto offset = out.values.size();
      std::ranges::move(other->second.values, std::back_inserter(out.values));
      for (const auto& [host, value] : other->second.cells)
        if (!has.contains(host)) out.cells.emplace_back(host, offset + value);
      for (const auto host : other->second.empty)
        if (!has.contains(host)) out.empty.push_back(host);
    }
    return out;
  }

  /// The displayed values of one stored value of a feature, the same for every host: a range of the column's values.
  struct Shown {
    FeatureColumn* column = nullptr;
    std::size_t first = 0, last = 0;
  };

  template <class Load>
  Shown show(const Rank& rank, const Known& known, Load load) {
    auto& column = columns_[known.name][rank];
    Shown shown{&column, column.values.size()};
    load(column.values);
    shown.last = column.values.size();
    return shown;
  }

  static void put(const Shown& shown, std::size_t host) {
    if (shown.column == nullptr) return;
    if (shown.first == shown.last) shown.column->empty.push_back(host);
    for (std::size_t i = shown.first; i < shown.last; ++i) shown.column->cells.emplace_back(host, i);
  }

  /// A label of a record is a link to it. A text in its place was written by other means; whoever reads the record has
  /// to know, but a table of many can still be made.
  void check_stored(std::int64_t feature, const Known& known, const Json& document) const {
    if (pairs_.size() != 1 || !known.dtype.is_category() || known.dtype.targets.empty()) return;
    const auto row = db_.find(db_.catalog().table("Feature"), feature);
    throw Error(Code::validation, "the value of feature '" + known.name + "' is a text, " + document.text +
                                      ", but has to be a link to a " + "row, since its dtype is " +
                                      (row ? std::string(row->text("_dtype_str")) : "") +
                                      ": it was not written by features.set_values(); set it again with that");
  }

  void documents(const std::set<std::int64_t>& hidden) {
    const auto load = [&](std::int64_t feature, const Value& value) {
      const auto* document = std::get_if<Json>(&value);
      if (document == nullptr || hidden.contains(feature)) return Shown{};
      const Known& known = features_.at(feature);
      return show({true, feature}, known, [&](auto& values) {
        const auto before = values.size();
        lake::load_value(known.dtype, *document, values);
        if (registry_.name == "Record" && values.size() > before) check_stored(feature, known, *document);
      });
    };
    if (registry_.name == "Record") {
      const auto rows = pairs_.columns(db_.catalog().table("RecordJson"), "record_id",
                                       Expr::compare("feature_id", Op::isnull, Value(false)), {"feature_id", "value"});
      for (std::size_t i = 0; i < rows[0].size(); ++i)
        put(load(rows[1][i].integer_or(0), rows[2][i]), static_cast<std::size_t>(rows[0][i].integer_or(0)));
      return;
    }
    const auto* json = registry_.find_relation("json_values");
    if (json == nullptr) return;
    const auto& pairs = pairs_.all(*json);
    std::map<std::int64_t, Shown> shown;
    for (const Record& row : rows_by_id(db_, *json->to, pairs.distinct()))
      shown.emplace(row.id(), load(row.at("feature").integer_or(0), row.at("value")));
    for (std::size_t i = 0; i < pairs.to.size(); ++i) {
      if (const auto found = shown.find(pairs.to[i]); found != shown.end()) put(found->second, pairs.host[i]);
    }
  }

  /// Few of the many label registries are in use: check that before going through the hosts.
  bool has_any(const schema::Relation& relation) {
    constexpr std::size_t few = 50;
    return pairs_.size() <= few || db_.exists({.registry = relation.through->table.str(),
                                               .where = Expr::compare("feature_id", Op::isnull, Value(false)),
                                               .any_branch = true});
  }

  void labels(const schema::Relation& relation, const std::set<std::int64_t>& hidden) {
    if (!has_any(relation)) return;
    const auto& pairs = pairs_.with_feature(relation);
    if (pairs.to.empty()) return;
    // A label in the trash no longer counts.
    const auto ids = pairs.distinct();
    std::map<std::int64_t, Record> labels;
    for (Record& label : db_.all({.registry = relation.to->table.str(),
                                  .where = Expr::all_of({Expr::in("id", {ids.begin(), ids.end()}), Expr::visible()}),
                                  .any_branch = true}))
      labels.emplace(label.id(), std::move(label));
    std::map<std::pair<std::int64_t, std::int64_t>, Shown> shown;
    for (std::size_t i = 0; i < pairs.to.size(); ++i) {
      const auto feature = pairs.feature[i], id = pairs.to[i];
      if (feature == 0 || hidden.contains(feature)) continue;
      auto [one, is_new] = shown.try_emplace({feature, id});
      if (is_new) {
        const auto label = labels.find(id);
        if (label == labels.end()) continue;
        const Known& known = features_.at(feature);
        one->second = show({false, feature}, known,
                           [&](auto& values) { values.push_back(lamin::shown(label->second, known.dtype)); });
      }
      put(one->second, pairs.host[i]);
    }
  }

  /// Values that are fields of the records, or that are read backwards from others.
  /// Every record has what is in one of its fields, so a table without rows has these columns.
  FeatureColumns of_no_rows() const {
    FeatureColumns columns;
    if (registry_.name != "Record") return columns;
    for (const Record& feature : lake::features_through(instance_))
      if (!values_through(feature).field.empty()) columns.try_emplace(std::string(feature.text("name")));
    return columns;
  }

  void elsewhere() {
    for (const Record& feature : lake::features_through(instance_)) {
      const auto through = values_through(feature);
      const Known& known = features_.at(feature.id());
      if (known.dtype.is_category() && known.dtype.targets.size() != 1) continue;
      auto& column = columns_[known.name][{false, feature.id()}];
      if (through.field.empty()) backwards(through.source, feature, known, column);
      else in_field(through.field, known, column);
      if (column.cells.empty() && column.empty.empty()) drop(known.name, feature.id());
    }
  }

  void drop(const std::string& name, std::int64_t feature) {
    columns_[name].erase({false, feature});
    if (columns_[name].empty()) columns_.erase(name);
  }

  static void add(FeatureColumn& column, const Value& host, const Value& value) {
    if (value.is_null()) return;
    column.cells.emplace_back(static_cast<std::size_t>(host.integer_or(0)), column.values.size());
    column.values.push_back(value);
  }

  void in_field(const std::string& field, const Known& known, FeatureColumn& column) {
    const std::string path = known.dtype.is_category() ? field + "." + known.dtype.targets.front().field : field;
    const auto rows = pairs_.columns(registry_, "id", Expr::compare(field, Op::isnull, Value(false)), {path});
    for (std::size_t i = 0; i < rows[0].size(); ++i) add(column, rows[0][i], rows[1][i]);
  }

  void backwards(const std::string& source, const Record& feature, const Known& known, FeatureColumn& column) {
    const auto from = db_.find(feature.table(), source);
    if (!from) return;
    const std::string path = "record." + known.dtype.targets.front().field;
    const auto rows = pairs_.columns(db_.catalog().table("RecordRecord"), "value_id",
                                     Expr::compare("feature_id", Op::exact, Value(from->id())), {path, "id"});
    std::vector<std::size_t> order(rows[0].size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](std::size_t i) { return rows[2][i].integer_or(0); });
    std::set<std::size_t> has;
    for (const std::size_t i : order) {
      add(column, rows[0][i], rows[1][i]);
      has.insert(static_cast<std::size_t>(rows[0][i].integer_or(0)));
    }
    // A row of a sheet with this feature has an empty list where nobody names it.
    lake::Sheets sheets(instance_);
    const auto types = pairs_.columns(registry_, "id", Expr::compare("type_id", Op::isnull, Value(false)), {"type_id"});
    for (std::size_t i = 0; i < types[0].size(); ++i) {
      Record row(registry_);
      row.set("type", types[1][i]);
      const auto* sheet = sheets.of(row);
      const auto host = static_cast<std::size_t>(types[0][i].integer_or(0));
      if (!has.contains(host) && sheet != nullptr && sheet->find(feature.uid()) != nullptr)
        column.empty.push_back(host);
    }
  }

  Instance& instance_;
  Database& db_;
  const schema::Table& registry_;
  Features features_;
  lake::PairsOf& pairs_;
  std::map<std::string, SameName> columns_;
};

}  // namespace

FeatureValues feature_values(Instance& instance, const Record& host, bool external_only) {
  if (!host.saved()) return {};
  const std::int64_t id = host.id();
  lake::PairsOf pairs(instance.database(), {&id, 1});
  FeatureValues values;
  const auto hidden = external_only ? lake::internal_features(instance, host) : std::set<std::int64_t>{};
  for (auto& [name, column] : Reader(instance, instance.catalog().table(host.table().table), pairs).read(hidden)) {
    auto& list = values[name];
    for (const auto& [at, value] : column.cells) list.push_back(column.values[value]);
  }
  lake::Sheets sheets(instance);
  const lake::Sheet* sheet = sheets.of(host);
  if (sheet == nullptr || host.table().qualified != "Record") return values;
  if (sheet->index && !host.text("name").empty()) values[std::string(sheet->index->text("name"))] = {host.at("name")};
  // What each row has, it has without a value, too.
  for (const Record& feature : sheet->features) {
    if (sheet->required.contains(feature.id()) && feature.at("nullable").boolean_or(true))
      values.emplace(std::string(feature.text("name")), {});
  }
  return values;
}

FeatureColumns feature_columns(Instance& instance, const schema::Table& registry, std::span<const std::int64_t> hosts) {
  lake::PairsOf pairs(instance.database(), hosts);
  return lake::feature_columns(instance, registry, pairs);
}

FeatureColumns lake::feature_columns(Instance& instance, const schema::Table& registry, PairsOf& pairs) {
  return Reader(instance, instance.catalog().table(registry.table), pairs).read({});
}

}  // namespace lamin
