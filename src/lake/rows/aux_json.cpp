#include "lake/rows/aux_json.hpp"
#include "base/json.hpp"

namespace lamin::lake {

boost::json::object aux_of(const Value& aux) {
  const auto* document = std::get_if<Json>(&aux);
  if (document == nullptr) return {};
  auto parsed = base::parse_json(document->text);
  return parsed.is_object() ? std::move(parsed.as_object()) : boost::json::object();
}

Value to_aux(const boost::json::object& aux) { return aux.empty() ? Value() : Value(Json{base::write_json(aux)}); }

}  // namespace lamin::lake
