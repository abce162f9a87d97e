// schemes.cpp -- a scheme of one's own: files that a program makes, registered where they are.
#include "lamin/schemes.hpp"
#include <algorithm>
#include <iostream>
#include <map>
#include "lamin/artifact.hpp"

namespace {

/// Two files, "made://up/a.txt" and "made://up/folder/b.txt".
class Made : public lamin::ForeignStore {
 public:
  std::optional<lamin::ForeignFile> stat(const std::string& key) override {
    const auto found = files_.find(key);
    if (found == files_.end()) return std::nullopt;
    return lamin::ForeignFile{.key = key, .size = static_cast<std::int64_t>(found->second.size()), .stamp = "1"};
  }
  bool is_folder(const std::string& key) override {
    return std::ranges::any_of(files_, [&](const auto& file) { return file.first.starts_with(key + "/"); });
  }
  std::vector<lamin::ForeignFile> list(const std::string& folder) override {
    std::vector<lamin::ForeignFile> found;
    for (const auto& [key, content] : files_) {
      if (folder.empty() || key.starts_with(folder + "/")) found.push_back(*stat(key));
    }
    return found;
  }
  std::size_t read(const std::string& key, std::int64_t offset, std::span<std::uint8_t> into) override {
    const auto& content = files_.at(key);
    const auto from = std::min(static_cast<std::size_t>(offset), content.size());
    const auto count = std::min(into.size(), content.size() - from);
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(from), count, into.begin());
    return count;
  }

 private:
  std::map<std::string, std::string> files_ = {{"a.txt", "alpha"}, {"folder/b.txt", "beta"}};
};

}  // namespace

int main() {
  lamin::read_schemes_with({.knows = [](std::string_view scheme) { return scheme == "made"; },
                            .open = [](const lamin::Uri&) { return std::make_unique<Made>(); }});
  const auto instance = lamin::init({.storage = "cells"});
  auto draft = lamin::prepare_artifact(*instance, {.source = "made://up/a.txt", .description = "made up"});
  lamin::save_artifact(*instance, draft);
  std::cout << draft.record.text("key") << ", " << draft.record.at("size").integer_or(0) << " bytes\n";
  try {
    lamin::prepare_artifact(*instance, {.source = "other://up/a.txt"});
  } catch (const lamin::Error& e) { std::cout << "other: " << lamin::row(e.code()).name << "\n"; }
}
// Prints:
//   a.txt, 5 bytes
//   other: unsupported
