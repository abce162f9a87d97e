// outside.hpp -- where values that are not registered may be known: the terms of a public source.
//
// The layer that reads releases (lake/reference) is above this one and says here how to find them.
#pragma once
#include <functional>
#include <memory>
#include "lamin/label.hpp"

namespace lamin::lake {

/// The terms that answer for a registry; null if there are none, or nothing more than what is registered.
using Outside = std::function<std::shared_ptr<Instance>(Instance&, const schema::Table&, const LabelOptions&)>;

inline std::shared_ptr<void>& outside_of(Database& database) { return database.attachment("outside"); }

inline std::shared_ptr<Instance> outside(Instance& instance, const schema::Table& table, const LabelOptions& options) {
  const auto& known = outside_of(instance.database());
  return options.from_source && known ? (*static_cast<Outside*>(known.get()))(instance, table, options) : nullptr;
}

}  // namespace lamin::lake
