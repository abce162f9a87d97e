#include "base/budget.hpp"
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <limits>
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

std::int64_t product(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? largest : result;
}

std::int64_t sum(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? largest : result;
}

/// Memory of the machine, or of the container that this runs in.
std::int64_t memory() {
  std::int64_t bytes = product(sysconf(_SC_PHYS_PAGES), sysconf(_SC_PAGESIZE));
  std::int64_t allowed = 0;
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> allowed && allowed > 0) bytes = std::min(bytes, allowed);
  return bytes;
}

std::int64_t positive(const char* variable, std::string_view text, std::int64_t value) {
  if (value > 0) return value;
  throw Error(Code::invalid_argument, fmt::format("{}={} is not a positive number.", variable, text));
}

}  // namespace

std::int64_t parse_size(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  constexpr std::string_view prefixes = "KMGT";
  double scale = 1;
  bool known = unit.empty() || unit == "B";
  if (const auto at = unit.empty() ? std::string_view::npos : prefixes.find(unit[0] & ~0x20);
      at != std::string_view::npos) {
    const auto rest = unit.substr(1);
    known = rest.empty() || rest == "B" || rest == "b" || rest == "iB";
    for (std::size_t i = 0; i <= at; ++i) scale *= rest == "iB" ? 1024 : 1000;
  }
  if (failure != std::errc{} || !known || !(value * scale >= 0) || value * scale > 9e18) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is not a size: write 8GB, 512MB or a number of bytes.", text));
  }
  return static_cast<std::int64_t>(value * scale);
}

std::string size_text(std::int64_t bytes) {
  if (bytes >= 10'000'000'000) return fmt::format("{} GB", bytes / 1'000'000'000);
  if (bytes >= 10'000'000) return fmt::format("{} MB", bytes / 1'000'000);
  if (bytes >= 10'000) return fmt::format("{} KB", bytes / 1'000);
  return fmt::format("{} byte{}", bytes, bytes == 1 ? "" : "s");
}

ReadLimits ReadLimits::from_environment() {
  ReadLimits limits;
  if (const char* bytes = std::getenv("LAMIN_READ_BUDGET"); bytes && *bytes) {
    limits.most = positive("LAMIN_READ_BUDGET", bytes, parse_size(bytes));
    limits.explicit_bytes = true;
  } else {
    limits.most = std::max(limits.most, memory() / 4);
  }
  if (const char* seconds = std::getenv("LAMIN_READ_SECONDS"); seconds && *seconds) {
    limits.seconds = positive("LAMIN_READ_SECONDS", seconds, std::atoll(seconds));
  }
  return limits;
}

std::int64_t ReadLimits::bytes_for(std::int64_t stored) const {
  return explicit_bytes ? most : std::min(most, sum(floor, product(ratio, std::max<std::int64_t>(stored, 0))));
}

std::int64_t ReadLimits::seconds_for(std::int64_t stored) const {
  return seconds > 0 ? seconds : 10 + stored / 20'000'000;
}

Budget::Budget(std::string name, std::int64_t stored, const ReadLimits& limits)
    : name_(std::move(name)), limits_(limits), stored_(stored) {}

void Budget::refuse(std::string_view what) const {
  throw Error(Code::corrupt,
              fmt::format("{} would take more than the {} of memory that a file with {} on disk may take: it is "
                          "damaged or made to harm. If you trust it, set LAMIN_READ_BUDGET, for instance to {}GB.",
                          what.starts_with(name_) ? fmt::format("'{}'", what) : fmt::format("'{}': {}", name_, what),
                          size_text(limit()), size_text(stored_), std::max<std::int64_t>(8, limit() / 500'000'000)));
}

void Budget::check(std::uint64_t count, std::uint64_t width, std::string_view what) const {
  std::uint64_t bytes = 0;
  if (__builtin_mul_overflow(count, width, &bytes) || left() < 0 || bytes > static_cast<std::uint64_t>(left()))
    refuse(what);
}

void Budget::take(std::uint64_t count, std::uint64_t width, std::string_view what) {
  check(count, width, what);
  taken_ += static_cast<std::int64_t>(count * width);
}

void Budget::check_document(std::int64_t bytes, std::string_view what) {
  constexpr std::int64_t growth = 16;
  const auto allowed = (limits_.explicit_bytes ? limits_.most : 2 * limits_.floor) / growth;
  documents_ = sum(documents_, bytes);
  if (documents_ <= allowed) return;
  throw Error(Code::corrupt,
              fmt::format("'{}' has more than {} of metadata: it is damaged or made to harm. If you trust "
                          "it, set LAMIN_READ_BUDGET, for instance to {}GB.",
                          what, size_text(allowed), std::max<std::int64_t>(8, documents_ * 32 / 1'000'000'000)));
}

}  // namespace lamin::base
