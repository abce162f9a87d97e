// terms.cpp -- which syntax a file of terms has, by its content: file names do not say, an .owl may be anything.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include "format/byte_stream.hpp"
#include "format/file_text.hpp"
#include "format/format.hpp"
#include "format/owl.hpp"
#include "format/terms_json.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

struct Foreign {
  std::string_view begins, syntax;
};
constexpr std::array<Foreign, 8> foreign{{
    {"Prefix(", "OWL in functional syntax"},
    {"Ontology(", "OWL in functional syntax"},
    {"Prefix:", "OWL in Manchester syntax"},
    {"Ontology:", "OWL in Manchester syntax"},
    {"@prefix", "Turtle"},
    {"@base", "Turtle"},
    {"PREFIX ", "Turtle"},
    {"BASE ", "Turtle"},
}};

std::string_view without_start(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (;;) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    text.remove_prefix(first);
    if (!text.starts_with('#')) return text;
    text.remove_prefix(std::min(text.find('\n'), text.size()));  // a comment in Turtle and functional syntax
  }
}

}  // namespace

Terms read_terms(const std::filesystem::path& path) {
  constexpr std::size_t looked_at = std::size_t{1} << 16;
  auto bytes = open_text(path);
  const auto head = peek(bytes, looked_at);
  const auto start = without_start(head);
  for (const auto& [begins, syntax] : foreign) {
    if (!start.starts_with(begins)) continue;
    throw Error(Code::unsupported, fmt::format("'{}' is {}, which is not read: bring the release as OBO, as OWL in "
                                               "RDF/XML or as an OBO graph in JSON.",
                                               path.string(), syntax));
  }
  const bool xml = start.starts_with('<'), json = start.starts_with('{');
  std::error_code ignored;  // the size is only a hint
  if (!xml && !json) return parse_obo(*bytes, path.string(), std::filesystem::file_size(path, ignored));
  bytes.reset();
  auto text = file_text(path);
  auto terms = xml ? owl_reader().read(std::move(text), path.string()) : parse_terms_json(text, path.string());
  if (terms.terms.empty()) throw Error(Code::corrupt, fmt::format("'{}' states no terms.", path.string()));
  return terms;
}

}  // namespace lamin::format
