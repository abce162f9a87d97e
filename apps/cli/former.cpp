// former.cpp -- the tables of former names: commands as patterns, options by command.
//
// In a pattern a word in capitals stands for any word that is not an option and keeps its place in the form of today;
// INSTANCE only stands for the name of an instance that is known here, so that `lamin load artifact` remains what it
// is.
#include "former.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include "base/text.hpp"
#include "lamin/instance.hpp"

namespace lamin::cli {
namespace {

struct Renamed {
  std::string_view then, now;
};
constexpr Renamed commands[] = {
    {"load INSTANCE", "connect INSTANCE"},
    {"close", "disconnect"},
    {"stage", "load"},
    {"set NAME VALUE", "settings set NAME VALUE"},
    {"cache set PATH", "settings cache-dir set PATH"},
    {"switch branch NAME", "switch NAME"},
    {"switch space NAME", "switch --space NAME"},
    {"track finish", "finish"},
    {"delete instance SLUG", "delete SLUG"},
};
struct RenamedOption {
  std::string_view command, then, now;  ///< now empty: its value is an argument without a name
};
constexpr RenamedOption options[] = {
    {"init", "--schema", "--modules"}, {"create", "--name", ""},         {"delete", "--slug", ""},
    {"switch", "--branch", ""},        {"login", "--password", "--key"},
};

bool stands_for_any(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_known_instance(const std::string& word) {
  const auto known = known_instances();
  if (std::ranges::find(known, word) != known.end()) return true;
  return word.find('/') == word.npos && std::ranges::find(known, current_user().handle + "/" + word) != known.end();
}

bool fits(std::string_view pattern, const std::string& word) {
  if (pattern == "INSTANCE") return is_known_instance(word);
  return stands_for_any(pattern) ? !word.starts_with('-') : pattern == word;
}

/// argv by the rule, if it applies.
std::optional<std::vector<std::string>> applied(const Renamed& rule, const std::vector<std::string>& words) {
  const auto then = base::split(rule.then, ' '), now = base::split(rule.now, ' ');
  if (words.size() < then.size()) return std::nullopt;
  for (std::size_t i = 0; i < then.size(); ++i) {
    if (!fits(then[i], words[i])) return std::nullopt;
  }
  std::vector<std::string> out;
  for (const auto& word : now) {
    const auto place = std::ranges::find(then, word);
    out.push_back(stands_for_any(word) ? words[static_cast<std::size_t>(place - then.begin())] : word);
  }
  out.insert(out.end(), words.begin() + static_cast<std::ptrdiff_t>(then.size()), words.end());
  return out;
}

std::string note(std::string_view then, std::string_view now) {
  return fmt::format("! `lamin {}` is called `lamin {}` today", then, now);
}

}  // namespace

Today in_todays_words(std::vector<std::string> words) {
  Today today{.words = std::move(words), .notes = {}};
  auto& all = today.words;
  for (const auto& option : options) {
    if (all.empty() || all[0] != option.command) continue;
    for (std::size_t i = 1; i < all.size(); ++i) {
      const bool with_value = all[i].starts_with(std::string(option.then) + "=");
      if (all[i] != option.then && !with_value) continue;
      const auto value = with_value ? all[i].substr(option.then.size() + 1) : "";
      if (!option.now.empty()) all[i] = std::string(option.now) + (with_value ? "=" + value : "");
      else if (with_value) all[i] = value;
      else all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
      today.notes.push_back(
          note(fmt::format("{} {} VALUE", option.command, option.then),
               fmt::format("{} {}{}VALUE", option.command, option.now, option.now.empty() ? "" : " ")));
    }
  }
  for (const auto& rule : commands) {
    if (auto out = applied(rule, all)) {
      all = std::move(*out);
      today.notes.push_back(note(rule.then, rule.now));
      break;
    }
  }
  return today;
}

}  // namespace lamin::cli
