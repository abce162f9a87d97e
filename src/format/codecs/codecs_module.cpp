// codecs_module.cpp -- the codecs of zarr chunks and of compressed text. Input is not trusted: sizes are checked before
// memory is allocated for them, and a stream may not grow beyond the caller's limit.
#include <blosc.h>
#include <fmt/format.h>
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

/// zlib and gzip; several streams may follow each other.
std::string inflate_all(std::string_view codec, std::string_view bytes, const Decompressed& wanted) {
  z_stream stream{};
  constexpr int detect_header = 15 + 32;
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
      if (taken == bytes.size()) break;
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
        if (codec_ == "deflate" || inflateReset(&stream_) != Z_OK) return 0;
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
    throw Error(Code::unsupported, fmt::format("The compression '{}' is not built in; built in are blosc, zstd, gzip, "
                                               "zlib and lz4.",
                                               codec));
  }
};

}  // namespace
}  // namespace lamin::format

extern "C" __attribute__((visibility("default"))) const lamin::format::Codecs* lamin_codecs() {
  static const lamin::format::Module module;
  return &module;
}
