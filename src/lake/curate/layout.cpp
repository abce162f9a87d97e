#include "lake/curate/layout.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "lake/curate/complaint.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"

namespace lamin::lake {
namespace {

namespace js = boost::json;
using format::ColumnSketch;
using format::TableSketch;

[[noreturn]] void refuse(std::string_view what) {
  throw Error(Code::invalid_argument, fmt::format("formats.anndata: {} of the schema", what));
}

const js::object& object_of(const js::value& value, std::string_view what) {
  if (!value.is_object()) refuse(fmt::format("'{}' is not a dict, as a rule", what));
  return value.get_object();
}

std::vector<std::string> texts_of(const js::value& value, std::string_view what) {
  if (!value.is_array()) refuse(fmt::format("'{}' is not a list of texts, as a rule", what));
  std::vector<std::string> texts;
  for (const auto& one : value.get_array()) {
    if (!one.is_string()) refuse(fmt::format("'{}' is not a list of texts, as a rule", what));
    texts.emplace_back(one.get_string());
  }
  return texts;
}

bool is_among(const std::vector<std::string>& allowed, std::string_view value) {
  return std::ranges::any_of(allowed, [&](const std::string& one) {
    return value == one || ((one.ends_with(':') || one.ends_with('_')) && value.starts_with(one));
  });
}

/// The distinct values of a column, as texts.
std::vector<std::string> values_of(const ColumnSketch& column) {
  std::vector<std::string> values;
  for (std::int64_t i = 0; i < column.values.size(); ++i) {
    const Value value = column.values.value(i);
    values.push_back(value.text() != nullptr ? *value.text() : to_string(value));
  }
  return values;
}

class Layout {
 public:
  Layout(const format::FileSketch& sketch, FileReport& report) : sketch_(sketch), report_(report) {}

  void check(const js::object& rules) {
    for (const auto& [slot, of_slot] : rules) {
      const std::string name(slot);
      const auto& asked = object_of(of_slot, name);
      if (name == "obsm") {
        check_arrays(asked);
        continue;
      }
      if (name != "obs" && name != "var" && name != "uns")
        refuse(fmt::format("'{}' is not a part with rules: obs, var, uns and obsm are", name));
      const auto table = std::ranges::find(sketch_.tables, name, &TableSketch::slot);
      static const TableSketch none;
      for (const auto& [rule, value] : asked)
        check(name, table == sketch_.tables.end() ? none : *table, std::string(rule), value);
    }
  }

 private:
  void check(const std::string& slot, const TableSketch& table, const std::string& rule, const js::value& value) {
    if (rule == "unique_names") check_names(slot, table);
    else if (rule == "deprecated") check_deprecated(slot, table, texts_of(value, rule));
    else if (rule == "reserved") note_reserved(slot, table, texts_of(value, rule));
    else if (rule == "complete") check_complete(slot, table, texts_of(value, rule));
    else if (rule == "terms") check_terms(slot, table, object_of(value, rule));
    else if (rule == "when") check_when(slot, table, value);
    else if (rule == "texts") check_texts(slot, table, texts_of(value, rule));
    else if (rule == "values") check_values(slot, table, object_of(value, rule));
    else if (rule == "keys_of") check_keys(slot, table, object_of(value, rule));
    else refuse(fmt::format("'{}.{}' is not a rule", slot, rule));
  }

  void add(const std::string& slot, const std::string& column, std::string message, std::vector<BadValue> values = {}) {
    ReportProblem problem{.slot = slot, .column = column, .rule = "layout", .message = std::move(message)};
    for (const auto& one : values) problem.rows += one.count;
    problem.values = std::move(values);
    report_.problems.push_back(std::move(problem));
  }

  void check_names(const std::string& slot, const TableSketch& table) {
    if (table.repeated_names == 0) return;
    add(slot, table.index,
        fmt::format("{} name{} of rows in slot '{}' {} not unique: give each row its own", table.repeated_names,
                    table.repeated_names == 1 ? "" : "s", slot, table.repeated_names == 1 ? "is" : "are"));
  }

  void check_deprecated(const std::string& slot, const TableSketch& table, const std::vector<std::string>& names) {
    for (const auto& name : names) {
      if (table.find(name) != nullptr)
        add(slot, name, fmt::format("'{}' in slot '{}' is deprecated: remove it", name, slot));
    }
  }

