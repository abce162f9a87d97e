// descriptor.cpp -- a file driver for the HDF5 library on an open descriptor.
//
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
#include "format/hdf5/h5.hpp"

namespace lamin::format::h5 {
namespace {

constexpr std::string_view prefix = "descriptor:";

struct File {
  H5FD_t base{};  // first, as the library requires
  int fd = -1;
  haddr_t allocated = 0, size = 0;
  std::int64_t bytes_read = 0;
};

File* of(H5FD_t* file) { return reinterpret_cast<File*>(file); }
const File* of(const H5FD_t* file) { return reinterpret_cast<const File*>(file); }

H5FD_t* open_it(const char* name, unsigned, hid_t, haddr_t) {
  const std::string_view text(name);
  int fd = -1;
  if (!text.starts_with(prefix)) return nullptr;
  const auto digits = text.substr(prefix.size());
  if (std::from_chars(digits.data(), digits.data() + digits.size(), fd).ec != std::errc{}) return nullptr;
  struct stat info{};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return nullptr;
  auto* file = new File;
  file->fd = fd;
  file->size = static_cast<haddr_t>(info.st_size);
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

herr_t read_some(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, void* into) {
  auto* to = static_cast<char*>(into);
  while (size > 0) {
    const auto got = pread(of(file)->fd, to, size, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) {
      std::memset(to, 0, size);  // beyond the end, like the library's own driver
      return 0;
    }
    to += got;
    of(file)->bytes_read += got;
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

/// What H5Fget_vfd_handle gives: where the bytes read so far are counted.
herr_t counter(H5FD_t* file, hid_t, void** handle) {
  *handle = &of(file)->bytes_read;
  return 0;
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
  driver.get_handle = counter;
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

Id open_file(int descriptor, unsigned flags, std::string& why) {
  const Id driver(descriptor_driver());
  const Id access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_driver(access.get(), driver.get(), nullptr);
  Id file(H5Fopen(fmt::format("{}{}", prefix, descriptor).c_str(), flags, access.get()));
  if (!file.is_open()) why = last_message();  // before the next call clears it
  return file;
}

std::int64_t bytes_read(hid_t file) {
  void* counted = nullptr;
  return H5Fget_vfd_handle(file, H5P_DEFAULT, &counted) < 0 ? 0 : *static_cast<std::int64_t*>(counted);
}

}  // namespace lamin::format::h5
