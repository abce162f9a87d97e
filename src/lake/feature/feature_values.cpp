// feature_values.cpp -- a small map in the order of insertion.
#include <fmt/format.h>
#include <algorithm>
#include "lamin/error.hpp"
#include "lamin/feature.hpp"

namespace lamin {
namespace {

constexpr std::size_t few = 16;  // looked through one by one

}  // namespace

FeatureValues::FeatureValues(std::initializer_list<value_type> all) {
  for (const auto& [name, values] : all) emplace(name, values);
}

FeatureValues::const_iterator FeatureValues::find(std::string_view name) const {
  if (all_.size() <= few) return std::ranges::find(all_, name, &value_type::first);
  const auto found = positions_.find(name);
  return found == positions_.end() ? all_.end() : all_.begin() + static_cast<std::ptrdiff_t>(found->second);
}

bool FeatureValues::emplace(std::string name, std::vector<Value> values) {
  if (contains(name)) return false;
  all_.emplace_back(std::move(name), std::move(values));
  if (all_.size() <= few) return true;
  for (std::size_t i = positions_.empty() ? 0 : all_.size() - 1; i < all_.size(); ++i)
    positions_.emplace(all_[i].first, i);
  return true;
}

std::vector<Value>& FeatureValues::operator[](std::string_view name) {
  auto found = find(name);
  if (found == end()) {
    emplace(std::string(name), {});
    return all_.back().second;
  }
  return all_[static_cast<std::size_t>(found - all_.begin())].second;
}

const std::vector<Value>& FeatureValues::at(std::string_view name) const {
  const auto found = find(name);
  if (found == end()) throw Error(Code::invalid_argument, fmt::format("there are no values of '{}'", name));
  return found->second;
}

bool operator==(const FeatureValues& a, const FeatureValues& b) {
  return a.size() == b.size() && std::ranges::all_of(a, [&](const auto& one) {
           const auto other = b.find(one.first);
           return other != b.end() && other->second == one.second;
         });
}

}  // namespace lamin
