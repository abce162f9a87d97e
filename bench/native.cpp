// The registry engine without Python, against the baselines of raw.c. One number per line, in seconds:
//   bench_native commit N        N labels saved one by one, each durable
//   bench_native bulk N TIMES    N labels in one transaction, TIMES times
//   bench_native parse FILE TIMES    the terms of an ontology, read TIMES times
//   bench_native memory FILE     reads the terms of an ontology: the bytes of memory that this takes at most
//   bench_native below REGISTRY N    the ids of what is below N of its terms that have something below them
// The first two and the last run in a folder that is connected to an instance.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "format/format.hpp"
#include "lamin/instance.hpp"
#include "lamin/ontology.hpp"
#include "registry/writes.hpp"

namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

lamin::Record label(const lamin::schema::Table& table, const std::string& name) {
  lamin::Record record(table);
  record.set("name", name);
  return record;
}

int run(const std::string& what, int n, int times) {
  auto instance = lamin::connect_current();
  auto& database = instance->database();
  const auto& table = database.catalog().table("ULabel");
  // Names from earlier runs must not recur.
  const std::string mark = std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
  for (int t = 0; t < times; ++t) {
    if (what == "commit") {
      for (int i = 0; i < n; ++i) {
        auto record = label(table, "native commit " + mark + " " + std::to_string(i));
        const double began = seconds();
        lamin::registry::Writes(database).save(record);
        std::printf("%.9f\n", seconds() - began);
      }
    } else {
      std::vector<lamin::Record> records;
      for (int i = 0; i < n; ++i) {
        records.push_back(label(table, "native bulk " + mark + " " + std::to_string(t) + " " + std::to_string(i)));
      }
      const double began = seconds();
      lamin::registry::Writes(database).insert(records);
      std::printf("%.9f\n", seconds() - began);
    }
  }
  return 0;
}

/// Of this program alone: what getrusage says is at least what its parent had.
long peak_bytes() {
  std::ifstream status("/proc/self/status");
  long kib = 0;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) kib = std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return kib * 1024;
}

int parse(const std::string& file, int times) {
  for (int t = 0; t < times; ++t) {
    const double began = seconds();
    const auto terms = lamin::format::read_terms(file);
    std::printf("%.9f\n", seconds() - began);
    if (terms.terms.empty()) return 1;
  }
  return 0;
}

int memory(const std::string& file) {
  const auto before = peak_bytes();
  const auto terms = lamin::format::read_terms(file);
  std::printf("%ld\n", peak_bytes() - before);
  return terms.terms.empty() ? 1 : 0;
}

int below(const std::string& registry, std::size_t n) {
  auto instance = lamin::connect_current();
  const auto& table = instance->catalog().table(registry);
  std::vector<std::int64_t> terms;
  for (const auto& term : instance->database().all({.registry = registry})) {
    const std::int64_t id = term.id();
    if (!lamin::descendant_ids(*instance, table, {&id, 1}).empty()) terms.push_back(id);
  }
  const std::size_t step = std::max<std::size_t>(1, terms.size() / n);
  for (std::size_t i = 0; i < terms.size(); i += step) {
    const double began = seconds();
    const auto found = lamin::descendant_ids(*instance, table, {&terms[i], 1});
    std::printf("%.9f\n", seconds() - began);
  }
  return terms.empty() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (argc < 3 || (what != "commit" && what != "bulk" && what != "parse" && what != "memory" && what != "below")) {
    std::cerr << "usage: bench_native commit N | bulk N TIMES | parse FILE TIMES | memory FILE | below REGISTRY N\n";
    return 2;
  }
  try {
    if (what == "below") return below(argv[2], argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 100);
    if (what == "parse") return parse(argv[2], argc > 3 ? std::atoi(argv[3]) : 1);
    if (what == "memory") return memory(argv[2]);
    return run(what, std::atoi(argv[2]), argc > 3 ? std::atoi(argv[3]) : 1);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
