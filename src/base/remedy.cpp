// remedy.cpp -- the one table from a remedy to what each face calls it.
#include <algorithm>
#include <array>
#include <cctype>
#include "lamin/message.hpp"

namespace lamin {
namespace {

using Verb = Remedy::Verb;

// {name}, {field} and {values} stand for what the remedy carries: {values} as 'a', 'b', at most ten; {each} repeats the
// rest of its line once per value.
struct Row {
  Verb verb;
  std::string_view cpp, python, shell;
};

// In the order of Verb.
constexpr Row rows[] = {
    {Verb::track, "call lamin::start_run()", "call `ln.track()` & re-run", "run `lamin track` first"},
    {Verb::get_input, "call lamin::track_input()", "use: ln.Artifact.get()", "use: `lamin load`"},
    {Verb::register_feature, "  a Feature with name '{name}' and _dtype_str '{field}'",
     "  ln.Feature(name='{name}', dtype='{field}').save()", "  lamin create feature {value} --dtype '{field}'"},
    {Verb::register_values, "  rows of {name} with {field} {values}",
     "  objects = {name}.from_values([{values}], field='{field}', create=True).save()",
     "{each}  lamin create {name} --set {field}={value}"},
    {Verb::standardize, "Curator::standardize() of \"{name}\"", ".standardize(\"{name}\")", "`lamin curate --fix`"},
    {Verb::coerce, "set coerce", "set coerce=True", "set coerce of the feature"},
    {Verb::make_type, "create it with is_type", "create it with is_type=True", "create it with `--set is_type=true`"},
    {Verb::delete_permanently, "permanent", "permanent=True", "`--permanent`"},
    {Verb::delete_bytes, "storage = true", "storage=True", "`--storage`"},
    {Verb::keep_bytes, "storage = false", "storage=False", "`--keep-storage`"},
    {Verb::duplicate, " or set skip_hash_lookup if you want to duplicate the artifact",
     " or pass skip_hash_lookup=True if you want to duplicate the artifact", ""},
    {Verb::name_source, "set source", "pass source=", "pass `--source`"},
    {Verb::name_version, "set version", "pass version=", "pass `--version`"},
};

consteval bool in_order() {
  int i = 0;
  for (const auto& row : rows) {
    if (static_cast<int>(row.verb) != i++) return false;
  }
  return i == static_cast<int>(Verb::name_version) + 1;
}
static_assert(in_order(), "the table has one row per verb, in the order of the enum");

constexpr std::size_t most_listed = 10;

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), most_listed); ++i) text += (i ? ", '" : "'") + values[i] + "'";
  return values.size() > most_listed ? text + ", ..." : text;
}

// As a word of a POSIX shell.
std::string quoted(std::string_view word) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string filled(std::string_view form, const Remedy& remedy, std::string_view value) {
  const std::pair<std::string_view, std::string> marks[] = {{"{name}", remedy.name},
                                                            {"{field}", remedy.field},
                                                            {"{values}", listed(remedy.values)},
                                                            {"{value}", quoted(value)}};
  std::string text;
  while (!form.empty()) {
    const auto mark = std::ranges::find_if(marks, [&](const auto& one) { return form.starts_with(one.first); });
    if (mark == std::end(marks)) {
      text += form.front();
      form.remove_prefix(1);
    } else {
      text += mark->second;
      form.remove_prefix(mark->first.size());
    }
  }
  return text;
}

}  // namespace

std::string Remedy::in(Face face) const {
  const Row& row = rows[static_cast<std::size_t>(verb)];
  std::string_view form = face == Face::python ? row.python : face == Face::shell ? row.shell : row.cpp;
  constexpr std::string_view each = "{each}";
  if (!form.starts_with(each)) return filled(form, *this, name);
  form.remove_prefix(each.size());
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), most_listed); ++i) {
    text += (i ? "\n" : "") + filled(form, *this, values[i]);
  }
  return values.size() > most_listed ? text + "\n  ..." : text;
}

Words::Words(std::string text) {
  if (!text.empty()) parts_.emplace_back(std::move(text));
}

Words& Words::operator+=(const Words& more) {
  parts_.insert(parts_.end(), more.parts_.begin(), more.parts_.end());
  return *this;
}

std::string Words::in(Face face) const {
  std::string text;
  for (const auto& part : parts_) {
    if (const auto* plain = std::get_if<std::string>(&part)) text += *plain;
    else text += std::get<Remedy>(part).in(face);
  }
  return text;
}

std::vector<Remedy> Words::remedies() const {
  std::vector<Remedy> found;
  for (const auto& part : parts_) {
    if (const auto* remedy = std::get_if<Remedy>(&part)) found.push_back(*remedy);
  }
  return found;
}

}  // namespace lamin
