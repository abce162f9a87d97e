// codecs_module.cpp -- the codecs of zarr chunks and of compressed text. Input is not trusted: sizes are checked before
// memory is allocated for them, and a stream may not grow beyond the caller's limit.
#include <blosc.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <lz4.h>
#include <zlib.h>
#include <zstd.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include "base/budget.hpp"
#include "format/codecs.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

[[noreturn]] void broken(std::string_view codec, std::string_view why) {
  throw Error(Code::corrupt, fmt::format("The {} data is broken: {}.", codec, why));
}

[[noreturn]] void too_large(std::string_view codec, std::int64_t most) {
  throw Error(
      Code::corrupt,
      fmt::format("The {} data holds more than {}, the most for a file of its size: it is damaged or made to harm. "
                  "If you trust it, set LAMIN_READ_BUDGET, for instance to 8GB.",
                  codec, base::size_text(most)));
}

void check_size(std::string_view codec, std::size_t size, const Decompressed& wanted) {
  if (wanted.expected >= 0 && size != static_cast<std::size_t>(wanted.expected)) {
    broken(codec, fmt::format("it holds {} bytes instead of {}", size, wanted.expected));
  }
  if (size > static_cast<std::size_t>(wanted.most)) too_large(codec, wanted.most);
}

/// Where to give up on a stream: one byte beyond the limit shows that there is more.
std::size_t bound_of(const Decompressed& wanted) {
  const auto most =
      std::max<std::int64_t>(0, wanted.expected >= 0 ? std::min(wanted.expected, wanted.most) : wanted.most);
  return static_cast<std::size_t>(most) + 1;
}

[[noreturn]] void beyond(std::string_view codec, const Decompressed& wanted) {
  if (wanted.expected >= 0 && wanted.expected <= wanted.most) {
    broken(codec, fmt::format("it holds more than {} bytes", wanted.expected));
  }
  too_large(codec, wanted.most);
}

std::string from_blosc(std::string_view bytes, const Decompressed& wanted) {
  std::size_t size = 0;
  if (blosc_cbuffer_validate(bytes.data(), bytes.size(), &size) != 0) broken("blosc", "its header does not fit");
  check_size("blosc", size, wanted);
  std::string out(size, '\0');
  // The variant with a context has no global state and starts no threads.
  const int got = blosc_decompress_ctx(bytes.data(), out.data(), out.size(), 1);
  if (got < 0 || static_cast<std::size_t>(got) != size) broken("blosc", "it does not decompress");
  return out;
}

/// One stream of a known size, which libdeflate reads several times as fast as zlib; false for anything else.
bool inflate_one(std::string_view codec, std::string_view bytes, std::string& out) {
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::size_t in = 0, got = 0;
  const auto inflate = codec == "gzip" ? libdeflate_gzip_decompress_ex : libdeflate_zlib_decompress_ex;
  return inflater &&
         inflate(inflater.get(), bytes.data(), bytes.size(), out.data(), out.size(), &in, &got) == LIBDEFLATE_SUCCESS &&
         got == out.size() && in == bytes.size();
}

