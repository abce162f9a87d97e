// dtype.hpp -- what values a feature takes.
//
// A dtype is stored as text with the feature: "int", "list[float]", "cat[bionty.CellType.ontology_id]". It has one of a
// dozen bases. One table has a row per base, with everything that depends on it: which values are stored, which columns
// of a dataset fit, and what Python and pandas call it.
//
// Example: examples/cpp/dtype.cpp
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/catalog.hpp"
#include "lamin/frame.hpp"
#include "lamin/value.hpp"

namespace lamin {

/// A dtype, taken apart: "cat[bionty.CellType.ontology_id]", "list[float]", "cat[ULabel[<uid>]]".
struct Dtype {
  enum class Base : std::uint8_t {
    integer,
    floating,
    number,  ///< integers and reals, each as it is
    text,
    boolean,
    date,
    datetime,      ///< without a time zone
    datetime_utc,  ///< with one
    dict,
    path,
    url,
    object,  ///< any value
    category,
  };
  Base base = Base::object;
  bool list = false;
  /// Whose rows the values name: registry and field, of one type, under a condition ("a=x, b=y").
  struct Target {
    std::string registry = {}, field = {}, type_uid = {}, filter = {};
  };
  std::vector<Target> targets = {};  ///< of category only: one, several for a union, none for labels of any registry

  bool is_category() const { return base == Base::category; }
};

/// What depends on the base alone.
struct DtypeRow {
  Dtype::Base base;
  std::string_view name;                    ///< as it is stored: "int", "datetime64[ns, UTC]", "cat"
  std::vector<Type> values;                 ///< types of Value that fit, the usual one first; empty: any, or labels
  std::vector<Column::Kind> columns;        ///< kinds of column that fit, the one to convert to first; empty: any
                                            ///< (a column of objects is compared cell by cell)
  std::string_view python;                  ///< class of a value in Python: "int", "datetime.datetime"
  std::string_view pandas;                  ///< dtype of a pandas column of such values, some missing; "" = object
  std::vector<std::string_view> spellings;  ///< what Python, numpy and pandas call it, in lower case, without widths
};
const DtypeRow& row(Dtype::Base base);   ///< lives as long as the process
std::span<const DtypeRow> dtype_rows();  ///< all of them

/// Throws validation naming what is allowed.
Dtype parse_dtype(const schema::Catalog& catalog, std::string_view text);
/// The base that a type of Python, numpy or pandas stands for: "Path", "uint8", "boolean", "datetime64[us, UTC]".
/// Widths and case do not matter.
std::optional<Dtype::Base> base_called(std::string_view name);
/// The base that values of this type are stored with if nobody says otherwise.
Dtype::Base base_of(const Value& value);

}  // namespace lamin
