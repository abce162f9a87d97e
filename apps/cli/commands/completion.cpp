// completion.cpp -- what a shell completes: commands and options from the table, keys and names from the instance.
#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "table.hpp"

namespace lamin::cli {

namespace {

constexpr std::string_view bash_script = R"sh(# lamin: completion for bash
_lamin() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$(printf '%q' "$line")")
  done < <(lamin complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ "${#COMPREPLY[@]}" = 1 ] && [ "${COMPREPLY[0]%/}" != "${COMPREPLY[0]}" ]; then
    compopt -o nospace
  fi
}
complete -o bashdefault -o default -F _lamin lamin
)sh";

constexpr std::string_view zsh_script = R"sh(#compdef lamin
# lamin: completion for zsh
_lamin() {
  local -a found
  found=("${(@f)$(lamin complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=(${found:#})
  if (( $#found )); then
    compadd -S '' -q -- $found
  else
    _files
  fi
}
if [ "$funcstack[1]" = "_lamin" ]; then
  _lamin "$@"
else
  compdef _lamin lamin
fi
)sh";

constexpr std::string_view fish_script = R"sh(# lamin: completion for fish
complete -c lamin -a '(lamin complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
)sh";

constexpr std::int64_t most = 2000;  // rows that are looked at
constexpr std::size_t many = 200;    // candidates that anybody reads

class Candidates {
 public:
  explicit Candidates(std::string typed) : typed_(std::move(typed)) {}

  void add(const std::string& text) {
    if (text.starts_with(typed_) && text.find('\n') == text.npos) found_.insert(text);
  }
  /// Keys folder by folder, as a shell completes paths.
  void add_key(const std::string& key) {
    if (!key.starts_with(typed_)) return;
    const auto slash = key.find('/', typed_.size());
    add(slash == key.npos ? key : key.substr(0, slash + 1));
  }
  void say() const {
    std::size_t n = 0;
    for (const auto& text : found_) {
      if (++n > many) break;
      print(text + "\n");
    }
  }
  const std::string& typed() const { return typed_; }

 private:
  std::string typed_;
  std::set<std::string> found_;
};

/// What the words before the last one say.
struct Typed {
  const faces::Command* command = nullptr;
  std::size_t used = 0;  ///< words of its name
  std::vector<std::string> words;
  std::string entity = "artifact";
};

const faces::Argument* option_called(const faces::Command& command, const std::string& word) {
  for (const auto& argument : command.arguments) {
    for (const auto& name : base::split(argument.name, ','))
      if (name == word) return &argument;
  }
  return nullptr;
}

void add_values(Candidates& to, const std::string& registry, std::string_view field, bool keys = false) {
  const auto instance = connect_current();
  const auto& table = faces::entity(instance->catalog(), registry);
  const std::string column = field == "name" && !table.name_field.empty() ? table.name_field.str() : std::string(field);
  if (table.find_column(column) == nullptr) return;
  const std::string paths[] = {column};
  const Query query{.registry = table.qualified.str(),
                    .where = Expr::compare(column, Op::startswith, Value(to.typed())),
                    .order_by = {column},
                    .limit = most};
  const auto columns = instance->database().columns(query, paths);
  for (const auto& value : columns.at(0)) {
    const auto text = value.text_or("");
    if (keys) to.add_key(std::string(text));
    else to.add(std::string(text));
  }
}

void add_registries(Candidates& to) {
  const auto instance = connect_current();
  for (const auto& table : instance->catalog().tables()) {
    if (table.uid_size > 0) to.add(faces::entity_name(table));
  }
}

/// The values of an option, by its name.
void add_option_values(Candidates& to, const std::string& option, const Typed& typed) {
  if (option == "--key") return add_values(to, typed.entity, "key", true);
  if (option == "--uid") return add_values(to, typed.entity, "uid");
  if (option == "--name") return add_values(to, typed.entity, "name");
  if (option == "--storage" && typed.command->name != "init") return add_values(to, "storage", "root");
  if (option == "--registry") return add_registries(to);
  for (const char* registry : {"project", "ulabel", "record", "schema", "branch", "space"})
    if (option == std::string("--") + registry) return add_values(to, registry, "name");
  const auto words = option == "--kind"    ? std::vector<std::string>{"dataset", "model", "plan"}
                     : option == "--links" ? std::vector<std::string>{"follow", "refuse"}
                                           : std::vector<std::string>{};
  for (const auto& word : words) to.add(word);
}

void add_words(Candidates& to, const Typed& typed, std::size_t position) {
  std::vector<const faces::Argument*> places;
  for (const auto& argument : typed.command->arguments)
    if (!argument.name.starts_with('-')) places.push_back(&argument);
  if (places.empty()) return;
  const auto& name = places[std::min(position, places.size() - 1)]->name;
  if (name == "REGISTRY" || name == "ENTITY") return add_registries(to);
  if (name == "ARTIFACT") {
    add_values(to, "artifact", "key", true);
    return add_values(to, "artifact", "uid");
  }
  if (name == "INSTANCE") {
    for (const auto& instance : known_instances()) to.add(instance);
  }
  if (name == "TARGET" || name == "BRANCH") return add_values(to, "branch", "name");
  if (name == "SHELL")
    for (const char* shell : {"bash", "zsh", "fish"}) to.add(shell);
  if (name == "ACTION" && typed.command->name == "cache")
    for (const char* action : {"list", "clear", "limit", "get"}) to.add(action);
}

void add_commands(Candidates& to, const std::vector<faces::Command>& commands, const std::vector<std::string>& before) {
  for (const auto& command : commands) {
    if (command.section.empty() || command.run == nullptr) continue;
    const auto parts = base::split(command.name, ' ');
    if (parts.size() > before.size() && std::equal(before.begin(), before.end(), parts.begin()))
      to.add(parts[before.size()]);
  }
}

void complete_arguments(Candidates& to, Typed& typed) {
  std::size_t position = 0;
  const faces::Argument* waits = nullptr;
  for (std::size_t i = typed.used; i < typed.words.size(); ++i) {
    const auto& word = typed.words[i];
    if (waits != nullptr) {
      waits = nullptr;
    } else if (word.starts_with('-')) {
      waits = option_called(*typed.command, word);
      if (waits != nullptr && waits->form == faces::Argument::Form::flag) waits = nullptr;
    } else {
      if (position++ == 0 && !typed.command->arguments.empty() && typed.command->arguments[0].name == "ENTITY")
        typed.entity = word;
    }
  }
  if (waits != nullptr) return add_option_values(to, waits->name.substr(waits->name.find("--")), typed);
  if (!to.typed().starts_with('-')) return add_words(to, typed, position);
  for (const auto& argument : typed.command->arguments) {
    for (const auto& name : base::split(argument.name, ','))
      if (name.starts_with("--")) to.add(name);
  }
  to.add("--help");
}

}  // namespace

int completion(const Given& given) {
  const auto shell = given.text("shell");
  if (shell == "bash") print(bash_script);
  else if (shell == "zsh") print(zsh_script);
  else if (shell == "fish") print(fish_script);
  else
    throw Error(Code::invalid_argument, fmt::format("there is completion for bash, zsh and fish, not for '{}'", shell));
  return 0;
}

int complete(const Given& given) {
  auto words = given.all("words");
  Candidates candidates(words.empty() ? "" : words.back());
  if (!words.empty()) words.pop_back();
  const auto commands = table();
  Typed typed{.words = words};
  for (const auto& command : commands) {
    const auto parts = base::split(command.name, ' ');
    if (parts.size() > words.size() || parts.size() <= typed.used) continue;
    if (std::equal(parts.begin(), parts.end(), words.begin())) typed.command = &command, typed.used = parts.size();
  }
  try {
    add_commands(candidates, commands, words);
    if (typed.command != nullptr) complete_arguments(candidates, typed);
  } catch (const Error&) {  // no instance, or one that cannot be read: nothing to complete
  }
  candidates.say();
  return 0;
}

}  // namespace lamin::cli
