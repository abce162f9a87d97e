#include "lake/curate/doubtful.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "lake/curate/frame_edit.hpp"
#include "lake/curate/matches.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lamin/public_terms.hpp"

namespace lamin::lake {
namespace {

using Kind = Column::Kind;
using format::ColumnSketch;

constexpr std::size_t most_listed = std::size_t{1} << 16;

std::string label_of(const Value& value) {
  const auto text = converted(value, Kind::text);
  return std::string(text ? text->text_or("") : std::string_view());
}

class Sieve {
 public:
  Sieve(Instance& instance, const Part& part, const DatasetColumn* feature)
      : instance_(instance), part_(part), feature_(feature) {
    if (!part.of_terms) return;
    const auto itype = part.schema.text("itype");
    registry_ = itype_table(instance.catalog(), itype).qualified.str();
    field_ = itype_field(instance.catalog(), itype);
    for (const Record& member : part.members) members_.emplace(member.text(field_));
  }

  void take(const ColumnSketch& some) {
    std::vector<std::string> labels;
    for (std::int64_t i = 0; i < some.values.size(); ++i) labels.push_back(label_of(some.values.value(i)));
    const auto known = part_.of_terms ? known_terms(labels) : known_labels(labels);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (known[i] && !kept_.empty() && !members_.contains(labels[i])) continue;
      keep(labels[i], some, i);
    }
  }
  void again() { kept_.clear(), at_.clear(), more_ = false; }

  Doubtful found(const ColumnSketch& of) {
    Doubtful found{.column = {.name = of.name,
                              .kind = of.kind,
                              .nulls = of.nulls,
                              .ordered = of.ordered,
                              .zoned = of.zoned,
                              .unused = of.unused,
                              .repeated = of.repeated},
                   .more = more_};
    std::vector<Value> values;
    for (auto& one : kept_) {
      values.push_back(std::move(one.value));
      found.column.counts.push_back(one.count);
      found.column.rows.push_back(one.row);
    }
    const bool number = of.kind == Kind::int64 || of.kind == Kind::float64;
    found.column.values = Column::from_values(number ? of.kind : Kind::text, values);
    found.column.partial = true;
    return found;
  }

 private:
  struct Kept {
    Value value;
    std::int64_t count = 0, row = 0;
  };

  void keep(const std::string& label, const ColumnSketch& some, std::size_t i) {
    const auto [at, fresh] = at_.emplace(label, kept_.size());
    if (!fresh) {
      kept_[at->second].count += some.counts[i];
      return;
    }
    if (kept_.size() >= most_listed) {
      at_.erase(at);
      more_ = true;
      return;
    }
    kept_.push_back({some.values.value(static_cast<std::int64_t>(i)), some.counts[i], some.rows[i]});
  }

  std::vector<bool> known_terms(const std::vector<std::string>& labels) {
    const LabelOptions options{.field = field_};
    auto known = validate(instance_, registry_, labels, options);
    const auto unknown = rest(labels, known);
    if (!unknown.empty() && !register_from_release(instance_, registry_, unknown, options).empty())
      known = validate(instance_, registry_, labels, options);
    return known;
  }

  std::vector<bool> known_labels(const std::vector<std::string>& labels) {
    auto known = registered(labels);
    const auto unknown = rest(labels, known);
    if (!unknown.empty() && take_public(instance_, feature_->dtype, unknown)) known = registered(labels);
    return known;
  }

  std::vector<bool> registered(const std::vector<std::string>& labels) {
    std::vector<bool> known(labels.size(), false);
    for (const auto& target : feature_->dtype.targets) {
      auto options = target_options(instance_, target);
      options.from_source = true;
      const auto valid = validate(instance_, target.registry, labels, options);
      const auto shared = shared_labels(instance_, target.registry, options, labels);
      for (std::size_t i = 0; i < labels.size(); ++i) known[i] = known[i] || (valid[i] && !shared[i]);
    }
    return known;
  }

  static std::vector<std::string> rest(const std::vector<std::string>& labels, const std::vector<bool>& known) {
    std::vector<std::string> unknown;
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (!known[i]) unknown.push_back(labels[i]);
    return unknown;
  }

  Instance& instance_;
  const Part& part_;
  const DatasetColumn* feature_;
  std::string registry_, field_;
  std::set<std::string, std::less<>> members_;
  std::vector<Kept> kept_;
  std::unordered_map<std::string, std::size_t> at_;
  bool more_ = false;
};

}  // namespace

Doubtful doubtful_values(Instance& instance, const Part& part, const DatasetColumn* feature, const ColumnSketch& column,
                         const std::function<void(const format::TakeValues&)>& read) {
  Sieve sieve(instance, part, feature);
  read({.take = [&](const ColumnSketch& some) { sieve.take(some); }, .again = [&] { sieve.again(); }});
  return sieve.found(column);
}

}  // namespace lamin::lake
