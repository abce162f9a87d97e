// attributes.hpp -- lists every attribute of the structs of a schema, once.
//
// JSON input and output, comparison and the keywords of Python's field() walk these lists; an attribute added to
// schema.hpp is added here and nowhere else.
#pragma once
#include <concepts>
#include <type_traits>
#include "lamin/schema.hpp"

namespace lamin::schema {

template <class FieldLike, class Visit>
  requires std::same_as<std::remove_const_t<FieldLike>, Field>
constexpr void each_attribute(FieldLike& f, Visit&& visit) {
  visit("name", f.name), visit("kind", f.kind), visit("size", f.size), visit("optional", f.optional);
  visit("unique", f.unique), visit("identifies", f.identifies), visit("index", f.index), visit("hidden", f.hidden),
      visit("fill", f.fill);
  visit("uid_size", f.uid_size), visit("initial", f.initial), visit("in_database", f.in_database), visit("to", f.to);
  visit("inverse", f.inverse), visit("on_delete", f.on_delete), visit("through", f.through), visit("pair", f.pair);
  visit("column", f.column), visit("options", f.options), visit("codes", f.codes);
  visit("first_code", f.first_code), visit("was", f.was), visit("doc", f.doc);
}

template <class RuleLike, class Visit>
  requires std::same_as<std::remove_const_t<RuleLike>, Rule>
constexpr void each_attribute(RuleLike& r, Visit&& visit) {
  visit("name", r.name), visit("unique", r.unique), visit("where", r.where), visit("expression", r.expression);
  visit("check", r.check), visit("index", r.index), visit("postgres", r.postgres);
}

template <class RegistryLike, class Visit>
  requires std::same_as<std::remove_const_t<RegistryLike>, Registry>
constexpr void each_attribute(RegistryLike& r, Visit&& visit) {
  visit("name", r.name), visit("doc", r.doc), visit("mixin", r.mixin), visit("mixins", r.mixins);
  visit("traits", r.traits), visit("id_bits", r.id_bits), visit("fields", r.fields), visit("rules", r.rules);
  visit("name_field", r.name_field), visit("id_field", r.id_field), visit("table", r.table);
  visit("ontology", r.ontology), visit("labels", r.labels), visit("was", r.was);
}

template <class OntologyLike, class Visit>
  requires std::same_as<std::remove_const_t<OntologyLike>, Ontology>
constexpr void each_attribute(OntologyLike& o, Visit&& visit) {
  visit("prefix", o.prefix), visit("parents", o.parents);
}

template <class FunctionLike, class Visit>
  requires std::same_as<std::remove_const_t<FunctionLike>, Function>
constexpr void each_attribute(FunctionLike& f, Visit&& visit) {
  visit("signature", f.signature), visit("body", f.body);
}

template <class TriggerLike, class Visit>
  requires std::same_as<std::remove_const_t<TriggerLike>, Trigger>
constexpr void each_attribute(TriggerLike& t, Visit&& visit) {
  visit("name", t.name), visit("on", t.on), visit("event", t.event), visit("when", t.when);
  visit("comment", t.comment);
}

template <class ModuleLike, class Visit>
  requires std::same_as<std::remove_const_t<ModuleLike>, Module>
constexpr void each_attribute(ModuleLike& m, Visit&& visit) {
  visit("name", m.name), visit("table_prefix", m.table_prefix), visit("needs", m.needs);
  visit("registries", m.registries), visit("functions", m.functions), visit("triggers", m.triggers);
}

}  // namespace lamin::schema