/// zlib and gzip; several streams may follow each other.
std::string inflate_all(std::string_view codec, std::string_view bytes, const Decompressed& wanted) {
  z_stream stream{};
  constexpr int detect_header = 15 + 32;
  // Deflate yields at most 1,032 bytes for one; more is refused below, without the memory.
  if (wanted.expected > 0 && wanted.expected <= wanted.most &&
      static_cast<std::size_t>(wanted.expected) / 1032 <= bytes.size()) {
    std::string out(static_cast<std::size_t>(wanted.expected), '\0');
    if (inflate_one(codec, bytes, out)) return out;
  }
  if (inflateInit2(&stream, detect_header) != Z_OK) throw Error(Code::unavailable, "zlib cannot be initialised.");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  const std::size_t bound = bound_of(wanted);
  std::string out(std::min(bound, std::max<std::size_t>(bytes.size() * 4, 1024)), '\0');
  std::size_t done = 0;
  std::size_t taken = 0;
  for (;;) {
    constexpr std::size_t step = std::size_t{1} << 30;  // zlib counts in 32 bits
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + taken));
    stream.avail_in = static_cast<uInt>(std::min(step, bytes.size() - taken));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + done);
    stream.avail_out = static_cast<uInt>(std::min(step, out.size() - done));
    const auto in = stream.avail_in, room = stream.avail_out;
    const int result = inflate(&stream, Z_NO_FLUSH);
    taken += in - stream.avail_in;
    done += room - stream.avail_out;
    if (result == Z_STREAM_END) {
      // Tapes and block devices pad a file with zeros, which gzip passes over.
      if (bytes.find_first_not_of('\0', taken) == bytes.npos) break;
      if (inflateReset(&stream) != Z_OK) broken(codec, "it has a broken second part");
      continue;
    }
    if (result != Z_OK && result != Z_BUF_ERROR) broken(codec, stream.msg ? stream.msg : "it does not decompress");
    if (done == out.size()) {
      if (out.size() >= bound) beyond(codec, wanted);
      out.resize(std::min(bound, out.size() * 2));
    } else if (taken == bytes.size()) {
      broken(codec, "it ends too early");
    }
  }
  out.resize(done);
  check_size(codec, out.size(), wanted);
  return out;
}

std::string from_zstd(std::string_view bytes, const Decompressed& wanted) {
  const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  const std::size_t bound = bound_of(wanted);
  std::string out(std::min(bound, std::max<std::size_t>(bytes.size() * 4, 1024)), '\0');
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer target{out.data(), out.size(), 0};
  for (;;) {
    const auto result = ZSTD_decompressStream(stream.get(), &target, &in);
    if (ZSTD_isError(result)) broken("zstd", ZSTD_getErrorName(result));
    if (result == 0 && in.pos == in.size) break;
    if (target.pos == target.size) {
      if (out.size() >= bound) beyond("zstd", wanted);
      out.resize(std::min(bound, out.size() * 2));
      target.dst = out.data();
      target.size = out.size();
    } else if (in.pos == in.size) {
      broken("zstd", "it ends too early");
    }
  }
  out.resize(target.pos);
  check_size("zstd", out.size(), wanted);
  return out;
}

/// numcodecs' format: the size in four bytes, then the block.
std::string from_lz4(std::string_view bytes, const Decompressed& wanted) {
  std::uint32_t size = 0;
  if (bytes.size() < sizeof(size)) broken("lz4", "it ends too early");
  std::memcpy(&size, bytes.data(), sizeof(size));
  check_size("lz4", size, wanted);
  // A block cannot compress better than this; with a larger claim it is not a block.
  if (size / 255 > bytes.size()) broken("lz4", fmt::format("it claims to hold {} bytes", size));
  std::string out(size, '\0');
  const int got = LZ4_decompress_safe(bytes.data() + sizeof(size), out.data(),
                                      static_cast<int>(bytes.size() - sizeof(size)), static_cast<int>(size));
  if (got < 0 || static_cast<std::uint32_t>(got) != size) broken("lz4", "it does not decompress");
  return out;
}

/// A control byte below 32 starts a run of literals; any other holds a length in its upper three bits (7: one more byte
/// follows) and, with the next byte, the distance back. Returns the number of bytes written, 0 if they do not fit or
/// the input is broken.
std::size_t decode_lzf(std::string_view in, std::string& out) {
  std::size_t at = 0, done = 0;
  auto byte = [&] { return static_cast<unsigned char>(in[at++]); };
  while (at < in.size()) {
    unsigned control = byte();
    if (control < 32) {
      std::size_t run = control + 1;
      if (run > in.size() - at || run > out.size() - done) return 0;
      std::memcpy(out.data() + done, in.data() + at, run);
      at += run;
      done += run;
      continue;
    }
    std::size_t length = control >> 5;
    if (length == 7) {
      if (at == in.size()) return 0;
      length += byte();
    }
    if (at == in.size()) return 0;
    std::size_t back = ((control & 31U) << 8) + byte() + 1;
    length += 2;
    if (back > done || length > out.size() - done) return 0;
    // Overlapping on purpose: a distance shorter than the length repeats.
    for (; length > 0; --length, ++done) out[done] = out[done - back];
  }
  return done;
}

