// json.cpp -- modules to JSON and back, by the lists of attributes.hpp.
#include "schema/json.hpp"
#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include "base/json.hpp"
#include "lamin/error.hpp"
#include "schema/attributes.hpp"
#include "schema/kind.hpp"

namespace lamin::schema {

namespace {

namespace js = boost::json;

template <class T>
constexpr bool is_struct =
    std::is_same_v<T, Field> || std::is_same_v<T, Rule> || std::is_same_v<T, Registry> || std::is_same_v<T, Ontology> ||
    std::is_same_v<T, Function> || std::is_same_v<T, Trigger> || std::is_same_v<T, Module>;

// ---- out

std::string_view name_of(Kind v) { return row(v).name; }
std::string_view name_of(Fill v) { return fill_names[static_cast<std::size_t>(v)]; }
std::string_view name_of(On v) { return on_names[static_cast<std::size_t>(v)]; }
std::string_view name_of(Trait v) { return trait_names[static_cast<std::size_t>(v)]; }

js::value out(bool v) { return v; }
js::value out(int v) { return v; }
js::value out(Text v) { return js::string(v.view()); }
template <class E>
  requires std::is_enum_v<E>
js::value out(E v) {
  return js::string(name_of(v));
}
template <class S>
  requires is_struct<S>
js::value out(const S& value);

template <class T>
js::value out(const std::vector<T>& values) {
  js::array array;
  for (const T& v : values) array.push_back(out(v));
  return array;
}

template <class S>
  requires is_struct<S>
js::value out(const S& value) {
  const js::value defaults = [] {
    js::object object;
    const S empty{};
    each_attribute(empty, [&](const char* key, const auto& v) {
      if constexpr (!is_struct<std::remove_cvref_t<decltype(v)>>) object[key] = out(v);
    });
    return object;
  }();
  js::object object;
  each_attribute(value, [&](const char* key, const auto& v) {
    js::value written = out(v);
    if constexpr (is_struct<std::remove_cvref_t<decltype(v)>>) {
      if (!written.as_object().empty()) object[key] = std::move(written);
    } else if (written != defaults.as_object().at(key)) {
      object[key] = std::move(written);
    }
  });
  return object;
}

// ---- in

[[noreturn]] void wrong(const std::string& where, std::string_view why) {
  throw Error(Code::invalid_argument, "the JSON of a module is wrong at " + where + ": " + std::string(why));
}

template <class E, std::size_t n, class Name>
E from_name(const std::string& where, const js::value& json, const std::array<E, n>& all, Name&& name) {
  if (!json.is_string()) wrong(where, "a name in quotes was expected");
  const std::string_view text(json.get_string());
  std::string known;
  for (E e : all) {
    if (name(e) == text) return e;
    known += (known.empty() ? "" : ", ") + std::string(name(e));
  }
  wrong(where, "'" + std::string(text) + "' is none of " + known);
}

template <class E, std::size_t n>
constexpr std::array<E, n> all_values() {
  std::array<E, n> values{};
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<E>(i);
  return values;
}

template <class E, std::size_t n>
void in_enum(const std::string& where, const js::value& json, E& v) {
  v = from_name(where, json, all_values<E, n>(), [](E e) { return name_of(e); });
}

void in(const std::string& where, const js::value& json, Kind& v) { in_enum<Kind, kinds.size()>(where, json, v); }
void in(const std::string& where, const js::value& json, Fill& v) { in_enum<Fill, fill_names.size()>(where, json, v); }
void in(const std::string& where, const js::value& json, On& v) { in_enum<On, on_names.size()>(where, json, v); }
void in(const std::string& where, const js::value& json, Trait& v) {
  in_enum<Trait, trait_names.size()>(where, json, v);
}
void in(const std::string& where, const js::value& json, bool& v) {
  if (!json.is_bool()) wrong(where, "true or false was expected");
  v = json.get_bool();
}
void in(const std::string& where, const js::value& json, int& v) {
  constexpr std::int64_t most = 1'000'000;
  if (!json.is_int64() || std::abs(json.get_int64()) > most) wrong(where, "a number was expected");
  v = static_cast<int>(json.get_int64());
}
void in(const std::string& where, const js::value& json, Text& v) {
  if (!json.is_string()) wrong(where, "text in quotes was expected");
  v = Text::intern(std::string_view(json.get_string()));
}
template <class S>
  requires is_struct<S>
void in(const std::string& where, const js::value& json, S& value);

template <class T>
void in(const std::string& where, const js::value& json, std::vector<T>& values) {
  if (!json.is_array()) wrong(where, "a list was expected");
  for (const js::value& item : json.get_array()) {
    const std::string place = where + "[" + std::to_string(values.size()) + "]";
    in(place, item, values.emplace_back());
  }
}

template <class S>
  requires is_struct<S>
void in(const std::string& where, const js::value& json, S& value) {
  if (!json.is_object()) wrong(where, "an object was expected");
  std::string known;
  std::size_t seen = 0;
  each_attribute(value, [&](const char* key, auto& v) {
    known += (known.empty() ? "" : ", ") + std::string(key);
    if (const js::value* item = json.get_object().if_contains(key)) {
      in(where + "." + key, *item, v);
      ++seen;
    }
  });
  if (seen == json.get_object().size()) return;
  for (const auto& [key, item] : json.get_object()) {
    bool found = false;
    each_attribute(value,
                   [&](const char* name, auto&) { found = found || std::string_view(name) == std::string_view(key); });
    if (!found) wrong(where, "'" + std::string(key) + "' is none of " + known);
  }
}

// ---- lines

void write_lines(std::string& text, const js::value& json, int depth) {
  // A field, a rule, a function: one line. What contains lists of them: one line for each.
  const auto nested = [](const js::value& v) {
    return v.is_array() && std::ranges::any_of(v.get_array(), [](const js::value& i) { return i.is_object(); });
  };
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  if (json.is_array()) {
    text += "[";
    for (std::size_t i = 0; i < json.get_array().size(); ++i) {
      text += (i ? ",\n" : "\n") + indent + "  ";
      write_lines(text, json.get_array()[i], depth + 1);
    }
    text += "\n" + indent + "]";
    return;
  }
  if (!json.is_object() ||
      std::ranges::none_of(json.get_object(), [&](const auto& item) { return nested(item.value()); })) {
    text += base::write_json(json);
    return;
  }
  text += "{";
  bool first = true;
  for (const auto& [key, value] : json.get_object()) {
    const bool own_line = nested(value);
    text += first ? "" : own_line ? ",\n" + indent + " " : ", ";
    text += base::write_json(js::string(key)) + ": ";
    if (own_line) {
      write_lines(text, value, depth + 1);
    } else {
      text += base::write_json(value);
    }
    first = false;
  }
  text += "}";
}

}  // namespace

std::string to_json(const Module& module) { return base::write_json(out(module)); }

std::string to_json_lines(const Module& module) {
  std::string text;
  write_lines(text, out(module), 0);
  return text;
}

Module module_from_json(std::string_view json) {
  Module module{};
  in("module", base::parse_json(json), module);
  return module;
}

std::vector<Module> modules_from_json(std::string_view json) {
  std::vector<Module> modules;
  in("modules", base::parse_json(json), modules);
  return modules;
}

}  // namespace lamin::schema
