// sound.hpp -- whether a module makes sense: names, docs, references, links.
//
// Constexpr, so that a static_assert checks the built-in modules at compile time; Catalog::add checks a module that
// came as JSON or was declared in Python. What it demands:
//   1. Registries are CamelCase, fields are snake_case (a leading underscore is allowed), neither is declared twice.
//   2. A registry that has a table, and every field, has a doc.
//   3. Mixins, targets and `through` exist: in this module or in one that it needs.
//   4. `to` goes only with ref and link, `through` and `pair` only with link, `initial` only with Fill::constant, sizes
//      only with text, integers and uids.
//   5. Rules, name_field and id_field name fields of the registry or of its mixins.
//   6. No two relations of a registry share a name, whichever side declares them.
//   7. A trait comes with the fields that it works on.
//   8. Tables, columns and rules have names that both databases accept and that are not taken: by the library's own
//      tables, or by what every Python class has. SQL in a rule is a single condition.
#pragma once
#include <string_view>
#include <vector>
#include "lamin/schema.hpp"
#include "schema/scope.hpp"

namespace lamin::schema {

/// Throws Error(invalid_argument). Not constexpr, so that a static_assert fails here and shows the arguments.
[[noreturn]] void unsound(std::string_view registry, std::string_view field, std::string_view why);

namespace detail {

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool is_camel(std::string_view name) {
  if (name.empty() || name.size() > 50 || !is_upper(name[0])) return false;
  for (char c : name) {
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) return false;
  }
  return true;
}

constexpr bool is_snake(std::string_view name) {
  if (!name.empty() && name[0] == '_') name.remove_prefix(1);
  if (name.empty() || name.size() > 50 || !is_lower(name[0])) return false;
  char before = ' ';
  for (char c : name) {
    if (!is_lower(c) && !is_digit(c) && c != '_') return false;
    // Two underscores in a row separate the steps of a path in a query.
    if (c == '_' && before == '_') return false;
    before = c;
  }
  return before != '_';
}

constexpr bool has_trait(const Scope& scope, const Registry& r, Trait trait) {
  for (Trait own : r.traits) {
    if (own == trait) return true;
  }
  for (Text mixin : r.mixins) {
    const Found m = scope.find(mixin);
    if (m && has_trait({*m.module, scope.known}, *m.registry, trait)) return true;
  }
  return false;
}

/// What both databases accept as a name unchanged.
constexpr bool is_table_name(std::string_view name) {
  if (name.empty() || name.size() > 63 || is_digit(name[0])) return false;
  for (char c : name) {
    if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '_') return false;
  }
  return true;
}

/// SQL that cannot reach beyond the place it is put in.
constexpr bool is_condition(std::string_view sql) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    const char next = i + 1 < sql.size() ? sql[i + 1] : ' ';
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == ';' || (c == '-' && next == '-') || (c == '/' && next == '*')) {
      return false;
    } else {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth < 0) return false;
    }
  }
  return depth == 0 && quote == 0;
}

/// Names that a Python class uses for something else, or that Python cannot read as a name.
constexpr bool is_taken(std::string_view name) {
  for (std::string_view taken :
       {"pk",     "save",     "delete",  "restore", "filter", "get",    "objects", "describe", "search",
        "lookup", "using",    "connect", "and",     "as",     "assert", "async",   "await",    "break",
        "class",  "continue", "def",     "del",     "elif",   "else",   "except",  "finally",  "for",
        "from",   "global",   "if",      "import",  "in",     "is",     "lambda",  "nonlocal", "not",
        "or",     "pass",     "raise",   "return",  "try",    "while",  "with",    "yield"}) {
    if (name == taken) return true;
  }
  return false;
}

constexpr void check_name(const Registry& r, const Field& f) {
  if (!is_snake(f.name)) {
    unsound(r.name, f.name, "a field's name is snake_case, at most 50 characters, without two underscores in a row");
  }
  if (f.name == "id") unsound(r.name, f.name, "every registry has an id already");
  if (is_taken(f.name)) unsound(r.name, f.name, "the name is taken by Python or by what every registry can do");
  if (!f.column.empty() && !is_table_name(f.column)) {
    unsound(r.name, f.name, "`column` has at most 63 letters, digits and underscores");
  }
  for (Text was : f.was) {
    if (!is_snake(was)) unsound(r.name, f.name, "`was` lists former names, which are snake_case");
    for (const Field& other : r.fields) {
      if (other.name == was) unsound(r.name, f.name, "`was` names a field that is there now");
    }
  }
}

