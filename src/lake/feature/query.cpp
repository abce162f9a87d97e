#include "lake/feature/query.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/feature/json.hpp"
#include "lake/feature/links.hpp"
#include "lake/feature/schema_set.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"
#include "registry/path.hpp"

namespace lamin {
namespace lake {
namespace {

using Shape = schema::Relation::Shape;

constexpr std::array<std::string_view, 3> hosts{"Artifact", "Run", "Record"};

/// The field of the host that leads to the rows that hold its id in this column.
std::string field_to(const schema::Table& host, const schema::Column& column) {
  for (const auto& relation : host.relations) {
    if (relation.shape == Shape::to_many && relation.to_column == &column) return relation.name.str();
  }
  throw Error(Code::unsupported, "no field of " + host.qualified.str() + " leads to its pairs");
}

Expr of_feature(const std::string& rows, const Record& feature) {
  return Expr::compare(rows + ".feature_id", Op::exact, Value(feature.id()));
}

Expr leaf(std::string path, const Expr& comparison) {
  Expr out = comparison;
  out.path = std::move(path);
  return out;
}

/// Any of these, each matched against its own value row (two features are two rows).
Expr by_itself(std::vector<Expr> any) {
  std::vector<Expr> own;
  own.push_back(any.size() == 1 ? std::move(any[0]) : Expr::any_of(std::move(any)));
  return Expr::all_of(std::move(own));
}

/// One comparison with a feature of a host, expressed in terms of the rows that hold its values.
class FeatureCondition {
 public:
  FeatureCondition(Instance& instance, const schema::Table& host, const Record& feature, std::string_view rest)
      : instance_(instance), host_(host), feature_(feature), rest_(rest) {
    dtype_ = parse_dtype(instance.catalog(), feature.text("_dtype_str"));
    if (dtype_.is_category() && dtype_.targets.empty()) dtype_.targets.push_back({.registry = "ULabel"});
  }

  /// In the form of Query::resolved_order.
  Expr order() const {
    check_order(instance_, feature_);
    const auto rows = documents();
    return Expr::all_of({of_feature(rows, feature_), Expr::compare(rows + ".value", Op::isnull, Value(false))});
  }

  Expr of(const Expr& comparison) const {
    const bool alone = rest_.empty() && comparison.values.size() == 1;
    const bool null = alone && comparison.values[0].is_null();
    if (alone && comparison.op == Op::isnull) return has_value(!comparison.values[0].boolean_or(true));
    if (null && (comparison.op == Op::exact || comparison.op == Op::ne)) return has_value(comparison.op == Op::ne);
    if (comparison.op == Op::ne) {
      Expr equal = comparison;
      equal.op = Op::exact;
      return Expr::none_of({positive(equal)});
    }
    return positive(comparison);
  }

 private:
  Expr has_value(bool expected) const {
    std::vector<Expr> any;
    if (dtype_.is_category()) {
      for (const auto& target : dtype_.targets) any.push_back(of_feature(pairs(target).first, feature_));
    } else {
      any.push_back(of_feature(documents(), feature_));
      if (auto named = as_name(Expr::compare("name", Op::isnull, Value(false)))) any.push_back(std::move(*named));
    }
    return expected ? by_itself(std::move(any)) : Expr::none_of(std::move(any));
  }

  Expr positive(const Expr& comparison) const {
    if (dtype_.is_category()) return labelled(comparison);
    const auto rows = documents();
    const std::string value = rows + ".value" + (rest_.empty() ? "" : "." + rest_);
    if (dtype_.list && rest_.empty() && is_of_text(comparison.op)) return in_list(rows, comparison);
    Expr compared = leaf(value, comparison);
    for (Value& one : compared.values) one = to_compare(dtype_, one);
    Expr stored = Expr::all_of({of_feature(rows, feature_), std::move(compared)});
    auto named = rest_.empty() ? as_name(comparison) : std::nullopt;
    if (!named) return stored;
    std::vector<Expr> any;
    any.push_back(std::move(stored));
    any.push_back(std::move(*named));
    return by_itself(std::move(any));
  }

  /// Any text of a list satisfies it: the lists are searched here.
  Expr in_list(const std::string& rows, const Expr& comparison) const {
    const Query lists{.registry = host_.name == "Record" ? "RecordJson" : "JsonValue",
                      .where = Expr::compare("feature_id", Op::exact, Value(feature_.id())),
                      .any_branch = true};
    const std::string paths[] = {"id", "value"};
    const auto columns = instance_.database().columns(lists, paths);
    std::vector<Value> ids;
    for (std::size_t i = 0; i < columns[0].size(); ++i) {
      std::vector<Value> items;
      if (const auto* document = std::get_if<Json>(&columns[1][i])) load_value(dtype_, *document, items);
      if (std::ranges::any_of(items, [&](const Value& item) { return meets(item, comparison); }))
        ids.push_back(columns[0][i]);
    }
    return Expr::all_of({Expr::in(rows + ".id", std::move(ids))});
  }