  void note_reserved(const std::string& slot, const TableSketch& table, const std::vector<std::string>& names) {
    std::vector<std::string> found;
    for (const auto& name : names)
      if (table.find(name) != nullptr) found.push_back(name);
    if (!found.empty()) {
      report_.notes.push_back(
          fmt::format("{} in slot '{}': whoever publishes the dataset writes this, and refuses one that is there",
                      listed(found), slot));
    }
  }

  void check_complete(const std::string& slot, const TableSketch& table, const std::vector<std::string>& names) {
    for (const auto& name : names) {
      const auto* column = table.find(name);
      if (column == nullptr || column->nulls == 0) continue;
      add(slot, name,
          fmt::format("{} of {} values of '{}' in slot '{}' are missing: fill them in", column->nulls, table.rows, name,
                      slot));
    }
  }

  /// Whether the report has a problem with this value already: one complaint is enough.
  bool is_reported(const std::string& slot, const std::string& column, const std::string& value) const {
    return std::ranges::any_of(report_.problems, [&](const ReportProblem& problem) {
      return problem.slot == slot && problem.column == column &&
             std::ranges::find(problem.values, value, &BadValue::value) != problem.values.end();
    });
  }

  /// Values that fail, with how often they occur.
  template <class Fails>
  std::vector<BadValue> failing(const std::string& slot, const ColumnSketch& column, const Fails& fails) const {
    std::vector<BadValue> bad;
    const auto values = values_of(column);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!fails(values[i]) || is_reported(slot, column.name, values[i])) continue;
      bad.push_back({.value = values[i],
                     .count = i < column.counts.size() ? column.counts[i] : 0,
                     .row = i < column.rows.size() ? column.rows[i] : -1});
    }
    return bad;
  }

  static std::vector<std::string> names_of(const std::vector<BadValue>& bad) {
    std::vector<std::string> names;
    for (const auto& one : bad) names.push_back(one.value);
    return names;
  }

  void check_terms(const std::string& slot, const TableSketch& table, const js::object& columns) {
    for (const auto& [key, rule] : columns) {
      const std::string name(key);
      const auto& asked = object_of(rule, name);
      const auto* column = table.find(name);
      for (const auto& [which, list] : asked) {
        if (which != "only" && which != "never")
          refuse(fmt::format("'{}.{}' is not a rule", name, std::string_view(which)));
        const auto terms = texts_of(list, name);
        if (column == nullptr) continue;
        const bool only = which == "only";
        auto bad = failing(slot, *column, [&](const std::string& value) { return is_among(terms, value) != only; });
        if (bad.empty()) continue;
        const auto values = listed(names_of(bad));
        add(slot, name,
            only ? fmt::format("{} in '{}' in slot '{}': allowed is {}", values, name, slot, listed(terms))
                 : fmt::format("{} in '{}' in slot '{}' is too general, and not allowed: name a narrower term", values,
                               name, slot),
            std::move(bad));
      }
    }
  }

  /// A value is wrong if none of the values of the other column allows it; whichever row it is in.
  void check_when(const std::string& slot, const TableSketch& table, const js::value& rules) {
    if (!rules.is_array()) refuse("'when' is not a list, as a rule");
    for (const auto& one : rules.get_array()) {
      const auto& rule = object_of(one, "when");
      const auto* name = rule.if_contains("column");
      const auto* other = rule.if_contains("of");
      const auto* allowed = rule.if_contains("allowed");
      if (name == nullptr || !name->is_string() || other == nullptr || !other->is_string() || allowed == nullptr)
        refuse("'when' names no column, of and allowed, as a rule");
      const auto* column = table.find(std::string(name->get_string()));
      const auto* of = table.find(std::string(other->get_string()));
      if (column != nullptr && of != nullptr) check_pair(slot, *column, *of, object_of(*allowed, "allowed"));
    }
  }

  void check_pair(const std::string& slot, const ColumnSketch& column, const ColumnSketch& of,
                  const js::object& allowed) {
    std::vector<std::string> may;
    const auto causes = values_of(of);
    if (causes.empty() || !of.complete) return;
    for (const auto& cause : causes) {
      const auto* found = allowed.if_contains(cause);
      if (found == nullptr || is_reported(slot, of.name, cause)) return;  // it allows anything
      std::ranges::move(texts_of(*found, cause), std::back_inserter(may));
    }
    auto bad = failing(slot, column, [&](const std::string& value) { return !is_among(may, value); });
    if (bad.empty()) return;
    auto message = fmt::format("{} in '{}' in slot '{}': where '{}' is {}, allowed is {}", listed(names_of(bad)),
                               column.name, slot, of.name, listed(causes), listed(may));
    add(slot, column.name, std::move(message), std::move(bad));
  }

