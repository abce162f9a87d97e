#include "format/hdf5/h5.hpp"
#include <fmt/format.h>

namespace lamin::format::h5 {
namespace {

herr_t note_innermost(unsigned, const H5E_error2_t* error, void* into) {
  if (error->desc && *error->desc) *static_cast<std::string*>(into) = error->desc;
  return 0;
}

/// Never destroyed: it outlives every static that may still close a file.
std::recursive_mutex& prepared_lock() {
  H5dont_atexit();
  H5open();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);  // a file may not name a library to be loaded
  register_filters();
  return *new std::recursive_mutex;
}

}  // namespace

std::unique_lock<std::recursive_mutex> use() {
  static std::recursive_mutex& mutex = prepared_lock();
  return std::unique_lock(mutex);
}

std::string last_message() {
  std::string message;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, note_innermost, &message);
  H5Eclear2(H5E_DEFAULT);
  return message.empty() ? "the library gives no reason" : message;
}

void fail(const std::string& path, std::string_view what) {
  auto why = last_message();
  bool filter = why.find("filter") != std::string::npos && why.find("not registered") != std::string::npos;
  throw Error(filter ? Code::unsupported : Code::corrupt,
              fmt::format("'{}' {}: {}.{}", path, what, why,
                          filter ? " Write it again with gzip, lzf, blosc, zstd or without compression." : ""));
}

Id text_type() {
  Id type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

Id boolean_type() {
  Id type(H5Tenum_create(H5T_NATIVE_INT8));
  signed char value = 0;
  H5Tenum_insert(type.get(), "FALSE", &value);
  value = 1;
  H5Tenum_insert(type.get(), "TRUE", &value);
  return type;
}

bool is_boolean(hid_t type) {
  if (H5Tget_class(type) != H5T_ENUM || H5Tget_nmembers(type) != 2 || H5Tget_size(type) != 1) return false;
  bool boolean = true;
  for (unsigned i = 0; i < 2; ++i) {
    char* name = H5Tget_member_name(type, i);
    std::string_view view = name ? name : "";
    boolean = boolean && (view == "FALSE" || view == "TRUE");
    H5free_memory(name);
  }
  return boolean;
}

}  // namespace lamin::format::h5