/// The names of the tables that a registry brings.
constexpr void check_table(const Module& m, const Registry& r) {
  if (!r.table.empty() && !is_table_name(r.table)) {
    unsound(r.name, r.table, "`table` has at most 63 letters, digits and underscores");
  }
  const Text prefix = m.table_prefix.empty() ? m.name : m.table_prefix;
  const std::string_view start = r.table.empty() ? prefix.view() : r.table.view();
  for (std::string_view reserved : {"lamin_", "sqlite_", "pg_"}) {
    if (start.starts_with(reserved) || (r.table.empty() && start == reserved.substr(0, reserved.size() - 1))) {
      unsound(r.name, "", "its table has a name that is kept for the library and the databases; say `table_prefix`");
    }
  }
  const std::size_t size = r.table.empty() ? prefix.size() + 1 + r.name.size() : r.table.size();
  if (size > 63) unsound(r.name, "", "the name of its table is longer than 63 characters; say `table`");
  for (const Field& f : r.fields) {
    if (f.kind == Kind::link && f.through.empty() && size + 1 + f.name.size() > 63) {
      unsound(r.name, f.name, "the name of its table of pairs is longer than 63 characters; say `table`");
    }
  }
}

constexpr void check_traits(const Scope& scope, const Registry& r) {
  struct Needed {
    Trait trait;
    std::string_view field;
  };
  for (const Needed& n :
       {Needed{Trait::versioned, "uid"}, Needed{Trait::versioned, "is_latest"}, Needed{Trait::typed, "type"},
        Needed{Trait::typed, "is_type"}, Needed{Trait::hierarchical, "parents"}, Needed{Trait::synonyms, "synonyms"},
        Needed{Trait::abbreviated, "abbr"}}) {
    if (has_trait(scope, r, n.trait) && !scope.field(r, n.field)) {
      unsound(r.name, n.field, "one of its traits works on this field, which it does not have");
    }
  }
}

constexpr void check_attributes(const Registry& r, const Field& f) {
  const bool points = f.kind == Kind::ref || f.kind == Kind::link;
  if (points == f.to.empty()) unsound(r.name, f.name, "`to` goes with ref and link, and with them alone");
  if (!points && !f.inverse.empty()) unsound(r.name, f.name, "`inverse` goes with ref and link");
  if (!f.inverse.empty() && !is_snake(f.inverse)) unsound(r.name, f.name, "`inverse` is snake_case");
  if (f.kind != Kind::link && (!f.through.empty() || !f.pair.empty())) {
    unsound(r.name, f.name, "`through` and `pair` go with link");
  }
  if (!f.pair.empty() && (f.pair.size() != 2 || f.through.empty())) {
    unsound(r.name, f.name, "`pair` names two fields of `through`");
  }
  if ((f.fill == Fill::constant) == f.initial.empty()) {
    unsound(r.name, f.name, "`initial` goes with Fill::constant, and with it alone");
  }
  const bool uid = f.fill == Fill::random_uid || f.fill == Fill::ontology_uid;
  if (uid && (f.kind != Kind::text || f.size <= 0)) unsound(r.name, f.name, "a uid is a text with a size");
  if (!uid && f.uid_size != 0) unsound(r.name, f.name, "`uid_size` goes with a uid");
  if (f.fill == Fill::now && f.kind != Kind::time) unsound(r.name, f.name, "Fill::now goes with a time");
  if ((f.fill == Fill::user || f.fill == Fill::run) && f.kind != Kind::ref) {
    unsound(r.name, f.name, "Fill::user and Fill::run go with a ref");
  }
  if (f.kind == Kind::integer ? f.size != 0 && f.size != 16 && f.size != 32 && f.size != 64
                              : f.size < 0 || (f.size > 0 && f.kind != Kind::text)) {
    unsound(r.name, f.name, "`size` is the most characters of a text, or the 16, 32 or 64 bits of an integer");
  }
  if (!f.options.empty() && f.kind != Kind::text) unsound(r.name, f.name, "`options` goes with text");
  if (!f.codes.empty() && f.kind != Kind::integer) unsound(r.name, f.name, "`codes` goes with integer");
  if (f.first_code != 0 && f.codes.empty()) unsound(r.name, f.name, "`first_code` goes with `codes`");
  if (f.identifies && !f.unique) unsound(r.name, f.name, "`identifies` goes with `unique`");
}

constexpr void check_references(const Scope& scope, const Registry& r, const Field& f) {
  if (f.kind != Kind::ref && f.kind != Kind::link) return;
  const Registry* to = f.to == "self" ? &r : scope.find(f.to).registry;
  if (!to) unsound(r.name, f.name, "`to` names no registry of this module or of one that it needs");
  if (to->mixin && f.to != "self") unsound(r.name, f.name, "`to` names a mixin, which has no table");
  if (f.through.empty()) return;
  const Found through = scope.find(f.through);
  if (!through || through.registry->mixin) unsound(r.name, f.name, "`through` names no registry with a table");
  for (Text name : f.pair) {
    const Field* half = Scope{*through.module, scope.known}.field(*through.registry, name);
    if (!half || half->kind != Kind::ref) unsound(r.name, f.name, "`pair` names no ref of `through`");
  }
}

