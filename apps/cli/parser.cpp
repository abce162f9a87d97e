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
    {"connect", "--use-proxy-db"},
    {"info", "--schema"},
    {"save", "--batch-size"},
    {"save", "--store-kwargs"},
    {"load", "--batch-size"},
    {"load", "--store-kwargs"},
    {"get", "--include"},
    {"run", "--presign-expiry"},
    {"run", "--credentials-via"},
    {"run", "--remount"},
    {"run", "--image-url"},
    {"run", "--packages"},
    {"run", "--cpu"},
    {"run", "--gpu"},
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

/// What follows "--", for a command whose last argument is any number of words: CLI11 would end a list of values at it,
/// and then read options of the other program as its own.
std::vector<std::string> take_rest(const faces::Command& command, std::vector<std::string>& words) {
  const auto mark = std::find(words.begin(), words.end(), "--");
  const bool takes = std::ranges::any_of(command.arguments, [](const auto& argument) {
    return argument.form == faces::Argument::Form::repeated && !argument.name.starts_with('-');
  });
  if (!takes || mark == words.end()) return {};
  std::vector<std::string> rest(mark + 1, words.end());
  words.erase(mark, words.end());
  return rest;
}

Call arguments(const faces::Command& command, std::vector<std::string> words) {
  using Form = faces::Argument::Form;
  const auto rest = take_rest(command, words);
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
    CLI::Option* option =
        argument.form == Form::flag ? app.add_flag(name, flags[i])
        : argument.form == Form::repeated
            ? app.add_option(name, lists[i])->expected(word ? -1 : 1)->allow_extra_args(word)->take_all()
            : app.add_option(name, texts[i]);
    options.push_back(option->required(argument.required && !(word && !rest.empty())));
  }
  const auto unknown = unknown_option(command, words);
  std::reverse(words.begin(), words.end());  // CLI11 takes them last first
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    auto said = unknown.empty() ? std::string(error.what()) : unknown;
    if (!said.ends_with('?')) said += '.';
    return {.print = "lamin " + command.name + ": " + said + " `lamin " + command.name + " --help` explains it.\n",
            .status = usage_error};
  }
  Call call{.command = &command};
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const auto& argument = command.arguments[i];
    const auto name = bare(argument.name);
    if (argument.form == Form::repeated) {
      for (auto& value : lists[i]) call.given.add(name, std::move(value));
      if (!argument.name.starts_with('-'))
        for (const auto& value : rest) call.given.add(name, value);
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
    std::vector<faces::Command> below;
    for (const auto& other : commands) {
      if (!other.name.starts_with(command->name + " ")) continue;
      parts.push_back("`lamin " + other.name + "`");
      below.push_back(other);
    }
    const bool asks = words.size() > used && (words[used] == "--help" || words[used] == "-h");
    if (asks && !below.empty()) return {.print = faces::overview(below, command->name)};
    if (!parts.empty()) return {.print = "lamin: say which: " + base::join(parts, ", ") + ".\n", .status = usage_error};
    return {.print =
                "lamin: `lamin " + command->name + "` is a command of LaminDB that is not available in this version.\n",
            .status = row(Code::unsupported).exit_status};
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(used));
  const auto end = std::find(words.begin(), words.end(), "--");  // what follows belongs to another program
  if (std::find_if(words.begin(), end, [](const auto& w) { return w == "--help" || w == "-h"; }) != end) {
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
