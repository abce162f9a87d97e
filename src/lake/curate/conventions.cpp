#include "lake/curate/conventions.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/json.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"

namespace lamin::lake {
namespace {

namespace js = boost::json;
using format::ImageSketch;

constexpr double tolerance = 0.05;  // a scale has whole pixels, so its ratio to the next is seldom exact

double number_of(const js::value& value, std::string_view what) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_double()) return value.get_double();
  throw Error(Code::invalid_argument, fmt::format("formats.zarr: '{}' of the schema is not a number", what));
}

const js::object& object_of(const js::value& value, std::string_view what) {
  if (value.is_object()) return value.get_object();
  throw Error(Code::invalid_argument, fmt::format("formats.zarr: '{}' of the schema is not a dict", what));
}

class Conventions {
 public:
  Conventions(const std::filesystem::path& path, const format::FileSketch& sketch, FileReport& report)
      : path_(path), sketch_(sketch), report_(report) {}

  void check(const js::object& rules) {
    static constexpr std::string_view known[] = {"zarr_format", "multiscales", "chunk_shape", "layers"};
    for (const auto& rule : rules) {
      if (std::ranges::find(known, std::string_view(rule.key())) != std::end(known)) continue;
      throw Error(Code::invalid_argument, fmt::format("schema.formats.zarr has no convention '{}': there are {}",
                                                      std::string_view(rule.key()), fmt::join(known, ", ")));
    }
    if (const auto* rule = rules.if_contains("zarr_format")) check_format(number_of(*rule, "zarr_format"));
    if (const auto* rule = rules.if_contains("multiscales")) check_scales(object_of(*rule, "multiscales"));
    if (const auto* rule = rules.if_contains("chunk_shape")) check_chunks(object_of(*rule, "chunk_shape"));
    if (const auto* rule = rules.if_contains("layers")) check_layers(object_of(*rule, "layers"));
  }

 private:
  void add(std::string message) { report_.problems.push_back({.rule = "zarr", .message = std::move(message)}); }

  void check_format(double wanted) {
    if (sketch_.zarr_format == 0 || sketch_.zarr_format == static_cast<int>(wanted)) return;
    add(fmt::format("the store '{}' is zarr v{}, expected v{:g}: write it again with a zarr library that writes v{:g}",
                    path_.string(), sketch_.zarr_format, wanted, wanted));
  }

  static int axis(const ImageSketch& image, std::string_view name) {
    const auto found = std::ranges::find(image.axes, name);
    return found == image.axes.end() ? -1 : static_cast<int>(found - image.axes.begin());
  }
  static std::int64_t extent(const std::vector<std::int64_t>& sizes, int axis) {
    return axis < 0 || axis >= static_cast<int>(sizes.size()) ? -1 : sizes[static_cast<std::size_t>(axis)];
  }

  void check_scales(const js::object& rule) {
    const auto* scale = rule.if_contains("scale");
    const double factor = scale == nullptr ? 2 : number_of(*scale, "scale");
    std::vector<std::string> axes{"y", "x"};
    if (const auto* listed = rule.if_contains("axes"); listed != nullptr && listed->is_array()) {
      axes.clear();
      for (const auto& one : listed->get_array()) {
        if (one.is_string()) axes.emplace_back(one.get_string());
      }
    }
    const auto* single = rule.if_contains("coarsest_single_chunk");
    const bool one_chunk = single == nullptr || !single->is_bool() || single->get_bool();
    for (const auto& image : sketch_.images) {
      if (image.scales.size() < 2) {
        add(fmt::format("Image '{}' is single-scale: write it as a pyramid with scale_factors=[{:g}, {:g}]", image.name,
                        factor, factor));
        continue;
      }
      for (const auto& name : axes) check_axis(image, name, factor, one_chunk);
    }
  }

  void check_axis(const ImageSketch& image, const std::string& name, double factor, bool one_chunk) {
    const int at = axis(image, name);
    for (std::size_t i = 1; i < image.scales.size(); ++i) {
      const auto &finer = image.scales[i - 1], &coarser = image.scales[i];
      const auto from = extent(finer.shape, at), to = extent(coarser.shape, at);
      if (from <= 0 || to <= 0) continue;
      const double ratio = static_cast<double>(from) / static_cast<double>(to);
      if (std::abs(ratio - factor) <= tolerance * factor) continue;
      add(fmt::format("Image '{}': '{}' to '{}' downscales '{}' by {:.2f}x, expected {:g}x", image.name, finer.name,
                      coarser.name, name, ratio, factor));
    }
    const auto& coarsest = image.scales.back();
    const auto size = extent(coarsest.shape, at), chunk = extent(coarsest.chunks, at);
    if (!one_chunk || chunk <= 0 || size <= chunk) return;
    add(
        fmt::format("Image '{}': coarsest scale '{}' spans {} along '{}' in chunks of {}: add scales until one chunk "
                    "holds the coarsest",
                    image.name, coarsest.name, size, name, chunk));
  }

  void check_chunks(const js::object& rule) {
    for (const auto& image : sketch_.images) {
      for (const auto& scale : image.scales) {
        const auto label = image.scales.size() > 1 ? image.name + "/" + scale.name : image.name;
        for (const auto& [name, bounds] : rule) {
          const bool range = bounds.is_array() && bounds.get_array().size() == 2;
          const double least = number_of(range ? bounds.get_array()[0] : bounds, "chunk_shape");
          const double most = range ? number_of(bounds.get_array()[1], "chunk_shape") : least;
          const int at = axis(image, std::string_view(name));
          const auto chunk = extent(scale.chunks, at), size = extent(scale.shape, at);
          if (chunk < 0) continue;
          const auto held = static_cast<double>(std::min(chunk, size));  // a chunk may reach beyond the picture
          if (chunk >= size && held < least) continue;                   // one chunk, smaller than the smallest tile
          if (held >= least && held <= most) continue;
          add(
              fmt::format("Image '{}': chunk of {:g} along '{}' (extent {}), expected between {:g} and {:g}: write it "
                          "with other chunks",
                          label, held, std::string_view(name), size, least, most));
        }
      }
    }
  }

  void check_layers(const js::object& rule) {
    std::vector<std::string> tables;
    for (const auto& table : sketch_.tables) {
      const std::string_view slot = table.slot;
      if (slot.starts_with("tables:") && slot.ends_with(":obs")) tables.emplace_back(slot.substr(7, slot.size() - 11));
    }
    for (const auto& table : tables) {
      for (const auto& [layer, wanted] : rule) {
        const auto name = table + "/" + std::string(layer);
        const auto found = std::ranges::find(sketch_.layers, name, &std::pair<std::string, std::string>::first);
        const std::string_view encoding = wanted.is_string() ? std::string_view(wanted.get_string()) : "";
        if (found == sketch_.layers.end()) {
          add(fmt::format("Table '{}' has no layer '{}': add it as a {}", table, std::string_view(layer), encoding));
        } else if (found->second != encoding) {
          add(fmt::format("Table '{}': layer '{}' is '{}', expected '{}'", table, std::string_view(layer),
                          found->second, encoding));
        }
      }
    }
  }

  const std::filesystem::path& path_;
  const format::FileSketch& sketch_;
  FileReport& report_;
};

}  // namespace

void check_conventions(const Record& schema, const std::filesystem::path& path, const format::FileSketch& sketch,
                       FileReport& report) {
  const auto rules = format_rules(schema, "zarr");
  if (!rules.empty()) Conventions(path, sketch, report).check(object_of(base::parse_json(rules), "zarr"));
}

}  // namespace lamin::lake
