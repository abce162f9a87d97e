// json.cpp -- plans and differences for programs.
#include <boost/json.hpp>

#include "base/json.hpp"
#include "lamin/upgrade.hpp"

namespace lamin {
namespace {

namespace json = boost::json;

void put(json::object& into, std::string_view name, const std::string& text) {
  if (!text.empty()) into.emplace(name, text);
}
void put(json::object& into, std::string_view name, const std::vector<std::string>& texts) {
  if (!texts.empty()) into.emplace(name, json::value_from(texts));
}

json::array of_uses(const std::vector<TermUse>& uses) {
  json::array all;
  for (const auto& use : uses)
    all.push_back(json::object{{"registry", use.registry}, {"count", use.count}, {"some", json::value_from(use.some)}});
  return all;
}

json::object object_of(const ReleaseDiff& diff) {
  json::object out{
      {"registry", diff.registry},         {"source", diff.source},           {"from", diff.from},    {"to", diff.to},
      {"terms_before", diff.terms_before}, {"terms_after", diff.terms_after}, {"edited", diff.edited}};
  json::array changes;
  for (const auto& change : diff.changes) {
    json::object one{{"kind", std::string(name_of(change.kind))}, {"id", change.id}};
    put(one, "name", change.name);
    put(one, "former", change.former);
    put(one, "into", change.into);
    put(one, "parents_added", change.parents_added);
    put(one, "parents_removed", change.parents_removed);
    changes.push_back(std::move(one));
  }
  out["changes"] = std::move(changes);
  put(out, "notes", diff.notes);
  return out;
}

json::object object_of(const PlannedChange& change) {
  json::object one{{"action", std::string(name_of(change.action))}};
  put(one, "id", change.id);
  put(one, "name", change.name);
  put(one, "former", change.former);
  std::vector<std::string> because;
  for (const auto kind : change.because) because.emplace_back(name_of(kind));
  put(one, "because", because);
  put(one, "into", change.into);
  put(one, "fields", change.fields);
  put(one, "kept", change.kept);
  put(one, "parents_added", change.parents_added);
  put(one, "parents_removed", change.parents_removed);
  if (!change.uses.empty()) one["uses"] = of_uses(change.uses);
  return one;
}

}  // namespace

std::string to_json(const ReleaseDiff& diff) { return base::write_json(object_of(diff)); }

std::string to_json(const UpgradePlan& plan) {
  json::object out{
      {"registry", plan.registry}, {"source", plan.source}, {"from", json::value_from(plan.from)}, {"to", plan.to},
      {"whole", plan.whole},       {"rows", plan.rows}};
  json::array changes, diffs;
  for (const auto& change : plan.changes) changes.push_back(object_of(change));
  for (const auto& diff : plan.diffs) diffs.push_back(object_of(diff));
  out["changes"] = std::move(changes);
  out["uses"] = of_uses(plan.uses);
  out["notes"] = json::value_from(plan.notes);
  out["diffs"] = std::move(diffs);
  return base::write_json(out);
}

}  // namespace lamin
