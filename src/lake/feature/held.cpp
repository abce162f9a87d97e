// held.cpp -- rows of link tables and documents, found by host, feature and value.
#include "lake/feature/held.hpp"

#include "base/text.hpp"
#include "lake/feature/links.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {

std::vector<ValueTable> tables_of_labels(const schema::Table& host) {
  std::vector<ValueTable> held;
  for (const schema::Relation* relation : label_relations(host)) {
    held.push_back({relation->through->qualified.str(), relation->from_column->name.str(), "feature",
                    relation->to_column->name.str()});
  }
  return held;
}

std::optional<ValueTable> table_of_documents(const schema::Table& host) {
  if (host.name == "Record") return ValueTable{"RecordJson", "record", "feature", "id"};
  const schema::Relation* json = host.find_relation("json_values");
  if (json == nullptr) return std::nullopt;
  const auto value = json->to_column->name.str();
  return ValueTable{json->through->qualified.str(), json->from_column->name.str(), value + "__feature", value};
}

std::int64_t erase_held(Instance& instance, std::span<const std::int64_t> hosts, const ValueTable& held,
                        const std::vector<IdCondition>& conditions) {
  std::vector<Expr> all{Expr::in(held.host, {hosts.begin(), hosts.end()})};
  for (const IdCondition& condition : conditions) {
    Expr among = Expr::in(condition.path, {condition.ids.begin(), condition.ids.end()});
    if (condition.negated) {
      all.push_back(Expr::compare(condition.path, Op::isnull, Value(false)));
      among = Expr::none_of({std::move(among)});
    }
    all.push_back(std::move(among));
  }
  return registry::Writes(instance.database())
      .erase({.registry = held.registry, .where = Expr::all_of(std::move(all)), .any_branch = true});
}

std::int64_t erase_values(Instance& instance, const schema::Table& host, std::span<const std::int64_t> hosts,
                          const std::vector<std::int64_t>& features, bool negated) {
  std::int64_t erased = 0;
  auto all = tables_of_labels(host);
  if (auto documents = table_of_documents(host)) all.push_back(std::move(*documents));
  for (const ValueTable& held : all) {
    erased += erase_held(instance, hosts, held, {{held.feature, features, negated}});
  }
  return erased;
}

}  // namespace lamin::lake
