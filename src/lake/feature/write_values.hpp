// write_values.hpp -- writing the values of one host, as the verbs do and as saving many records does.
#pragma once
#include <string_view>
#include <vector>
#include "lake/feature/links.hpp"
#include "lamin/values.hpp"

namespace lamin::lake {

/// Throws invalid_argument unless it is saved and can hold values.
void check_host(const Record& host);

enum class Way { add, set, update };  ///< of writing values, as the verbs are called

class Sheets;
class ValueBatch;
/// One of the verbs without the check that the host has everything that its schema requires.
void write_feature_values(Instance& instance, Record& host, const FeatureValues& values, Way way, Sheets& sheets,
                          const ValueOptions& options = {});
/// The same inside a transaction, which the caller rolls back if it throws; written by batch.flush().
void write_feature_values(Instance& instance, ValueBatch& batch, Record& host, const FeatureValues& values, Way way,
                          Sheets& sheets, const ValueOptions& options = {});
/// Tells a batch which values it will get, so that it can look up their labels together.
void expect_values(ValueBatch& batch, const Record& host, const FeatureValues& values, Sheets& sheets);
/// All features with this name, otherwise the one with this uid.
std::vector<Record> features_named(Instance& instance, std::string_view name);

}  // namespace lamin::lake
