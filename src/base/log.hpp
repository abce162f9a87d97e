// log.hpp -- the sink for messages that have no caller, and of callers that name none.
//
// What is said to a caller goes through its Session (lamin/session.hpp) and comes here only if the session has no sink
// of its own. Faces decide where messages go: the shell to stderr, Python to its logger. Level and sink are the
// process's only mutable globals.
#pragma once
#include "lamin/message.hpp"

namespace lamin::base {

using lamin::Level;

/// Empty = stderr with icons.
void set_log_sink(std::function<void(Level, std::string_view)> write, Face face = Face::cpp);
void set_log_level(Level least);
Level log_level();
void log(Level level, const Words& words);
/// To `messages`, or where it has no sink, to that of the process.
void say(const Messages& messages, Level level, const Words& words);

}  // namespace lamin::base
