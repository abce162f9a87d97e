// object_store.cpp -- seconds and memory to send a file to an object store and to fetch it again:
//   bench_object_store ROOT FILE FETCHED
#include <fmt/format.h>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
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
  const auto store = store::open_store(argv[1]);
  base::FileHash hash;
  const double up = seconds([&] { hash = store->put(argv[2], "bench/file", true); });
  store::Cache cache(argv[3]);
  // Fetched, hashed and verified, as Artifact.cache() does.
  const double down = seconds([&] { cache.materialise("bench", hash.digest, *store, "bench/file"); });
  store->remove("bench");
  fmt::print("{{\"up\": {:.3f}, \"down\": {:.3f}, \"peak_mb\": {}}}\n", up, down, peak_megabytes());
}
