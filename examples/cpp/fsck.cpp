// fsck.cpp -- a stored file is damaged: the read refuses it, the check finds it.
#include "lamin/fsck.hpp"
#include <fstream>
#include <iostream>
#include "lamin/artifact.hpp"

int main() {
  const auto instance = lamin::init({.storage = "lake"});
  std::ofstream("notes.txt") << "12 donors";
  auto draft = lamin::prepare_artifact(*instance, {.source = "notes.txt", .key = "notes.txt"});
  lamin::save_artifact(*instance, draft);
  std::cout << std::boolalpha << "clean: " << lamin::fsck(*instance).clean() << "\n";

  const auto file = lamin::cache_artifact(*instance, draft.record);
  std::ofstream(file) << "21 donors";  // the same number of bytes
  try {
    lamin::cache_artifact(*instance, draft.record);
  } catch (const lamin::Error& error) { std::cout << "a read says " << lamin::row(error.code()).name << "\n"; }

  const lamin::FsckWatch watch{.finding = [](const lamin::Finding& found) {
    std::cout << name_of(found.kind) << " of " << found.key << ", remains: " << found.remains() << "\n";
  }};
  const auto report = lamin::fsck(*instance, {.full = true}, watch);  // without `full` sizes are compared
  std::cout << report.artifacts << " artifact checked, " << report.bytes << " bytes read\n";

  instance->verify() = lamin::Verify::full;  // after this, every read compares the digest, even for large files
  std::cout << "verify: " << name_of(instance->verify()) << "\n";
  std::cout << "drafts of dead processes: " << lamin::remove_leftovers(*instance).drafts << "\n";
}
// Prints:
//   clean: true
//   a read says corrupt
//   wrong_content of notes.txt, remains: true
//   1 artifact checked, 9 bytes read
//   verify: full
//   drafts of dead processes: 0
