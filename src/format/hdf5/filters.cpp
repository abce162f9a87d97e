// filters.cpp -- compressions that AnnData files use and the HDF5 library lacks: lzf of h5py, blosc and zstd of
// hdf5plugin. Decoding only.
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include "format/codecs.hpp"
#include "format/hdf5/h5.hpp"

namespace lamin::format::h5 {
namespace {

constexpr H5Z_filter_t lzf_id = 32000, blosc_id = 32001, zstd_id = 32015;
constexpr std::size_t largest_chunk = std::numeric_limits<std::uint32_t>::max();

/// The signature that H5Zregister requires. 0 tells the library that the chunk is broken.
template <H5Z_filter_t id>
std::size_t decode(unsigned flags, std::size_t, const unsigned[], std::size_t size, std::size_t* capacity,
                   void** buffer) {
  if (!(flags & H5Z_FLAG_REVERSE)) return 0;
  std::string out;
  try {
    std::string_view in(static_cast<const char*>(*buffer), size);
    if constexpr (id == lzf_id) out = codecs().decompress("lzf", in, {});
    if constexpr (id == blosc_id) out = codecs().decompress("blosc", in, {});
    if constexpr (id == zstd_id) out = codecs().decompress("zstd", in, {});
  } catch (...) {
    return 0;  // no exception may pass through C
  }
  if (out.empty() || out.size() > largest_chunk) return 0;
  auto* fresh = std::malloc(out.size());  // the library frees it
  if (!fresh) return 0;
  std::memcpy(fresh, out.data(), out.size());
  std::free(*buffer);
  *buffer = fresh;
  *capacity = out.size();
  return out.size();
}

template <H5Z_filter_t id>
void register_one(const char* name) {
  if (H5Zfilter_avail(id) > 0) return;
  H5Z_class2_t filter{};
  filter.version = H5Z_CLASS_T_VERS;
  filter.id = id;
  filter.decoder_present = 1;
  filter.name = name;
  filter.filter = decode<id>;
  H5Zregister(&filter);
}

}  // namespace

void register_filters() {
  register_one<lzf_id>("lzf");
  register_one<blosc_id>("blosc");
  register_one<zstd_id>("zstd");
}

}  // namespace lamin::format::h5
