// copy.cpp -- cp: an artifact's content to a place of the user's.
#include <fmt/format.h>

#include "base/json.hpp"
#include "base/uid.hpp"
#include "commands.hpp"
#include "lamin/artifact.hpp"
#include "lamin/lamin_uri.hpp"
#include "lamin/lineage.hpp"

namespace lamin::cli {

namespace {

/// By address, uid or key.
Record artifact_called(Instance& instance, const std::string& word) {
  if (is_artifact_uri(word)) {
    auto found = artifact_at_uri(instance, word);
    if (found.subpath.empty()) return std::move(found.artifact);
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is one file of a folder: `lamin load {}` prints its path", word, word));
  }
  if (auto by_key = find_artifact(instance, word)) return std::move(*by_key);
  try {
    return instance.database().get(instance.catalog().table("Artifact"), word);
  } catch (const Error& error) {
    if (error.code() != Code::not_found && error.code() != Code::invalid_argument) throw;
    throw Error(Code::not_found, fmt::format("no artifact has the key or uid '{}'", word));
  }
}

}  // namespace

void print_place(const Record& artifact, const std::string& path, bool json) {
  if (!json) return print_value(path);
  const std::pair<std::string, Value> members[] = {
      {"uid", Value(artifact.uid())}, {"key", artifact.at("key")}, {"path", Value(path)}};
  print(base::json_object(members) + "\n");
}

int copy(const Given& given) {
  const auto word = given.text("artifact");
  const auto instance = is_artifact_uri(word) ? open_at(word) : open();
  const bool many = word.find_first_of("*?") != word.npos && !is_artifact_uri(word);
  auto place = given.text("place");
  if (many && !place.ends_with('/')) place += '/';  // a folder for all of them
  Given pattern;
  pattern.add("key", word);
  const auto artifacts = many ? find_all(*instance, pattern) : std::vector{artifact_called(*instance, word)};
  for (const auto& artifact : artifacts) {
    print_place(artifact, copy_artifact(*instance, artifact, place, given.has("replace")), given.has("json"));
    track_input(*instance, artifact);
  }
  return 0;
}

}  // namespace lamin::cli