/// h5py's, which does not say how much it holds.
std::string from_lzf(std::string_view bytes, const Decompressed& wanted) {
  // Each control sequence of three bytes yields at most 264.
  const auto bound = std::min(bound_of(wanted), bytes.size() * 100 + 1024);
  std::string out(wanted.expected > 0 ? std::min(bound, static_cast<std::size_t>(wanted.expected))
                                      : std::min(bound, bytes.size() * 4 + 1024),
                  '\0');
  for (;;) {
    if (const auto size = decode_lzf(bytes, out)) {
      out.resize(size);
      check_size("lzf", size, wanted);
      return out;
    }
    if (out.size() >= bound) broken("lzf", "it does not decompress");
    out.resize(std::min(bound, out.size() * 2));
  }
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// HDF5's: the size in eight bytes and that of a block in four, then blocks with their compressed size in front; one
/// that is not smaller is stored as it is.
std::string from_lz4_blocks(std::string_view bytes, const Decompressed& wanted) {
  constexpr std::size_t header = 12, length = 4;
  if (bytes.size() < header) broken("lz4", "it ends too early");
  const auto total = big_endian(bytes, 0, 8), block = big_endian(bytes, 8, 4);
  if (total > static_cast<std::uint64_t>(wanted.most)) too_large("lz4", wanted.most);
  check_size("lz4", static_cast<std::size_t>(total), wanted);
  if (block == 0 || block > LZ4_MAX_INPUT_SIZE || total / 255 > bytes.size()) broken("lz4", "its header does not fit");
  std::string out(static_cast<std::size_t>(total), '\0');
  std::size_t at = header;
  for (std::size_t done = 0; done < out.size();) {
    const auto cells = std::min<std::size_t>(block, out.size() - done);
    if (bytes.size() - at < length) broken("lz4", "it ends too early");
    const auto size = static_cast<std::size_t>(big_endian(bytes, at, length));
    at += length;
    if (size > bytes.size() - at) broken("lz4", "it ends too early");
    if (size == cells) {
      std::memcpy(out.data() + done, bytes.data() + at, size);
    } else if (LZ4_decompress_safe(bytes.data() + at, out.data() + done, static_cast<int>(size),
                                   static_cast<int>(cells)) != static_cast<int>(cells)) {
      broken("lz4", "it does not decompress");
    }
    at += size;
    done += cells;
  }
  return out;
}

/// The compressed bytes that wait to be read.
class Input {
 public:
  explicit Input(std::unique_ptr<ByteStream> from) : from_(std::move(from)) {}
  /// Reads on if all is taken; whether there are bytes.
  bool fill() {
    if (at_ < end_) return true;
    at_ = 0;
    end_ = from_->read(bytes_);
    return end_ > 0;
  }
  std::span<char> left() { return std::span(bytes_).subspan(at_, end_ - at_); }
  void take(std::size_t n) { at_ += n; }

 private:
  std::unique_ptr<ByteStream> from_;
  std::array<char, std::size_t{1} << 17> bytes_ = {};
  std::size_t at_ = 0, end_ = 0;
};

/// zlib: gzip, of which several streams may follow each other, and raw deflate.
class Inflated final : public ByteStream {
 public:
  Inflated(std::string_view codec, std::unique_ptr<ByteStream> from) : codec_(codec), in_(std::move(from)) {
    constexpr int raw = -15, detect_header = 15 + 32;
    if (inflateInit2(&stream_, codec == "deflate" ? raw : detect_header) != Z_OK)
      throw Error(Code::unavailable, "zlib cannot be initialised.");
  }
  Inflated(const Inflated&) = delete;
  Inflated& operator=(const Inflated&) = delete;
  ~Inflated() override { inflateEnd(&stream_); }

  std::size_t read(std::span<char> into) override {
    constexpr std::size_t step = std::size_t{1} << 30;  // zlib counts in 32 bits
    const auto wanted = static_cast<uInt>(std::min(step, into.size()));
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = wanted;
    while (stream_.avail_out == wanted && wanted > 0) {
      if (!in_.fill()) {
        if (whole_) return 0;
        broken(codec_, "it ends too early");
      }
      if (whole_) {
        if (codec_ == "deflate" || is_padding()) return 0;
        if (inflateReset(&stream_) != Z_OK) broken(codec_, "it has a broken second part");
        whole_ = false;
      }
      const auto left = in_.left();
      stream_.next_in = reinterpret_cast<Bytef*>(left.data());
      stream_.avail_in = static_cast<uInt>(left.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      in_.take(left.size() - stream_.avail_in);
      whole_ = result == Z_STREAM_END;
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        broken(codec_, stream_.msg ? stream_.msg : "it does not decompress");
    }
    return wanted - stream_.avail_out;
  }

 private:
  /// Whether only zeros are left: tapes and block devices pad a file with them, which gzip passes over. A part of its
  /// own does not begin with one.
  bool is_padding() {
    while (in_.fill()) {
      const auto left = in_.left();
      const auto zeros =
          static_cast<std::size_t>(std::ranges::find_if(left, [](char c) { return c != 0; }) - left.begin());
      in_.take(zeros);
      if (zeros < left.size()) return false;
    }
    return true;
  }

  std::string codec_;
  Input in_;
  z_stream stream_{};
  bool whole_ = false;
};

class Unzstd final : public ByteStream {
 public:
  explicit Unzstd(std::unique_ptr<ByteStream> from)
      : in_(std::move(from)), stream_(ZSTD_createDStream(), ZSTD_freeDStream) {}
  std::size_t read(std::span<char> into) override {
    ZSTD_outBuffer target{into.data(), into.size(), 0};
    while (target.pos == 0 && target.size > 0) {
      if (!in_.fill() && whole_) return 0;
      const auto left = in_.left();
      ZSTD_inBuffer in{left.data(), left.size(), 0};
      const auto result = ZSTD_decompressStream(stream_.get(), &target, &in);
      if (ZSTD_isError(result)) broken("zstd", ZSTD_getErrorName(result));
      in_.take(in.pos);
      whole_ = result == 0;
      if (!whole_ && left.empty() && target.pos == 0) broken("zstd", "it ends too early");
    }
    return target.pos;
  }

 private:
  Input in_;
  std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream_;
  bool whole_ = false;
};

class Module final : public Codecs {
 public:
  std::uint32_t crc32(std::uint32_t before, std::string_view bytes) const override {
    return static_cast<std::uint32_t>(
        ::crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<z_size_t>(bytes.size())));
  }
  std::unique_ptr<ByteStream> stream(std::string_view codec, std::unique_ptr<ByteStream> from) const override {
    if (codec == "gzip" || codec == "deflate") return std::make_unique<Inflated>(codec, std::move(from));
    if (codec == "zstd") return std::make_unique<Unzstd>(std::move(from));
    throw Error(Code::unsupported, fmt::format("The compression '{}' cannot be read as a stream; gzip, zstd and "
                                               "deflate can.",
                                               codec));
  }
  std::string decompress(std::string_view codec, std::string_view bytes, const Decompressed& wanted) const override {
    if (codec == "blosc") return from_blosc(bytes, wanted);
    if (codec == "zstd") return from_zstd(bytes, wanted);
    if (codec == "gzip" || codec == "zlib") return inflate_all(codec, bytes, wanted);
    if (codec == "lz4") return from_lz4(bytes, wanted);
    if (codec == "lz4 blocks") return from_lz4_blocks(bytes, wanted);
    if (codec == "lzf") return from_lzf(bytes, wanted);
    throw Error(Code::unsupported, fmt::format("The compression '{}' is not built in; built in are blosc, zstd, gzip, "
                                               "zlib, lz4 and lzf.",
                                               codec));
  }
};

}  // namespace
}  // namespace lamin::format

extern "C" __attribute__((visibility("default"))) const lamin::format::Codecs* lamin_codecs() {
  static const lamin::format::Module module;
  return &module;
}
