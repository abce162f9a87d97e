#include "lake/command/arguments.hpp"
#include <algorithm>
#include <boost/json/object.hpp>
#include "base/json.hpp"
#include "base/text.hpp"
#include "lake/command/script.hpp"
#include "process/ask.hpp"

namespace lamin::lake {
namespace {

/// Where in a word an address starts; npos if there is none.
std::size_t address_in(const std::string& word) {
  if (is_lamin_uri(word)) return 0;
  const auto equals = word.find('=');
  const bool is_value = word.starts_with('-') && equals != word.npos && is_lamin_uri(word.substr(equals + 1));
  return is_value ? equals + 1 : word.npos;
}

}  // namespace

LocalWords with_paths(Instance& instance, const std::vector<std::string>& words, std::span<const Access> ways) {
  LocalWords local{.words = words};
  for (auto& word : local.words) {
    const auto at = address_in(word);
    if (at == word.npos) continue;
    const auto uri = word.substr(at);
    auto known = std::ranges::find(local.inputs, uri, &LocalArtifact::uri);
    if (known == local.inputs.end())
      known = local.inputs.insert(known, local_artifact(instance, uri, ways.empty() ? any_access : ways));
    word = word.substr(0, at) + known->path.string();
  }
  return local;
}

std::string input_paths_json(const std::vector<LocalArtifact>& inputs) {
  boost::json::object paths;
  for (const auto& input : inputs) paths[input.uri] = input.path.string();
  return base::write_json(paths);
}

std::vector<std::string> outputs_named(const std::vector<std::string>& words) {
  std::vector<std::string> files;
  for (std::size_t i = 1; i < words.size(); ++i) {
    for (const std::string_view option : {"--out", "--output"}) {
      const auto& word = words[i];
      if (word == option && i + 1 < words.size() && !words[i + 1].starts_with('-')) files.push_back(words[i + 1]);
      else if (word.starts_with(option) && word.substr(option.size()).starts_with('='))
        files.push_back(word.substr(option.size() + 1));
    }
  }
  return files;
}

std::string version_of(const std::filesystem::path& program) {
  if (!is_installed(program)) return "";
  constexpr std::chrono::milliseconds most(1000);
  const auto answer = process::ask({program.string(), "--version"}, most);
  if (!answer || answer->exit_status != 0) return "";
  const auto output = base::trim(answer->output);
  const auto text = output.empty() ? base::trim(answer->errors) : output;
  return as_text(base::trim(text.substr(0, text.find('\n'))));
}

}  // namespace lamin::lake
