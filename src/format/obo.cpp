// obo.cpp -- OBO 1.0 to 1.4: a header, then frames [Term], [Typedef], [Instance] of `tag: value` lines.
//
// Tags that a Term has no field for (comments, logical definitions, who made it) are its properties. Real files are
// older and looser than the specification: tags of OBO 1.0, synonyms without a scope, Latin-1, CRLF and values without
// quotes are read. What cannot be understood (a quote that is never closed, a line without a tag, a frame without id,
// two names) is a complaint with its line, and the rest is read: releases contain such terms of other ontologies.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <utility>
#include "format/byte_stream.hpp"
#include "format/file_text.hpp"
#include "format/format.hpp"
#include "format/obo_frames.hpp"
#include "format/obo_line.hpp"
#include "format/term_names.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
using obo::next_quoted;
using obo::next_word;
using obo::strip_trailers;
using obo::trim;
using obo::unescape;
using Scope = Synonym::Scope;

enum class FrameKind { header, term, relation, other };

std::optional<Scope> scope_of(std::string_view word) {
  if (word == "EXACT") return Scope::exact;
  if (word == "BROAD") return Scope::broad;
  if (word == "NARROW") return Scope::narrow;
  if (word == "RELATED") return Scope::related;
  return std::nullopt;
}

/// A line that cannot be understood.
struct Bad {
  std::string_view at;
  std::string why;
};

bool is_true(std::string_view value) { return value == "true" || value == "True" || value == "1"; }

class Parser {
 public:
  /// `size`: bytes that are expected.
  Parser(Lines& lines, std::size_t size) : lines_(lines) { frames_.expect(size); }
  Terms run();

 private:
  [[noreturn]] void fail(Place at, std::string_view why) const;
  void complain(Place at, std::string what) { terms_.complaints.add(at, std::move(what)); }
  /// Of a part of the line at hand.
  Place place_of(std::string_view part) const;
  void line(std::string_view line);
  void open_frame(std::string_view line);
  void close_frame();
  void header(std::string_view tag, std::string_view value);
  void term(std::string_view tag, std::string_view value);
  bool term_id(std::string_view tag, std::string_view value);
  bool term_text(std::string_view tag, std::string_view value);
  bool term_link(std::string_view tag, std::string_view value);
  void relation_tag(std::string_view tag, std::string_view value);
  void synonym(std::string_view value, Scope fallback);
  /// What follows a quoted text is left of `value`; of a plain one nothing.
  std::string quoted_or_plain(std::string_view& value);
  std::string required_word(std::string_view tag, std::string_view value);
  std::string version() const;

  Lines& lines_;
  std::string_view line_;
  Terms terms_;
  Term term_;
  obo::Relation relation_;
  obo::Frames frames_;
  FrameKind kind_ = FrameKind::header;
  Place frame_, intersection_;
  bool is_anonymous_ = false;
  int intersections_ = 0;
  std::int64_t n_frames_ = 0;
  std::map<std::string, Scope, std::less<>> synonym_types_;
  std::string data_version_, version_info_, date_;
};

void Parser::fail(Place at, std::string_view why) const {
  throw Error(Code::corrupt, fmt::format("{}, {}.", lines_.name(), to_string({at, std::string(why)})));
}

Place Parser::place_of(std::string_view part) const { return {lines_.number(), Places(line_).of(part.data()).column}; }

Terms Parser::run() {
  bool begun = false;
  std::string converted;
  while (lines_.next(line_)) {
    converted.clear();
    line_ = obo::as_utf8(line_, converted);
    const auto text = trim(line_);
    if (text.empty()) continue;
    if (!std::exchange(begun, true) && (text.front() == '<' || text.front() == '{'))
      fail(place_of(text), "this is XML or JSON, not OBO; ontologies publish a file that ends in .obo, too");
    try {
      line(text);
    } catch (const Bad& bad) { complain(place_of(bad.at), bad.why); }
  }
  if (kind_ == FrameKind::term && term_.name.empty() && !lines_.ended_by_newline())
    fail(frame_, "the file ends within this frame; it was cut short: get it again");
  close_frame();
  if (n_frames_ == 0 && terms_.ontology.empty()) {
    fail({1, 1}, "there is neither a header with the ontology nor a frame: is this an OBO file?");
  }
  terms_.terms = frames_.take();
  if (terms_.terms.empty() && terms_.complaints.count > 0) {
    throw Error(Code::corrupt, fmt::format("{}, {}.", lines_.name(), to_string(terms_.complaints.first.front())));
  }
  terms_.version = version();
  return std::move(terms_);
}

