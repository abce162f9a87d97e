// h5.hpp -- handles of the HDF5 library, its lock and its errors.
//
// The library is neither thread-safe nor silent: everything here runs under one lock, and its error stack becomes the
// message of an Error.
#pragma once
#include <hdf5.h>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/error.hpp"

namespace lamin::format::h5 {

/// Owns an identifier of any kind.
class Id {
 public:
  Id() = default;
  explicit Id(hid_t id) : id_(id) {}
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Id& operator=(Id&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Id() {
    if (id_ >= 0) H5Idec_ref(id_);
  }
  hid_t get() const { return id_; }
  bool is_open() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
};

/// Prepares the library on first use (silent errors, filters) and locks it.
std::unique_lock<std::recursive_mutex> use();

/// The innermost message of the library's error stack, which is then cleared.
std::string last_message();
/// Throws corrupt, or unsupported for a missing filter.
[[noreturn]] void fail(const std::string& path, std::string_view what);
inline hid_t check(hid_t id, const std::string& path, std::string_view what) {
  if (id < 0) fail(path, what);
  return id;
}

/// The text type of current h5py: variable length, UTF-8.
Id text_type();
/// The boolean type of h5py: an enumeration of FALSE and TRUE.
Id boolean_type();
bool is_boolean(hid_t type);

/// Opens the file of a descriptor, which remains the caller's. Not open on failure, which `why` then explains. With
/// `served` > 0 the descriptor is a socket that serves ranges of a file of that size (hdf5_protocol.hpp).
Id open_file(int descriptor, unsigned flags, std::string& why, std::int64_t served = 0);
/// How many bytes of such a file the library has read from the disk so far.
std::int64_t bytes_read(hid_t file);

struct ChunkPlace {
  std::int64_t offset = -1, size = 0, skipped = 0;  ///< offset -1: not stored
};
/// Where the chunk whose first cell is `at` lies. The library's own question for that goes through the whole index for
/// each chunk; this one looks it up.
ChunkPlace chunk_place(hid_t file, hid_t dataset, const std::vector<hsize_t>& at, const std::string& where);

/// Registers decoders for the filters lzf, blosc and zstd, which the library lacks.
void register_filters();

}  // namespace lamin::format::h5
