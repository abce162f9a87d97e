// hdf5_protocol.hpp -- the messages between a process and its helper `lamin-read-hdf5`, which parses HDF5 for it.
//
//   process                      helper (one per process)             worker (one per file)
//   request + socket + file  ->  forks                           ->   limits, seccomp, parses
//   waits at the socket                                          <-   answer + sealed memory file, exits
//                            <-  obituary, if it died or was late
//
// The helper itself never looks at a file, so that a file that takes over a worker cannot reach later ones. Each
// message is one packet; texts follow the struct. Both sides are from the same build, which `version` checks.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace lamin::format {

constexpr std::uint32_t hdf5_protocol = 5;
constexpr int helper_socket = 3;  ///< where the helper finds its end of the socket

enum class Hdf5Verb : std::uint32_t {
  head,     ///< answers with an AnnDataHead
  check,    ///< looks at everything that another reader would look at
  sketch,   ///< answers with a FileSketch
  slots,    ///< answers with its tables, whole
  layout,   ///< answers with the columns of a table, which a memory file names
  table,    ///< answers with some of its columns, which the memory file names, too
  outline,  ///< answers with an Hdf5Outline
  values,   ///< answers in parts with the values of a column, which an edit names (tree_values)
  edit,     ///< the file is open for writing, a memory file with the edits follows it
};

/// Descriptors: the worker's socket, the file, the edits or names. The name of the file for messages follows the
/// struct, and the path that an outline is about.
struct Hdf5Request {
  std::uint32_t version = hdf5_protocol;
  Hdf5Verb verb = Hdf5Verb::head;
  std::int64_t stored = 0;                      ///< bytes of the file
  std::int64_t floor = 0, ratio = 0, most = 0;  ///< base::ReadLimits
  std::int64_t explicit_bytes = 0;
  std::int64_t cpu_seconds = 0, wall_seconds = 0;
  std::int64_t served = 0;  ///< the descriptor is a socket that serves ranges (Hdf5Range) of `stored` bytes
  std::int64_t path = 0;    ///< bytes of the path at the end
  std::int64_t deep = 0, most_places = 0;  ///< of OutlineQuery
  std::int64_t most_rows = -1;             ///< of a sketch; -1 = all
};

/// What a worker asks of the process that serves a file to it. The bytes follow in packets of up to `range_packet`;
/// those beyond the end of the file are zero.
struct Hdf5Range {
  std::int64_t offset = 0, size = 0;
};
constexpr std::size_t range_packet = std::size_t{32} << 10;

/// An error's message follows; what was asked for comes with a memory file.
struct Hdf5Answer {
  enum class Outcome : std::uint32_t {
    done,
    part,   ///< the worker waits for a packet before it goes on
    error,  ///< `code` and a message
    died,   ///< `code` is the signal
    late,   ///< it took longer than `wall_seconds`
  };
  std::uint32_t version = hdf5_protocol;
  Outcome outcome = Outcome::done;
  std::int64_t code = 0;
  std::int64_t size = 0;  ///< of the memory file
};

}  // namespace lamin::format
