// owl.hpp -- OWL in RDF/XML, as the module library `owl` reads it.
#pragma once
#include <string>
#include <string_view>
#include "format/format.hpp"

namespace lamin::format {

class OwlReader {
 public:
  /// Throws corrupt with the line (not well-formed, cut short), unsupported (OWL/XML; entities of other files).
  virtual Terms read(std::string text, std::string_view name_for_messages) const = 0;

 protected:
  ~OwlReader() = default;
};

/// Loads the module. Throws unavailable.
const OwlReader& owl_reader();

}  // namespace lamin::format
