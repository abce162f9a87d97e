#include "base/large_hash.hpp"
#include <algorithm>
#include <numeric>
#include "base/evp_digest.hpp"

namespace lamin::base {
namespace {

constexpr std::int64_t piece = blake3::piece_size;
constexpr std::size_t pieces_folded = 16;  // so that little is held of a file of many terabytes
constexpr std::int64_t block = piece * static_cast<std::int64_t>(pieces_folded), stretch = 4 * block;

std::int64_t end_of_first(std::int64_t ends) { return (ends + block - 1) / block * block; }
std::int64_t begin_of_last(std::int64_t size, std::int64_t ends) { return (size - ends) / block * block; }

}  // namespace

struct LargeHasher::Ends {
  explicit Ends(std::int64_t length) : length(length) {}
  std::int64_t length;
  EvpDigest first{EVP_sha1()}, last{EVP_sha1()};
};

bool LargeHasher::takes(std::int64_t size, std::int64_t ends) {
  return size > 2 * ends && begin_of_last(size, ends) >= end_of_first(ends);
}

LargeHasher::LargeHasher(std::int64_t size, std::int64_t ends) : size_(size), ends_(std::make_unique<Ends>(ends)) {
  const auto first = end_of_first(ends), last = begin_of_last(size, ends);
  ranges_ = {{0, first}, {last, size}};
  for (auto at = first; at < last; at += stretch) ranges_.push_back({at, std::min(at + stretch, last)});
  parts_.resize(ranges_.size());
}

LargeHasher::~LargeHasher() = default;

void LargeHasher::add(std::size_t range, std::span<const std::uint8_t> bytes) {
  auto& part = parts_[range];
  const auto at = ranges_[range].begin + part.done, after = at + std::ssize(bytes);
  if (range == 0 && at < ends_->length)
    ends_->first.add(bytes.first(static_cast<std::size_t>(std::min(after, ends_->length) - at)));
  if (const auto from = std::max(at, size_ - ends_->length); range == 1 && from < after)
    ends_->last.add(bytes.subspan(static_cast<std::size_t>(from - at)));
  part.done += std::ssize(bytes);
  if (after == size_) {
    rest_.assign(bytes.begin(), bytes.end());
    return;
  }
  part.pieces.push_back(blake3::value_of(static_cast<std::uint64_t>(at / piece), bytes));
  if (part.pieces.size() < pieces_folded) return;
  part.folded.push_back(blake3::folded(std::move(part.pieces)));
  part.pieces.clear();
}

FileHash LargeHasher::finish() {
  constexpr std::size_t hash_size = 22;
  std::vector<std::size_t> order(ranges_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return ranges_[i].begin; });
  blake3::Root root;
  for (const auto i : order) {
    for (const auto& value : parts_[i].folded) root.add(value, pieces_folded);
    for (const auto& value : parts_[i].pieces) root.add(value, 1);
  }
  FileHash hash;
  hash.digest = hex(root.finish(rest_));
  auto both = ends_->first.finish();
  const auto last = ends_->last.finish();
  both.insert(both.end(), last.begin(), last.end());
  hash.hash = base64url(sha1({reinterpret_cast<const char*>(both.data()), both.size()}), hash_size);
  hash.type = "sha1-fl";
  hash.size = size_;
  return hash;
}

}  // namespace lamin::base
