// pairs_of.hpp -- what many rows of one registry are paired with, each table of pairs read once.
//
// For data frames, which ask the same pairs for names of labels and for values of features.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::lake {

/// Column by column; those of a host in the order in which they were made.
struct Pairs {
  std::vector<std::size_t> host;      ///< its position among the hosts
  std::vector<std::int64_t> to;       ///< id
  std::vector<std::int64_t> feature;  ///< id; 0 = none

  /// What they are paired with, each once.
  std::vector<std::int64_t> distinct() const;
};

class PairsOf {
 public:
  PairsOf(Database& database, std::span<const std::int64_t> hosts);

  /// Of a relation through a table of pairs.
  const Pairs& all(const schema::Relation& relation);
  /// Only those that name a feature, or `all` if these were read.
  const Pairs& with_feature(const schema::Relation& relation);

  std::size_t size() const { return hosts_.size(); }
  /// Columns `paths` of the rows of `table` whose column `host` is one of the hosts and that meet `more`; the first
  /// column becomes the host's position.
  std::vector<std::vector<Value>> columns(const schema::Table& table, const std::string& host, Expr more,
                                          std::vector<std::string> paths);

 private:
  Pairs read(const schema::Relation& relation, bool with_feature);
  Expr are_hosts(const std::string& path) const;
  /// Where it stands among the hosts, or -1.
  std::int64_t position(std::int64_t id) const;

  Database& database_;
  std::vector<std::int64_t> hosts_;
  std::int64_t first_ = 0;                          ///< lowest id
  std::vector<std::int64_t> positions_;             ///< of first_ and the ids after it, where these are mostly hosts
  std::map<std::int64_t, std::int64_t> far_apart_;  ///< else
  std::map<const schema::Relation*, Pairs> all_, with_feature_;
};

}  // namespace lamin::lake
