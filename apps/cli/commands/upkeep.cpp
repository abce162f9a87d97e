// upkeep.cpp -- fsck and gc: whether an instance is whole, and what crashed processes left in it.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <utility>

#include "commands.hpp"
#include "faces/findings.hpp"
#include "lamin/artifact.hpp"
#include "lamin/fsck.hpp"

namespace lamin::cli {

namespace {

std::chrono::seconds grace_of(const Given& given) {
  const auto text = given.text("grace");
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failed != std::errc() || end != text.data() + text.size() || seconds < 0) {
    throw Error(Code::invalid_argument, "--grace takes a whole number of seconds, not '" + text + "'.");
  }
  return std::chrono::seconds(seconds);
}

/// File names may hold anything; a terminal must not obey it.
std::string visible(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
    }
  }
  return out;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : visible(text); }

std::string counted(std::int64_t n, const char* thing) { return std::to_string(n) + " " + thing + (n == 1 ? "" : "s"); }

std::string in_units(std::int64_t bytes) {
  static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit < std::size(units) - 1; ++unit) value /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text;
}

void show(const Finding& finding) {
  print(fmt::format("{:<13} {}  {}  {}: {}{}{}\n", name_of(finding.kind), or_dash(finding.uid), or_dash(finding.key),
                    or_dash(finding.place), visible(finding.what), finding.done.empty() ? "" : " → ",
                    visible(finding.done)));
}

void show(const FsckReport& report) {
  std::string line = "checked " + counted(report.artifacts, "artifact");
  if (report.bytes > 0) line += ", read " + in_units(report.bytes);
  line += report.found == 0 ? ": nothing is wrong" : ": " + counted(report.found, "finding");
  if (report.repaired > 0) line += ", " + std::to_string(report.repaired) + " repaired";
  print(line + "\n");
}

/// A single terminal line that is overwritten.
class ProgressLine {
 public:
  ~ProgressLine() { clear(); }
  void show(const FsckProgress& now) {
    const auto time = std::chrono::steady_clock::now();
    if (!on_ || time - last_ < std::chrono::milliseconds(100)) return;
    last_ = time;
    std::fprintf(stderr, "\r\033[K  %lld of %lld artifacts, %s read, %s", static_cast<long long>(now.artifacts),
                 static_cast<long long>(now.of), in_units(now.bytes).c_str(), counted(now.found, "finding").c_str());
    shown_ = true;
  }
  void clear() {
    if (std::exchange(shown_, false)) std::fputs("\r\033[K", stderr);
  }

 private:
  const bool on_ = ::isatty(STDERR_FILENO) != 0;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_ = {};
};

}  // namespace

int fsck(const Given& given) {
  const FsckOptions options{.full = given.has("full"),
                            .repair = given.has("repair"),
                            .resume = given.has("resume"),
                            .storage = given.text("storage"),
                            .grace = grace_of(given)};
  const bool json = given.has("json");
  const auto instance = open();
  ProgressLine line;
  const FsckWatch watch{.finding =
                            [&](const Finding& finding) {
                              line.clear();
                              if (json) print(faces::json_line(finding) + "\n");
                              else show(finding);
                              finish_output();  // what is recorded as checked has been reported, whatever happens
                            },
                        .progress =
                            [&](const FsckProgress& now) {
                              line.show(now);
                              return true;
                            }};
  const auto report = lamin::fsck(*instance, options, watch);
  line.clear();
  if (json) print(faces::json_line(report) + "\n");
  else show(report);
  if (!report.clean() && !options.repair && !json) {
    std::fprintf(stderr, "→ `lamin fsck --repair` mends what can be mended without losing anything\n");
  }
  return report.clean() ? 0 : 1;
}

int gc(const Given& given) {
  const auto grace = grace_of(given);
  const auto instance = open();
  const auto recovered = recover(*instance);
  const auto& before = instance->mended();
  const auto left = remove_leftovers(*instance, grace);
  print(fmt::format("finished {}, removed {}\n",
                    counted(before.operations + recovered.intents, "interrupted operation"),
                    counted(before.files + recovered.files, "file")));
  print(fmt::format("removed {} and {} of processes that are gone, {}\n", counted(left.drafts, "draft"),
                    counted(left.staged, "unfinished copy folder"), in_units(left.bytes)));
  if (left.young > 0) {
    print(fmt::format("left {}, younger than {} seconds (--grace)\n", counted(left.young, "draft"), grace.count()));
  }
  return 0;
}

}  // namespace lamin::cli
