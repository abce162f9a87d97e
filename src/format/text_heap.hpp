// text_heap.hpp -- texts of variable length in an HDF5 file: cells refer to heaps of some kilobytes ("GCOL"), each with
// numbered texts. Every size is checked; a heap is read once for all cells that refer to it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include "lamin/array_file.hpp"

namespace lamin::format {

class TextHeap {
 public:
  using Fetch = std::function<void(std::int64_t offset, std::span<std::byte> into)>;
  /// Addresses are relative to `begin`; heaps no more than `gap` bytes apart are fetched at once.
  TextHeap(std::int64_t begin, std::string name, std::int64_t file_size, std::int64_t gap, Fetch fetch)
      : begin_(begin), file_size_(file_size), gap_(gap), name_(std::move(name)), fetch_(std::move(fetch)) {}

  /// Of cells of 16 bytes: length, address of the heap, number in it. Throws corrupt.
  ArrayTexts texts(std::span<const std::byte> cells) const;

 private:
  std::int64_t begin_, file_size_, gap_;
  std::string name_;
  Fetch fetch_;
};

}  // namespace lamin::format
