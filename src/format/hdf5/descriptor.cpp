// descriptor.cpp -- a file driver for the HDF5 library on an open descriptor.
//
// The descriptor is a file, or a socket on which another process serves the ranges of one that is elsewhere.
// It opens nothing: whatever other file a dataset or link names, there is no way to reach it.
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include "format/hdf5/h5.hpp"
#include "format/hdf5_protocol.hpp"
#include "format/packet.hpp"

namespace lamin::format::h5 {
namespace {

constexpr std::string_view prefix = "descriptor:", served_prefix = "served:";

/// What H5Fget_vfd_handle gives of a file.
struct Notes {
  std::int64_t bytes_read = 0;
  bool finding = false;  ///< raw data are not read, only where they are is noted
  std::int64_t found = -1;
};

struct File {
  H5FD_t base{};  // first, as the library requires
  int fd = -1;
  bool served = false;
  haddr_t allocated = 0, size = 0;
  Notes notes;
};

File* of(H5FD_t* file) { return reinterpret_cast<File*>(file); }
const File* of(const H5FD_t* file) { return reinterpret_cast<const File*>(file); }

/// "descriptor:4", "served:4:1000"
H5FD_t* open_it(const char* name, unsigned, hid_t, haddr_t) {
  const std::string_view text(name);
  const bool served = text.starts_with(served_prefix);
  if (!served && !text.starts_with(prefix)) return nullptr;
  int fd = -1;
  const auto digits = text.substr(served ? served_prefix.size() : prefix.size());
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), fd);
  if (failed != std::errc{}) return nullptr;
  haddr_t size = 0;
  struct stat info{};
  if (served) {
    if (std::from_chars(end + 1, digits.data() + digits.size(), size).ec != std::errc{}) return nullptr;
  } else if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return nullptr;
  }
  auto* file = new File;
  file->fd = fd;
  file->served = served;
  file->size = served ? size : static_cast<haddr_t>(info.st_size);
  return &file->base;
}

herr_t close_it(H5FD_t* file) {
  flock(of(file)->fd, LOCK_UN);  // otherwise the descriptor, and so the lock, would live on
  delete of(file);
  return 0;
}

int compare(const H5FD_t* a, const H5FD_t* b) { return of(a)->fd - of(b)->fd; }

herr_t query(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t) { return of(file)->allocated; }
herr_t set_allocated(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  of(file)->allocated = address;
  return 0;
}
haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) { return of(file)->size; }

bool read_served(File& file, haddr_t at, std::size_t size, char* to) {
  const Hdf5Range range{static_cast<std::int64_t>(at), static_cast<std::int64_t>(size)};
  if (!send_packet(file.fd, {reinterpret_cast<const char*>(&range), sizeof(range)})) return false;
  while (size > 0) {
    const auto packet = receive_packet(file.fd);
    if (!packet || packet->bytes.empty() || packet->bytes.size() > size) return false;
    std::memcpy(to, packet->bytes.data(), packet->bytes.size());
    to += packet->bytes.size();
    size -= packet->bytes.size();
  }
  file.notes.bytes_read += range.size;
  return true;
}

