// preview.cpp -- a first look at what a file holds.
#include "lamin/preview.hpp"
#include <iostream>
#include "lamin/describe.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto seen = lamin::preview(data / "pbmc68k_reduced.h5ad");
  std::cout << seen.what << ", " << seen.facts[0].first << " " << seen.facts[0].second << "\n";
  for (const auto& column : seen.tables[0].columns) {
    if (column.name == "bulk_labels") std::cout << column.type << ": " << column.values << "\n";
  }
  const auto html = lamin::to_html(lamin::preview_node(seen));  // for a page
  std::cout << (html.find("<table") != html.npos) << "\n";
}
// Prints:
//   AnnData, shape 700 x 765
//   category: Dendritic (240), CD14+ Monocyte (129), CD19+ B (95), CD4+/CD25 T Reg (68), …
//   1
