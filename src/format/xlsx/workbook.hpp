// workbook.hpp -- what all worksheets of a file share: their names and places, its texts, which styles are dates.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>
#include "format/xlsx/archive.hpp"
#include "lamin/value.hpp"

namespace lamin::format {

class Workbook {
 public:
  explicit Workbook(const std::filesystem::path& path);

  struct Sheet {
    std::string name, part;  ///< part: "xl/worksheets/sheet1.xml"; "" of a sheet without cells, such as a chart
  };
  const std::vector<Sheet>& sheets() const { return sheets_; }
  /// Throws not_found with the names; "" is the first.
  const Sheet& sheet(std::string_view name) const;
  Archive& archive() { return archive_; }

  /// Reads texts and styles; before cells are read.
  void read_shared();
  const std::string* text(std::size_t index) const { return index < texts_.size() ? &texts_[index] : nullptr; }
  /// Whether numbers of a style are days, or points in time.
  bool is_day(std::size_t style) const { return style < days_.size() && days_[style]; }
  /// The day, or the time if there is a part of a day; null for a number that is not a day.
  Value time_of(double serial) const;

 private:
  void read_relations(const std::string& part);
  std::string target_of(std::string_view id) const;
  std::string part_of_type(std::string_view type) const;
  void read_texts(const std::string& part);
  void read_styles(const std::string& part);

  struct Relation {
    std::string id, type, target;
  };
  Archive archive_;
  std::vector<Relation> relations_;
  std::vector<Sheet> sheets_;
  std::vector<std::string> texts_;
  std::vector<bool> days_;
  bool since_1904_ = false;
};

/// The text of <si> or <is>: its runs together, without the pronunciation.
std::string rich_text(pugi::xml_node node);
/// Whether a number format is one of days: it has a year or a day outside of quotes.
bool is_day_format(std::string_view code);

}  // namespace lamin::format
