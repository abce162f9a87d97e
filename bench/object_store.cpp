// object_store.cpp -- seconds and memory to send a file to an object store, and to fetch it again into a cache:
//   bench_object_store up ROOT FILE       says its digest, too
//   bench_object_store down ROOT DIGEST FETCHED
#include <fmt/format.h>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include "base/hash.hpp"
#include "store/cache.hpp"
#include "store/store.hpp"

namespace {

double seconds(const std::function<void()>& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// Of this program: what the system counts for the process includes the one that started it.
long peak_megabytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  long kilobytes = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  return kilobytes / 1024;
}

}  // namespace

int main(int, char** argv) {
  using namespace lamin;
  const auto store = store::open_store(argv[2]);
  if (std::string_view(argv[1]) == "up") {
    base::FileHash hash;
    const double took = seconds([&] { hash = store->put(argv[3], "bench/file", true); });
    fmt::print("{{\"seconds\": {:.3f}, \"peak_mb\": {}, \"digest\": \"{}\"}}\n", took, peak_megabytes(), hash.digest);
    return 0;
  }
  store::Cache cache(argv[4]);
  // Fetched, hashed and verified, as Artifact.cache() does.
  const double took = seconds([&] { cache.materialise("bench", argv[3], *store, "bench/file"); });
  store->remove("bench");
  fmt::print("{{\"seconds\": {:.3f}, \"peak_mb\": {}}}\n", took, peak_megabytes());
}
