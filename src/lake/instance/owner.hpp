// owner.hpp -- who holds a lease: one process, told apart from every other that ever had its number.
#pragma once
#include <string>
#include <string_view>

namespace lamin::lake {

/// "boot/pid-namespace/pid/start": this process.
std::string this_owner();

enum class Life {
  alive,    ///< runs on this machine
  dead,     ///< ran on this machine and does not any more
  unknown,  ///< another machine or container: only its lease can tell
};
Life life_of(std::string_view owner);

}  // namespace lamin::lake
