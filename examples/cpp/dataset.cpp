// dataset.cpp -- an h5ad file is saved, found again, read (obs, never the matrix), replaced, and copied out.
#include <iostream>
#include <map>
#include "lamin/artifact.hpp"
#include "lamin/curate.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells"});
  const auto file = data / "pbmc68k_reduced.h5ad";
  const auto [n_obs, n_vars] = lamin::shape_of(file);
  auto draft = lamin::prepare_artifact(
      *instance, {.source = file, .key = "blood/pbmc.h5ad", .kind = "dataset", .n_observations = n_obs});
  lamin::save_artifact(*instance, draft);
  std::cout << draft.record.text("otype") << ", " << n_obs << " cells, " << n_vars << " genes\n";

  // Anywhere else, by its key: obs is read in place, or from a verified copy of what is far away.
  const auto artifact = lamin::find_artifact(*instance, "blood/pbmc.h5ad");
  const lamin::Frame obs = lamin::read_slots(lamin::cache_artifact(*instance, *artifact)).front().frame;
  const lamin::Column& labels = obs.at("bulk_labels");
  std::map<std::string_view, int> counts;
  for (std::int64_t row = 0; row < labels.size(); ++row) ++counts[labels.text(row)];
  std::cout << obs.size() << " columns; " << counts["Dendritic"] << " dendritic cells\n";

  auto other = lamin::prepare_replacement(*instance, *artifact, {.source = data / "pbmc68k_typed.h5ad"});
  lamin::save_artifact(*instance, other);  // until now, readers found the first content
  std::cout << "the same version: " << std::boolalpha << (other.record.uid() == artifact->uid()) << "\n";
  const std::filesystem::path copy = lamin::copy_artifact(*instance, other.record, "copy.h5ad");
  std::cout << copy.filename().string() << ", " << std::filesystem::file_size(copy) << " bytes\n";
}
// Prints:
//   AnnData, 700 cells, 765 genes
//   9 columns; 240 dendritic cells
//   the same version: true
//   copy.h5ad, 1917539 bytes