void Parser::line(std::string_view line) {
  if (line.front() == '!' || line.front() == '#') return;
  if (line.front() == '[') return open_frame(line);
  if (kind_ == FrameKind::other) return;
  auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0)
    throw Bad{line, fmt::format("expected 'tag: value': {}", line.substr(0, 60))};
  auto tag = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
  switch (kind_) {
    case FrameKind::header: return header(tag, value);
    case FrameKind::term: return term(tag, value);
    case FrameKind::relation: return relation_tag(tag, value);
    case FrameKind::other: return;
  }
}

void Parser::open_frame(std::string_view line) {
  close_frame();
  auto end = line.find(']');
  if (end == std::string_view::npos) {
    kind_ = FrameKind::other;
    throw Bad{line, "a frame begins with '[' but has no ']'"};
  }
  auto kind = trim(line.substr(1, end - 1));
  kind_ = kind == "Term" ? FrameKind::term : kind == "Typedef" ? FrameKind::relation : FrameKind::other;
  frame_ = place_of(line);
  ++n_frames_;
}

void Parser::close_frame() {
  const bool nameless =
      (kind_ == FrameKind::term && term_.id.empty()) || (kind_ == FrameKind::relation && relation_.id.empty());
  if (nameless) {
    complain(frame_, "the frame has no id");
  } else if (kind_ == FrameKind::term) {
    if (intersections_ == 1) {
      complain(intersection_, fmt::format("term {} has a single intersection_of, which means nothing", term_.id));
    }
    if (auto what = is_anonymous_ ? std::string() : frames_.add(std::move(term_)); !what.empty())
      complain(frame_, std::move(what));
  } else if (kind_ == FrameKind::relation) {
    frames_.add(std::move(relation_));
  }
  term_ = {};
  relation_ = {};
  is_anonymous_ = false;
  intersections_ = 0;
}

void Parser::header(std::string_view tag, std::string_view value) {
  if (tag == "ontology") {
    auto word = next_word(value);
    terms_.ontology = std::string(word.substr(0, word.find('/')));
  } else if (tag == "data-version" || (tag == "version" && data_version_.empty())) {
    data_version_ = unescape(strip_trailers(value));
  } else if (tag == "date") {
    date_ = std::string(next_word(value));
  } else if (tag == "property_value" && next_word(value) == "owl:versionInfo") {
    version_info_ = quoted_or_plain(value);
  } else if (tag == "owl-axioms") {
    if (!obo::is_closed(unescape(value))) throw Bad{value, "an axiom is opened by '(' but never closed"};
  } else if (tag == "remark" && value == "subset") {
    terms_.partial = true;
  } else if (tag == "synonymtypedef") {
    auto id = next_word(value);
    next_quoted(value);
    if (auto scope = scope_of(next_word(value))) synonym_types_.emplace(id, *scope);
  }
}

std::string Parser::quoted_or_plain(std::string_view& value) {
  const auto all = value;
  auto text = next_quoted(value);
  if (!text) return unescape(strip_trailers(std::exchange(value, {})));
  if (!text->data()) throw Bad{all, "a quote is opened but never closed on its line"};
  return unescape(*text);
}

std::string Parser::required_word(std::string_view tag, std::string_view value) {
  auto word = next_word(value);
  if (word.empty()) throw Bad{tag, fmt::format("'{}' has no value", tag)};
  return unescape(word);
}

void Parser::synonym(std::string_view value, Scope fallback) {
  Synonym synonym{.text = quoted_or_plain(value), .scope = fallback};
  for (value = trim(value); !value.empty() && value.front() != '['; value = trim(value)) {
    auto word = next_word(value);
    if (word.empty()) break;
    if (auto scope = scope_of(word)) {
      synonym.scope = *scope;
      continue;
    }
    if (auto type = synonym_types_.find(word); type != synonym_types_.end()) synonym.scope = type->second;
    synonym.type = unescape(word);
  }
  synonym.sources = obo::xref_list(value);
  if (!synonym.text.empty()) term_.synonyms.push_back(std::move(synonym));
}

