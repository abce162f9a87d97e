// redact.cpp -- reads a text once and leaves out what a rule calls a secret.
//
// A rule starts at a sign ('=', ':', ',', '-', '>') or at a word, and looks a bounded way back for a name and ahead for
// a value. What a rule has taken is not read again.
#include "base/redact.hpp"
#include <algorithm>
#include <array>
#include "base/redact_forms.hpp"
#include "base/redact_scan.hpp"
#include "base/text.hpp"
#include "base/visible.hpp"

namespace lamin::base {
namespace {

using View = std::string_view;
constexpr auto none = View::npos;

enum class Reading { source, text };

bool alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

/// More than a word of prose or the name of a variable.
bool is_random(View value) {
  return value.size() >= 6 && std::any_of(value.begin(), value.end(), [](char c) { return !alpha(c) && c != '_'; }) &&
         value.find_first_of("()[]{}") == none && !value.ends_with("32") && !value.ends_with("64");
}

/// Environment variables are in capitals; X_KEY holds a key there.
bool is_variable(View name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || digit(c) || c == '_'; });
}
bool is_secret_variable(View name) { return is_secret_name(name) || (is_variable(name) && name.ends_with("_KEY")); }

/// Values that take the rest of their line.
bool is_header(View name) {
  const auto last = lower(name.substr(name.find_last_of("-_ .") == none ? 0 : name.find_last_of("-_ .") + 1));
  return last == "authorization" || last == "cookie" || last == "passphrase";
}

/// Names of parameters that sign a URL.
bool is_signature(View name) {
  static constexpr std::array<View, 7> names = {
      "sig",           "signature", "x-amz-signature", "x-amz-credential", "x-goog-signature", "x-goog-credential",
      "awsaccesskeyid"};
  return std::ranges::find(names, lower(name)) != names.end();
}

bool is_place(View value) {
  return value.starts_with('/') || value.starts_with('.') || value.starts_with('~') ||
         (value.size() > 2 && value[1] == ':' && value[2] == '\\');
}

class Scan {
 public:
  Scan(View text, Reading reading) : text_(text), reading_(reading) {}

