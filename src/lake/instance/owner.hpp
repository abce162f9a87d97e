// owner.hpp -- who holds a lease: one process, distinguished from any other that ever had its pid.
#pragma once
#include <string>
#include <string_view>

namespace lamin::lake {

/// "boot/pid-namespace/pid/start": this process.
std::string this_owner();

enum class Life {
  alive,    ///< runs on this machine
  dead,     ///< ran on this machine but no longer does
  unknown,  ///< another machine or container: only its lease can tell
};
Life life_of(std::string_view owner);

}  // namespace lamin::lake
