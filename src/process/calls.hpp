// calls.hpp -- the system calls that open, create, rename or remove files, where their arguments are, and the filter
// that makes the kernel report them.
#pragma once
#include <linux/filter.h>
#include <cstdint>
#include <span>
#include <vector>

namespace lamin::process {

enum class What : std::uint8_t {
  open,      ///< flags are an argument
  open_how,  ///< flags are in a struct open_how
  create,
  truncate,
  rename,
  link,
  remove,
  execute,
  unseen,  ///< would open files that nobody sees: answered as if the kernel did not have it
};

/// Numbers of arguments; -1: none, which for a folder means the working folder.
struct Call {
  int number = 0;
  What what = What::unseen;
  int folder = -1, path = 0, flags = -1;
  int other_folder = -1, other_path = -1;
};

/// Of programs for this machine (`native`) and, on x86-64, for its 32-bit predecessor.
std::span<const Call> calls_of(std::uint32_t architecture);
/// Null if it is not one of them.
const Call* call_of(std::uint32_t architecture, int number);

/// Returns `action` for these calls, lets all others pass.
std::vector<sock_filter> filter_for(std::uint32_t action);

}  // namespace lamin::process
