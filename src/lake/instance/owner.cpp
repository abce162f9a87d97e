#include "lake/instance/owner.hpp"
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <fstream>
#include <sstream>
#include "base/text.hpp"

namespace lamin::lake {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// A machine since its last boot, and the pid namespace.
std::string machine() {
  struct stat info = {};
  const auto space = ::stat("/proc/self/ns/pid", &info) == 0 ? info.st_ino : 0;
  return fmt::format("{}/{}", first_line("/proc/sys/kernel/random/boot_id"), space);
}

struct Process {
  char state = 0;     // 0 = there is none
  std::string start;  // clock ticks after boot
};

Process process(const std::string& pid) {
  const auto line = first_line("/proc/" + pid + "/stat");
  const auto name_end = line.rfind(')');  // the name may contain blanks and parentheses
  if (name_end == std::string::npos) return {};
  std::istringstream rest(line.substr(name_end + 1));
  Process found;
  rest >> found.state;
  std::string field;
  for (int i = 4; i <= 22 && rest >> field; ++i) found.start = field;
  return found;
}

}  // namespace

std::string this_owner() {
  const auto pid = std::to_string(::getpid());
  return fmt::format("{}/{}/{}", machine(), pid, process(pid).start);
}

Life life_of(std::string_view owner) {
  const auto parts = base::split(owner, '/');
  if (parts.size() != 4) return Life::unknown;
  const auto here = base::split(machine(), '/');
  if (parts[0] != here[0] || parts[1] != here[1]) return Life::unknown;
  const auto found = process(parts[2]);
  // A killed process that its parent has not waited for is a zombie: it no longer writes.
  if (found.state == 0 || found.state == 'Z' || found.state == 'X' || found.start != parts[3]) return Life::dead;
  return Life::alive;
}

}  // namespace lamin::lake
