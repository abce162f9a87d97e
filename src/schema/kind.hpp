// kind.hpp -- the one table that says what each kind is in every face, and the names of the enums in JSON.
//
// To add a kind: one row here, one value in include/lamin/schema.hpp, and its representation in
// include/lamin/value.hpp. Nothing else switches over kinds.
#pragma once
#include <array>
#include <string_view>
#include "lamin/schema.hpp"
#include "lamin/value.hpp"

namespace lamin::schema {

struct KindRow {
  Kind kind;
  std::string_view name;      ///< in JSON
  Type type;                  ///< how a value of it is stored
  std::string_view sqlite;    ///< declared type; {n}: the field's size
  std::string_view postgres;  ///< likewise
  std::string_view arrow;
  std::string_view python;      ///< {to}: the class pointed at
  std::string_view typescript;  ///< likewise
};

// A text without a size is `text`, and a ref has the type of the primary key it holds: see column_type() in ddl.cpp.
inline constexpr std::array kinds = {
    KindRow{Kind::text, "text", Type::text, "varchar({n})", "varchar({n})", "utf8", "str", "string"},
    KindRow{Kind::integer, "integer", Type::integer, "integer", "integer", "int64", "int", "number"},
    KindRow{Kind::real, "real", Type::real, "real", "double precision", "float64", "float", "number"},
    KindRow{Kind::boolean, "boolean", Type::boolean, "bool", "boolean", "bool", "bool", "boolean"},
    KindRow{Kind::time, "time", Type::time, "datetime", "timestamp with time zone", "timestamp[us, UTC]",
            "datetime.datetime", "string"},
    KindRow{Kind::date, "date", Type::date, "date", "date", "date32", "datetime.date", "string"},
    KindRow{Kind::json, "json", Type::json, "text", "jsonb", "utf8", "Any", "unknown"},
    KindRow{Kind::duration, "duration", Type::duration, "bigint", "interval", "duration[us]", "datetime.timedelta",
            "number"},
    KindRow{Kind::ref, "ref", Type::integer, "integer", "integer", "int64", "{to}", "Ref"},
    KindRow{Kind::link, "link", Type::integer, "", "", "list<int64>", "RelatedManager[{to}]", "Ref[]"},
};

constexpr const KindRow& row(Kind kind) { return kinds[static_cast<std::size_t>(kind)]; }

/// Names of the other enums, in the order of their values.
inline constexpr std::array<std::string_view, 7> fill_names = {"nobody", "constant", "random_uid", "ontology_uid",
                                                               "now",    "user",     "run"};
inline constexpr std::array<std::string_view, 2> on_names = {"protect", "cascade"};
inline constexpr std::array<std::string_view, 9> trait_names = {
    "versioned", "typed", "hierarchical", "curatable", "synonyms", "abbreviated", "branched", "link", "ontology"};

static_assert(
    [] {
      for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i].kind != static_cast<Kind>(i)) return false;
      }
      return kinds.size() == static_cast<std::size_t>(Kind::link) + 1 &&
             fill_names.size() == static_cast<std::size_t>(Fill::run) + 1 &&
             on_names.size() == static_cast<std::size_t>(On::cascade) + 1 &&
             trait_names.size() == static_cast<std::size_t>(Trait::ontology) + 1;
    }(),
    "the tables follow the order of their enums");

}  // namespace lamin::schema