  static bool is_of_text(Op op) {
    return op == Op::contains || op == Op::icontains || op == Op::startswith || op == Op::istartswith ||
           op == Op::endswith || op == Op::iendswith;
  }

  static bool meets(const Value& item, const Expr& comparison) {
    const auto* asked = comparison.values.empty() ? nullptr : comparison.values[0].text();
    if (asked == nullptr || item.text() == nullptr) return false;
    const Op op = comparison.op;
    const bool folds = op == Op::icontains || op == Op::istartswith || op == Op::iendswith;
    const std::string text = folds ? base::fold(*item.text()) : *item.text();
    const std::string part = folds ? base::fold(*asked) : *asked;
    if (op == Op::contains || op == Op::icontains) return text.find(part) != std::string::npos;
    return op == Op::startswith || op == Op::istartswith ? text.starts_with(part) : text.ends_with(part);
  }

  /// The same for rows of sheets whose index is the feature: their name is its value.
  std::optional<Expr> as_name(const Expr& comparison) const {
    if (host_.name != "Record" || dtype_.base != Dtype::Base::text || dtype_.list) return std::nullopt;
    const Query sheets{.registry = "Record",
                       .where = Expr::all_of({Expr::compare("is_type", Op::exact, Value(true)),
                                              Expr::compare("schema._aux", Op::isnull, Value(false))}),
                       .any_branch = true};
    const std::string paths[] = {"id", "schema._aux"};
    const auto columns = instance_.database().columns(sheets, paths);
    std::vector<Value> ids;
    for (std::size_t i = 0; i < columns[0].size(); ++i) {
      if (schema_roles(columns[1][i]).index == feature_.uid()) ids.push_back(columns[0][i]);
    }
    if (ids.empty()) return std::nullopt;
    return Expr::all_of({Expr::in("type_id", std::move(ids)), leaf("name", comparison)});
  }

  std::string documents() const {
    if (host_.name == "Record") return field_to(host_, instance_.catalog().table("RecordJson").column("record"));
    return "json_values";
  }

  /// Fields that lead from the host to the pairs, and from a pair to its label.
  std::pair<std::string, std::string> pairs(const Dtype::Target& target) const {
    const auto& relation = label_relation(host_, instance_.catalog().table(target.registry));
    return {field_to(host_, *relation.from_column), relation.to_column->name.str()};
  }

  Expr labelled(const Expr& comparison) const {
    std::vector<Expr> any;
    std::string wanted;
    for (const auto& target : dtype_.targets) {
      const schema::Table& table = instance_.catalog().table(target.registry);
      const std::string field = target.field.empty() ? table.name_field.str() : target.field;
      const auto [rows, label] = pairs(target);
      if (auto condition = of_label(table, field, rows + "." + label, comparison)) {
        any.push_back(Expr::all_of({of_feature(rows, feature_), std::move(*condition)}));
      } else {
        wanted += (wanted.empty() ? "Did not find a " : " or ") + table.name.str() + " matching `" + field + "=" +
                  to_string(comparison.values[0]) + "`";
      }
    }
    if (any.empty()) throw Error(Code::not_found, wanted);
    return by_itself(std::move(any));
  }

  /// nullopt if no row of the registry has this name. Names are looked up first: a typo is an error, and finding pairs
  /// by a few ids is faster than a join.
  std::optional<Expr> of_label(const schema::Table& table, const std::string& field, const std::string& label,
                               const Expr& comparison) const {
    if (!rest_.empty()) return leaf(label + "." + rest_, comparison);
    if (comparison.op != Op::exact && comparison.op != Op::in) return leaf(label + "." + field, comparison);
    if (by_id(table, comparison)) return leaf(label, comparison);
    if (!comparison.of.empty() && dtype_.targets.size() > 1) return std::nullopt;
    check_texts(comparison);
    auto ids = named(table, field, comparison);
    if (ids.empty() && comparison.op == Op::exact && !comparison.values.empty()) return std::nullopt;
    return Expr::in(label, std::move(ids));
  }

  /// An id identifies a label only within one registry.
  bool by_id(const schema::Table& table, const Expr& comparison) const {
    const bool ids = !comparison.values.empty() && std::ranges::all_of(comparison.values, [](const Value& value) {
      return std::holds_alternative<std::int64_t>(value);
    });
    return ids && (dtype_.targets.size() == 1 || table.qualified == comparison.of);
  }

