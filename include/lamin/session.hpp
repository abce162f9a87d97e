// session.hpp -- who asks: what a call needs to know about its caller.
//
// Every Instance has one, which each of its calls uses: whom new rows are stamped with, which rows queries see, and
// where messages go. One process serves many users by giving each request an Instance of its own from a Pool
// (pool.hpp), with the session of that request.
//
// Example: examples/cpp/session.cpp
#pragma once
#include <cstdint>
#include "lamin/message.hpp"

namespace lamin {

/// Ids, 0 = none; 1 is the first user, the branch main and the space all. Setting `branch` also decides what queries
/// see: rows of that branch and of main.
struct Session {
  std::int64_t user = 1, run = 0, branch = 1, space = 1;
  Messages messages = {};  ///< without a sink: where the process's messages go
};

}  // namespace lamin
