// genes.cpp -- what the var names of a dataset say about genes, against a release of one's own.
#include "lamin/genes.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include "lamin/save.hpp"

int main() {
  std::filesystem::create_directories("releases");
  std::ofstream("releases/human__ensembl__demo.csv") << "ensembl_gene_id,symbol,synonyms,biotype\n"
                                                        "ENSG00000141510,TP53,P53|LFS1,protein_coding\n"
                                                        "ENSG00000073282,TP63,P63|KET,protein_coding\n"
                                                        "ENSG00000078900,TP73,P73|KET,protein_coding\n";
  setenv("LAMIN_ONTOLOGIES", "releases", 1);

  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  auto release = lamin::release_called(*instance, "bionty.Gene", {.organism = "human", .version = "demo"});
  release.set("currently_used", true);
  lamin::save(*instance, release);

  const std::string values[] = {"ENSG00000141510.20", "TP63", "p53", "KET", "TP99"};
  const std::string organisms[] = {"human"};
  const auto report = lamin::find_genes(*instance, values, organisms);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const auto& found = report.findings[i];
    std::cout << values[i] << ": " << lamin::name_of(found.match);
    if (!found.symbol.empty()) std::cout << " " << found.symbol;
    for (const auto& candidate : found.candidates) std::cout << " " << candidate;
    std::cout << "\n";
  }
  std::cout << "protein_coding: " << report.biotypes.at("protein_coding") << "\n";
}
// Prints:
//   ENSG00000141510.20: versioned id TP53
//   TP63: symbol TP63
//   p53: alias TP53
//   KET: ambiguous ENSG00000073282 ENSG00000078900
//   TP99: unknown
//   protein_coding: 3
