#include "lake/curate/conventions.hpp"

#include <boost/json.hpp>

#include "base/json.hpp"

namespace lamin::lake {
namespace {

constexpr const char* key = "zarr";  // LaminDB's

boost::json::object aux_of(const Record& schema) {
  const auto* stored = std::get_if<Json>(&schema.at("_aux"));
  if (stored == nullptr) return {};
  auto document = base::parse_json(stored->text);
  return document.is_object() ? document.as_object() : boost::json::object();
}

}  // namespace

Value zarr_conventions(const Record& schema) {
  const auto aux = aux_of(schema);
  const auto found = aux.find(key);
  return found == aux.end() ? Value() : Value(Json{base::write_json(found->value())});
}

void set_zarr_conventions(Record& schema, const Value& conventions) {
  auto aux = aux_of(schema);
  aux.erase(key);
  if (const auto* given = std::get_if<Json>(&conventions)) aux[key] = base::parse_json(given->text);
  schema.set("_aux", aux.empty() ? Value() : Value(Json{base::write_json(aux)}));
}

}  // namespace lamin::lake
