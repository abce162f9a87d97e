// compare.cpp -- one comparison in SQL, in both dialects.
//
// Where the databases differ, the meaning here is the same: text is compared bytewise and case-sensitively; look-ups
// that start with `i` ignore case in all of Unicode; a stored time counts whatever its precision.
#include <algorithm>

#include "lamin/error.hpp"
#include "registry/compile.hpp"
#include "registry/expr.hpp"
#include "registry/values.hpp"

namespace lamin::registry {
namespace {

bool is_text(const Value& v) { return v.text() != nullptr; }

[[noreturn]] void no_such(const Expr& leaf, std::string_view why) {
  throw Error(Code::invalid_argument,
              "'" + std::string(op_name(leaf.op)) + "' does not apply to '" + leaf.path + "': " + std::string(why));
}

const Value* first_value(const Expr& leaf) {
  for (const auto& v : leaf.values)
    if (!v.is_null()) return &v;
  return nullptr;
}

/// Rows of another registry may have the same ids: comparing with those would find the wrong rows.
void check_registry(const Expr& leaf, const Path& path) {
  if (leaf.of.empty()) return;
  const auto& column = *path.column;
  const schema::Table* asked = &column == &path.table->columns[0] ? path.table : column.to;
  if (asked != nullptr && asked->qualified == leaf.of) return;
  throw Error(Code::invalid_argument, "'" + leaf.path + "' is compared with rows of " + leaf.of + ", but it " +
                                          (asked == nullptr ? "holds " + std::string(type_name(path.type()))
                                                            : "leads to " + asked->qualified.str()) +
                                          ".");
}

}  // namespace

void Compiler::slot(Slot slot, Bind how, int value, std::string& out) {
  slot.how = how;
  slot.value = value;
  slots_.push_back(std::move(slot));
  out += '?';
}

void Compiler::constant(Value value, std::string_view text, std::string& out) {
  slots_.push_back({.how = Bind::constant, .constant = std::move(value)});
  out += text;
}

void Compiler::operand(std::string& out) {
  if (term_.column->type == Type::json) return json_operand(out);
  const bool cast = type_ == Type::text && term_.type != Type::text;
  const bool widen = type_ == Type::real && term_.type == Type::integer;
  if (cast || widen) out += "CAST(" + part_sql(term_, dialect_) + (cast ? " AS text)" : " AS double precision)");
  else out += part_sql(term_, dialect_);
}

void Compiler::folded_operand(std::string& out) {
  out += dialect_ == db::Dialect::sqlite ? "lamin_fold(" : "lower(";
  operand(out);
  out += fold_by_icu_ ? " COLLATE \"und-x-icu\")" : ")";
}

void Compiler::ordered(const Expr& leaf, Slot s, std::string_view op, Bind bound, int value, std::string& out) {
  if (static_cast<std::size_t>(value) >= leaf.values.size()) no_such(leaf, "it needs a value.");
  operand(out);
  if (type_ == Type::text && dialect_ == db::Dialect::postgres) out += " COLLATE \"C\"";
  out += op;
  slot(std::move(s), type_ == Type::time ? bound : Bind::value, value, out);
}

void Compiler::equal(const Expr& leaf, Slot s, std::string& out) {
  if (leaf.values.size() != 1) no_such(leaf, "it takes one value.");
  if (type_ == Type::time && dialect_ == db::Dialect::sqlite) {
    out += '(';
    ordered(leaf, s, " >= ", Bind::low, 0, out);
    out += " AND ";
    ordered(leaf, s, " <= ", Bind::high, 0, out);
    out += ')';
    return;
  }
  operand(out);
  out += " = ";
  slot(std::move(s), Bind::value, 0, out);
}

void Compiler::text_like(const Expr& leaf, Slot s, std::string& out) {
  const bool lite = dialect_ == db::Dialect::sqlite;
  type_ = s.type = Type::text;
  s.relation = nullptr;
  const bool fold =
      leaf.op == Op::iexact || leaf.op == Op::icontains || leaf.op == Op::istartswith || leaf.op == Op::iendswith;
  auto left = [&] { fold ? folded_operand(out) : operand(out); };
  const Bind plain = fold ? Bind::folded : Bind::value;
  if (leaf.op == Op::iexact) {
    left();
    out += " = ";
    return slot(s, Bind::folded, 0, out);
  }
  const int place = leaf.op == Op::contains || leaf.op == Op::icontains       ? 0
                    : leaf.op == Op::startswith || leaf.op == Op::istartswith ? 1
                                                                              : 2;
  if (!lite) {
    constexpr Bind patterns[2][3] = {{Bind::like_any, Bind::like_start, Bind::like_end},
                                     {Bind::like_any_folded, Bind::like_start_folded, Bind::like_end_folded}};
    left();
    out += " LIKE ";
    return slot(s, patterns[fold ? 1 : 0][place], 0, out);
  }
  if (leaf.op == Op::startswith) {  // as a range, which an index serves
    out += '(';
    left();
    out += " >= ";
    slot(s, Bind::value, 0, out);
    out += " AND ";
    left();
    out += " < ";
    slot(s, Bind::next, 0, out);
    out += ')';
    return;
  }
  if (place == 2) {
    out += "substr(";
    left();
    out += ", length(";
    left();
    out += ") - length(";
    slot(s, plain, 0, out);
    out += ") + 1) = ";
    return slot(s, plain, 0, out);
  }
  out += "instr(";
  left();
  out += ", ";
  slot(s, plain, 0, out);
  out += place == 0 ? ") > 0" : ") = 1";
}

void Compiler::in_list(const Expr& leaf, Slot s, std::string& out) {
  std::size_t n = 0;
  for (const auto& v : leaf.values) n += !v.is_null();
  if (n == 0) {
    out += "1 = 0";
    return;
  }
  // All lists of this padded length share the shape: the last value is repeated.
  std::size_t padded = 1;
  while (padded < n) padded *= 2;
  const bool lite = dialect_ == db::Dialect::sqlite;
  if (type_ == Type::time && lite) {
    out += '(';
    for (std::size_t i = 0; i < padded; ++i) {
      out += i > 0 ? " OR (" : "(";
      operand(out);
      out += " >= ";
      slot(s, Bind::low, static_cast<int>(i), out);
      out += " AND ";
      operand(out);
      out += " <= ";
      slot(s, Bind::high, static_cast<int>(i), out);
      out += ')';
    }
    out += ')';
    return;
  }
  operand(out);
  const bool listable = type_ == Type::text || type_ == Type::integer;
  if (n > longest_inline_list && listable && fits_one_parameter(leaf.values)) {
    out += lite ? " IN (SELECT value FROM json_each(" : " = ANY(";
    slot(s, Bind::list, 0, out);
    out += lite ? "))" : type_ == Type::text ? "::text[])" : "::bigint[])";
    return;
  }
  out += " IN (";
  for (std::size_t i = 0; i < padded; ++i) {
    if (i > 0) out += ", ";
    slot(s, Bind::value, static_cast<int>(i), out);
  }
  out += ')';
}

void Compiler::compare_term(const Expr& leaf, Slot s, std::string& out) {
  switch (leaf.op) {
    case Op::exact:
    case Op::ne: return equal(leaf, s, out);
    case Op::in: return in_list(leaf, s, out);
    case Op::gt: return ordered(leaf, s, " > ", Bind::high, 0, out);
    case Op::gte: return ordered(leaf, s, " >= ", Bind::low, 0, out);
    case Op::lt: return ordered(leaf, s, " < ", Bind::low, 0, out);
    case Op::lte: return ordered(leaf, s, " <= ", Bind::high, 0, out);
    case Op::range:
      if (leaf.values.size() != 2) no_such(leaf, "it needs two values.");
      out += '(';
      ordered(leaf, s, " >= ", Bind::low, 0, out);
      out += " AND ";
      ordered(leaf, s, " <= ", Bind::high, 1, out);
      out += ')';
      return;
    case Op::regex:
    case Op::iregex: {
      type_ = s.type = Type::text;
      s.relation = nullptr;
      const bool fold = leaf.op == Op::iregex;
      if (dialect_ == db::Dialect::sqlite) {
        out += "regexp(";
        slot(s, fold ? Bind::regex_folded : Bind::regex, 0, out);
        out += ", ";
        operand(out);
        out += ')';
      } else {
        operand(out);
        out += fold ? " ~* " : " ~ ";
        slot(s, Bind::regex, 0, out);
      }
      return;
    }
    default: return text_like(leaf, s, out);
  }
}

/// For a few rows given by name, looks up their ids first, so that PostgreSQL knows how few pairs are meant. For a join
/// it expects the average of all rows.
bool Compiler::named_rows(const Expr& leaf, const Path& path, Scope& scope, std::string& out) {
  if (dialect_ != db::Dialect::postgres || path.relations.empty() || path.column->type != Type::text) return false;
  const bool names =
      path.column->name == path.table->name_field || (path.column->field != nullptr && path.column->field->unique);
  const bool few = leaf.op == Op::exact || (leaf.op == Op::in && leaf.values.size() <= longest_inline_list);
  if (!names || !few || path.relations.back()->shape != schema::Relation::Shape::many_to_many) return false;
  Path pair = path;
  pair.column = &path.table->columns[0];
  out += scope.term(pair, false).sql + " = ANY(ARRAY(SELECT ";
  Scope inner(*path.table, aliases_);
  term_ = inner.term({.column = path.column, .table = path.table}, false);
  type_ = term_.type;
  out += inner.id() + " FROM " + inner.from() + " WHERE ";
  compare_term(leaf, {.leaf = leaf_.at(&leaf), .type = type_, .column = term_.column}, out);
  out += "))";
  return true;
}

void Compiler::compare(const Expr& leaf, Scope& scope, bool left, std::string& out) {
  Path path = follow(scope.table(), leaf.path);
  check_registry(leaf, path);
  const bool given = !leaf.values.empty();
  const bool absent = leaf.op == Op::isnull
                          ? !given || leaf.values[0].boolean_or(true)
                          : (leaf.op == Op::exact || leaf.op == Op::ne) && given && leaf.values[0].is_null();
  if (!left && !absent && named_rows(leaf, path, scope, out)) return;
  term_ = scope.term(path, left || absent);
  type_ = term_.type;
  Slot s{.leaf = leaf_.at(&leaf), .type = type_, .column = term_.column, .relation = term_.relation};
  if (leaf.op == Op::isnull || absent) {
    if (type_ == Type::json && !term_.keys.empty()) return json_null(leaf, absent, out);
    out += term_.sql + (absent ? " IS NULL" : " IS NOT NULL");
    return;
  }
  if (asks_keys(leaf.op)) {
    if (type_ != Type::json) no_such(leaf, "it holds no JSON document.");
    return json_keys(leaf, out);
  }
  if (calendar(leaf, s, out) || whole_document(leaf, s, out)) return;
  const auto* value = first_value(leaf);
  if (type_ == Type::json) {
    const bool number =
        value && (std::holds_alternative<std::int64_t>(*value) || std::holds_alternative<double>(*value));
    const bool truth = value && std::holds_alternative<bool>(*value);
    type_ = s.type = number ? Type::real : truth ? Type::boolean : Type::text;
  } else if (type_ == Type::integer && std::any_of(leaf.values.begin(), leaf.values.end(), has_fraction)) {
    type_ = s.type = Type::real;  // compare 1.5 as it is
  }
  if (s.relation != nullptr && value && is_text(*value)) s.type = Type::integer;
  compare_term(leaf, s, out);
}

}  // namespace lamin::registry
