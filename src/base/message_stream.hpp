// message_stream.hpp -- which stream messages go to where nobody takes them: standard error, so that what a command
// prints can be used by another one. LAMIN_MESSAGES=stdout is for scripts that read messages where LaminDB prints them.
#pragma once

namespace lamin::base {

/// The descriptor. What was printed to standard output before is passed on first.
int message_stream();

}  // namespace lamin::base
