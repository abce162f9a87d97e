// lamin -- the shell's face of LaminDB.
//
// The process exits by _exit: libraries loaded on demand (object stores above all) are not safe to unload, and a
// command is done once its output is flushed.
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "base/log.hpp"
#include "base/redact.hpp"
#include "base/terminal.hpp"
#include "base/visible.hpp"
#include "commands/commands.hpp"
#include "lamin/error.hpp"
#include "parser.hpp"
#include "table.hpp"

namespace {

int report(const lamin::Error& error) {
  std::fflush(stdout);
  std::string text = error.words().in(lamin::Face::shell);
  for (const auto& context : error.context()) text += "\n  " + context;
  const bool coloured = lamin::base::coloured(STDERR_FILENO);
  std::fprintf(stderr, "%slamin:%s %s\n", coloured ? "\033[31m" : "", coloured ? "\033[0m" : "",
               lamin::base::shown(text).c_str());
  return lamin::row(error.code()).exit_status;
}

int run(int argc, char** argv) {
  const auto commands = lamin::cli::table();
  const auto call = lamin::cli::parse(argc, argv, commands);
  for (const auto& note : call.notes) std::fprintf(stderr, "%s\n", lamin::base::shown(note).c_str());
  if (!call.command) {
    const auto text = lamin::base::visible(call.print);
    if (call.status == 0) lamin::cli::print(text);
    else std::fputs(text.c_str(), stderr);
    lamin::cli::finish_output();
    return call.status;
  }
  const int status = call.command->run(call.given);
  lamin::cli::finish_output();
  if (const auto& unsent = lamin::cli::unsent()) return report(*unsent);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  int status = 1;
  lamin::base::set_log_sink({}, lamin::Face::shell);
  try {
    status = run(argc, argv);
  } catch (const lamin::Error& error) { status = report(error); } catch (const std::exception& error) {
    status = report(lamin::Error(lamin::Code::internal, error.what()));
  }
  std::fflush(stdout);
  ::_exit(status);
}
