// chunked_file.hpp -- what HDF5 and zarr have in common: arrays cut into chunks that are fetched, decoded and put where
// they belong.
//
// A read is planned first (selection.hpp): which chunks it touches, and which runs of cells it takes from each. Chunks
// that are stored as they are (no compression) are read in part, neighbours together; others are fetched in groups
// that lie side by side and decoded on all cores. Those of which little was wanted are kept for the next read.
#pragma once
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include "format/selection.hpp"
#include "lamin/array_file.hpp"

namespace lamin::format {

/// One step of decoding a chunk.
struct Filter {
  std::string codec = {};  ///< "shuffle", "fletcher32", "crc32c", or one of codecs.hpp
  std::size_t width = 1;   ///< of the cells that were shuffled
  unsigned bit = 0;        ///< of the mask that says that a chunk was stored without it
};

struct StoredArray {
  std::string path = {}, where = {};  ///< in the file, and for messages
  ArrayInfo info = {};
  std::vector<Filter> filters = {};        ///< in the order of decoding
  std::string fill = {};                   ///< a cell; empty = zeros
  std::optional<std::string> all = {};     ///< all cells, if the metadata hold them
  std::int64_t most_decoded = 0;           ///< bytes that a decoded chunk may have
  std::vector<std::int64_t> grid() const;  ///< chunks per dimension
  std::int64_t chunk_cells() const;
};

/// Where the bytes of a chunk are.
struct Piece {
  std::string object = {};             ///< a key; empty for a file that is one object
  std::int64_t offset = 0, size = -1;  ///< size -1: the whole object
  std::uint32_t skipped = 0;           ///< filters it was stored without
};

class ChunkedFile : public ArrayFile {
 public:
  std::vector<std::string> attribute(const std::string& path, const std::string& name) override;
  ArrayInfo info(const std::string& array) override { return stored(array)->info; }
  void read(const std::string& array, const Selection& selection, std::span<std::byte> into) override;
  void keep(std::size_t bytes) override;

 protected:
  /// Ready to be read. Throws corrupt if it is not an array.
  virtual std::shared_ptr<const StoredArray> stored(const std::string& array) = 0;
  /// nullopt if nothing is stored.
  virtual std::optional<Piece> locate(const StoredArray& array, std::int64_t chunk) = 0;
  /// Bytes that are read alone anyway are read together if no more than this lies between them.
  virtual std::int64_t gap() const = 0;
  /// Chunks that are decoded anyway are fetched together, and decoded by one thread, up to so many bytes.
  virtual std::int64_t most_together() const = 0;
  /// Into a text for the whole object, a part of it otherwise.
  virtual std::string fetch(const Piece& piece) = 0;
  virtual void fetch_into(const Piece& piece, std::span<std::byte> into) = 0;
  virtual std::int64_t stored_bytes() const = 0;
  /// A decoded chunk with its last dimension as the fastest.
  virtual std::string arranged(const StoredArray&, std::string cells) const { return cells; }

  std::string decode(const StoredArray& array, const Piece& piece, std::string_view stored) const;
  /// Throws corrupt for far more bytes than such a file can hold.
  void check_claim(std::int64_t cells, std::size_t width, const std::string& where) const;

 private:
  struct Task;
  void read_direct(const StoredArray& array, const Plan& plan, std::span<std::byte> into);
  void read_decoded(const StoredArray& array, const Plan& plan, std::span<std::byte> into);
  std::size_t most_kept();
  std::shared_ptr<const std::string> kept(const StoredArray& array, std::int64_t chunk);
  std::shared_ptr<const std::string> remember(const StoredArray& array, std::int64_t chunk, std::string bytes);

  using Key = std::pair<std::string, std::int64_t>;
  struct Kept {
    Key key;
    std::shared_ptr<const std::string> bytes;
  };
  std::mutex mutex_;
  std::size_t most_kept_ = std::size_t{64} << 20, now_kept_ = 0;
  std::list<Kept> recent_;  // the latest first
  std::map<Key, std::list<Kept>::iterator> known_;
};

}  // namespace lamin::format
