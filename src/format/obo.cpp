// obo.cpp -- OBO 1.0 to 1.4: a header, then frames [Term], [Typedef], [Instance] of `tag: value` lines.
//
// Tags that a Term has no field for (comments, logical definitions, who made it) are its properties. Real files are
// older and looser than the specification: tags of OBO 1.0, synonyms without a scope, Latin-1, CRLF and values without
// quotes are read. What cannot be understood (a quote that is never closed, a line without a tag, a frame without id,
// two names) is a complaint with its line, and the rest is read: releases contain such terms of other ontologies.
#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>
#include "format/file_text.hpp"
#include "format/format.hpp"
#include "format/obo_line.hpp"
#include "format/term_names.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using obo::next_quoted;
using obo::next_word;
using obo::strip_trailers;
using obo::trim;
using obo::unescape;
using Scope = Synonym::Scope;

enum class FrameKind { header, term, relation, other };

struct Relation {
  std::string id, name;
  std::vector<std::string> xrefs;
};

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
  Parser(std::string_view text, std::string_view name) : text_(text), name_(name) {}
  Terms run();

 private:
  [[noreturn]] void fail(std::string_view at, std::string_view why) const;
  void complain(std::string_view at, std::string what) {
    const bool kept = terms_.complaints.size() < Terms::most_complaints;  // counting lines costs as much as reading
    terms_.complain(kept ? line_of(at) : 0, std::move(what));
  }
  std::int64_t line_of(std::string_view at) const;
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
  std::string quoted_or_plain(std::string_view value);
  std::string required_word(std::string_view tag, std::string_view value);
  void merge(Term&& term);
  void drop_repeated();
  std::string version() const;
  void name_relations();

  std::string_view text_;
  std::string_view name_;
  Terms terms_;
  Term term_;
  Relation relation_;
  FrameKind kind_ = FrameKind::header;
  std::string_view frame_line_;
  bool is_anonymous_ = false;
  int intersections_ = 0;
  std::int64_t frames_ = 0;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::vector<std::size_t> merged_;                       // terms with several frames
  mutable std::pair<const char*, std::int64_t> counted_;  // lines up to there: each is counted once
  std::vector<Relation> relations_;
  std::map<std::string, Scope, std::less<>> synonym_types_;
  std::string data_version_, version_info_, date_;
};

void Parser::fail(std::string_view at, std::string_view why) const {
  throw Error(Code::corrupt, fmt::format("{}, line {}: {}.", name_, line_of(at), why));
}

std::int64_t Parser::line_of(std::string_view at) const {
  auto& [from, lines] = counted_;
  if (from == nullptr || at.data() < from) counted_ = {text_.data(), 1};
  lines += std::count(from, at.data(), '\n');
  from = at.data();
  return lines;
}

Terms Parser::run() {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  auto first = text_.substr(0, text_.find_first_not_of(" \t\r\n") + 1);
  if (first.ends_with('<') || first.ends_with('{')) {
    fail(text_, "this is XML or JSON, not OBO; ontologies publish a file that ends in .obo, too");
  }
  for (auto rest = text_; !rest.empty();) {
    auto* end = static_cast<const char*>(std::memchr(rest.data(), '\n', rest.size()));
    auto size = end ? static_cast<std::size_t>(end - rest.data()) : rest.size();
    try {
      line(rest.substr(0, size));
    } catch (const Bad& bad) { complain(bad.at, bad.why); }
    rest.remove_prefix(end ? size + 1 : size);
  }
  if (kind_ == FrameKind::term && term_.name.empty() && !text_.ends_with('\n')) {
    fail(frame_line_, "the file ends within this frame; it was cut short: get it again");
  }
  close_frame();
  if (frames_ == 0 && terms_.ontology.empty()) {
    fail(text_, "there is neither a header with the ontology nor a frame: is this an OBO file?");
  }
  if (terms_.terms.empty() && !terms_.complaints.empty()) {
    throw Error(Code::corrupt,
                fmt::format("{}, line {}: {}.", name_, terms_.complaints.front().line, terms_.complaints.front().what));
  }
  drop_repeated();
  name_relations();
  terms_.version = version();
  return std::move(terms_);
}

void Parser::line(std::string_view line) {
  line = trim(line);
  if (line.empty() || line.front() == '!' || line.front() == '#') return;
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
  frame_line_ = line;
  ++frames_;
}

void Parser::close_frame() {
  const bool nameless =
      (kind_ == FrameKind::term && term_.id.empty()) || (kind_ == FrameKind::relation && relation_.id.empty());
  if (nameless) {
    complain(frame_line_, "the frame has no id");
  } else if (kind_ == FrameKind::term) {
    if (intersections_ == 1) {
      complain(frame_line_, fmt::format("term {} has a single intersection_of, which means nothing", term_.id));
    }
    if (!is_anonymous_) merge(std::move(term_));
  } else if (kind_ == FrameKind::relation) {
    relations_.push_back(std::move(relation_));
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
  } else if (tag == "synonymtypedef") {
    auto id = next_word(value);
    next_quoted(value);
    if (auto scope = scope_of(next_word(value))) synonym_types_.emplace(id, *scope);
  }
}

std::string Parser::quoted_or_plain(std::string_view value) {
  auto rest = value;
  auto text = next_quoted(rest);
  if (!text) return unescape(strip_trailers(value));
  if (!text->data()) throw Bad{value, "a quote is opened but never closed on its line"};
  return unescape(*text);
}

