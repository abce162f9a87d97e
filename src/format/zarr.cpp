// zarr.cpp -- a zarr folder as a tree. Version 2 keeps `.zgroup`, `.zarray`, `.zattrs` in each folder, version 3 one
// `zarr.json`; both are read directly, consolidated copies of the metadata are not used.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <optional>
#include "base/json.hpp"
#include "base/path.hpp"
#include "format/file_text.hpp"
#include "format/tree.hpp"
#include "format/zarr_array.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Meta {
  Tree::Node kind = Tree::Node::none;
  int version = 2;
  json::object array, attributes;
};

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
  explicit Zarr(fs::path root) : root_(std::move(root)), budget_(root_.string(), 0) {
    if (meta("").kind != Node::group) {
      throw Error(Code::corrupt,
                  fmt::format("'{}' is no zarr group: it has neither 'zarr.json' nor '.zgroup'.", root_.string()));
    }
  }

  Node kind(const std::string& path) const override { return meta(path).kind; }

  std::vector<std::string> children(const std::string& group) const override {
    std::vector<std::string> names;
    std::error_code failure;
    for (auto it = fs::directory_iterator(folder(group), failure); !failure && it != fs::directory_iterator();
         it.increment(failure)) {
      if (!it->is_directory(failure)) continue;
      auto name = it->path().filename().string();
      if (meta(group.empty() ? name : group + "/" + name).kind != Node::none) names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  Attribute attribute(const std::string& path, const std::string& name) const override {
    auto* found = meta(path).attributes.if_contains(name);
    return found ? attribute_of(*found) : Attribute();
  }

  std::vector<std::int64_t> shape(const std::string& path) const override { return array(path).shape; }
  Column read(const std::string& path) const override {
    return zarr::read_array(array(path), folder(path), where(path), budget_);
  }
  void read_parts(const std::string& path, const std::function<void(const Column&)>& take) const override {
    zarr::read_parts(array(path), folder(path), where(path), budget_, take);
  }
  std::vector<std::string> fields(const std::string&) const override { return {}; }
  Frame read_records(const std::string& path) const override {
    throw Error(Code::unsupported,
                fmt::format("'{}' is a table as anndata 0.6 wrote it, which is read from h5ad only.", where(path)));
  }
  std::string attributes(const std::string& path) const override { return base::write_json(meta(path).attributes); }
  std::vector<std::int64_t> chunks(const std::string& path) const override {
    const auto found = array(path);
    return found.shard ? found.shard->shape : found.chunks;
  }
  int zarr_format() const override { return meta("").version; }
  std::int64_t bytes_read() const override { return budget_.stored() + metadata_; }

 private:
  fs::path folder(const std::string& path) const { return path.empty() ? root_ : root_ / path; }
  std::string where(const std::string& path) const { return folder(path).string(); }

  zarr::Array array(const std::string& path) const {
    const auto& found = meta(path);
    if (found.kind != Node::array) throw Error(Code::corrupt, fmt::format("'{}' is no zarr array.", where(path)));
    return zarr::parse_array(found.array, where(path));
  }

  std::optional<json::object> read_json(const fs::path& file) const {
    std::error_code failure;
    if (!fs::is_regular_file(file, failure)) return std::nullopt;
    const auto size = fs::file_size(file, failure);
    if (!failure) metadata_ += static_cast<std::int64_t>(size);
    budget_.check_document(failure ? 0 : static_cast<std::int64_t>(size), file.string());
    try {
      auto value = base::parse_json(file_bytes(file, static_cast<std::int64_t>(size)));
      if (value.is_object()) return std::move(value.get_object());
    } catch (const Error& error) {
      throw Error(Code::corrupt, fmt::format("'{}' is broken: {}", file.string(), error.what()));
    }
    throw Error(Code::corrupt, fmt::format("'{}' is broken: it holds no object.", file.string()));
  }

  const Meta& meta(const std::string& path) const {
    if (auto known = known_.find(path); known != known_.end()) return known->second;
    // Names of columns come from the file, so they may not lead out of it.
    if (!path.empty()) base::check_path(path);
    Meta found;
    const auto at = folder(path);
    if (auto v3 = read_json(at / "zarr.json")) {
      found.version = 3;
      auto* type = v3->if_contains("node_type");
      found.kind = type && type->is_string() && type->get_string() == "array" ? Node::array : Node::group;
      if (auto* attributes = v3->if_contains("attributes"); attributes && attributes->is_object()) {
        found.attributes = attributes->get_object();
      }
      if (found.kind == Node::array) found.array = std::move(*v3);
    } else if (auto v2 = read_json(at / ".zarray")) {
      found.kind = Node::array;
      found.array = std::move(*v2);
    } else if (read_json(at / ".zgroup")) {
      found.kind = Node::group;
    }
    if (auto attributes = read_json(at / ".zattrs")) found.attributes = std::move(*attributes);
    return known_.emplace(path, std::move(found)).first->second;
  }

  fs::path root_;
  mutable base::Budget budget_;
  mutable std::int64_t metadata_ = 0;
  mutable std::map<std::string, Meta> known_;
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
