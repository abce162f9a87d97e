// carry_labels.cpp -- labels of a host in one instance, with their features, for a host in another one.
#include "lake/feature/carry.hpp"
#include "lamin/label.hpp"

namespace lamin {

CarriedLabels read_labels(Instance& there, const Record& host) {
  CarriedLabels carried;
  lake::CarriedReader reader(there);
  for (const auto& labels : labels_of(there, host)) {
    if (labels.feature != 0) reader.need(there.catalog().table("Feature"), labels.feature);
    for (const std::int64_t id : labels.ids) reader.need(*labels.registry, id);
    carried.links.push_back(
        {.registry = labels.registry->qualified.str(), .feature = labels.feature, .labels = labels.ids});
  }
  carried.rows = reader.rows();
  return carried;
}

CarriedRows read_rows(Instance& there, std::span<const Record> rows) {
  lake::CarriedReader reader(there);
  for (const Record& row : rows) reader.need(row.table(), row.id());
  CarriedRows carried = reader.rows();
  for (const Record& row : rows) carried.asked.emplace_back(row.table().qualified.str(), row.id());
  return carried;
}

std::vector<Record> take_rows(Instance& here, const CarriedRows& carried) {
  std::vector<Record> taken;
  here.database().transaction([&] {
    taken.clear();
    lake::CarriedWriter writer(here);
    writer.take(carried);
    for (const auto& [registry, id] : carried.asked) {
      if (const Record* own = writer.find(registry, id)) taken.push_back(*own);
    }
    writer.tell();
  });
  return taken;
}

void add_labels(Instance& instance, const Record& host, const CarriedLabels& carried) {
  instance.database().transaction([&] {
    lake::CarriedWriter writer(instance);
    writer.take(carried.rows);
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