std::string Parser::required_word(std::string_view tag, std::string_view value) {
  auto word = next_word(value);
  if (word.empty()) throw Bad{tag, fmt::format("'{}' has no value", tag)};
  return unescape(word);
}

void Parser::synonym(std::string_view value, Scope fallback) {
  Synonym synonym{.text = quoted_or_plain(value), .scope = fallback};
  auto rest = value;
  if (next_quoted(rest)) {
    for (rest = trim(rest); !rest.empty() && rest.front() != '['; rest = trim(rest)) {
      auto word = next_word(rest);
      if (word.empty()) break;
      if (auto scope = scope_of(word)) {
        synonym.scope = *scope;
        continue;
      }
      if (auto type = synonym_types_.find(word); type != synonym_types_.end()) synonym.scope = type->second;
      synonym.type = unescape(word);
    }
    synonym.sources = obo::xref_list(rest);
  }
  if (!synonym.text.empty()) term_.synonyms.push_back(std::move(synonym));
}

void Parser::term(std::string_view tag, std::string_view value) {
  if (term_link(tag, value) || term_text(tag, value) || term_id(tag, value)) return;
  // What a blank line is to a reader, an empty value is to a term.
  if (auto text = unescape(strip_trailers(value)); !text.empty()) term_.properties.emplace_back(tag, std::move(text));
}

bool Parser::term_id(std::string_view tag, std::string_view value) {
  if (tag == "id") {
    if (!term_.id.empty()) throw Bad{tag, fmt::format("a second id in the frame of {}", term_.id)};
    term_.id = required_word(tag, value);
  } else if (tag == "is_obsolete") {
    term_.obsolete = is_true(next_word(value));
  } else if (tag == "is_anonymous") {
    is_anonymous_ = is_true(next_word(value));
  } else {
    if (tag == "intersection_of") ++intersections_;
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
      throw Bad{tag, fmt::format("{} is called '{}' and '{}'; the first is taken", term_.id, term_.name, name)};
    }
  } else if (tag == "def") {
    term_.definition = quoted_or_plain(value);
    auto rest = value;
    if (next_quoted(rest)) term_.definition_sources = obo::xref_list(rest);
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

// Frames with the same id are one term.
void Parser::merge(Term&& fresh) {
  auto [at, is_new] = by_id_.try_emplace(fresh.id, terms_.terms.size());
  if (is_new) {
    terms_.terms.push_back(std::move(fresh));
    return;
  }
  Term& known = terms_.terms[at->second];
  if (!fresh.name.empty() && !known.name.empty() && fresh.name != known.name) {
    complain(frame_line_,
             fmt::format("{} is called '{}' and '{}'; the first is taken", known.id, known.name, fresh.name));
  }
  auto append = [](auto& into, auto& from) {
    into.insert(into.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  if (known.name.empty()) known.name = std::move(fresh.name);
  if (known.definition.empty()) known.definition = std::move(fresh.definition);
  append(known.synonyms, fresh.synonyms);
  append(known.is_a, fresh.is_a);
  append(known.relationships, fresh.relationships);
  append(known.alt_ids, fresh.alt_ids);
  append(known.replaced_by, fresh.replaced_by);
  append(known.consider, fresh.consider);
  append(known.definition_sources, fresh.definition_sources);
  append(known.xrefs, fresh.xrefs);
  append(known.subsets, fresh.subsets);
  append(known.properties, fresh.properties);
  merged_.push_back(at->second);
  known.obsolete = known.obsolete || fresh.obsolete;
}

/// Drops what several frames of a term repeat. Done at the end, so that many frames cost no more than their lines.
void Parser::drop_repeated() {
  auto once = [](auto& items, auto key) {
    std::set<decltype(key(items.front()))> seen;
    std::erase_if(items, [&](const auto& item) { return !seen.insert(key(item)).second; });
  };
  auto itself = [](const auto& item) { return item; };
  std::sort(merged_.begin(), merged_.end());
  merged_.erase(std::unique(merged_.begin(), merged_.end()), merged_.end());
  for (const auto at : merged_) {
    Term& term = terms_.terms[at];
    once(term.synonyms, [](const Synonym& synonym) { return std::pair(synonym.text, synonym.scope); });
    once(term.relationships, itself);
    once(term.properties, itself);
    for (auto* ids : {&term.is_a, &term.alt_ids, &term.replaced_by, &term.consider, &term.definition_sources,
                      &term.xrefs, &term.subsets}) {
      once(*ids, itself);
    }
  }
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

// A relation has a short name ("part_of") and an identifier ("BFO:0000050"); files use either.
void Parser::name_relations() {
  std::unordered_map<std::string, std::string> names;
  for (auto& type : relations_) {
    if (type.id.find(':') != std::string::npos) {
      if (type.name.empty()) continue;
      auto name = type.name;
      std::replace(name.begin(), name.end(), ' ', '_');
      names.emplace(type.id, name);
    } else {
      for (auto& xref : type.xrefs) names.emplace(xref, type.id);
    }
  }
  for (auto& term : terms_.terms) {
    for (auto& [relation, target] : term.relationships) {
      if (relation.find(':') == std::string::npos) continue;
      if (const auto known = relation_called(relation); !known.empty()) relation = known;
      else if (auto found = names.find(relation); found != names.end()) relation = found->second;
    }
  }
}

}  // namespace

Terms parse_obo(std::string_view text, std::string_view name_for_messages) {
  std::string converted;
  return Parser(obo::as_utf8(text, converted), name_for_messages).run();
}

Terms read_obo(const std::filesystem::path& path) {
  auto text = file_text(path);
  return parse_obo(text, path.string());
}

}  // namespace lamin::format
