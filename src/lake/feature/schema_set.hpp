// schema_set.hpp -- what the lake's other files ask about schemas.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lamin/feature.hpp"

namespace lamin::lake {

/// "bionty.Gene.ensembl_gene_id" -> bionty.Gene, "ensembl_gene_id"; without a field the name field.
const schema::Table& itype_table(const schema::Catalog& catalog, std::string_view itype);
std::string itype_field(const schema::Catalog& catalog, std::string_view itype);

/// What follows from the options: of LaminDB's hash, the md5 of the sorted "code=value" parts that differ from the
/// defaults, names are no part. A type has none.
struct Asked {
  std::string itype = {}, dtype = {}, hash = {};
  std::optional<std::int64_t> n_members = {};
};
Asked what_is_asked(const schema::Catalog& catalog, const SchemaOptions& options);
/// The fields of a schema that say what it asks for. What it is called stays.
void describe_in(Record& schema, const SchemaOptions& options, const Asked& asked);
/// All members, the index first.
std::vector<Record> all_members(const SchemaOptions& options);
/// The relation that leads from schemas to members of that registry.
const schema::Relation& members_relation(const schema::Table& schemas, const schema::Table& members);

/// The roles of members, as `_aux` of a schema keeps them.
SchemaRoles schema_roles(const Value& aux);
/// `aux` with these roles; what else is in it stays. Null if nothing is left.
Value with_roles(const Value& aux, const SchemaRoles& roles);

/// For the rows of sheets with this schema: their names become values of the feature that was the index (uid, "" =
/// none), values of the new one their names; see SchemaChange.
void move_names(Instance& instance, const Record& schema, const std::string& from, const std::string& to,
                const std::string& on_conflict);

}  // namespace lamin::lake
