#include "format/zarr_nodes.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/json.hpp"
#include "base/path.hpp"
#include "lamin/error.hpp"

namespace lamin::format::zarr {
namespace {

namespace json = boost::json;

std::string joined(const std::string& path, const std::string& name) { return path.empty() ? name : path + "/" + name; }

}  // namespace

std::optional<json::object> Nodes::document(const std::string& key) {
  const auto size = place_.size(key);
  if (!size) return std::nullopt;
  const auto where = place_.name() + "/" + key;
  {
    const std::lock_guard lock(mutex_);
    bytes_read_ += *size;
    budget_.check_document(*size, where);
  }
  const auto text = place_.get(key, *size);
  if (!text) return std::nullopt;
  try {
    auto value = base::parse_json(*text);
    if (value.is_object()) return std::move(value.get_object());
  } catch (const Error& error) { throw Error(Code::corrupt, fmt::format("'{}' is broken: {}", where, error.what())); }
  throw Error(Code::corrupt, fmt::format("'{}' is broken: it holds no object.", where));
}

Node Nodes::parsed(std::optional<json::object> v3, std::optional<json::object> v2, std::optional<json::object> group,
                   std::optional<json::object> attributes) {
  Node node;
  if (v3) {
    node.version = 3;
    const auto* type = v3->if_contains("node_type");
    const bool array = type != nullptr && type->is_string() && type->get_string() == "array";
    node.kind = array ? ArrayFile::Node::array : ArrayFile::Node::group;
    if (auto* own = v3->if_contains("attributes"); own != nullptr && own->is_object())
      node.attributes = own->get_object();
    if (array) node.array = std::move(*v3);
  } else if (v2) {
    node.kind = ArrayFile::Node::array;
    node.array = std::move(*v2);
  } else if (group) {
    node.kind = ArrayFile::Node::group;
  }
  if (attributes) node.attributes = std::move(*attributes);
  return node;
}

void Nodes::read_consolidated() {
  {
    const std::lock_guard lock(mutex_);
    if (looked_for_consolidated_) return;
  }
  std::map<std::string, std::shared_ptr<const Node>> found;
  if (auto root = document("zarr.json")) {
    const auto* kept = root->if_contains("consolidated_metadata");
    const auto* all = kept != nullptr && kept->is_object() ? kept->get_object().if_contains("metadata") : nullptr;
    if (all != nullptr && all->is_object())
      for (const auto& [path, value] : all->get_object())
        if (value.is_object()) found[path] = std::make_shared<const Node>(parsed(value.get_object(), {}, {}, {}));
    const bool is_consolidated = !found.empty();
    found[""] = std::make_shared<const Node>(parsed(std::move(root), {}, {}, {}));
    const std::lock_guard lock(mutex_);
    is_consolidated_ = is_consolidated;
  } else if (auto kept = document(".zmetadata")) {
    std::map<std::string, std::map<std::string, json::object>> files;
    const auto* all = kept->if_contains("metadata");
    if (all != nullptr && all->is_object()) {
      for (const auto& [key, value] : all->get_object()) {
        const auto slash = key.find_last_of('/');
        const std::string text(key);
        const auto path = slash == json::string_view::npos ? std::string() : text.substr(0, slash);
        if (value.is_object())
          files[path][text.substr(slash == json::string_view::npos ? 0 : slash + 1)] = value.get_object();
      }
    }
    const auto part = [](std::map<std::string, json::object>& of, const char* name) {
      const auto at = of.find(name);
      return at == of.end() ? std::nullopt : std::optional(std::move(at->second));
    };
    for (auto& [path, of] : files)
      found[path] =
          std::make_shared<const Node>(parsed({}, part(of, ".zarray"), part(of, ".zgroup"), part(of, ".zattrs")));
    const std::lock_guard lock(mutex_);
    is_consolidated_ = !found.empty();
  }
  const std::lock_guard lock(mutex_);
  looked_for_consolidated_ = true;
  known_.merge(found);
}

std::shared_ptr<const Node> Nodes::look(const std::string& path) {
  auto v3 = document(joined(path, "zarr.json"));
  if (v3) return std::make_shared<const Node>(parsed(std::move(v3), {}, {}, {}));
  auto v2 = document(joined(path, ".zarray"));
  auto group = v2 ? std::nullopt : document(joined(path, ".zgroup"));
  auto attributes = v2 || group ? document(joined(path, ".zattrs")) : std::nullopt;
  return std::make_shared<const Node>(parsed({}, std::move(v2), std::move(group), std::move(attributes)));
}

std::shared_ptr<const Node> Nodes::at(const std::string& path) {
  // Names of columns come from the file, so they may not lead out of it.
  if (!path.empty()) base::check_path(path);
  if (place_.is_remote()) read_consolidated();
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(path); known != known_.end()) return known->second;
    if (is_consolidated_) return std::make_shared<const Node>();
  }
  auto found = look(path);
  const std::lock_guard lock(mutex_);
  return known_.emplace(path, std::move(found)).first->second;
}

std::vector<std::string> Nodes::children(const std::string& group) {
  if (!group.empty()) base::check_path(group);
  if (place_.is_remote()) read_consolidated();
  std::vector<std::string> names;
  {
    const std::lock_guard lock(mutex_);
    if (is_consolidated_) {
      const auto prefix = group.empty() ? "" : group + "/";
      for (auto at = known_.upper_bound(prefix); at != known_.end() && at->first.starts_with(prefix); ++at) {
        auto name = at->first.substr(prefix.size());
        if (!name.empty() && name.find('/') == std::string::npos) names.push_back(std::move(name));
      }
      return names;
    }
  }
  for (auto& name : place_.folders(group))
    if (at(joined(group, name))->kind != ArrayFile::Node::none) names.push_back(std::move(name));
  return names;
}

std::int64_t Nodes::bytes_read() const {
  const std::lock_guard lock(mutex_);
  return bytes_read_;
}

}  // namespace lamin::format::zarr