  Redaction run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      const auto next = step(at);
      at = next > at ? next : at + 1;
    }
    out_.append(text_.substr(copied_));
    return {std::move(out_), count_};
  }

 private:
  char before(std::size_t at) const { return at == 0 ? '\n' : text_[at - 1]; }
  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\n'; }

  /// Returns where to read on.
  std::size_t step(std::size_t i) {
    if (is_word(text_[i])) return word(i);
    switch (text_[i]) {
      case ':': return text_.substr(i).starts_with("://") ? url(i) : assignment(i);
      case '=': return assignment(i);
      case '<': return at(i + 1) == '-' ? assigned(name_before(text_, i), i + 2, ' ') : 0;
      case ',': return pair(i);
      case '-': return dash(i);
      case '>': return element(i);
      default: return 0;
    }
  }

  std::size_t cover(std::size_t begin, std::size_t end) {
    if (begin < copied_ || end <= begin) return end;
    out_.append(text_.substr(copied_, begin - copied_)).append(redaction_mark);
    copied_ = end;
    ++count_;
    return end;
  }
  std::size_t cover(const Span& span) { return cover(span.begin, span.end); }

  std::size_t word(std::size_t i) {
    if (const auto found = secret_word(text_, i); !found.empty()) return cover(found);
    auto end = i;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const auto size = end - i;
    if ((size == 8 || size == 6) && (text_[i] | 0x20) == 'p') {
      const auto name = lower(text_.substr(i, size));
      if (name == "password" || name == "passwd") {
        if (const auto done = after_password(i, end)) return done;
      }
    }
    if (size >= 4 && at(end) == '(' && lower(text_.substr(end - 4, 4)) == "auth") return login_call(end);
    return end;
  }

  /// .netrc's "login me password x"; SQL's "PASSWORD 'x'".
  std::size_t after_password(std::size_t begin, std::size_t end) {
    const auto value = skip_blanks(text_, end);
    if (value == end || value >= text_.size()) return 0;
    if (text_[value] == '\'') {
      const auto literal = literal_at(text_, value);
      return literal ? literals(value) : 0;
    }
    auto i = begin;
    while (i > 0 && is_space(text_[i - 1])) --i;
    const auto user = i;
    while (i > 0 && user - i < 100 && !is_space(text_[i - 1])) --i;
    while (i > 0 && is_space(text_[i - 1])) --i;
    if (i < 5 || text_.substr(i - 5, 5) != "login") return 0;
    return cover(value, bare_end(value, ""));
  }

  /// HTTPBasicAuth("me", "x")
  std::size_t login_call(std::size_t open) {
    const auto user = literal_at(text_, skip_spaces(text_, open + 1));
    if (!user) return 0;
    const auto comma = skip_spaces(text_, user.after);
    return at(comma) == ',' ? literals(skip_spaces(text_, comma + 1)) : 0;
  }

  /// A login or a token in a URL. A literal that is just the URL is removed whole, as in LaminDB.
  std::size_t url(std::size_t i) {
    const auto login = login_of_url(text_, i);
    if (login.secret.empty()) return i + 3;
    const char quote = before(login.url.begin);
    const bool whole = reading_ == Reading::source && is_quote(quote) && at(login.url.end) == quote;
    return cover(whole ? login.url : login.secret);
  }

  std::size_t assignment(std::size_t i) {
    const char c = text_[i], next = at(i + 1), last = before(i);
    if (c == ':' && (next == ':' || last == ':' || next == '=')) return 0;
    if (c == '=' && (next == '=' || last == '=' || last == '!' || last == '<' || last == '>' || last == '~')) return 0;
    auto end = i;
    if (c == '=' && (last == ':' || last == '+' || last == '?')) --end;
    return assigned(name_before(text_, end), next == '>' ? i + 2 : i + 1, c);
  }

  /// `c` is the sign between name and value.
  std::size_t assigned(Name name, std::size_t value, char c) {
    if (name.text.empty()) return 0;
    const char lead = before(name.begin);
    const bool in_url = c == '=' && !name.quoted && (lead == '?' || lead == '&');
    bool secret = is_secret_name(name.text) || (in_url && is_signature(name.text));
    if (!secret && is_variable(name.text)) secret = is_secret_variable(name.text) && of_environment(name);
    if (!secret && reading_ == Reading::text && !name.quoted) {
      name = longer_name(text_, name);
      secret = is_secret_name(name.text);
    }
    if (!secret) return 0;
    const auto begin = skip_blanks(text_, value);
    if (const auto done = literals(begin)) return done;
    if (reading_ == Reading::source && c == ':') {
      if (const auto done = annotated(value)) return done;
    }
    return bare(name, value, begin, c);
  }

  /// os.environ["X_KEY"] = , export X_KEY= , a line "X_KEY=".
  bool of_environment(const Name& name) const {
    if (name.quoted)
      return text_.substr(0, name.begin - 1).substr(name.begin > 40 ? name.begin - 40 : 0).find("environ") != none;
    return starts_line(name) && (reading_ == Reading::text || exported(name));
  }
  View line_before(const Name& name) const {
    const auto least = name.begin > 80 ? name.begin - 80 : 0;
    const auto before = text_.substr(least, name.begin - least);
    const auto line = before.rfind('\n');
    return trim(line == none ? before : before.substr(line + 1));
  }
  bool exported(const Name& name) const {
    const auto line = line_before(name);
    return line.ends_with("export") || line.ends_with("ENV") || line.ends_with("ARG") || line.ends_with("set");
  }
  bool starts_line(const Name& name) const { return line_before(name).empty() || exported(name); }

  /// password: str = "x"
  std::size_t annotated(std::size_t i) {
    const auto stop = std::min(text_.size(), i + 80);
    while (i < stop && (is_word(text_[i]) || View(" .|[],").find(text_[i]) != none)) ++i;
    return i < stop && text_[i] == '=' && at(i + 1) != '=' ? literals(skip_blanks(text_, i + 1)) : 0;
  }

  /// A literal, or several in brackets or side by side; 0 if there is none.
  std::size_t literals(std::size_t i) {
    int depth = 0;
    while (depth < 2 && (at(i) == '(' || at(i) == '[')) i = skip_spaces(text_, i + 1), ++depth;
    std::size_t done = 0;
    for (auto literal = literal_at(text_, i); literal; literal = literal_at(text_, i)) {
      const auto value = text_.substr(literal.begin, literal.end - literal.begin);
      const bool kept = is_placeholder(value) || is_template(value);
      done = literal.after;
      if (!kept) cover(literal.begin, literal.end);
      i = depth > 0 ? skip_spaces(text_, literal.after) : skip_blanks(text_, literal.after);
      if (at(i) == '+' || (depth > 0 && at(i) == ',')) i = skip_spaces(text_, i + 1);
    }
    return done;
  }

  /// Ends an unquoted value at blanks and `stops`.
  std::size_t bare_end(std::size_t i, View stops) const {
    const auto stop = std::min(text_.size(), i + longest_value);
    while (i < stop && !is_space(text_[i]) && stops.find(text_[i]) == none) ++i;
    return i;
  }

  /// In HTML a value ends at the tag that closes its element; behind it may be the name of the next one.
  std::size_t before_tag(std::size_t begin, std::size_t end) const {
    const auto found = text_.substr(begin, end - begin);
    const auto tag = found.find("</");
    const bool closes = tag != none && alpha(at(begin + tag + 2)) && found.find('>', tag) != none;
    return closes ? begin + tag : end;
  }

  std::size_t bare(const Name& name, std::size_t value, std::size_t begin, char c) {
    const char lead = before(name.begin);
    const bool adjacent = value == begin && c == '=';
    auto end = begin;
    if (is_quote(lead) && !name.quoted) {  // "X-API-Key: x", 'password=x'
      const char stop[] = {lead, '&', ';', '\\'};
      end = is_header(name.text)
                ? std::min(text_.substr(0, end_of_line(text_, begin)).find(lead, begin), end_of_line(text_, begin))
                : bare_end(begin, {stop, 4});
      if (c == ':' && !is_header(name.text) && at(end) != lead && at(end) != '\\') end = begin;
    } else if (lead == '?' || lead == '&' || lead == ';') {
      end = bare_end(begin, lead == ';' ? ";\"'`" : "&\"'`#<>)\\,");
    } else if (reading_ == Reading::text) {
      end = whole_line(name, c, adjacent) ? end_of_line(text_, begin) : before_tag(begin, bare_end(begin, ""));
      while (end > begin && View(" \t\r,;.)]}'\"`\\").find(text_[end - 1]) != none) --end;
    } else if (in_source(name, value, begin, c)) {
      end = bare_end(begin, "\"'`;,)");
      if (is_header(name.text) && has_scheme(begin)) end = bare_end(skip_spaces(text_, end), "\"'`;,)");
    }
    const auto found = text_.substr(begin, end - begin);
    if (found.starts_with(redaction_mark)) return end;
    if (found.size() < 3 || is_placeholder(found) || is_template(found) || is_place(found)) return 0;
    if (reading_ == Reading::source &&
        (found.find_first_of("({[$") != none || (c == ':' && !is_header(name.text) && !is_random(found))))
      return 0;
    while (end - begin >= longest_value && end < text_.size() && !is_space(text_[end])) ++end;
    return cover(begin, end);
  }

  bool whole_line(const Name& name, char c, bool adjacent) const {
    return is_header(name.text) || (adjacent && c == '=' && is_variable(name.text) && line_before(name).empty());
  }

  /// Shell, .env, YAML and connection strings; in other languages an unquoted value is a variable.
  bool in_source(const Name& name, std::size_t value, std::size_t begin, char c) const {
    const auto found = text_.substr(begin, bare_end(begin, "\"'`;,)") - begin);
    if (c == ':') {
      const bool alone =
          trim(text_.substr(begin + found.size(), end_of_line(text_, begin) - begin - found.size())).empty();
      if (is_header(name.text)) return has_scheme(begin);
      return begin == value + 1 && alone && line_before(name).find_first_not_of("- #/*") == none && is_random(found);
    }
    if (c != '=' || value != begin || name.quoted) return false;
    if (name.text.starts_with("--") || exported(name)) return true;
    if (before(name.begin) == '-') return true;
    if (line_before(name).empty()) return is_variable(name.text) && is_random(found);
    return after_pair(name) && is_random(found);
  }

  bool has_scheme(std::size_t i) const {
    const auto word = lower(text_.substr(i, 7));
    return word.starts_with("bearer ") || word.starts_with("basic ") || word.starts_with("token ");
  }

  /// "user=me password=x": the word before is a pair too.
  bool after_pair(const Name& name) const {
    const auto line = line_before(name);
    const auto last = line.substr(line.find_last_of(" \t") == none ? 0 : line.find_last_of(" \t") + 1);
    return before(name.begin) == ' ' && last.find('=') != none && last.find_first_of("(,") == none && last != "=";
  }

  /// setenv("API_KEY", "x"), ["--token", "x"]
  std::size_t pair(std::size_t i) {
    const auto name = name_before(text_, i);
    if (!name.quoted || !is_secret_variable(name.text)) return 0;
    const auto begin = skip_spaces(text_, i + 1);
    const auto literal = literal_at(text_, begin);
    if (!literal) return 0;
    const auto value = text_.substr(literal.begin, literal.end - literal.begin);
    const bool option = name.text.starts_with('-');
    if (value.starts_with('-') || is_secret_name(value)) return 0;
    if (!option && !is_random(value) && !sets_variable(name)) return 0;
    return literals(begin);
  }
  bool sets_variable(const Name& name) const {
    const auto least = name.begin > 40 ? name.begin - 40 : 0;
    const auto call = text_.substr(least, name.begin - least);
    return call.find("env(") != none || call.find("setdefault(") != none || call.find("environ") != none;
  }

  /// --token x, and private keys
  std::size_t dash(std::size_t i) {
    if (text_.substr(i).starts_with("-----BEGIN")) {
      if (const auto key = private_key(text_, i); !key.empty()) return cover(key);
    }
    const char lead = before(i);
    if (!is_space(lead) && !is_quote(lead)) return 0;
    auto begin = i;
    while (begin - i < 2 && at(begin) == '-') ++begin;
    auto end = begin;
    while (end < text_.size() && end - begin < 64 && (is_word(text_[end]) || text_[end] == '-' || text_[end] == '.'))
      ++end;
    if (end == begin || !is_blank(at(end))) return end;
    if (begin - i == 1 && end - begin == 1) return login_option(text_[begin], end);
    if (!is_secret_name(text_.substr(begin, end - begin))) return end;
    const auto value = skip_blanks(text_, end);
    if (const auto done = literals(value)) return done;
    const auto stop = bare_end(value, "\"'`;)\\");
    const auto found = text_.substr(value, stop - value);
    const bool prose =
        reading_ == Reading::source ? std::all_of(found.begin(), found.end(), alpha) : is_variable(found);
    if (found.size() < 3 || found.starts_with('-') || prose || is_placeholder(found) ||
        found.find_first_of("({[$") != none)
      return end;
    return cover(value, stop);
  }

  /// curl -u me:x, sshpass -p x, docker login -p x
  std::size_t login_option(char option, std::size_t i) {
    if (option != 'u' && option != 'p') return i;
    const auto line = line_before({{}, i});
    const auto has = [&](View program) { return line.find(program) != none; };
    if (option == 'u' ? !has("curl") && !has("wget") : !has("sshpass") && !has("login")) return i;
    auto begin = skip_blanks(text_, i);
    if (is_quote(at(begin))) ++begin;
    const auto end = bare_end(begin, "\"'`");
    if (option == 'u') {
      const auto colon = text_.find(':', begin);
      if (colon >= end) return i;
      begin = colon + 1;
    }
    const auto found = text_.substr(begin, end - begin);
    return is_placeholder(found) || is_template(found) ? i : cover(begin, end);
  }

  /// <password>x</password>
  std::size_t element(std::size_t i) {
    const auto name = name_before(text_, i);
    if (name.quoted || name.text.empty() || before(name.begin) != '<' || !is_secret_name(name.text)) return 0;
    const auto line = end_of_line(text_, i);
    const auto end = std::min(text_.substr(0, line).find('<', i), line);
    const auto value = text_.substr(i + 1, end - i - 1);
    if (at(end) != '<' || at(end + 1) != '/' || is_placeholder(value) || is_template(value)) return 0;
    return cover(i + 1, end);
  }

  View text_;
  Reading reading_;
  std::string out_;
  std::size_t copied_ = 0, count_ = 0;
};

}  // namespace

Redaction redact_source(View source) { return Scan(source, Reading::source).run(); }

std::string redact_text(View text) { return Scan(text, Reading::text).run().text; }

std::string shown(View message) { return visible(redact_text(message)); }

}  // namespace lamin::base
