// dtype_target.hpp -- the rows that a categorical dtype allows.
#pragma once
#include <string>

#include "lamin/feature.hpp"
#include "lamin/label.hpp"

namespace lamin::lake {

/// Field, type and filters of a target as options for a look-up. Throws not_found if the type does not exist.
LabelOptions target_options(Instance& instance, const Dtype::Target& target);
/// Id of the type that restricts it; 0 if none.
std::int64_t target_type(Instance& instance, const Dtype::Target& target);
/// "cat[ULabel[<uid>]]" and the like, as shown in messages: "ULabel", "bionty.CellType.ontology_id".
std::string target_name(const schema::Catalog& catalog, const Dtype::Target& target);

}  // namespace lamin::lake
