// hdf5_helper.hpp -- the conversation with the program that parses HDF5 files: one helper per process, which starts a
// worker for each question and hands it the file.
//
// The helper is started on first use, and again after it has died or after a fork.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include "format/hdf5_client.hpp"
#include "format/hdf5_protocol.hpp"
#include "format/packet.hpp"

namespace lamin::format {

/// Throws unavailable, with what the system says (an errno).
[[noreturn]] void helper_unavailable(std::string_view what, int why);

/// A question about a file, and what the limits allow its worker.
struct Asked {
  Hdf5Request request;
  std::string name = {};
};
Asked asked(Hdf5Verb verb, std::string name, std::int64_t stored);

struct Answered {
  Hdf5Answer answer;
  Packet packet;
};

/// The end of a socket at which a worker answers. `file` and `edits` are descriptors, -1 for none; `inside` follows the
/// name of the file.
Descriptor start_worker(const Asked& asked, int file, int edits, std::string_view inside = {});
/// Throws what the worker says, or corrupt if it died or took too long.
Answered next_answer(const Descriptor& socket, const Asked& asked);
/// The only answer to a question.
Answered ask(const Asked& asked, int file, int edits = -1, std::string_view inside = {});
/// The same of a file elsewhere: its ranges are read here, as the worker asks for them.
Answered ask_of_ranges(const Asked& asked, const Hdf5Origin& origin, std::string_view inside);

/// The memory of an answer, mapped during the lifetime of this object. Throws corrupt if it is larger than `most`.
class Mapped {
 public:
  Mapped(const Answered& answered, std::int64_t most);
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped();
  std::span<const char> bytes() const { return bytes_; }

 private:
  std::span<const char> bytes_;
};

}  // namespace lamin::format
