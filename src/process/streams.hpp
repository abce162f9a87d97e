// streams.hpp -- what a program prints: passed on at once, and kept.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include "process/child.hpp"

namespace lamin::process {

/// One stream of the program.
struct Stream {
  Descriptor reads;   ///< ends here; none: the program writes to the stream of this process directly, which is a file
  Descriptor writes;  ///< the program's end, until it is started
  int to = -1;        ///< the stream of this process
  bool is_terminal = false;
};
/// A pipe, or a terminal where the stream of this process is one; none for a regular file. Throws unavailable.
Stream make_stream(int to, bool always);

/// Writes all of it; false if the other side does not take more.
bool write_all(int to, std::string_view bytes);

}  // namespace lamin::process
