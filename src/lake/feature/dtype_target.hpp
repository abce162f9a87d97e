// dtype_target.hpp -- the rows that a categorical dtype allows.
#pragma once
#include <string>

#include "lamin/feature.hpp"
#include "lamin/label.hpp"

namespace lamin::lake {

/// Field, type and filters of a target as a look-up takes them. Throws not_found for a type that is not there.
LabelOptions target_options(Instance& instance, const Dtype::Target& target);
/// Id of the type that restricts it; 0 if none.
std::int64_t target_type(Instance& instance, const Dtype::Target& target);
/// "cat[ULabel[<uid>]]" and the like, as messages name it: "ULabel", "bionty.CellType.ontology_id".
std::string target_name(const schema::Catalog& catalog, const Dtype::Target& target);

}  // namespace lamin::lake
