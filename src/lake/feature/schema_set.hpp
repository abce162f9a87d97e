// schema_set.hpp -- what other files of the lake need to know about schemas.
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
/// Whether members are features: all, or with "Feature[<uid>]" those of a type and of the types below it.
bool holds_features(std::string_view itype);
/// The uid of that type; "" if there is none.
std::string_view itype_type(std::string_view itype);

/// Values derived from the options. `hash` is LaminDB's: md5 over the sorted "code=value" pairs that differ from the
/// defaults. Names do not contribute; a type has no hash.
struct SchemaIdentity {
  std::string itype = {}, dtype = {}, hash = {};
  std::optional<std::int64_t> n_members = {};
};
SchemaIdentity what_is_asked(const schema::Catalog& catalog, const SchemaOptions& options);
/// Sets the fields of a schema that hold its requirements. Its name stays.
void describe_in(Record& schema, const SchemaOptions& options, const SchemaIdentity& asked);
/// All members, the index first.
std::vector<Record> all_members(const SchemaOptions& options);
/// The relation from schemas to members of that registry.
const schema::Relation& members_relation(const schema::Table& schemas, const schema::Table& members);

/// The roles of members, as stored in `_aux` of a schema.
SchemaRoles schema_roles(const Value& aux);
/// `aux` with these roles; its other keys stay. Null if it would be empty.
Value with_roles(const Value& aux, const SchemaRoles& roles);

/// For the rows of sheets with this schema: stores their names as values of the former index feature (uid, "" = none),
/// and names them by their values of the new one; see SchemaChange.
void move_names(Instance& instance, const Record& schema, const std::string& from, const std::string& to,
                const std::string& on_conflict);

}  // namespace lamin::lake
