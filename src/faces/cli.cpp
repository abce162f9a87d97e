#include "faces/cli.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lamin::faces {

namespace {

bool is_word(const Argument& argument) { return !argument.name.starts_with('-'); }

std::string spelled(const Argument& argument) {
  switch (argument.form) {
    case Argument::Form::positional: return argument.name;
    case Argument::Form::flag: return argument.name;
    case Argument::Form::option: return argument.name + " TEXT";
    case Argument::Form::repeated: return argument.name + (is_word(argument) ? " ..." : " TEXT ...");
  }
  return argument.name;
}

std::string call(const Command& command) {
  std::string text = "lamin " + command.name;
  for (const auto& argument : command.arguments) {
    if (!is_word(argument)) continue;
    const auto name = argument.name + (argument.form == Argument::Form::repeated ? " ..." : "");
    text += argument.required ? " " + name : " [" + name + "]";
  }
  const bool options =
      std::any_of(command.arguments.begin(), command.arguments.end(), [](const Argument& a) { return !is_word(a); });
  return text + (options ? " [OPTIONS]" : "");
}

std::string explained(const Argument& argument) {
  return argument.help + (argument.fallback.empty() ? "" : fmt::format(" [default: {}]", argument.fallback));
}

}  // namespace

std::string overview(const std::vector<Command>& commands, std::string_view group) {
  std::string out = group.empty()
                        ? "Usage: lamin [--version] COMMAND [ARGUMENTS]\n\nManage data with LaminDB instances.\n"
                        : fmt::format("Usage: lamin {} COMMAND [ARGUMENTS]\n", group);
  std::vector<std::string> sections;
  std::size_t widest = 0;
  for (const auto& command : commands) {
    if (command.section.empty()) continue;
    widest = std::max(widest, command.name.size());
    if (std::find(sections.begin(), sections.end(), command.section) == sections.end())
      sections.push_back(command.section);
  }
  for (const auto& section : sections) {
    out += "\n" + section + "\n";
    for (const auto& command : commands) {
      if (command.section == section) out += fmt::format("  {:<{}}  {}\n", command.name, widest, command.help);
    }
  }
  const auto which = group.empty() ? std::string("COMMAND") : fmt::format("{} COMMAND", group);
  return out + fmt::format("\n`lamin {} --help` explains a command.\n", which);
}

std::string usage(const Command& command) {
  std::string out = fmt::format("Usage: {}\n\n{}\n", call(command), command.help);
  std::size_t widest = 0;
  for (const auto& argument : command.arguments) widest = std::max(widest, spelled(argument).size());
  if (!command.arguments.empty()) out += "\n";
  for (const auto& argument : command.arguments) {
    out += fmt::format("  {:<{}}  {}{}\n", spelled(argument), widest, explained(argument),
                       argument.required ? " [required]" : "");
  }
  if (!command.example.empty()) out += fmt::format("\nExample:\n  {}\n", command.example);
  return out;
}

std::string reference(const std::vector<Command>& commands) {
  std::string out;
  for (const auto& command : commands) {
    if (command.run == nullptr) continue;
    out += fmt::format("## `{}`\n\n{}\n\n", call(command), command.help);
    if (!command.arguments.empty()) out += "| argument | |\n|---|---|\n";
    for (const auto& argument : command.arguments) {
      out += fmt::format("| `{}` | {}{} |\n", spelled(argument), explained(argument),
                         argument.required ? " (required)" : "");
    }
    if (!command.example.empty()) out += fmt::format("\n```sh\n{}\n```\n", command.example);
    out += "\n";
  }
  return out;
}

}  // namespace lamin::faces
