// save.cpp -- save: one file as what it is, many files in one commit.
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/budget.hpp"
#include "base/path.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lake/command/glob.hpp"
#include "lamin/artifact.hpp"
#include "lamin/save.hpp"
#include "lamin/storage.hpp"
#include "standard_input.hpp"

namespace lamin::cli {

namespace {

namespace fs = std::filesystem;

/// One line on a terminal, for all files together.
class Bar {
 public:
  explicit Bar(std::size_t files) : files_(files), on_(files > 1 && ::isatty(STDERR_FILENO) != 0) {}
  ~Bar() { clear(); }
  Bar(const Bar&) = delete;
  void show(std::size_t done, std::int64_t bytes) {
    if (!on_) return;
    constexpr std::size_t width = 30;
    const auto filled = width * done / files_;
    std::fprintf(stderr, "\r\033[K  [%s%s] %zu of %zu files, %s%s", std::string(filled, '#').c_str(),
                 std::string(width - filled, '.').c_str(), done, files_, base::size_text(bytes).c_str(),
                 done == files_ ? ": saving" : "");
    shown_ = true;
  }
  void clear() {
    if (std::exchange(shown_, false)) std::fputs("\r\033[K", stderr);
  }

 private:
  std::size_t files_;
  bool on_, shown_ = false;
};

Record storage_called(Instance& instance, const std::string& root) {
  if (auto known = find_storage(instance, root)) return std::move(*known);
  throw Error(Code::not_found,
              "There is no storage '" + root + "'. `lamin create storage --set root=" + root + "` registers it.");
}

bool is_pattern(const std::string& word) {
  return word.find_first_of("*?") != word.npos && word.find("://") == word.npos;
}

/// What PATH... names: a pattern that the shell has left as it is stands for the files that match.
std::vector<fs::path> files_named(const std::vector<std::string>& words) {
  std::vector<fs::path> files;
  for (const auto& word : words) {
    if (word.empty()) throw Error(Code::invalid_argument, "PATH is empty: pass a file or folder.");
    std::error_code failed;
    if (!is_pattern(word) || fs::exists(fs::symlink_status(word, failed))) {
      files.emplace_back(word);
      continue;
    }
    const auto here = fs::current_path();
    const auto found = lake::files_matching(word, here);
    if (found.empty()) throw Error(Code::not_found, fmt::format("no file matches '{}'", word));
    for (const auto& file : found) {
      const auto relative = fs::path(file).lexically_relative(here);
      const bool outside = relative.empty() || *relative.begin() == "..";
      files.push_back(outside ? fs::path(file) : relative);
    }
  }
  return files;
}

void require_in_storage(Instance& instance, const fs::path& file) {
  const auto path = base::resolve(file);
  for (const auto& storage : instance.database().all({.registry = "Storage", .any_branch = true})) {
    if (storage.text("type") == "local" && !base::relative_key(std::string(storage.text("root")), path).empty()) return;
  }
  throw Error(Code::invalid_argument,
              fmt::format("'{}' is in no storage of this instance, so it cannot be registered in place. `lamin create "
                          "storage --set root={}` registers its folder",
                          path.string(), path.parent_path().string()));
}

SavedFile save_as_what_it_is(Instance& instance, const FileOptions& options) {
  try {
    return save_file(instance, options);
  } catch (Error& error) {
    const auto& [key, description] = std::pair(options.artifact.key, options.artifact.description);
    if (error.code() == Code::invalid_argument && key.empty() && description.empty())
      error.add_context("Please pass a key or description via --key or --description");
    throw;
  }
}

std::string_view shown_by(const schema::Table& table) {
  return table.name_field.empty() ? std::string_view("uid") : table.name_field.view();
}

void print_saved(Instance& instance, const SavedFile& saved, bool json) {
  for (const auto& line : saved.said) tell("→ " + line);
  const auto shown = lamin::named(saved.record);
  if (saved.renamed) tell("→ renamed record: " + shown);
  tell((saved.record.table().name == "Record" ? "→ saved note: " : "→ saved: ") + shown);
  if (saved.record.table().name == "Artifact") {
    const auto [root, key] = location(instance, saved.record);
    tell("→ storage path: " + address(root, key));
  }
  print_record(saved.record, json);
}

void print_all(const std::vector<SavedFile>& saved, bool json) {
  for (const auto& one : saved) {
    for (const auto& line : one.said) tell("→ " + line);
    print_record(one.record, json);
  }
  tell(fmt::format("→ saved: {} file{}", saved.size(), saved.size() == 1 ? "" : "s"));
}

int save_each(Instance& instance, const ArtifactOptions& options, bool json) {
  auto drafts = prepare_files(instance, options);
  save_artifacts(instance, drafts);
  for (const auto& draft : drafts) print_record(draft.record, json);
  tell(fmt::format("→ saved: {} artifact{}", drafts.size(), drafts.size() == 1 ? "" : "s"));
  return 0;
}

FileOptions options_of(Instance& instance, const Given& given) {
  FileOptions options{.artifact = {.key = given.text("key"),
                                   .description = given.text("description"),
                                   .kind = given.text("kind"),
                                   .links = links_called(given.text("links"))},
                      .stem_uid = given.text("stem-uid"),
                      .annotations = {.labels = labels_of(instance, given)}};
  if (given.has("registry")) options.registry = faces::entity(instance.catalog(), given.text("registry")).name.str();
  if (given.has("real-key")) options.artifact.key_is_virtual = false;
  if (given.has("storage")) options.artifact.storage = storage_called(instance, given.text("storage")).id();
  if (given.has("schema")) options.schema = schema_called(instance, given.text("schema"));
  return options;
}

void check_together(const Given& given, std::size_t files) {
  const auto refuse = [](const char* why) { throw Error(Code::invalid_argument, why); };
  if (given.has("each") && given.has("schema"))
    refuse("--schema goes with one dataset, --each with the files of a folder.");
  if (given.has("each") && files > 1) refuse("--each goes with one folder: pass its files, or the folders one by one.");
  if (given.has("stem-uid") && files > 1) refuse("--stem-uid goes with one file: it says of which it is a version.");
  if (given.has("in-place") && given.has("storage"))
    refuse("Pass one of --in-place and --storage: in place, the file is in its storage already.");
}

}  // namespace

void print_record(const Record& record, bool json) {
  if (json) print(faces::json_object(record) + "\n");
  else print_value(std::string(record.uid()));
}

int save(const Given& given) {
  const auto instance = open();
  const auto words = given.all("path");
  std::optional<StandardInput> piped;
  std::vector<fs::path> files;
  if (std::ranges::find(words, "-") != words.end()) {
    if (words.size() > 1) throw Error(Code::invalid_argument, "- goes alone: what is piped in is one file.");
    if (!given.has("key")) throw Error(Code::invalid_argument, "Pass --key with -: what is piped in has no name.");
    base::check_key(given.text("key"));
    piped.emplace(fs::path(given.text("key")).filename());
    files.push_back(piped->file());
  } else {
    files = files_named(words);
  }
  check_together(given, files.size());
  work_on(*instance, given);
  auto options = options_of(*instance, given);
  const bool json = given.has("json");
  if (given.has("in-place"))
    for (const auto& file : files) require_in_storage(*instance, file);
  if (given.has("each") && !options.annotations.empty())
    throw Error(Code::invalid_argument,
                "Labels go with one file, --each with all of a folder: `lamin annotate` labels them.");
  const bool from_pattern = std::ranges::any_of(words, is_pattern) && !given.has("each");
  if (files.size() > 1 || (from_pattern && given.has("key"))) {
    Bar bar(files.size());
    const auto saved =
        save_files(*instance, files, options, [&](std::size_t done, std::int64_t bytes) { bar.show(done, bytes); });
    bar.clear();
    print_all(saved, json);
    return 0;
  }
  options.artifact.source = files.front();
  if (given.has("each")) return save_each(*instance, options.artifact, json);
  const auto saved = save_as_what_it_is(*instance, options);
  for (const auto& label : options.annotations.labels)
    tell("→ labeled with " + faces::entity_name(label.table()) + ": " +
         std::string(label.text(shown_by(label.table()))));
  print_saved(*instance, saved, json);
  return 0;
}

int replace(const Given& given) {
  const auto instance = open();
  const auto artifact = find(*instance, given);
  auto draft = prepare_replacement(*instance, artifact, {.source = given.text("path")});
  save_artifact(*instance, draft);
  tell("→ replaced the content of: " + lamin::named(draft.record));
  print_record(draft.record, given.has("json"));
  return 0;
}

}  // namespace lamin::cli
