// array_file.cpp -- rows of a matrix in an h5ad file, and part of another array, without the rest of them.
#include "lamin/array_file.hpp"
#include <iostream>
#include <vector>
#include "lamin/array_place.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto file = lamin::open_arrays({.path = data / "pbmc68k_reduced.h5ad"});

  const lamin::MatrixRows matrix(file, "X");
  std::cout << matrix.rows() << " cells, " << matrix.columns() << " genes\n";
  const std::int64_t wanted[] = {699, 3};
  std::vector<float> rows(std::size(wanted) * static_cast<std::size_t>(matrix.wide()));
  matrix.read(wanted, lamin::MatrixRows::Number::float32, std::as_writable_bytes(std::span(rows)));
  std::cout << rows.size() << " numbers read\n";

  const auto info = file->info("obsm/X_pca");
  std::cout << "X_pca has " << info.shape[0] << " x " << info.shape[1] << " cells of " << info.type.size << " bytes\n";
  std::vector<std::byte> corner(2 * 3 * info.type.size);
  file->read("obsm/X_pca", {{{0, 1}, {600, 1}}, {{0, 3}}}, corner);  // rows 0 and 600, three columns
  std::cout << corner.size() << " bytes of them read\n";
}
// Prints:
//   700 cells, 765 genes
//   1530 numbers read
//   X_pca has 700 x 50 cells of 4 bytes
//   24 bytes of them read
