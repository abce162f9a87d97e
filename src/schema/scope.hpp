// scope.hpp -- what a name in a module refers to: its own registries first, then those of the modules that it needs.
//
// "Tissue" is the module's own if it has one, otherwise that of a module it needs; "bionty.Tissue" is bionty's. What
// another module declares with its own names (the mixins of a mixin, the target of a mixed-in field) is looked up from
// there.
#pragma once
#include <string_view>
#include <vector>
#include "lamin/schema.hpp"

namespace lamin::schema {

struct Found {
  const Module* module = nullptr;
  const Registry* registry = nullptr;
  constexpr explicit operator bool() const { return registry != nullptr; }
};

struct Scope {
  const Module& module;
  const std::vector<const Module*>& known;  ///< the current modules

  /// Whether `from` needs the other one, directly or through another it needs.
  constexpr bool reaches(const Module& from, const Module& other) const {
    for (Text need : from.needs) {
      if (need == other.name) return true;
      for (const Module* next : known) {
        if (next->name == need && next != &from && reaches(*next, other)) return true;
      }
    }
    return false;
  }

  constexpr Found find(std::string_view name) const {
    const auto dot = name.find('.');
    const std::string_view wanted = dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
    const std::string_view bare = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (wanted.empty() || wanted == module.name.view()) {
      if (const Registry* own = in(module, bare)) return {&module, own};
    }
    for (const Module* other : known) {
      if (!wanted.empty() && wanted != other->name.view()) continue;
      const Registry* found = in(*other, bare);
      if (found && reaches(module, *other)) return {other, found};
    }
    return {};
  }

  /// A field of the registry or, if it has none of that name, of its mixins.
  constexpr const Field* field(const Registry& registry, std::string_view name) const {
    for (const Field& f : registry.fields) {
      if (f.name == name) return &f;
    }
    for (Text mixin : registry.mixins) {
      const Found m = find(mixin);
      if (!m) continue;
      if (const Field* f = Scope{*m.module, known}.field(*m.registry, name)) return f;
    }
    return nullptr;
  }

 private:
  static constexpr const Registry* in(const Module& module, std::string_view name) {
    for (const Registry& r : module.registries) {
      if (r.name == name) return &r;
    }
    return nullptr;
  }
};

}  // namespace lamin::schema
