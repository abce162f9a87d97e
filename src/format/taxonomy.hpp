// taxonomy.hpp -- NCBI's taxonomy as it is dumped: names.dmp and nodes.dmp in a folder, taxdmp.zip or taxdump.tar.gz.
//
// Millions of taxa: they are handed over one by one, and only what belongs to one is in memory.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace lamin::format {

struct Taxon {
  std::uint32_t id = 0;
  std::string scientific_name;  ///< with what tells homonyms apart, "Bacillus <bacteria>"
  std::string common_name;      ///< GenBank's; "" for most
  std::string synonyms;         ///< that mean the same, joined by "|"
};

bool is_taxonomy(const std::filesystem::path& path);
/// `taxon` for each, `parent` for each but the root; in which order the two come, the archive says. Throws corrupt,
/// with the line.
void read_taxonomy(const std::filesystem::path& path, const std::function<void(const Taxon&)>& taxon,
                   const std::function<void(std::uint32_t child, std::uint32_t parent)>& parent);

class ByteStream;
/// The content of names.dmp alone.
void read_taxa(ByteStream& names, std::string_view name_for_messages, const std::function<void(const Taxon&)>& taxon);

}  // namespace lamin::format
