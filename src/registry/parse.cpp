// parse.cpp -- the text spelling of a condition.
//
//   either  := both ("or" both)*
//   both    := single ("and" single)*
//   single  := "not" single | "(" either ")" | "true" | "false" | "visible()" | path comparison
//   comparison := ("=" "==" "!=" "<" "<=" ">" ">=" "~" "!~") value | "is" ["not"] "null" |
//                 ["not"] look-up (value | "(" value, ... ")")
//   path    := segment ("." segment | "__" segment)*, where a segment may be in double quotes
//   value   := "text" | 'text' | number | true | false | null | 2026-01-31 | 2026-01-31T12:00:00Z
//
// A look-up is the name of an Op: `name icontains "t"`, `size range (1, 5)`; it may also end the path
// ("name__icontains = 't'"). "~" is a regular expression. Nested "and" is flattened: one text
// is one condition, so conditions on the same relation mean the same related row.
#include <charconv>
#include <optional>

#include "lamin/error.hpp"
#include "registry/expr.hpp"

namespace lamin {
namespace {

constexpr int deepest = 200;  // a condition typed by hand never nests this deep; input from the network may try

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Expr whole() {
    skip();
    if (at_ == text_.size()) return {};
    Expr e = either(0);
    if (at_ != text_.size()) fail("expected 'and', 'or' or the end");
    return e;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    std::string found = at_ < text_.size() ? "'" + std::string(text_.substr(at_, 12)) + "'" : "the end of the text";
    throw Error(Code::invalid_argument, "Cannot read the condition at position " + std::to_string(at_ + 1) + ": " +
                                            what + ", found " + found +
                                            ". Write it like: name = \"x\" and (size > 10 or key ~ \"pbmc\").");
  }
  void skip() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool symbol(std::string_view s) {
    if (!text_.substr(at_).starts_with(s)) return false;
    at_ += s.size();
    skip();
    return true;
  }
  bool word(std::string_view w) {
    const auto rest = text_.substr(at_);
    if (rest.size() < w.size() || (rest.size() > w.size() && (is_word(rest[w.size()]) || rest[w.size()] == '.')))
      return false;
    for (std::size_t i = 0; i < w.size(); ++i)
      if ((rest[i] | 0x20) != w[i]) return false;
    at_ += w.size();
    skip();
    return true;
  }

  Expr joined(Expr::Node node, std::vector<Expr> children) {
    if (children.size() == 1) return std::move(children[0]);
    Expr e;
    e.node = node;
    for (auto& child : children) {
      if (child.node == node)
        for (auto& grandchild : child.children) e.children.push_back(std::move(grandchild));
      else e.children.push_back(std::move(child));
    }
    return e;
  }
  Expr either(int depth) {
    std::vector<Expr> children;
    do children.push_back(both(depth));
    while (word("or"));
    return joined(Expr::Node::any_of, std::move(children));
  }
  Expr both(int depth) {
    std::vector<Expr> children;
    do children.push_back(single(depth));
    while (word("and"));
    return joined(Expr::Node::all_of, std::move(children));
  }
  Expr single(int depth) {
    if (depth > deepest) fail("nested deeper than " + std::to_string(deepest) + " levels");
    if (word("not")) {
      std::vector<Expr> children;
      children.push_back(single(depth + 1));
      return Expr::none_of(std::move(children));
    }
    if (symbol("visible()")) return Expr::visible();
    if (word("true")) return Expr::all_of({});
    if (word("false")) return Expr::any_of({});
    if (symbol("(")) {
      Expr e = either(depth + 1);
      if (!symbol(")")) fail("expected ')'");
      return e;
    }
    return comparison();
  }

