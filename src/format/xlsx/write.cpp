#include "format/xlsx/write.hpp"
#include <fmt/format.h>
#include <zip.h>
#include <array>
#include <cmath>
#include <memory>
#include "base/time.hpp"
#include "format/xlsx/worksheet.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

constexpr std::string_view head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view main_space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr std::string_view office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view package = "http://schemas.openxmlformats.org/package/2006";
enum Style { plain, header, day, moment };  // as write_styles states them

/// For an element or an attribute; what XML cannot hold becomes "_x0007_".
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char sign = text[i];
    switch (sign) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n':
      case '\t': out += sign; break;
      case '_': out += text.substr(i, 2) == "_x" ? "_x005F_" : "_"; break;
      default:
        if (static_cast<unsigned char>(sign) < 0x20) out += fmt::format("_x{:04X}_", static_cast<int>(sign));
        else out += sign;
    }
  }
  return out;
}

/// Days since 1899-12-30, as spreadsheets count; before March 1900 they count differently.
constexpr std::int64_t first_day = -25508, epoch = 25569, micros_a_day = 86'400'000'000;

class Sheet {
 public:
  Sheet(const Frame& frame, const std::filesystem::path& path) : frame_(frame), path_(path) {
    if (frame.rows() + 1 > most_rows || frame.size() > static_cast<std::size_t>(most_columns)) {
      refuse(fmt::format("a worksheet holds {} rows and {} columns, the table has {} and {}", most_rows, most_columns,
                         frame.rows() + 1, frame.size()));
    }
  }

  std::string xml() {
    out_ = fmt::format(
        "{}<worksheet xmlns=\"{}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" "
        "topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"
        "<sheetData><row r=\"1\">",
        head, main_space);
    for (std::size_t c = 0; c < frame_.size(); ++c) text(c, 1, frame_.names()[c], Style::header);
    out_ += "</row>";
    for (std::int64_t r = 0; r < frame_.rows(); ++r) {
      out_ += fmt::format("<row r=\"{}\">", r + 2);
      for (std::size_t c = 0; c < frame_.size(); ++c) {
        if (!frame_.at(c).is_null(r)) cell(c, r + 2, frame_.at(c).value(r));
      }
      out_ += "</row>";
    }
    return out_ += "</sheetData></worksheet>";
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(Code::unsupported, fmt::format("Cannot write '{}': {}: write .csv or .parquet.", path_.string(), why));
  }

  static std::string place(std::size_t column, std::int64_t row) {
    return fmt::format("{}{}", letters_of(static_cast<int>(column) + 1), row);
  }

