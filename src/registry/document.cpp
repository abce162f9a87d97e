// document.cpp -- places within JSON columns in SQL.
//
// SQLite compares keys as written in the stored text, where everything beyond ASCII is escaped; so the path is escaped
// as well. A numeric key is a position in a list.
#include <boost/json/value.hpp>

#include "base/json.hpp"
#include "lamin/error.hpp"
#include "registry/compile.hpp"
#include "registry/expr.hpp"

namespace lamin::registry {
namespace {

bool is_index(const std::string& key) {
  return !key.empty() && key.size() < 10 && key.find_first_not_of("0123456789") == std::string::npos;
}

std::string sqlite_path(const std::vector<std::string>& keys) {
  std::string out = "$";
  for (const auto& key : keys) {
    if (is_index(key)) {
      out += '[' + key + ']';
      continue;
    }
    std::string text = base::write_json(boost::json::value(key));  // in quotes
    const std::string_view inner = std::string_view(text).substr(1, text.size() - 2);
    if (inner.find('"') == std::string_view::npos) {
      out += '.' + text;
    } else if (inner.find_first_of(".[") == std::string_view::npos) {
      out += '.' + std::string(inner);  // a quote would end a quoted key
    } else {
      throw Error(Code::unsupported, "SQLite finds no key with both a quote and one of '.', '[': '" + key + "'.");
    }
  }
  return out;
}

std::string postgres_path(const std::vector<std::string>& keys) {
  std::string out = "{";
  for (const auto& key : keys) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : key) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + '}';
}

}  // namespace

std::string Compiler::json_path(const std::vector<std::string>& keys) const {
  return dialect_ == db::Dialect::sqlite ? sqlite_path(keys) : postgres_path(keys);
}

void Compiler::json_type(std::string& out) {
  const bool lite = dialect_ == db::Dialect::sqlite;
  constant(json_path(term_.keys),
           lite ? "json_type(" + term_.sql + ", ?)" : "jsonb_typeof(" + term_.sql + " #> ?::text[])", out);
}

/// The document at a place, as a document.
void Compiler::json_piece(const Term& term, std::string& out) {
  const bool lite = dialect_ == db::Dialect::sqlite;
  if (term.keys.empty()) out += term.sql;
  else constant(json_path(term.keys), "(" + term.sql + (lite ? " -> ?)" : " #> ?::text[])"), out);
}

/// A place in a document, as the type it is compared with; null where it holds something else.
void Compiler::json_operand(std::string& out) {
  const bool lite = dialect_ == db::Dialect::sqlite;
  const auto& column = term_.sql;
  const auto path = json_path(term_.keys);
  const auto kind = [&](std::string_view sqlite, std::string_view postgres) {
    out += "CASE WHEN ";
    json_type(out);
    if (lite) {
      constant(path, " IN (" + std::string(sqlite) + ") THEN json_extract(" + column + ", ?) END", out);
    } else {
      constant(path, " = '" + std::string(postgres) + "' THEN (" + column + " #>> ?::text[])", out);
      out += type_ == Type::real ? "::double precision END" : type_ == Type::boolean ? "::boolean END" : " END";
    }
  };
  if (type_ == Type::real) kind("'integer', 'real'", "number");
  else if (type_ == Type::boolean) kind("'true', 'false'", "boolean");
  else kind("'text'", "string");
}

/// A missing key and an explicit null are different; a column without a document counts as both.
void Compiler::json_null(const Expr& leaf, bool is_null, std::string& out) {
  out += '(';
  json_type(out);
  if (leaf.op == Op::isnull) out += is_null ? " IS NULL)" : " IS NOT NULL)";
  else out += " = 'null')";
}

void Compiler::json_keys(const Expr& leaf, std::string& out) {
  if (leaf.values.empty()) {
    out += leaf.op == Op::has_any_keys ? "1 = 0" : "1 = 1";
    return;
  }
  const auto before = term_.keys;
  out += '(';
  for (std::size_t i = 0; i < leaf.values.size(); ++i) {
    const auto* key = leaf.values[i].text();
    if (key == nullptr)
      throw Error(Code::invalid_argument, "'" + std::string(op_name(leaf.op)) + "' takes names of keys, not " +
                                              to_string(leaf.values[i]) + ".");
    if (i > 0) out += leaf.op == Op::has_any_keys ? " OR " : " AND ";
    term_.keys = before;
    term_.keys.push_back(*key);
    json_type(out);
    out += " IS NOT NULL";
  }
  term_.keys = before;
  out += ')';
}

/// Compares two documents by content, ignoring blanks.
bool Compiler::whole_document(const Expr& leaf, Slot s, std::string& out) {
  if (term_.column->type != Type::json || leaf.values.empty() || !std::holds_alternative<Json>(leaf.values[0]))
    return false;
  if (leaf.op != Op::exact && leaf.op != Op::ne)
    throw Error(Code::invalid_argument, "'" + std::string(op_name(leaf.op)) + "' does not apply to '" + leaf.path +
                                            "': a JSON document can only be compared for equality.");
  s.type = type_ = Type::json;
  const bool lite = dialect_ == db::Dialect::sqlite;
  out += lite ? "json(" : "";
  json_piece(term_, out);
  out += lite ? ") = json(" : " = ";
  slot(s, Bind::value, 0, out);
  if (lite) out += ')';
  return true;
}

}  // namespace lamin::registry