  std::string path() {
    const auto begin = at_;
    const auto segment = [&] {
      if (at_ < text_.size() && text_[at_] == '"') quoted('"', false);
    };
    segment();
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) {
      if (text_[at_++] == '.') segment();
    }
    if (at_ == begin || is_digit(text_[begin])) {
      at_ = begin;
      fail("expected a field");
    }
    std::string p(text_.substr(begin, at_ - begin));
    skip();
    return p;
  }
  Expr comparison() {
    std::string p = path();
    if (word("is")) {
      const bool negated = word("not");
      if (!word("null")) fail("expected 'null'");
      return Expr::compare(std::move(p), Op::isnull, Value(!negated));
    }
    const bool negated = word("not");
    if (const auto op = look_up()) {
      Expr e = Expr::compare(std::move(p), *op, Value());
      e.values = values_of(*op);
      if (!negated) return e;
      std::vector<Expr> children;
      children.push_back(std::move(e));
      return Expr::none_of(std::move(children));
    }
    if (negated) fail("expected 'in' or another look-up");
    const bool unlike = symbol("!~");
    if (unlike || symbol("~")) {
      Expr e = Expr::compare(std::move(p), Op::regex, value());
      if (!unlike) return e;
      std::vector<Expr> children;
      children.push_back(std::move(e));
      return Expr::none_of(std::move(children));
    }
    const Op op = order();
    if (op != Op::exact) return Expr::compare(std::move(p), op, value());
    std::vector<Value> values;
    values.push_back(value());
    return Expr::lookup(p, std::move(values));
  }
  Op order() {
    if (symbol("!=")) return Op::ne;
    if (symbol("<=")) return Op::lte;
    if (symbol(">=")) return Op::gte;
    if (symbol("<")) return Op::lt;
    if (symbol(">")) return Op::gt;
    if (symbol("==") || symbol("=")) return Op::exact;
    fail("expected one of = != < <= > >= ~ in is, or another look-up");
  }
  std::optional<Op> look_up() {
    auto end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const auto op = registry::find_op(text_.substr(at_, end - at_));
    if (op) {
      at_ = end;
      skip();
    } else if (word("in")) {  // in any letter case
      return Op::in;
    }
    return op;
  }
  std::vector<Value> values_of(Op op) {
    if (registry::takes_list(op) || op == Op::range) return list();
    std::vector<Value> values;
    values.push_back(value());
    return values;
  }
  std::vector<Value> list() {
    if (!symbol("(")) fail("expected '(' and a list of values");
    std::vector<Value> values;
    if (symbol(")")) return values;
    do values.push_back(value());
    while (symbol(","));
    if (!symbol(")")) fail("expected ',' or ')'");
    return values;
  }
  Value value() {
    if (at_ == text_.size()) fail("expected a value");
    const char c = text_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if (word("true")) return Value(true);
    if (word("false")) return Value(false);
    if (word("null") || word("none")) return Value();
    if (is_digit(c) || c == '-' || c == '+') return number();
    fail("expected a value (text goes in quotes)");
  }
  /// Up to the closing quote; skips blanks after it unless a path continues there.
  Value quoted(char quote, bool alone = true) {
    const auto begin = at_++;
    std::string s;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        const char c = text_[at_];
        s += c == 'n' ? '\n' : c == 't' ? '\t' : c;
      } else {
        s += text_[at_];
      }
      ++at_;
    }
    if (at_ == text_.size()) {
      at_ = begin;
      fail("the quote is not closed");
    }
    ++at_;
    if (alone) skip();
    return Value(std::move(s));
  }
  /// Digits with more than one '-' or a ':' are a day or a time; they stay text until the field's type is known.
  Value number() {
    const auto begin = at_;
    while (at_ < text_.size() &&
           (is_word(text_[at_]) || std::string_view("+-.:").find(text_[at_]) != std::string::npos))
      ++at_;
    std::string_view s = text_.substr(begin, at_ - begin);
    if (s.starts_with('+')) s.remove_prefix(1);
    std::int64_t i = 0;
    const char* end = s.data() + s.size();
    if (auto r = std::from_chars(s.data(), end, i); r.ec == std::errc() && r.ptr == end) {
      skip();
      return Value(i);
    }
    double d = 0;
    if (auto r = std::from_chars(s.data(), end, d); r.ec == std::errc() && r.ptr == end) {
      skip();
      return Value(d);
    }
    if (s.size() >= 10 && s[4] == '-' && s[7] == '-') {
      skip();
      return Value(s);
    }
    at_ = begin;
    fail("expected a number or a date like 2026-01-31");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Expr Expr::parse(std::string_view text) { return Parser(text).whole(); }

}  // namespace lamin