  void check_texts(const Expr& comparison) const {
    for (const Value& value : comparison.values) {
      if (value.text() != nullptr || value.is_null()) continue;
      throw Error(Code::invalid_argument, "the categorical feature '" + std::string(feature_.text("name")) +
                                              "' takes a label or its name, not " + to_string(value));
    }
  }

  std::vector<Value> named(const schema::Table& table, const std::string& field, const Expr& comparison) const {
    const std::string paths[] = {"id"};
    const Query query{.registry = table.qualified.str(), .where = leaf(field, comparison)};
    return comparison.values.empty() ? std::vector<Value>() : instance_.database().columns(query, paths).at(0);
  }

  Instance& instance_;
  const schema::Table& host_;
  const Record& feature_;
  std::string rest_;
  Dtype dtype_;
};

/// What can be named, and what was wrong with a name.
[[noreturn]] void refuse_name(const schema::Table& host, const std::string& why) {
  std::vector<std::string> fields;
  for (const auto& column : host.columns)
    if (!column.name.view().starts_with('_')) fields.push_back(column.name.str());
  throw Error(Code::unknown_field, "You can query either by available fields: " + base::join(fields, ", ") +
                                       "\nor by the names of features. " + why);
}

/// For a name that is neither a field nor a feature: throws, naming a feature with a similar name.
void look_near(Instance& instance, const schema::Table& host, std::string_view name) {
  constexpr std::int64_t most_compared = 10'000;
  const std::string paths[] = {"name"};
  const auto names = instance.database().columns({.registry = "Feature", .limit = most_compared}, paths).at(0);
  std::vector<std::string_view> known;
  for (const Value& one : names) known.push_back(one.text_or(""));
  const auto near = base::nearest(name, known);
  if (!near.empty()) {
    refuse_name(host, "Unknown field '" + std::string(name) + "' of " + host.qualified.str() +
                          ", and no feature has that name. Did you mean the feature '" + near[0] + "'?");
  }
  try {
    registry::unknown_field(host, name, "");
  } catch (const Error& e) { refuse_name(host, e.what()); }
}

}  // namespace

void install_feature_queries(Instance& instance) {
  for (const auto name : hosts) {
    Hooks& hooks = instance.database().hooks()[std::string(name)];
    hooks.resolve_order = [&instance, name](Database&, std::string_view feature) -> std::optional<Expr> {
      const schema::Table& host = instance.catalog().table(name);
      const auto found = feature_meant(instance, host, feature);
      if (!found) return std::nullopt;
      return FeatureCondition(instance, host, *found, "").order();
    };
    hooks.resolve_name = [&instance, name](Database&, const Expr& comparison, std::string_view feature,
                                           std::string_view rest) -> std::optional<Expr> {
      const schema::Table& host = instance.catalog().table(name);
      const auto found = feature_meant(instance, host, feature);
      if (!found) {
        look_near(instance, host, feature);
        return std::nullopt;
      }
      return FeatureCondition(instance, host, *found, rest).of(comparison);
    };
  }
}

}  // namespace lake

void check_order(Instance& instance, const Record& feature) {
  const auto through = values_through(feature);
  const std::string start = "Cannot order by feature '" + std::string(feature.text("name")) + "'";
  if (!through.field.empty() || !through.source.empty()) {
    throw Error(Code::unknown_field, start + ", whose values are elsewhere (values_through)" +
                                         (through.field.empty() ? "" : ": order by the field " + through.field));
  }
  const Dtype dtype = parse_dtype(instance.catalog(), feature.text("_dtype_str"));
  const auto& types = row(dtype.base).values;
  if (!types.empty() && types.front() != Type::json && !dtype.list) return;
  throw Error(Code::unknown_field, start + " with dtype " + std::string(feature.text("_dtype_str")) +
                                       ": only scalar non-categorical features have an order");
}

std::optional<Record> feature_meant(Instance& instance, const schema::Table& host, std::string_view name) {
  if (std::ranges::find(lake::hosts, host.qualified.view()) == lake::hosts.end()) return std::nullopt;
  try {
    if (auto named = lake::find_feature(instance, name)) return named;
  } catch (const Error& error) { throw Error(Code::multiple_found, error.words()); }
  return instance.database().first({.registry = "Feature",
                                    .where = Expr::all_of({Expr::compare("uid", Op::exact, Value(name)),
                                                           Expr::compare("is_type", Op::exact, Value(false))}),
                                    .any_branch = true});
}

}  // namespace lamin