void Parser::term(std::string_view tag, std::string_view value) {
  if (term_link(tag, value) || term_text(tag, value) || term_id(tag, value)) return;
  // What a blank line is to a reader, an empty value is to a term.
  if (auto text = unescape(strip_trailers(value)); !text.empty()) term_.properties.emplace_back(tag, std::move(text));
}

bool Parser::term_id(std::string_view tag, std::string_view value) {
  if (tag == "id") {
    if (!term_.id.empty()) throw Bad{value, fmt::format("a second id in the frame of {}", term_.id)};
    term_.id = required_word(tag, value);
  } else if (tag == "is_obsolete") {
    term_.obsolete = is_true(next_word(value));
  } else if (tag == "is_anonymous") {
    is_anonymous_ = is_true(next_word(value));
  } else {
    if (tag == "intersection_of" && ++intersections_ == 1) intersection_ = place_of(tag);
    return false;
  }
  return true;
}

bool Parser::term_text(std::string_view tag, std::string_view value) {
  static constexpr std::pair<std::string_view, Scope> synonyms[] = {{"synonym", Scope::related},
                                                                    {"exact_synonym", Scope::exact},
                                                                    {"broad_synonym", Scope::broad},
                                                                    {"narrow_synonym", Scope::narrow},
                                                                    {"related_synonym", Scope::related}};
  for (const auto& [name, scope] : synonyms) {
    if (tag == name) return synonym(value, scope), true;
  }
  if (tag == "name") {
    auto name = unescape(strip_trailers(value));
    if (term_.name.empty()) {
      term_.name = std::move(name);
    } else if (name != term_.name) {
      throw Bad{value, fmt::format("{} is called '{}' and '{}'; the first is taken", term_.id, term_.name, name)};
    }
  } else if (tag == "def") {
    term_.definition = quoted_or_plain(value);
    term_.definition_sources = obo::xref_list(value);
  } else {
    return false;
  }
  return true;
}

bool Parser::term_link(std::string_view tag, std::string_view value) {
  if (tag == "is_a") {
    term_.is_a.push_back(required_word(tag, value));
  } else if (tag == "relationship") {
    auto relation = next_word(value), target = next_word(value);
    if (target.empty()) throw Bad{tag, "a relationship is a relation and an id"};
    term_.relationships.emplace_back(unescape(relation), unescape(target));
  } else if (tag == "xref" || tag == "xref_analog" || tag == "xref_unknown") {
    term_.xrefs.push_back(required_word(tag, value));
  } else if (tag == "subset") {
    term_.subsets.push_back(required_word(tag, value));
  } else if (tag == "alt_id") {
    term_.alt_ids.push_back(required_word(tag, value));
  } else if (tag == "replaced_by") {
    term_.replaced_by.push_back(required_word(tag, value));
  } else if (tag == "consider") {
    term_.consider.push_back(required_word(tag, value));
  } else {
    return false;
  }
  return true;
}

void Parser::relation_tag(std::string_view tag, std::string_view value) {
  if (tag == "id") relation_.id = required_word(tag, value);
  if (tag == "name") relation_.name = unescape(strip_trailers(value));
  if (tag == "xref") relation_.xrefs.push_back(unescape(next_word(value)));
}

// In "cl/releases/2022-11-25/cl-basic.owl" and "releases/2013-07-13" the version is the part after "releases".
std::string Parser::version() const {
  if (auto release = version_in(data_version_); !release.empty()) return release;
  if (!version_info_.empty()) return version_info_;
  if (!data_version_.empty()) return data_version_;
  // "13:07:2013"
  if (date_.size() == 10) return date_.substr(6) + "-" + date_.substr(3, 2) + "-" + date_.substr(0, 2);
  return date_;
}

}  // namespace

Terms parse_obo(ByteStream& bytes, std::string_view name_for_messages, std::size_t size) {
  Lines lines(bytes, std::string(name_for_messages));
  return Parser(lines, size).run();
}

Terms parse_obo(std::string_view text, std::string_view name_for_messages) {
  TextBytes bytes(text);
  return parse_obo(bytes, name_for_messages, text.size());
}

Terms read_obo(const std::filesystem::path& path) {
  std::error_code ignored;  // the size is only a hint
  return parse_obo(*open_text(path), path.string(), fs::file_size(path, ignored));
}

}  // namespace lamin::format
