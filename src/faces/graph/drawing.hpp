// drawing.hpp -- what drawings of graphs share: widths of texts, curves, the frame of a page.
#pragma once
#include <string>
#include <string_view>
#include "faces/graph/layout.hpp"

namespace lamin::faces {

/// About how wide a line of text is in a sans-serif font of this size: fonts differ by a few percent.
double text_width(std::string_view utf8, double font_size);
/// As much of a name as fits: of a path its end, as that tells more; of a file's name its beginning and suffix.
std::string fitted(std::string_view name, double font_size, double width);

/// "M1 2C3 4 5 6 7 8L9 10": straight along the flow, curved between layers.
std::string curve(const Line& line, Flow flow);
/// A number as short as it may be: "12", "12.5".
std::string coordinate(double number);

/// `css` with the colours of the dark theme, where the page says it is dark or, if it says nothing, the system.
std::string themed(std::string_view selector, std::string_view light, std::string_view dark);
/// A drawing in a frame that scrolls, with buttons that zoom; without scripts.
/// `fits`: it is first shown as wide as the page, otherwise in its own size.
std::string framed(std::string_view svg, std::string_view label, bool fits);

}  // namespace lamin::faces