herr_t read_some(H5FD_t* file, H5FD_mem_t kind, hid_t, haddr_t at, std::size_t size, void* into) {
  auto* to = static_cast<char*>(into);
  auto& notes = of(file)->notes;
  if (notes.finding && kind == H5FD_MEM_DRAW) {
    notes.found = static_cast<std::int64_t>(at);
    return 0;
  }
  if (size == 0) return 0;
  if (of(file)->served) return read_served(*of(file), at, size, to) ? 0 : -1;
  while (size > 0) {
    const auto got = pread(of(file)->fd, to, size, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) {
      std::memset(to, 0, size);  // beyond the end, like the library's own driver
      return 0;
    }
    to += got;
    notes.bytes_read += got;
    at += static_cast<haddr_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return 0;
}

herr_t write_some(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, const void* from) {
  const auto* bytes = static_cast<const char*>(from);
  while (size > 0) {
    const auto written = pwrite(of(file)->fd, bytes, size, static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return -1;
    bytes += written;
    at += static_cast<haddr_t>(written);
    size -= static_cast<std::size_t>(written);
  }
  of(file)->size = std::max(of(file)->size, at);
  return 0;
}

herr_t cut(H5FD_t* file, hid_t, hbool_t) {
  if (of(file)->size == of(file)->allocated) return 0;
  if (ftruncate(of(file)->fd, static_cast<off_t>(of(file)->allocated)) != 0) return -1;
  of(file)->size = of(file)->allocated;
  return 0;
}

/// A file system without locks is not an obstacle.
herr_t lock(H5FD_t* file, hbool_t writing) {
  return flock(of(file)->fd, (writing ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 || errno != EWOULDBLOCK ? 0 : -1;
}
herr_t unlock(H5FD_t* file) {
  flock(of(file)->fd, LOCK_UN);
  return 0;
}

herr_t give_notes(H5FD_t* file, hid_t, void** handle) {
  *handle = &of(file)->notes;
  return 0;
}

Notes* notes_of(hid_t file) {
  void* notes = nullptr;
  return H5Fget_vfd_handle(file, H5P_DEFAULT, &notes) < 0 ? nullptr : static_cast<Notes*>(notes);
}

hid_t descriptor_driver() {
  H5FD_class_t driver{};
  driver.name = "descriptor";
  driver.maxaddr = (haddr_t{1} << 62) - 1;
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.open = open_it;
  driver.close = close_it;
  driver.cmp = compare;
  driver.query = query;
  driver.get_eoa = allocated;
  driver.set_eoa = set_allocated;
  driver.get_eof = end_of_file;
  driver.get_handle = give_notes;
  driver.read = read_some;
  driver.write = write_some;
  driver.truncate = cut;
  driver.lock = lock;
  driver.unlock = unlock;
  constexpr H5FD_mem_t single[] = H5FD_FLMAP_DICHOTOMY;
  std::memcpy(driver.fl_map, single, sizeof(driver.fl_map));
  return H5FDregister(&driver);
}

}  // namespace

Id open_file(int descriptor, unsigned flags, std::string& why, std::int64_t served) {
  const Id driver(descriptor_driver());
  const Id access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_driver(access.get(), driver.get(), nullptr);
  const auto name =
      served > 0 ? fmt::format("{}{}:{}", served_prefix, descriptor, served) : fmt::format("{}{}", prefix, descriptor);
  Id file(H5Fopen(name.c_str(), flags, access.get()));
  if (!file.is_open()) why = last_message();  // before the next call clears it
  return file;
}

std::int64_t bytes_read(hid_t file) {
  const auto* notes = notes_of(file);
  return notes == nullptr ? 0 : notes->bytes_read;
}

ChunkPlace chunk_place(hid_t file, hid_t dataset, const std::vector<hsize_t>& at, const std::string& where) {
  hsize_t size = 0;
  if (H5Dget_chunk_storage_size(dataset, at.data(), &size) < 0) {
    const auto why = last_message();
    if (why.find("not allocated") != std::string::npos) return {};  // nothing was written there
    throw Error(Code::corrupt, fmt::format("'{}' has a broken index of its chunks: {}.", where, why));
  }
  if (size == 0) return {};
  auto* notes = notes_of(file);
  if (notes == nullptr) fail(where, "cannot be located");
  // Asked for the chunk as it is stored, the library looks up its place and hands it to the driver, which stops there:
  // the memory is never written.
  const std::unique_ptr<char[]> memory(new char[size]);
  std::uint32_t skipped = 0;
  notes->finding = true;
  notes->found = -1;
  const auto done = H5Dread_chunk(dataset, H5P_DEFAULT, at.data(), &skipped, memory.get());
  notes->finding = false;
  if (done < 0 || notes->found < 0) fail(where, "has a broken index of its chunks");
  return {notes->found, static_cast<std::int64_t>(size), skipped};
}

}  // namespace lamin::format::h5
