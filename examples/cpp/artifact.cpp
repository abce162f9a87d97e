// artifact.cpp -- a dataset is saved, found by its key, opened, given a second version, deleted.
#include "lamin/artifact.hpp"
#include <iostream>
#include "lamin/find.hpp"
#include "lamin/remove.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells"});
  lamin::ArtifactOptions options{.source = data / "pbmc68k_reduced.h5ad", .key = "blood/pbmc.h5ad", .kind = "dataset"};
  auto draft = lamin::prepare_artifact(*instance, options);
  lamin::save_artifact(*instance, draft);  // on return it survives a power cut

  auto again = lamin::prepare_artifact(*instance, options);
  std::cout << std::boolalpha << "the same bytes are the same artifact: " << again.existing << "\n";

  options.source = data / "pbmc68k_typed.h5ad";  // different bytes under the same key
  auto second = lamin::prepare_artifact(*instance, options);
  lamin::save_artifact(*instance, second);
  for (const auto& version : lamin::versions(*instance, second.record))
    std::cout << version.uid().substr(16) << " " << to_string(version.at("size"))
              << " bytes, latest: " << to_string(version.at("is_latest")) << "\n";

  const auto found = lamin::find_artifact(*instance, "blood/pbmc.h5ad");
  const auto file = lamin::cache_artifact(*instance, *found);
  std::cout << std::filesystem::file_size(file) << " bytes in a file to read\n";

  lamin::remove(*instance, second.record);  // the first version is the latest again
  std::cout << lamin::find_artifact(*instance, "blood/pbmc.h5ad")->uid().substr(16) << "\n";
  lamin::remove(*instance, second.record, {.permanent = true});
  std::cout << lamin::versions(*instance, draft.record).size() << " version left\n";
}
// Prints:
//   the same bytes are the same artifact: true
//   0001 1917539 bytes, latest: True
//   0000 1911295 bytes, latest: False
//   1917539 bytes in a file to read
//   0000
//   1 version left
