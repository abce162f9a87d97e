// log.hpp -- the one sink for messages to the user.
//
// Library code reports through it and never prints. Faces decide where messages go: the shell to stderr, Python to its
// logger. Level and sink are the process's only mutable globals.
#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace lamin::base {

enum class Level { debug, hint, info, success, important, warning, error, silent };

void set_log_sink(std::function<void(Level, std::string_view)> sink);  ///< empty = stderr with icons
void set_log_level(Level least);
Level log_level();
void log(Level level, std::string_view message);

}  // namespace lamin::base
