// open_store.cpp -- the stores that are built in, by scheme, and reading from any of them.
#include "store/open_store.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include "base/module.hpp"
#include "lamin/source.hpp"
#include "store/bucket.hpp"
#include "store/key.hpp"
#include "store/object_store.hpp"
#include "store/store.hpp"

namespace lamin::store {

std::size_t BytesReader::read_at(std::int64_t offset, std::span<std::uint8_t> into) const {
  if (offset >= size()) return 0;
  const auto count = std::min(into.size(), bytes_.size() - static_cast<std::size_t>(offset));
  std::memcpy(into.data(), bytes_.data() + offset, count);
  return count;
}

void read_all(const Reader& from, const std::function<void(std::span<const std::uint8_t>)>& piece) {
  constexpr std::int64_t most = 8 << 20;
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min(most, from.size() + 1)));
  for (std::int64_t at = 0;;) {
    const auto count = from.read_at(at, buffer);
    if (count == 0) return;
    piece({buffer.data(), count});
    at += static_cast<std::int64_t>(count);
  }
}

void Store::copy_over(std::string_view from, std::string_view to) {
  throw Error(Code::internal,
              fmt::format("'{}' is not copied to '{}' in '{}', where it can be moved.", from, to, root()));
}

std::string Store::put_if(const Reader&, std::string_view key, const Condition&) {
  throw Error(Code::unsupported,
              fmt::format("'{}' in '{}' cannot be replaced on a condition: the store does not decide between two "
                          "writers.",
                          key, root()));
}

std::string text_of(const Reader& from) {
  std::string text;
  read_all(from, [&](std::span<const std::uint8_t> piece) {
    text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return text;
}

namespace {

std::unique_ptr<Bucket> open_module(std::string_view module, const char* symbol, const BucketOptions& options) {
  using Function = Bucket* (*)(const BucketOptions&);
  return std::unique_ptr<Bucket>(reinterpret_cast<Function>(base::module_symbol(module, symbol))(options));
}

std::string prefix_of(const Uri& uri) {
  auto prefix = uri.key;
  while (prefix.ends_with('/')) prefix.pop_back();
  return prefix.empty() ? prefix : clean_key(prefix);
}

struct Kept {
  std::mutex mutex;
  Others others;
};
Kept& kept() {
  static Kept all;
  return all;
}

/// Who is to be asked for a scheme; without functions if nobody knows it.
Others others_for(std::string_view scheme) {
  Others others;
  {
    const std::lock_guard lock(kept().mutex);
    others = kept().others;
  }
  return others.open && others.knows(scheme) ? others : Others{};
}

constexpr std::array<std::string_view, 8> bucket_schemes = {"s3", "gs", "gcs", "az", "abfs", "abfss", "http", "https"};

/// nullptr if nobody knows the scheme.
std::unique_ptr<Store> open_other(const Uri& uri) {
  const auto others = others_for(uri.scheme);
  if (!others.open) return nullptr;
  // "user:password@host"; "org:repo@branch" of GitHub is none.
  const auto at = uri.place.find('@');
  if (at != std::string::npos && uri.place.find(':') < at && uri.scheme != "github") {
    throw Error(
        Code::no_access,
        fmt::format("The address of a place '{}://' holds a password: leave it out, it would be stored. Keys of "
                    "the user's own programs are used.",
                    uri.scheme));
  }
  auto prefix = prefix_of(uri);
  auto place = uri;
  place.key.clear();
  auto bucket = others.open(place);
  auto root = uri;
  root.key = prefix;
  return make_object_store(std::move(bucket), std::move(prefix), root.text());
}

std::unique_ptr<Store> open_bucket(const Uri& uri, const StoreOptions& options) {
  if (uri.place.empty()) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' names no bucket: write {}://bucket/folder.", uri.text(), uri.scheme));
  }
  // Azure's "container@account" is the account, elsewhere it is a password that somebody wrote into the address.
  if (uri.place.find('@') != std::string::npos && !uri.scheme.starts_with("a")) {
    throw Error(Code::no_access,
                fmt::format("The address of '{}' storage holds credentials: leave them out, they are taken from the "
                            "environment or the user's profile.",
                            uri.scheme));
  }
  auto prefix = prefix_of(uri);
  const BucketOptions bucket{.scheme = uri.scheme,
                             .name = uri.place,
                             .endpoint = uri.option("endpoint_url"),
                             .region = options.region.empty() ? uri.option("region") : options.region};
  auto opened = uri.scheme == "s3"               ? open_s3(bucket)
                : uri.scheme.starts_with("http") ? open_http(bucket)
                                                 : open_arrow_fs(bucket);
  auto root = uri;
  root.key = prefix;
  root.query.clear();
  return make_object_store(std::move(opened), std::move(prefix), root.text());
}

}  // namespace

std::unique_ptr<Bucket> open_s3(const BucketOptions& options) { return open_module("s3", "lamin_open_s3", options); }
std::unique_ptr<Bucket> open_http(const BucketOptions& options) {
  return open_module("http", "lamin_open_http", options);
}
std::unique_ptr<Bucket> open_arrow_fs(const BucketOptions& options) {
  return open_module("arrow_fs", "lamin_open_arrow_fs", options);
}

void open_others_with(Others others) {
  const std::lock_guard lock(kept().mutex);
  kept().others = std::move(others);
}

bool may_open(std::string_view scheme) {
  return scheme == "file" || scheme == "memory" || std::ranges::find(bucket_schemes, scheme) != bucket_schemes.end() ||
         others_for(scheme).open;
}

std::unique_ptr<Store> open_store(std::string_view root, const StoreOptions& options) {
  const auto uri = Uri::parse(root);
  if (!uri) {
    if (root.empty()) {
      throw Error(Code::invalid_argument, "A storage needs a root: pass a folder, such as './my-data'.");
    }
    return open_local(root, options.create);
  }
  if (uri->scheme == "file") return open_local("/" + uri->key, options.create);
  if (uri->scheme == "memory") return open_memory();
  if (std::ranges::find(bucket_schemes, uri->scheme) != bucket_schemes.end()) return open_bucket(*uri, options);
  if (auto other = open_other(*uri)) return other;
  throw Error(Code::unsupported,
              fmt::format("The storage '{}' cannot be opened: '{}://' is not built in. Built in are folders, s3://, "
                          "gs://, az://, https://, file:// and memory://; Python, not the shell, also reads what "
                          "fsspec knows (hf://, sftp://, ftp://, github://, ...).",
                          root, uri->scheme));
}

}  // namespace lamin::store
