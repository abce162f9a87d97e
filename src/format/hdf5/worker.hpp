// worker.hpp -- parses one file and answers.
#pragma once
#include <string>
#include "format/hdf5_protocol.hpp"
#include "format/packet.hpp"

namespace lamin::format::h5 {

struct Task {
  Hdf5Request request;
  std::string name;
  Descriptor reply, file, edits;
};

/// Confines the process, does the task, answers and ends the process.
[[noreturn]] void work(Task task);

}  // namespace lamin::format::h5
