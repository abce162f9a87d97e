// through.hpp -- features whose values are not with them: in a field of the records, or with the feature of a relation
// that is read backwards.
//
// In `_aux` of a feature, with LaminDB's codes: "sf" = the field; "vf" = the uid of the feature that is read backwards;
// of the latter "rf" = the uid of the feature that reads it. The hook keeps vf and rf a pair: a feature has at most one
// of the three, and no feature is read by two.
#pragma once
#include <optional>
#include <string>
#include <vector>
#include "lamin/values.hpp"

namespace lamin::lake {

/// All features of that kind. They are few.
std::vector<Record> features_through(Instance& instance);
/// Sets a field of a record, without saving it; a label is given by the dtype's field or by uid. Throws validation.
void set_in_field(Instance& instance, Record& record, const Record& feature, const std::string& field,
                  const std::vector<Value>& values);
/// Makes these records, which name `host` by the source feature: those that do and are not among them no longer do, if
/// `replace`.
void write_backwards(Instance& instance, const Record& host, const Record& source,
                     const std::vector<std::int64_t>& records, bool replace);
/// Throws invalid_argument if the members of a schema could not be stored in one record.
void check_fields_of_members(const std::vector<Record>& members, const std::optional<Record>& index);

void install_through_hooks(Instance& instance);

}  // namespace lamin::lake