  /// A key of a dictionary: null if there is none, or it is not one value.
  static const std::string* text_of(const TableSketch& table, const std::string& key, Value& held) {
    const auto* column = table.find(key);
    if (column == nullptr || column->values.size() != 1) return nullptr;
    held = column->values.value(0);
    return held.text();
  }

  void check_texts(const std::string& slot, const TableSketch& table, const std::vector<std::string>& keys) {
    for (const auto& key : keys) {
      Value held;
      const auto* text = text_of(table, key, held);
      if (text != nullptr && !base::trim(*text).empty()) continue;
      add(slot, key,
          table.find(key) == nullptr ? fmt::format("'{}' is missing in slot '{}': add a text", key, slot)
                                     : fmt::format("'{}' in slot '{}' has to be a text that is not empty", key, slot));
    }
  }

  void check_values(const std::string& slot, const TableSketch& table, const js::object& keys) {
    for (const auto& [name, list] : keys) {
      const std::string key(name);
      const auto allowed = texts_of(list, key);
      Value held;
      const auto* text = text_of(table, key, held);
      if (table.find(key) == nullptr || (text != nullptr && is_among(allowed, *text))) continue;
      if (text != nullptr && is_reported(slot, key, *text)) continue;
      add(slot, key,
          fmt::format("'{}' in slot '{}' is {}: allowed is {}", key, slot,
                      held.is_null() ? std::string("no text") : to_string(held), listed(allowed)));
    }
  }

  void check_keys(const std::string& slot, const TableSketch& table, const js::object& keys) {
    for (const auto& [name, where] : keys) {
      if (!where.is_string() || where.get_string() != "obsm") refuse("'keys_of' is about obsm, as a rule");
      const std::string key(name);
      Value held;
      const auto* text = text_of(table, key, held);
      if (table.find(key) == nullptr) continue;
      const auto known = [&](const auto& array) { return text != nullptr && array.first == *text; };
      if (std::ranges::any_of(sketch_.obsm, known)) continue;
      add(slot, key,
          fmt::format("'{}' in slot '{}' is {}, which names no array of obsm: {}", key, slot, to_string(held),
                      sketch_.obsm.empty() ? std::string("there is none") : "it has " + arrays()));
    }
  }

  std::string arrays() const {
    std::vector<std::string> names;
    for (const auto& [name, shape] : sketch_.obsm) names.push_back(name);
    return listed(names);
  }

  void check_arrays(const js::object& rules) {
    std::string prefix;
    std::int64_t columns = 0;
    for (const auto& [rule, value] : rules) {
      if (rule == "any" && value.is_string()) prefix = value.get_string();
      else if (rule == "columns" && value.is_int64()) columns = value.get_int64();
      else refuse(fmt::format("'obsm.{}' is not a rule", std::string_view(rule)));
    }
    const auto fits = [&](const auto& array) { return array.first.starts_with(prefix); };
    if (std::ranges::none_of(sketch_.obsm, fits)) {
      add("obsm", "",
          sketch_.obsm.empty()
              ? fmt::format("obsm has no array: add an embedding, such as '{}umap'", prefix)
              : fmt::format("no array of obsm begins with '{}', only {}: rename an embedding", prefix, arrays()));
    }
    for (const auto& [name, shape] : sketch_.obsm) {
      if (!name.starts_with(prefix)) continue;
      if (shape.size() != 2) {
        add("obsm", name, fmt::format("'{}' of obsm is not an array of two dimensions", name));
      } else if (shape[1] < columns) {
        add("obsm", name,
            fmt::format("array '{}' of obsm has {} column{}: an embedding has at least {}", name, shape[1],
                        shape[1] == 1 ? "" : "s", columns));
      } else if (sketch_.n_obs >= 0 && shape[0] != sketch_.n_obs) {
        add("obsm", name, fmt::format("array '{}' of obsm has {} rows, but obs has {}", name, shape[0], sketch_.n_obs));
      }
    }
  }

  const format::FileSketch& sketch_;
  FileReport& report_;
};

}  // namespace

void check_layout(const Record& schema, const format::FileSketch& sketch, FileReport& report) {
  const auto rules = format_rules(schema, "anndata");
  if (!rules.empty()) Layout(sketch, report).check(object_of(base::parse_json(rules), "anndata"));
}

}  // namespace lamin::lake
