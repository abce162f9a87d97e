// The only file that sees CLI11. It is given only the command that argv names: building options for thirty commands
// would cost more than running most of them.
#include "parser.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>

#include "base/text.hpp"
#include "former.hpp"
#include "lamin/error.hpp"

namespace lamin::cli {

namespace {

constexpr int usage_error = 2;

/// The bare name: "create" for "-c,--create", "path" for "PATH".
std::string bare(const std::string& name) {
  const auto dashes = name.find("--");
  return base::lower(dashes == name.npos ? name : name.substr(dashes + 2));
}

/// The command with the longest name at the start of argv: "settings cache-dir get" before "settings".
const faces::Command* find(const std::vector<std::string>& words, const std::vector<faces::Command>& commands,
                           std::size_t& used) {
  const faces::Command* best = nullptr;
  used = 0;
  for (const auto& command : commands) {
    const auto parts = base::split(command.name, ' ');
    if (parts.size() > words.size() || parts.size() <= used) continue;
    if (std::equal(parts.begin(), parts.end(), words.begin())) best = &command, used = parts.size();
  }
  return best;
}

Call unknown(const std::string& word, const std::vector<faces::Command>& commands) {
  std::vector<std::string_view> names;
  for (const auto& command : commands) names.push_back(command.name);
  const auto near = base::nearest(word, names);
  std::string text = "lamin: there is no command '" + word + "'.";
  if (!near.empty()) text += " Did you mean " + base::join(near, " or ") + "?";
  return {.print = text + " `lamin --help` lists them.\n", .status = usage_error};
}

struct Absent {
  std::string_view command, option;
};
/// Options of LaminDB that are not implemented yet.
constexpr Absent absent_options[] = {
    {"connect", "--use-proxy-db"}, {"info", "--schema"},       {"save", "--batch-size"}, {"save", "--store-kwargs"},
    {"load", "--batch-size"},      {"load", "--store-kwargs"}, {"get", "--include"},
};

/// What is wrong with an option that the command does not have; "" if it has all of them.
std::string unknown_option(const faces::Command& command, const std::vector<std::string>& words) {
  std::vector<std::string> known{"--help"};
  for (const auto& argument : command.arguments) {
    for (const auto& name : base::split(argument.name, ','))
      if (name.starts_with('-')) known.push_back(name);
  }
  const std::vector<std::string_view> names(known.begin(), known.end());
  for (const auto& word : words) {
    if (word == "--") break;
    const auto option = word.substr(0, word.find('='));
    if (!option.starts_with("--") || std::ranges::find(known, option) != known.end()) continue;
    if (std::ranges::any_of(absent_options, [&](const auto& absent) {
          return absent.command == command.name && absent.option == option;
        })) {
      return option + " of LaminDB is not implemented yet.";
    }
    const auto near = base::nearest(option, names);
    return "there is no option " + option + (near.empty() ? "" : ": did you mean " + base::join(near, " or ") + "?");
  }
  return "";
}

Call arguments(const faces::Command& command, std::vector<std::string> words) {
  using Form = faces::Argument::Form;
  CLI::App app(command.help, "lamin " + command.name);
  app.set_help_flag();
  std::deque<std::string> texts(command.arguments.size());
  std::deque<std::vector<std::string>> lists(command.arguments.size());
  std::deque<bool> flags(command.arguments.size(), false);
  std::vector<const CLI::Option*> options;
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const auto& argument = command.arguments[i];
    const bool word = !argument.name.starts_with('-');
    const std::string name = word ? bare(argument.name) : argument.name;
    CLI::Option* option = argument.form == Form::flag ? app.add_flag(name, flags[i])
                          : argument.form == Form::repeated
                              ? app.add_option(name, lists[i])->expected(word ? -1 : 1)->take_all()
                              : app.add_option(name, texts[i]);
    options.push_back(option->required(argument.required));
  }
  const auto unknown = unknown_option(command, words);
  std::reverse(words.begin(), words.end());  // CLI11 takes them last first
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return {.print = "lamin " + command.name + ": " + (unknown.empty() ? std::string(error.what()) + "." : unknown) +
                     " `lamin " + command.name + " --help` explains it.\n",
            .status = usage_error};
  }
  Call call{.command = &command};
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const auto& argument = command.arguments[i];
    const auto name = bare(argument.name);
    if (argument.form == Form::repeated) {
      for (auto& value : lists[i]) call.given.add(name, std::move(value));
    } else if (options[i]->count() > 0) {
      call.given.add(name, argument.form == Form::flag ? "true" : texts[i]);
    } else if (!argument.fallback.empty()) {
      call.given.add(name, argument.fallback);
    }
  }
  return call;
}

}  // namespace

namespace {

Call parse_today(std::vector<std::string> words, const std::vector<faces::Command>& commands) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help")
    return {.print = faces::overview(commands)};
  if (words[0] == "--version") return {.print = "lamin " LAMIN_VERSION "\n"};
  if (words[0] == "--reference") return {.print = faces::reference(commands)};
  std::size_t used = 0;
  const auto* command = find(words, commands, used);
  if (!command) return unknown(words[0], commands);
  if (!command->run) {
    std::vector<std::string> parts;
    for (const auto& other : commands) {
      if (other.name.starts_with(command->name + " ")) parts.push_back("`lamin " + other.name + "`");
    }
    if (!parts.empty()) return {.print = "lamin: say which: " + base::join(parts, ", ") + ".\n", .status = usage_error};
    return {.print =
                "lamin: `lamin " + command->name + "` is a command of LaminDB that is not available in this version.\n",
            .status = row(Code::unsupported).exit_status};
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(used));
  if (std::find_if(words.begin(), words.end(), [](const auto& w) { return w == "--help" || w == "-h"; }) !=
      words.end()) {
    return {.print = faces::usage(*command)};
  }
  return arguments(*command, std::move(words));
}

}  // namespace

Call parse(int argc, const char* const* argv, const std::vector<faces::Command>& commands) {
  auto today = in_todays_words({argv + 1, argv + argc});
  auto call = parse_today(std::move(today.words), commands);
  call.notes = std::move(today.notes);
  return call;
}

}  // namespace lamin::cli