  void text(std::size_t column, std::int64_t row, std::string_view value, Style style) {
    constexpr std::size_t most = 32'767;
    if (value.size() > most)
      refuse(fmt::format("a cell holds {} characters, one of column '{}' has {}", most, frame_.names()[column],
                         value.size()));
    out_ += fmt::format("<c r=\"{}\" s=\"{}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                        place(column, row), static_cast<int>(style), escaped(value));
  }

  void number(std::size_t column, std::int64_t row, double value, Style style) {
    out_ += fmt::format("<c r=\"{}\" s=\"{}\"><v>{}</v></c>", place(column, row), static_cast<int>(style), value);
  }

  void cell(std::size_t column, std::int64_t row, const Value& value) {
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    if (const auto* flag = std::get_if<bool>(&value)) {
      out_ += fmt::format("<c r=\"{}\" t=\"b\"><v>{}</v></c>", place(column, row), *flag ? 1 : 0);
    } else if (const auto* whole = std::get_if<std::int64_t>(&value); whole && std::abs(*whole) <= exact) {
      out_ += fmt::format("<c r=\"{}\"><v>{}</v></c>", place(column, row), *whole);
    } else if (const auto* real = std::get_if<double>(&value); real && std::isfinite(*real)) {
      number(column, row, *real, Style::plain);
    } else if (const auto* date = std::get_if<Date>(&value); date && date->days >= first_day) {
      number(column, row, static_cast<double>(date->days + epoch), Style::day);
    } else if (const auto* time = std::get_if<Time>(&value);
               time && !time->zoned && time->micros >= first_day * micros_a_day) {
      number(column, row, static_cast<double>(time->micros) / micros_a_day + epoch, Style::moment);
    } else {
      text(column, row, written(value), Style::plain);
    }
  }

  /// What a spreadsheet has no cells for.
  static std::string written(const Value& value) {
    if (const auto* text = value.text()) return *text;
    if (const auto* json = std::get_if<Json>(&value)) return json->text;
    if (const auto* date = std::get_if<Date>(&value)) return base::iso(*date);
    if (const auto* time = std::get_if<Time>(&value)) return base::iso(*time);
    return to_string(value);
  }

  const Frame& frame_;
  const std::filesystem::path& path_;
  std::string out_;
};

std::string content_types() {
  constexpr std::string_view sheet_ml = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return fmt::format(
      "{}<Types xmlns=\"{}/content-types\"><Default Extension=\"rels\" "
      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
      "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
      "<Override PartName=\"/xl/workbook.xml\" ContentType=\"{}.sheet.main+xml\"/>"
      "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{}.worksheet+xml\"/>"
      "<Override PartName=\"/xl/styles.xml\" ContentType=\"{}.styles+xml\"/></Types>",
      head, package, sheet_ml, sheet_ml, sheet_ml);
}

std::string relations(std::string_view all) {
  return fmt::format("{}<Relationships xmlns=\"{}/relationships\">{}</Relationships>", head, package, all);
}

std::string relation(std::string_view id, std::string_view type, std::string_view target) {
  return fmt::format("<Relationship Id=\"{}\" Type=\"{}/{}\" Target=\"{}\"/>", id, office, type, target);
}

std::string workbook(std::string_view worksheet) {
  return fmt::format(
      "{}<workbook xmlns=\"{}\" xmlns:r=\"{}\"><sheets><sheet name=\"{}\" sheetId=\"1\" "
      "r:id=\"rId1\"/></sheets></workbook>",
      head, main_space, office, escaped(worksheet));
}

std::string styles() {
  return fmt::format(
      "{}<styleSheet xmlns=\"{}\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
      "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>"
      "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
      "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
      "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
      "<fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders>"
      "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
      "<cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
      "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
      "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
      "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>"
      "</styleSheet>",
      head, main_space);
}

/// The name of a worksheet: at most 31 characters, without signs that formulas use.
std::string sheet_name(std::string_view wanted) {
  constexpr std::size_t most = 31;
  std::string name;
  for (const char sign : wanted)
    name += std::string_view("[]:*?/\\'").find(sign) == std::string_view::npos ? sign : '_';
  if (name.size() > most) {
    name.resize(most);
    while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0) == 0x80) name.pop_back();
    if (!name.empty() && static_cast<unsigned char>(name.back()) >= 0xC0) name.pop_back();
  }
  return name.empty() ? "Sheet1" : name;
}

struct Discards {
  void operator()(zip_t* zip) const { zip_discard(zip); }
};

}  // namespace

void write_workbook(const Frame& frame, std::string_view worksheet, const std::filesystem::path& path) {
  const std::array<std::pair<const char*, std::string>, 6> parts{{
      {"[Content_Types].xml", content_types()},
      {"_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml"))},
      {"xl/workbook.xml", workbook(sheet_name(worksheet))},
      {"xl/_rels/workbook.xml.rels",
       relations(relation("rId1", "worksheet", "worksheets/sheet1.xml") + relation("rId2", "styles", "styles.xml"))},
      {"xl/styles.xml", styles()},
      {"xl/worksheets/sheet1.xml", Sheet(frame, path).xml()},
  }};
  int error = 0;
  std::unique_ptr<zip_t, Discards> zip(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  const auto fail = [&](const char* why) {
    throw Error(Code::no_access, fmt::format("Cannot write '{}': {}.", path.string(), why));
  };
  if (!zip) {
    zip_error_t about;
    zip_error_init_with_code(&about, error);
    const std::string why = zip_error_strerror(&about);
    zip_error_fini(&about);
    fail(why.c_str());
  }
  for (const auto& [name, text] : parts) {
    auto* source = zip_source_buffer(zip.get(), text.data(), text.size(), 0);
    const auto index = source == nullptr ? -1 : zip_file_add(zip.get(), name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      if (source != nullptr) zip_source_free(source);
      fail(zip_strerror(zip.get()));
    }
    constexpr std::uint16_t midnight = 0, first_of_1980 = (1 << 5) | 1;  // the same table is the same bytes
    zip_file_set_dostime(zip.get(), static_cast<zip_uint64_t>(index), midnight, first_of_1980, 0);
  }
  if (zip_close(zip.get()) != 0) fail(zip_strerror(zip.get()));
  (void)zip.release();  // NOLINT(bugprone-unused-return-value): it is closed
}

}  // namespace lamin::format
