#include "faces/graph/drawing.hpp"
#include <fmt/format.h>
#include <array>
#include <cmath>
#include "base/html_text.hpp"

namespace lamin::faces {
namespace {

// Widths of ASCII in a sans-serif font, in thousandths of its size.
double width_of(unsigned char c) {
  constexpr std::string_view narrow = "ijl.,:;'|!", slim = "frtI()[]-/\\\" `", wide = "mwMW@%";
  if (narrow.find(static_cast<char>(c)) != std::string_view::npos) return 0.29;
  if (slim.find(static_cast<char>(c)) != std::string_view::npos) return 0.38;
  if (wide.find(static_cast<char>(c)) != std::string_view::npos) return 0.92;
  if (c >= 'A' && c <= 'Z') return 0.69;
  return 0.58;
}

// Bytes of the letter that begins here.
std::size_t letter_size(std::string_view text, std::size_t at) {
  std::size_t n = 1;
  while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0U) == 0x80U) ++n;
  return n;
}

double letter_width(std::string_view letter) {
  if (letter.size() == 1) return width_of(static_cast<unsigned char>(letter[0]));
  return letter.size() == 2 ? 0.6 : 1.05;  // Chinese, Japanese, Korean, emoji
}

// As many letters from the beginning as fit.
std::string_view head(std::string_view text, double size, double width) {
  std::size_t at = 0;
  for (double used = 0; at < text.size();) {
    const auto n = letter_size(text, at);
    used += letter_width(text.substr(at, n)) * size;
    if (used > width) break;
    at += n;
  }
  return text.substr(0, at);
}

// As many letters to the end as fit.
std::string_view tail(std::string_view text, double size, double width) {
  std::size_t from = text.size();
  for (double used = 0; from > 0;) {
    auto at = from - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
    used += letter_width(text.substr(at, from - at)) * size;
    if (used > width) break;
    from = at;
  }
  return text.substr(from);
}

constexpr std::string_view dots = "…";

}  // namespace

double text_width(std::string_view utf8, double font_size) {
  double sum = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto n = letter_size(utf8, at);
    sum += letter_width(utf8.substr(at, n));
    at += n;
  }
  return sum * font_size;
}

std::string fitted(std::string_view name, double font_size, double width) {
  if (text_width(name, font_size) <= width) return std::string(name);
  const double room = width - font_size * 1.05;  // for the dots
  for (auto slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/', slash + 1)) {
    if (text_width(name.substr(slash), font_size) <= room) return fmt::format("{}{}", dots, name.substr(slash));
  }
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos && slash + 1 < name.size())
    name = name.substr(slash + 1);
  const auto end = tail(name, font_size, room / 3);
  return fmt::format("{}{}{}", head(name, font_size, room - text_width(end, font_size)), dots, end);
}

std::string coordinate(double number) {
  const double rounded = std::round(number * 10) / 10;
  return fmt::format("{}", rounded == 0 ? 0.0 : rounded);
}

std::string curve(const Line& line, Flow flow) {
  std::string out;
  const auto put = [&](double x, double y) {
    if (out.back() >= '0' && out.back() <= '9') out += ' ';
    out += coordinate(x) + ' ' + coordinate(y);
  };
  for (std::size_t i = 0; i < line.points.size(); ++i) {
    const auto& to = line.points[i];
    if (i == 0) {
      out = "M";
      put(to.x, to.y);
      continue;
    }
    const auto& from = line.points[i - 1];
    if (from.x == to.x && from.y == to.y) continue;
    if (from.x == to.x || from.y == to.y) {
      out += 'L';
      put(to.x, to.y);
      continue;
    }
    out += 'C';
    const bool right = flow == Flow::right;
    const double x = (from.x + to.x) / 2, y = (from.y + to.y) / 2;
    put(right ? x : from.x, right ? from.y : y);
    put(right ? x : to.x, right ? to.y : y);
    put(to.x, to.y);
  }
  return out;
}

std::string themed(std::string_view selector, std::string_view light, std::string_view dark) {
  // JupyterLab and VS Code say on <body> what they look like; elsewhere the system does.
  return fmt::format(
      "{0}{{{1}}}@media(prefers-color-scheme:dark){{{0}{{{2}}}}}[data-jp-theme-light=true] {0},.vscode-light {0}{{{1}}}"
      "[data-jp-theme-light=false] {0},.vscode-dark {0}{{{2}}}",
      selector, light, dark);
}

std::string framed(std::string_view svg, std::string_view label, bool fits) {
  struct Zoom {
    std::string_view value, word, style;
  };
  constexpr std::array<Zoom, 4> zooms{{{"fit", "Fit", "max-width:100%;height:auto"},
                                       {"1", "100 %", "max-width:none;zoom:1"},
                                       {"2", "200 %", "max-width:none;zoom:2"},
                                       {"4", "400 %", "max-width:none;zoom:4"}}};
  std::string css =
      ".lamin-graph{font:12px system-ui,sans-serif;margin:0}"
      ".lamin-graph>input{appearance:none;-webkit-appearance:none;margin:0 4px 4px 0;padding:1px 8px;border:1px solid "
      "#8a94a3;border-radius:10px;font:11px system-ui,sans-serif;color:inherit;cursor:pointer;width:auto;height:auto;"
      "display:inline-block;background:none}"
      ".lamin-graph>input:checked{background:#8a94a3;color:#fff}.lamin-graph>input:focus-visible{outline:2px solid "
      "#5b8def}.lamin-graph>div{overflow:auto;max-height:70vh;border:1px solid #8a94a366;border-radius:6px}";
  std::string inputs;
  for (const auto& [value, word, style] : zooms) {
    css += fmt::format(
        R"(.lamin-graph>input[value="{0}"]::before{{content:"{1}"}}.lamin-graph>input[value="{0}"]:checked~div>svg{{{2}}})",
        value, word, style);
    inputs += fmt::format(R"(<input type="radio" name="zoom" value="{}" aria-label="{}"{}>)", value, word,
                          value == (fits ? "fit" : "1") ? " checked" : "");
  }
  // Radio buttons belong to their form: two drawings on a page do not disturb each other.
  return fmt::format(R"(<form class="lamin-graph" aria-label="{}"><style>{}</style>{}<div>{}</div></form>)",
                     base::escaped(label), css, inputs, svg);
}

}  // namespace lamin::faces
