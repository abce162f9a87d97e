// carry_labels.cpp -- labels of a host in one instance, with their features, for a host in another one.
//
// A row is the same in both if its uid or its public identifier is. What is missing is made with the same uid, after
// what it refers to: its type, its organism, the types that a feature's dtype names.
#include <fmt/format.h>
#include <algorithm>
#include <set>
#include "base/text.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

constexpr std::string_view carried_references[] = {"type", "organism", "source"};

/// Reads rows, each after those it refers to.
class Reader {
 public:
  explicit Reader(Instance& from) : from_(from) {}

  void need(const schema::Table& table, std::int64_t id) {
    if (id == 0 || !met_.emplace(&table, id).second) return;
    auto row = from_.database().find(table, id);
    if (!row) return;
    for (const auto name : carried_references) {
      const auto* column = table.find_column(name);
      if (column != nullptr && column->to != nullptr) need(*column->to, (*row)[column->position].integer_or(0));
    }
    if (table.qualified == "Feature") need_types(row->text("_dtype_str"));
    rows_.push_back(std::move(*row));
  }

  std::vector<Record> rows() { return std::move(rows_); }

 private:
  void need_types(std::string_view dtype) {
    if (dtype.empty()) return;
    for (const Dtype::Target& target : parse_dtype(from_.catalog(), dtype).targets) {
      if (target.type_uid.empty()) continue;
      const schema::Table& table = from_.catalog().table(target.registry);
      if (const auto type = from_.database().find(table, std::string_view(target.type_uid))) need(table, type->id());
    }
  }

  Instance& from_;
  std::set<std::pair<const schema::Table*, std::int64_t>> met_;
  std::vector<Record> rows_;
};

/// Finds or makes rows here.
class Writer {
 public:
  explicit Writer(Instance& here) : here_(here) {}

  void take(const Record& row) {
    const auto* table = here_.catalog().find(row.table().qualified);
    if (table == nullptr) {
      missing_.insert(row.table().qualified.str());
      return;
    }
    auto known = same(*table, row);
    if (!known && (table->qualified == "User" || table->qualified == "bionty.Source")) return;
    if (!known) known = made(*table, row);
    here_of_.emplace(std::pair(row.table().qualified.str(), row.id()), std::move(*known));
  }

  const Record* find(const std::string& registry, std::int64_t id) const {
    const auto found = here_of_.find({registry, id});
    return found == here_of_.end() ? nullptr : &found->second;
  }

  void tell() const {
    for (const std::string& registry : missing_)
      here_.say(Level::warning, fmt::format("labels of {} are left out: this instance has no such registry", registry));
    if (!made_.empty()) here_.say(Level::important, "transferred: " + base::join(made_, ", "));
  }

 private:
  std::optional<Record> same(const schema::Table& table, const Record& row) const {
    for (const auto& column : table.columns) {
      const bool identifies = column.name == "uid" || (column.field != nullptr && column.field->identifies);
      const auto* other = identifies ? row.table().find_column(column.name) : nullptr;
      if (other == nullptr || row[other->position].is_null()) continue;
      const auto& value = row[other->position];
      if (auto found = here_.database().first({.registry = table.qualified.str(),
                                               .where = Expr::compare(column.name.str(), Op::exact, value),
                                               .any_branch = true}))
        return found;
    }
    return std::nullopt;
  }

  Record made(const schema::Table& table, const Record& row) {
    Record copy(table);
    for (const auto& column : row.table().columns) {
      if (column.position == 0 || row[column.position].is_null()) continue;
      const auto* own = table.find_column(column.name);
      if (own == nullptr || own->kind == schema::Kind::time) continue;  // when it was made here
      if (own->kind != schema::Kind::ref) {
        copy.set(own->position, row[column.position]);
        continue;
      }
      if (std::ranges::find(carried_references, column.name.view()) == std::end(carried_references)) continue;
      const auto* other = find(column.to->qualified.str(), row[column.position].integer_or(0));
      if (other != nullptr) copy.set(own->position, Value(other->id()));
    }
    registry::Writes(here_.database()).save(copy);
    made_.push_back(named(copy));
    return copy;
  }

  Instance& here_;
  std::map<std::pair<std::string, std::int64_t>, Record> here_of_;
  std::set<std::string> missing_;
  std::vector<std::string> made_;
};

}  // namespace

CarriedLabels read_labels(Instance& there, const Record& host) {
  CarriedLabels carried;
  Reader reader(there);
  for (const auto& labels : labels_of(there, host)) {
    if (labels.feature != 0) reader.need(there.catalog().table("Feature"), labels.feature);
    for (const std::int64_t id : labels.ids) reader.need(*labels.registry, id);
    carried.links.push_back(
        {.registry = labels.registry->qualified.str(), .feature = labels.feature, .labels = labels.ids});
  }
  carried.rows = reader.rows();
  return carried;
}

void add_labels(Instance& instance, const Record& host, const CarriedLabels& carried) {
  instance.database().transaction([&] {
    Writer writer(instance);
    for (const Record& row : carried.rows) writer.take(row);
    for (const auto& link : carried.links) {
      const Record* feature = writer.find("Feature", link.feature);
      if (link.feature != 0 && feature == nullptr) continue;
      std::vector<Record> labels;
      for (const std::int64_t id : link.labels) {
        if (const Record* label = writer.find(link.registry, id)) labels.push_back(*label);
      }
      if (!labels.empty()) add_labels(instance, host, labels, feature == nullptr ? 0 : feature->id());
    }
    writer.tell();
  });
}

}  // namespace lamin
