// schema_set.hpp -- what the lake's other files ask about schemas.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "lamin/feature.hpp"

namespace lamin::lake {

/// "bionty.Gene.ensembl_gene_id" -> bionty.Gene, "ensembl_gene_id"; without a field the name field.
const schema::Table& itype_table(const schema::Catalog& catalog, std::string_view itype);
std::string itype_field(const schema::Catalog& catalog, std::string_view itype);

/// LaminDB's hash: md5 of the sorted "code=value" parts that differ from the defaults. Names are no part of it.
std::string schema_hash(const SchemaOptions& options, const std::string& itype, const std::string& dtype);

/// What a schema keeps in `_aux`: uids of members that may be missing, uid of the feature that names the rows.
struct SchemaAux {
  std::vector<std::string> optional;
  std::string index;
};
SchemaAux schema_aux(const Record& schema);

}  // namespace lamin::lake
