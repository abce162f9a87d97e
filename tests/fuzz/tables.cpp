// tables.cpp -- tables of terms as their publishers write them; NCBI's taxonomy; archives of tar.
#include "format/archive.hpp"
#include "format/taxonomy.hpp"
#include "format/term_table.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  if (text.find("\t|") != text.npos) {
    fuzz::accepts([&] {
      format::TextBytes bytes(text);
      format::read_taxa(bytes, "fuzz", [](const format::Taxon& taxon) {
        fuzz::require(taxon.id != 0 && !taxon.scientific_name.empty());
      });
    });
  }
  if (format::is_tar(text.substr(0, std::min(text.size(), format::tar_block)))) {
    fuzz::accepts([&] {
      format::TextBytes bytes(text);
      format::each_in_tar(bytes, "fuzz", [](std::string_view, format::ByteStream& member) {
        char some[100];
        member.read(some);
      });
    });
  }
  fuzz::accepts([&] {
    const auto table = format::parse_term_table(text, "fuzz", {.organism = "human"});
    if (!table) return;
    for (std::size_t i = 0; i < table->frame.size(); ++i)
      fuzz::require(table->frame.at(i).size() == table->frame.rows());
  });
}
