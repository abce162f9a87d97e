#include "base/log.hpp"
#include <unistd.h>
#include <array>
#include <atomic>
#include <mutex>
#include <utility>
#include "base/message_stream.hpp"
#include "base/redact.hpp"
#include "base/terminal.hpp"

namespace lamin::base {
namespace {

struct Style {
  std::string_view icon;
  std::string_view colour;
};
// In the order of Level.
constexpr std::array<Style, 7> styles{{{"·", "\033[2m"},
                                       {"•", "\033[36m"},
                                       {"ℹ", "\033[34m"},
                                       {"✓", "\033[32m"},
                                       {"→", "\033[32m"},
                                       {"!", "\033[33m"},
                                       {"✗", "\033[31m"}}};

struct Sink {
  std::mutex mutex;
  Messages messages;
  std::atomic<Level> least{Level::important};
};
// Never destroyed: messages may come while the process ends.
Sink& sink() {
  static auto& instance = *new Sink;
  return instance;
}

void write_message(Level level, std::string_view message) {
  const Style& style = styles[static_cast<std::size_t>(level)];
  const int stream = message_stream();
  std::string line;
  if (coloured(stream)) {
    line.append(style.colour).append(style.icon).append("\033[0m ");
  } else {
    line.append(style.icon).append(" ");
  }
  line.append(message).append("\n");
  // One write per line keeps the lines of several processes whole. If the stream is gone, there is nobody to tell.
  [[maybe_unused]] const auto written = write(stream, line.data(), line.size());
}

}  // namespace

void set_log_sink(std::function<void(Level, std::string_view)> write, Face face) {
  const std::lock_guard lock(sink().mutex);
  sink().messages = {.write = std::move(write), .face = face};
}

void set_log_level(Level least) { sink().least = least; }
Level log_level() { return sink().least; }

void say(const Messages& messages, Level level, const Words& words) {
  if (level < sink().least || level == Level::silent) return;
  if (messages.write) {
    messages.write(level, shown(words.in(messages.face)));
    return;
  }
  Messages of_process;
  {
    // Calls a copy, so that a sink may log or be replaced while it runs.
    const std::lock_guard lock(sink().mutex);
    of_process = sink().messages;
  }
  const auto text = shown(words.in(of_process.face));
  if (of_process.write) {
    of_process.write(level, text);
  } else {
    write_message(level, text);
  }
}

void log(Level level, const Words& words) { say({}, level, words); }

}  // namespace lamin::base
