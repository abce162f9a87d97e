#include "base/log.hpp"
#include <unistd.h>
#include "base/module.hpp"
#include "base/testing.hpp"

namespace lamin::base {
namespace {

using test::failure_of;

TEST(Log, GivesTheSinkWhatIsLoudEnough) {
  const Level before = log_level();
  std::vector<std::string> seen;
  set_log_sink([&](Level, std::string_view message) { seen.emplace_back(message); });
  set_log_level(Level::warning);
  log(Level::info, "quiet");
  log(Level::warning, "loud");
  set_log_level(Level::debug);
  log(Level::debug, "detail");
  set_log_level(Level::silent);
  log(Level::error, "unheard");
  log(Level::silent, "never");
  set_log_sink(nullptr);
  set_log_level(before);
  EXPECT_THAT(seen, ::testing::ElementsAre("loud", "detail"));
}

TEST(Log, WritesToStderrWithoutASink) {
  ::testing::internal::CaptureStderr();
  log(Level::warning, "the disk is nearly full");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "! the disk is nearly full\n");
}

TEST(Log, ASinkMayLogItself) {
  int calls = 0;
  set_log_sink([&](Level, std::string_view message) {
    ++calls;
    if (message == "outer") log(Level::error, "inner");
  });
  log(Level::error, "outer");
  set_log_sink(nullptr);
  EXPECT_EQ(calls, 2);
}

TEST(Module, AMissingOneIsNamed) {
  EXPECT_THAT(failure_of(Code::unavailable, [] { module_symbol("no_such_module", "x"); }),
              ::testing::HasSubstr("liblamin_no_such_module.so"));
}

}  // namespace
}  // namespace lamin::base
