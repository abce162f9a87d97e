// zarr.cpp -- a zarr folder as a tree.
#include <fmt/format.h>
#include <algorithm>
#include "base/json.hpp"
#include "format/file_text.hpp"
#include "format/tree.hpp"
#include "format/zarr_array.hpp"
#include "format/zarr_nodes.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Attribute attribute_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::bool_: return value.get_bool();
    case json::kind::int64: return value.get_int64();
    case json::kind::double_: return value.get_double();
    case json::kind::string: return std::string(value.get_string());
    case json::kind::array: break;
    default: return {};
  }
  std::vector<std::string> texts;
  std::vector<std::int64_t> integers;
  for (auto& item : value.get_array()) {
    if (item.is_string()) texts.emplace_back(item.get_string());
    if (item.is_int64()) integers.push_back(item.get_int64());
  }
  if (!integers.empty() && texts.empty()) return integers;
  return texts;
}

class Zarr : public Tree {
 public:
  explicit Zarr(fs::path root)
      : root_(std::move(root)), budget_(root_.string(), 0), place_(zarr::local_place(root_)), nodes_(*place_) {
    if (kind("") != Node::group) {
      throw Error(Code::corrupt,
                  fmt::format("'{}' is no zarr group: it has neither 'zarr.json' nor '.zgroup'.", root_.string()));
    }
  }

  Node kind(const std::string& path) const override {
    switch (nodes_.at(path)->kind) {
      case ArrayFile::Node::group: return Node::group;
      case ArrayFile::Node::array: return Node::array;
      default: return Node::none;
    }
  }

  std::vector<std::string> children(const std::string& group) const override { return nodes_.children(group); }

  Attribute attribute(const std::string& path, const std::string& name) const override {
    const auto node = nodes_.at(path);
    const auto* found = node->attributes.if_contains(name);
    return found != nullptr ? attribute_of(*found) : Attribute();
  }

  std::vector<std::int64_t> shape(const std::string& path) const override { return array(path).shape; }
  Column::Kind element(const std::string& path) const override { return zarr::element_of(array(path)); }
  Column read(const std::string& path) const override {
    return zarr::read_array(array(path), folder(path), where(path), budget_);
  }
  void read_parts(const std::string& path, const std::function<void(const Column&)>& take) const override {
    zarr::read_parts(array(path), folder(path), where(path), budget_, take);
  }
  std::vector<std::string> fields(const std::string& path) const override {
    std::vector<std::string> names;
    for (const auto& [name, type] : array(path).type.fields) names.push_back(name);
    return names;
  }
  Frame read_records(const std::string& path) const override {
    return zarr::read_records(array(path), folder(path), where(path), budget_);
  }
  std::string attributes(const std::string& path) const override {
    return base::write_json(nodes_.at(path)->attributes);
  }
  std::vector<std::int64_t> chunks(const std::string& path) const override {
    const auto found = array(path);
    return found.shard ? found.shard->shape : found.chunks;
  }
  int zarr_format() const override { return nodes_.at("")->version; }
  std::int64_t bytes_read() const override { return budget_.stored() + nodes_.bytes_read(); }

 private:
  fs::path folder(const std::string& path) const { return path.empty() ? root_ : root_ / path; }
  std::string where(const std::string& path) const { return folder(path).string(); }

  zarr::Array array(const std::string& path) const {
    const auto found = nodes_.at(path);
    if (found->kind != ArrayFile::Node::array)
      throw Error(Code::corrupt, fmt::format("'{}' is not a zarr array.", where(path)));
    return zarr::parse_array(found->array, where(path));
  }

  fs::path root_;
  mutable base::Budget budget_;
  std::unique_ptr<zarr::Place> place_;
  mutable zarr::Nodes nodes_;
};

}  // namespace

std::unique_ptr<Tree> open_zarr(const fs::path& folder) { return std::make_unique<Zarr>(folder); }

std::string_view zarr_otype(const fs::path& folder) {
  constexpr std::pair<std::string_view, std::string_view> written[] = {{"anndata", "AnnData"}, {"MuData", "MuData"}};
  for (const char* name : {"zarr.json", ".zattrs"}) {
    if (!fs::is_regular_file(folder / name)) continue;
    try {
      const json::value document = base::parse_json(file_text(folder / name));
      const auto* attributes = document.if_object();
      if (attributes != nullptr && std::string_view(name) == "zarr.json") {
        const auto* inner = attributes->if_contains("attributes");
        attributes = inner == nullptr ? nullptr : inner->if_object();
      }
      if (attributes == nullptr) continue;
      if (attributes->contains("spatialdata_attrs")) return "SpatialData";
      const auto* encoding = attributes->if_contains("encoding-type");
      for (const auto& [type, otype] : written) {
        if (encoding != nullptr && encoding->is_string() && encoding->get_string() == type) return otype;
      }
    } catch (const Error&) { return ""; }  // saved as it is, whatever it may be
  }
  return "";
}

}  // namespace lamin::format
