#include "lake/feature/dtype_target.hpp"

#include <algorithm>
#include "base/text.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {

std::int64_t target_type(Instance& instance, const Dtype::Target& target) {
  if (target.type_uid.empty()) return 0;
  const schema::Table& table = instance.catalog().table(target.registry);
  const auto type = instance.database().find(table, target.type_uid);
  if (!type) {
    throw Error(Code::not_found, "the dtype restricts " + target.registry + " to the type with uid '" +
                                     target.type_uid + "', which does not exist");
  }
  return type->id();
}

namespace {

/// A type and those below it, whose rows count, too.
std::vector<Value> types_from(Instance& instance, const std::string& registry, std::int64_t type) {
  std::vector<Value> all, level{Value(type)};
  while (!level.empty()) {
    std::erase_if(level, [&](const Value& id) { return std::ranges::find(all, id) != all.end(); });
    if (level.empty()) break;
    all.insert(all.end(), level.begin(), level.end());
    const std::string path[] = {"id"};
    const Expr below = Expr::all_of({Expr::in("type", level), Expr::compare("is_type", Op::exact, Value(true))});
    level = instance.database().columns({.registry = registry, .where = below, .order_by = {"id"}}, path).at(0);
  }
  return all;
}

/// "a=x, b='y, z'" at its commas outside of quotes.
std::vector<std::string> filters_of(std::string_view text) {
  std::vector<std::string> filters(1);
  char quote = 0;
  for (const char c : text) {
    if (c == quote) quote = 0;
    else if (quote == 0 && (c == '"' || c == '\'')) quote = c;
    if (c == ',' && quote == 0) filters.emplace_back();
    else filters.back() += c;
  }
  return filters;
}

}  // namespace

LabelOptions target_options(Instance& instance, const Dtype::Target& target) {
  LabelOptions options{.field = target.field};
  std::vector<Expr> conditions;
  if (const std::int64_t type = target_type(instance, target)) {
    conditions.push_back(Expr::in("type_id", types_from(instance, target.registry, type)));
  }
  for (const std::string& filter : filters_of(target.filter)) {
    const std::size_t equals = filter.find('=');
    if (equals == std::string::npos) continue;
    std::string_view value = base::trim(std::string_view(filter).substr(equals + 1));
    if (value.size() > 1 && (value.front() == '\'' || value.front() == '"')) value = value.substr(1, value.size() - 2);
    Value typed(value);
    if (value == "True" || value == "true") typed = Value(true);
    if (value == "False" || value == "false") typed = Value(false);
    if (!value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos && value.size() < 10) {
      typed = Value(static_cast<std::int64_t>(std::stoll(std::string(value))));
    }
    const auto path = base::trim(std::string_view(filter).substr(0, equals));
    if (path == "source__uid") options.source_uid = value;
    if (path == "organism__name") options.organism = value;
    conditions.push_back(Expr::lookup(path, {std::move(typed)}));
  }
  if (!conditions.empty()) options.within = Expr::all_of(std::move(conditions));
  return options;
}

std::string target_name(const schema::Catalog& catalog, const Dtype::Target& target) {
  const schema::Table& table = catalog.table(target.registry);
  return table.name_field == std::string_view(target.field) ? target.registry : target.registry + "." + target.field;
}

}  // namespace lamin::lake