constexpr void check_rules(const Scope& scope, const Registry& r) {
  const auto exists = [&](Text name) { return name.empty() || name == "id" || scope.field(r, name); };
  if (!exists(r.name_field)) unsound(r.name, r.name_field, "`name_field` names no field");
  if (!exists(r.id_field)) unsound(r.name, r.id_field, "`id_field` names no field");
  for (const Rule& rule : r.rules) {
    for (Text name : rule.unique) {
      if (!exists(name)) unsound(r.name, name, "a rule names no field");
    }
    for (Text name : rule.index) {
      if (!exists(name)) unsound(r.name, name, "an index names no field");
    }
    if (rule.unique.empty() && rule.expression.empty() && rule.check.empty() && rule.index.empty()) {
      unsound(r.name, rule.name, "a rule has `unique`, `expression`, `check` or `index`");
    }
    if (rule.name.empty() && rule.unique.empty()) unsound(r.name, "", "only a rule over fields can derive its name");
    if (!rule.name.empty() && !is_table_name(rule.name)) {
      unsound(r.name, rule.name, "a rule's name has at most 63 letters, digits and underscores");
    }
    for (Text sql : {rule.where, rule.expression, rule.check}) {
      if (!is_condition(sql)) unsound(r.name, rule.name, "the SQL of a rule is one expression, without comments or ;");
    }
  }
}

/// Checks names seen from the target against those of the other relations and of the fields there.
constexpr void check_inverses(const Scope& scope) {
  struct Seen {
    std::string_view at, name;
  };
  std::vector<Seen> seen;
  for (const Registry& r : scope.module.registries) {
    for (const Field& f : r.fields) {
      if (f.inverse.empty() || (r.mixin && f.to != "self")) continue;
      const std::string_view at = f.to == "self" ? r.name.view() : f.to.view();
      const Found to = scope.find(at);
      if (to && !to.registry->mixin && Scope{*to.module, scope.known}.field(*to.registry, f.inverse)) {
        unsound(r.name, f.name, "`inverse` is already a field of the registry pointed at");
      }
      for (const Seen& other : seen) {
        if (other.name == f.inverse && other.at == at) unsound(r.name, f.name, "`inverse` is taken");
      }
      seen.push_back({at, f.inverse});
    }
  }
}

}  // namespace detail

/// True, or throws Error(invalid_argument) for the first thing that is wrong. `known`: the current modules.
constexpr bool sound(const Module& module, const std::vector<const Module*>& known) {
  const Scope scope{module, known};
  if (!detail::is_snake(module.name)) unsound(module.name, "", "a module's name is snake_case");
  for (const Module* other : known) {
    if (other->name == module.name) unsound(module.name, "", "there is a module of this name already");
  }
  if (!module.table_prefix.empty() && !detail::is_snake(module.table_prefix)) {
    unsound(module.name, module.table_prefix, "`table_prefix` is snake_case");
  }
  for (Text need : module.needs) {
    bool found = false;
    for (const Module* other : known) found = found || other->name == need;
    if (!found) unsound(module.name, need, "the module needs one that is not there");
  }
  for (std::size_t i = 0; i < module.registries.size(); ++i) {
    const Registry& r = module.registries[i];
    if (!detail::is_camel(r.name)) unsound(r.name, "", "a registry's name is CamelCase, at most 50 characters");
    if (!r.mixin && r.doc.empty()) unsound(r.name, "", "a registry has a doc");
    for (std::size_t j = 0; j < i; ++j) {
      if (module.registries[j].name == r.name) unsound(r.name, "", "the registry is declared twice");
    }
    for (Text mixin : r.mixins) {
      const Registry* m = scope.find(mixin).registry;
      if (!m || !m->mixin) unsound(r.name, mixin, "there is no such mixin");
      for (std::size_t j = i; j < module.registries.size(); ++j) {
        if (m == &module.registries[j]) unsound(r.name, mixin, "a mixin is declared before those who use it");
      }
    }
    for (std::size_t k = 0; k < r.fields.size(); ++k) {
      const Field& f = r.fields[k];
      detail::check_name(r, f);
      if (f.doc.empty()) unsound(r.name, f.name, "a field has a doc");
      for (std::size_t j = 0; j < k; ++j) {
        if (r.fields[j].name == f.name) unsound(r.name, f.name, "the field is declared twice");
      }
      detail::check_attributes(r, f);
      detail::check_references(scope, r, f);
    }
    detail::check_rules(scope, r);
    if (!r.labels.empty()) unsound(r.name, "labels", "links are made of it when a plug-in is read");
    if (r.mixin) continue;
    detail::check_table(module, r);
    detail::check_traits(scope, r);
  }
  detail::check_inverses(scope);
  return true;
}

}  // namespace lamin::schema
