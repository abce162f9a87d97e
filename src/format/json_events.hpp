// json_events.hpp -- a JSON document read value by value, without a tree of it in memory.
//
// A Target says what the members of each container are, by a number of its own (a Where), and is then told of the
// texts, numbers and truth values there. What it calls `ignored` is passed over.
#pragma once
#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include "format/complaints.hpp"
#include "lamin/error.hpp"

namespace lamin::format {

/// A Target has
///   using Where = an enumeration with `ignored` and `document`
///   void at(const char* key);   a key begins here; in the document, unless it has escapes
///   Where enter(Where in, std::string_view key, bool object);   a container begins; key is "" in arrays
///   void leave(Where where, std::string_view key);               it ends; key is that of `enter`
///   void text(Where in, std::string_view key, std::string_view value);
///   void number(Where in, std::string_view key, std::int64_t value);
///   void truth(Where in, std::string_view key, bool value);
template <class Target>
class JsonEvents {
  using Where = typename Target::Where;
  using Failure = boost::system::error_code;
  using Text = boost::json::string_view;

 public:
  static constexpr std::size_t max_object_size = -1, max_array_size = -1, max_key_size = -1, max_string_size = -1;
  JsonEvents(Target& target, std::string_view document) : target_(target), document_(document) {}

  bool on_document_begin(Failure&) { return true; }
  bool on_document_end(Failure&) { return true; }
  bool on_object_begin(Failure&) { return enter(true); }
  bool on_object_end(std::size_t, Failure&) { return leave(); }
  bool on_array_begin(Failure&) { return enter(false); }
  bool on_array_end(std::size_t, Failure&) { return leave(); }
  bool on_key_part(Text part, std::size_t, Failure&) { return add(part); }
  bool on_key(Text rest, std::size_t, Failure&) {
    if (in() != Where::ignored) {
      target_.at(rest.data());
      key_ = whole(rest);
      if (!is_part_of_document(key_)) key_ = key_with_escapes_ = key_;
    }
    parts_.clear();
    return true;
  }
  bool on_string_part(Text part, std::size_t, Failure&) { return add(part); }
  bool on_string(Text rest, std::size_t, Failure&) {
    if (in() != Where::ignored) target_.text(in(), key(), whole(rest));
    parts_.clear();
    return true;
  }
  bool on_number_part(Text, Failure&) { return true; }
  bool on_int64(std::int64_t value, Text, Failure&) {
    if (in() != Where::ignored) target_.number(in(), key(), value);
    return true;
  }
  bool on_uint64(std::uint64_t, Text, Failure&) { return true; }
  bool on_double(double, Text, Failure&) { return true; }
  bool on_bool(bool value, Failure&) {
    if (in() != Where::ignored) target_.truth(in(), key(), value);
    return true;
  }
  bool on_null(Failure&) { return true; }
  bool on_comment_part(Text, Failure&) { return true; }
  bool on_comment(Text, Failure&) { return true; }

 private:
  struct Level {
    Where where = Where::document;
    bool object = false;
    std::string_view key = {};
    std::unique_ptr<const std::string> key_with_escapes = {};  // a key that is not part of the document
  };
  Where in() const { return levels_.empty() ? Where::document : levels_.back().where; }
  std::string_view key() const { return !levels_.empty() && levels_.back().object ? key_ : std::string_view(); }
  bool enter(bool object) {
    const auto where = in() == Where::ignored ? Where::ignored : target_.enter(in(), key(), object);
    auto& level = levels_.emplace_back(Level{where, object, where == Where::ignored ? std::string_view() : key()});
    if (!level.key.empty() && level.key.data() == key_with_escapes_.data()) {
      level.key_with_escapes = std::make_unique<const std::string>(level.key);
      level.key = *level.key_with_escapes;
    }
    return true;
  }
  bool leave() {
    const auto level = std::move(levels_.back());
    levels_.pop_back();
    if (level.where != Where::ignored) target_.leave(level.where, level.key);
    return true;
  }
  /// A text without escapes is; others are put together elsewhere.
  bool is_part_of_document(std::string_view text) const {
    constexpr std::less_equal<const char*> no_later;
    return no_later(document_.data(), text.data()) &&
           no_later(text.data() + text.size(), document_.data() + document_.size());
  }
  bool add(Text part) {
    if (in() != Where::ignored) parts_.append(part.data(), part.size());
    return true;
  }
  /// Texts with escapes come in parts.
  std::string_view whole(Text rest) {
    if (parts_.empty()) return {rest.data(), rest.size()};
    return parts_.append(rest.data(), rest.size());
  }

  Target& target_;
  std::string_view document_;
  std::vector<Level> levels_;
  std::string_view key_;
  std::string key_with_escapes_, parts_;
};

/// Throws corrupt, with the place, for what is no JSON.
template <class Target>
void read_json(std::string_view text, std::string_view name, Target& target) {
  boost::json::basic_parser<JsonEvents<Target>> parser(boost::json::parse_options(), target, text);
  boost::system::error_code failed;
  auto read = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && text.find_first_not_of(" \t\r\n", read) != text.npos) failed = boost::json::error::extra_data;
  if (!failed) return;
  const Place at = Places(text).of(text.data() + read);
  throw Error(Code::corrupt,
              fmt::format("{}, {}; the file is cut short or no JSON.", name, to_string({at, failed.message()})));
}

}  // namespace lamin::format
