// pairs_of.hpp -- what many rows of one registry are linked to, reading each table of pairs once.
//
// For data frames, which need the same pairs for label names and for feature values.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::lake {

/// Stored by column; a host's pairs are in the order they were created.
struct Pairs {
  std::vector<std::size_t> host;      ///< position among the hosts
  std::vector<std::int64_t> to;       ///< id
  std::vector<std::int64_t> feature;  ///< id; 0 = none

  /// The distinct values of `to`.
  std::vector<std::int64_t> distinct() const;
};

class PairsOf {
 public:
  PairsOf(Database& database, std::span<const std::int64_t> hosts);

  /// The pairs of a relation through a table of pairs.
  const Pairs& all(const schema::Relation& relation);
  /// Only pairs with a feature, or `all` if that was already read.
  const Pairs& with_feature(const schema::Relation& relation);

  std::size_t size() const { return hosts_.size(); }
  /// Columns `paths` of the rows of `table` whose column `host` is one of the hosts and that satisfy `more`; the first
  /// column is replaced by the host's position.
  std::vector<std::vector<Value>> columns(const schema::Table& table, const std::string& host, Expr more,
                                          std::vector<std::string> paths);

 private:
  Pairs read(const schema::Relation& relation, bool with_feature);
  Expr are_hosts(const std::string& path) const;
  /// Its position among the hosts, or -1.
  std::int64_t position(std::int64_t id) const;

  Database& database_;
  std::vector<std::int64_t> hosts_;
  std::int64_t first_ = 0;                          ///< lowest id
  std::vector<std::int64_t> positions_;             ///< for first_ and the ids after it, if most of these are hosts
  std::map<std::int64_t, std::int64_t> far_apart_;  ///< otherwise
  std::map<const schema::Relation*, Pairs> all_, with_feature_;
};

}  // namespace lamin::lake
