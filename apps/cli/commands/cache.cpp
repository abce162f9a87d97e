// cache.cpp -- the copies of remote artifacts on this machine.
#include <fmt/format.h>
#include <utility>

#include "base/budget.hpp"
#include "base/json.hpp"
#include "commands.hpp"
#include "lamin/settings.hpp"

namespace lamin::cli {

namespace {

std::string day_and_time(std::int64_t seconds) {
  constexpr std::int64_t micros = 1'000'000;
  auto text = base::python_iso(Time{seconds * micros}, false);
  for (auto& c : text)
    if (c == 'T') c = ' ';
  return text;
}

int list_copies(bool json) {
  const auto copies = cached_copies();
  if (json) {
    for (const auto& copy : copies) {
      const std::pair<std::string, Value> members[] = {{"uid", Value(copy.uid)},
                                                       {"bytes", Value(copy.bytes)},
                                                       {"used", Value(day_and_time(copy.used))},
                                                       {"folder", Value(copy.folder.string())}};
      print(base::json_object(members) + "\n");
    }
    return 0;
  }
  auto table = text_table({"uid", "size", "last used", "folder"});
  std::int64_t bytes = 0;
  for (const auto& copy : copies) {
    table.add({copy.uid, base::size_text(copy.bytes), day_and_time(copy.used), copy.folder.string()});
    bytes += copy.bytes;
  }
  table.finish();
  tell(
      fmt::format("→ {} of {} in {}", base::size_text(bytes), base::size_text(cache_limit()), cache_folder().string()));
  return 0;
}

}  // namespace

int cache(const Given& given) {
  const auto action = given.text("action", "list");
  if (action == "list") return list_copies(given.has("json"));
  if (action == "get") {
    print_value(cache_folder().string());
  } else if (action == "clear") {
    const auto bytes = clear_cache();
    tell(fmt::format("→ removed {} bytes from {}", bytes, cache_folder().string()));
  } else if (action == "limit") {
    if (given.has("value")) set_cache_limit(base::parse_size(given.text("value")));
    print_value(std::to_string(cache_limit()));
  } else {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is not an action on the cache: pass list, clear, limit or get", action));
  }
  return 0;
}

}  // namespace lamin::cli
