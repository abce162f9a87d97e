// frame.cpp -- the cells of an h5ad file as a table, and a table made by hand.
#include "lamin/frame.hpp"
#include <iostream>
#include <map>
#include "lamin/curate.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const lamin::Frame obs = lamin::read_slots(data / "pbmc68k_reduced.h5ad").front().frame;
  std::cout << obs.rows() << " cells, " << obs.size() << " columns, named by " << obs.index << "\n";

  const lamin::Column& labels = obs.at("bulk_labels");
  std::map<std::string_view, int> counts;
  for (std::int64_t row = 0; row < labels.size(); ++row) ++counts[labels.text(row)];
  for (const auto& [label, n] : counts)
    if (n > 90) std::cout << label << ": " << n << "\n";

  lamin::Frame summary;
  summary.add("label", lamin::Column::texts(labels.category_names()));
  std::vector<std::int64_t> sizes;
  for (const auto& label : labels.category_names()) sizes.push_back(counts[label]);
  summary.add("cells", lamin::Column::integers(sizes));
  std::cout << summary.rows() << " labels; the first is " << to_string(summary.at("label").value(0)) << "\n";
}
// Prints:
//   700 cells, 9 columns, named by index
//   CD14+ Monocyte: 129
//   CD19+ B: 95
//   Dendritic: 240
//   10 labels; the first is 'CD4+/CD25 T Reg'
