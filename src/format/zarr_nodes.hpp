// zarr_nodes.hpp -- the metadata of a zarr hierarchy, each read once. Version 2 keeps `.zgroup`, `.zarray` and
// `.zattrs` in each folder, version 3 one `zarr.json`.
#pragma once
#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>
#include "base/budget.hpp"
#include "format/zarr_place.hpp"
#include "lamin/array_file.hpp"

namespace lamin::format::zarr {

struct Node {
  ArrayFile::Node kind = ArrayFile::Node::none;
  int version = 2;
  boost::json::object attributes = {};
  boost::json::object array = {};  ///< of an array: `.zarray` or `zarr.json`
};

/// May be used by several threads at once.
class Nodes {
 public:
  /// Far away, the metadata that the root keeps of all below (consolidated) are used; a folder is asked itself.
  explicit Nodes(const Place& place) : place_(place), budget_(place.name(), 0) {}
  /// Throws corrupt for broken metadata, invalid_argument for a path that leads out.
  std::shared_ptr<const Node> at(const std::string& path);
  std::vector<std::string> children(const std::string& group);
  std::int64_t bytes_read() const;

 private:
  std::optional<boost::json::object> document(const std::string& key);
  std::shared_ptr<const Node> look(const std::string& path);
  void read_consolidated();
  static Node parsed(std::optional<boost::json::object> v3, std::optional<boost::json::object> v2,
                     std::optional<boost::json::object> group, std::optional<boost::json::object> attributes);

  const Place& place_;
  mutable std::mutex mutex_;
  base::Budget budget_;
  bool looked_for_consolidated_ = false, is_consolidated_ = false;
  std::int64_t bytes_read_ = 0;
  std::map<std::string, std::shared_ptr<const Node>> known_;
};

}  // namespace lamin::format::zarr
