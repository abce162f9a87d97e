// pool.cpp -- two users in one process, each with a session.
#include "lamin/pool.hpp"
#include <functional>
#include <iostream>
#include <thread>
#include "lamin/branch.hpp"
#include "lamin/label.hpp"
#include "lamin/save.hpp"

namespace {

// On a branch, so that the other user does not see it.
void note(lamin::Pool& pool, std::int64_t branch, const char* name) {
  lamin::Session session{.branch = branch};
  session.messages.write = [&](lamin::Level, std::string_view text) {
    std::cout << name << " hears: " << text << "\n";
  };
  const auto instance = pool.lease(session);
  auto label = lamin::make_record(*instance, instance->catalog().table("ULabel"), {{"name", name}});
  lamin::save(*instance, label);
  instance->say(lamin::Level::important, "saved");
}

}  // namespace

int main() {
  std::int64_t draft = 0;
  {
    const auto instance = lamin::init({.storage = "cells"});
    draft = lamin::create_branch(*instance, "draft").id();
  }
  lamin::Pool pool("cells");
  std::thread(note, std::ref(pool), draft, "trial").join();
  std::thread(note, std::ref(pool), 1, "final").join();
  std::cout << pool.lease()->database().count({.registry = "ULabel"}) << " label on main\n";
}
// Prints:
//   trial hears: saved
//   final hears: saved
//   1 label on main
