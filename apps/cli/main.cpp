// lamin -- the shell's face of LaminDB.
//
// The process exits by _exit: libraries loaded on demand (object stores above all) are not safe to unload, and a
// command is done once its output is flushed.
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "base/log.hpp"
#include "base/redact.hpp"
#include "base/visible.hpp"
#include "lamin/error.hpp"
#include "parser.hpp"
#include "table.hpp"

namespace {

int report(const lamin::Error& error) {
  std::fflush(stdout);
  std::string text = "lamin: " + error.words().in(lamin::Face::shell);
  for (const auto& context : error.context()) text += "\n  " + context;
  std::fprintf(stderr, "%s\n", lamin::base::shown(text).c_str());
  return lamin::row(error.code()).exit_status;
}

int run(int argc, char** argv) {
  const auto commands = lamin::cli::table();
  const auto call = lamin::cli::parse(argc, argv, commands);
  for (const auto& note : call.notes) std::fprintf(stderr, "%s\n", lamin::base::shown(note).c_str());
  if (!call.command) {
    std::fputs(lamin::base::visible(call.print).c_str(), call.status == 0 ? stdout : stderr);
    return call.status;
  }
  return call.command->run(call.given);
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
  if (std::fflush(stdout) != 0 && status == 0) status = 1;  // a full disk or a closed pipe is not a success
  ::_exit(status);
}
