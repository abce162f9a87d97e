#include "format/zarr_arrays.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include "base/json.hpp"
#include "base/threads.hpp"
#include "base/utf8.hpp"
#include "format/chunked_file.hpp"
#include "format/unfilter.hpp"
#include "format/zarr_array.hpp"
#include "format/zarr_nodes.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Kind = ArrayType::Kind;
using zarr::Place;

struct ZarrStored : StoredArray {
  zarr::Array zarr;
};

ArrayType array_type(const zarr::Type& type) {
  ArrayType cell{.kind = static_cast<Kind>(0), .size = type.size, .is_big_endian = type.big_endian};
  switch (type.kind) {
    case zarr::Type::Kind::boolean: cell.kind = Kind::boolean; break;
    case zarr::Type::Kind::integer: cell.kind = Kind::integer; break;
    case zarr::Type::Kind::natural: cell.kind = Kind::natural; break;
    case zarr::Type::Kind::real: cell.kind = Kind::real; break;
    case zarr::Type::Kind::wide_text: cell.kind = Kind::wide_text; break;
    case zarr::Type::Kind::bytes: cell.kind = Kind::bytes; break;
    case zarr::Type::Kind::text: cell.kind = Kind::text; break;
    case zarr::Type::Kind::record: {
      cell.kind = Kind::record;
      std::size_t offset = 0;
      for (const auto& [name, field] : type.fields) {
        cell.fields.push_back({name, array_type(field), offset});
        offset += field.size;
      }
    }
  }
  return cell;
}

double real_of(const boost::json::value& fill) {
  if (fill.is_double()) return fill.get_double();
  if (fill.is_int64()) return static_cast<double>(fill.get_int64());
  if (!fill.is_string()) return 0;
  if (fill.get_string() == "Infinity") return std::numeric_limits<double>::infinity();
  if (fill.get_string() == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nan("");
}

/// The fill value as a cell; empty for zeros.
std::string fill_cell(const ArrayType& type, const boost::json::value& fill) {
  std::uint64_t bits = 0;
  switch (type.kind) {
    case Kind::boolean: bits = fill.is_bool() && fill.get_bool() ? 1 : 0; break;
    case Kind::integer:
    case Kind::natural:
      if (fill.is_int64()) bits = static_cast<std::uint64_t>(fill.get_int64());
      if (fill.is_uint64()) bits = fill.get_uint64();
      break;
    case Kind::real: {
      const auto real = real_of(fill);
      if (type.size == 8) bits = std::bit_cast<std::uint64_t>(real);
      if (type.size == 4) bits = std::bit_cast<std::uint32_t>(static_cast<float>(real));
      if (type.size == 2 && std::isnan(real)) bits = 0x7E00;
      break;
    }
    default: return {};
  }
  if (bits == 0) return {};
  std::string cell(type.size, '\0');
  std::memcpy(cell.data(), &bits, std::min(cell.size(), sizeof(bits)));
  if (type.is_big_endian) std::reverse(cell.begin(), cell.end());
  return cell;
}

std::string utf8_of(const std::byte* at, const ArrayType& type) {
  std::string text;
  for (std::size_t i = 0; i + 4 <= type.size; i += 4) {
    std::uint32_t point = 0;
    std::memcpy(&point, at + i, sizeof(point));
    if (type.is_big_endian) point = __builtin_bswap32(point);
    if (point == 0) break;
    base::append_code_point(text, point > 0x10FFFF ? U'\uFFFD' : static_cast<char32_t>(point));
  }
  return text;
}

/// The texts of a chunk: a count, then length and bytes of each.
std::vector<std::string_view> texts_in(std::string_view bytes, std::int64_t cells, const std::string& where) {
  const auto number = [&] {
    std::uint32_t value = 0;
    if (bytes.size() < sizeof(value))
      throw Error(Code::corrupt, fmt::format("'{}': a chunk of texts ends too early.", where));
    std::memcpy(&value, bytes.data(), sizeof(value));
    bytes.remove_prefix(sizeof(value));
    return value;
  };
  const auto count = std::min<std::int64_t>(number(), cells);
  std::vector<std::string_view> texts;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto size = number();
    if (size > bytes.size()) throw Error(Code::corrupt, fmt::format("'{}': a chunk of texts ends too early.", where));
    texts.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return texts;
}

/// A chunk by columns, row by row.
std::string by_rows(const std::string& cells, const std::vector<std::int64_t>& shape, std::size_t width) {
  std::string out(cells.size(), '\0');
  std::vector<std::int64_t> at(shape.size(), 0);
  std::vector<std::size_t> step(shape.size(), 1);
  for (std::size_t i = 1; i < shape.size(); ++i) step[i] = step[i - 1] * static_cast<std::size_t>(shape[i - 1]);
  for (std::size_t done = 0; done < cells.size(); done += width) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < at.size(); ++i) from += static_cast<std::size_t>(at[i]) * step[i];
    std::memcpy(out.data() + done, cells.data() + from * width, width);
    for (auto axis = at.size(); axis-- > 0;) {
      if (++at[axis] < shape[axis]) break;
      at[axis] = 0;
    }
  }
  return out;
}

class ZarrArrays final : public ChunkedFile {
 public:
  explicit ZarrArrays(std::unique_ptr<Place> place) : place_(std::move(place)), nodes_(*place_) {
    if (nodes_.at("")->kind == Node::group) return;
    throw Error(Code::corrupt,
                fmt::format("'{}' is no zarr group: it has neither zarr.json nor .zgroup.", place_->name()));
  }

  Node kind(const std::string& path) override { return nodes_.at(path)->kind; }
  std::vector<std::string> children(const std::string& path) override {
    if (existing(path)->kind != Node::group)
      throw Error(Code::invalid_argument, fmt::format("'{}' is an array, not a group.", where(path)));
    return nodes_.children(path);
  }
  std::string attributes(const std::string& path) override { return base::write_json(existing(path)->attributes); }

  ArrayTexts read_texts(const std::string& path, const Selection& selection) override {
    const auto held = stored(path);
    const auto& array = static_cast<const ZarrStored&>(*held);
    const auto& type = array.info.type;
    const Plan plan(array.info, selection, array.where);
    std::vector<std::string> texts(checked_count(plan.cells(), array));
    if (type.kind == Kind::text) {
      base::in_parallel(plan.tiles(), [&](std::size_t tile) { take_texts(array, plan, tile, texts); });
    } else if (type.kind == Kind::wide_text || type.kind == Kind::bytes) {
      std::vector<std::byte> cells(texts.size() * type.size);
      read(path, selection, cells);
      for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto* at = cells.data() + i * type.size;
        const auto* bytes = reinterpret_cast<const char*>(at);
        texts[i] = type.kind == Kind::bytes ? std::string(bytes, strnlen(bytes, type.size)) : utf8_of(at, type);
      }
    } else {
      throw Error(Code::invalid_argument, fmt::format("'{}' holds no texts.", array.where));
    }
    ArrayTexts out;
    for (const auto& text : texts) {
      out.bytes += text;
      out.ends.push_back(static_cast<std::int64_t>(out.bytes.size()));
    }
    return out;
  }

  ArrayTexts texts_at(std::span<const std::byte>) override {
    throw Error(Code::unsupported, "zarr keeps no texts in records.");
  }

  std::int64_t bytes_read() const override {
    const std::lock_guard lock(mutex_);
    return fetched_ + nodes_.bytes_read();
  }

 protected:
  std::shared_ptr<const StoredArray> stored(const std::string& path) override {
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = arrays_.find(path); known != arrays_.end()) return known->second;
    }
    const auto node = existing(path);
    if (node->kind != Node::array)
      throw Error(Code::corrupt, fmt::format("'{}' is a group, not an array.", where(path)));
    auto array = std::make_shared<ZarrStored>();
    array->path = path;
    array->where = where(path);
    array->zarr = zarr::parse_array(node->array, array->where);
    array->info = {array_type(array->zarr.type), array->zarr.shape, array->zarr.chunks};
    for (const auto& codec : array->zarr.codecs) array->filters.push_back({codec, 1, 64});
    // Never read in part: even as it is, a chunk may have to be turned, and is found by its name.
    if (array->filters.empty()) array->filters.push_back({"shuffle", 1, 64});
    array->fill = fill_cell(array->info.type, array->zarr.fill);
    constexpr std::int64_t most_texts = std::int64_t{1} << 30;
    array->most_decoded = array->info.type.size == 0
                              ? most_texts
                              : array->chunk_cells() * static_cast<std::int64_t>(array->info.type.size) + 64;
    const std::lock_guard lock(mutex_);
    return arrays_.emplace(path, std::move(array)).first->second;
  }

  std::optional<Piece> locate(const StoredArray& given, std::int64_t chunk) override {
    const auto& array = static_cast<const ZarrStored&>(given);
    std::vector<std::int64_t> at(array.info.shape.size());
    const auto grid = array.grid();
    for (auto axis = at.size(); axis-- > 0;) {
      at[axis] = chunk % grid[axis];
      chunk /= grid[axis];
    }
    if (!array.zarr.shard) return whole_object(array, at);
    std::int64_t inner = 0;
    for (std::size_t axis = 0; axis < at.size(); ++axis) {
      const auto per_shard = array.zarr.shard->shape[axis] / array.info.chunks[axis];
      inner = inner * per_shard + at[axis] % per_shard;
      at[axis] /= per_shard;
    }
    return in_shard(array, key_of(array, at), static_cast<std::size_t>(inner));
  }

  std::int64_t gap() const override { return place_->is_remote() ? std::int64_t{64} << 10 : 4096; }
  std::int64_t most_together() const override { return std::int64_t{place_->is_remote() ? 1024 : 64} << 10; }

  std::string fetch(const Piece& piece) override {
    std::string bytes;
    if (piece.size < 0) {
      constexpr std::int64_t most_chunk = std::int64_t{4} << 30;
      auto object = place_->get(piece.object, most_chunk);
      if (!object) throw Error(Code::not_found, fmt::format("'{}' is gone.", where(piece.object)));
      bytes = std::move(*object);
    } else {
      bytes.resize(static_cast<std::size_t>(piece.size));
      place_->get_part(piece.object, piece.offset, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    }
    const std::lock_guard lock(mutex_);
    fetched_ += std::ssize(bytes);
    return bytes;
  }
  void fetch_into(const Piece& piece, std::span<std::byte> into) override {
    place_->get_part(piece.object, piece.offset, {reinterpret_cast<std::uint8_t*>(into.data()), into.size()});
  }
  std::int64_t stored_bytes() const override {
    const std::lock_guard lock(mutex_);
    if (!stored_) stored_ = place_->stored("");
    return *stored_;
  }
  std::string arranged(const StoredArray& given, std::string cells) const override {
    const auto& array = static_cast<const ZarrStored&>(given);
    if (!array.zarr.by_columns) return cells;
    return by_rows(cells, array.info.chunks, array.info.type.size);
  }

 private:
  std::string where(const std::string& path) const { return place_->name() + "/" + path; }

  std::shared_ptr<const zarr::Node> existing(const std::string& path) {
    auto node = nodes_.at(path);
    if (node->kind == Node::none) throw Error(Code::not_found, fmt::format("'{}' has no '{}'.", place_->name(), path));
    return node;
  }

  std::size_t checked_count(std::int64_t cells, const StoredArray& array) const {
    check_claim(cells, std::max<std::size_t>(array.info.type.size, 4), array.where);
    return static_cast<std::size_t>(cells);
  }

  static std::string key_of(const ZarrStored& array, const std::vector<std::int64_t>& at) {
    auto key = array.path + (array.path.empty() ? "" : "/") + array.zarr.chunk_prefix;
    for (std::size_t i = 0; i < at.size(); ++i) key += fmt::format("{}{}", i > 0 ? array.zarr.separator : "", at[i]);
    return key;
  }

  std::optional<Piece> whole_object(const ZarrStored& array, const std::vector<std::int64_t>& at) const {
    auto key = key_of(array, at);
    if (!place_->size(key)) return std::nullopt;
    return Piece{std::move(key), 0, -1, 0};
  }

  std::optional<Piece> in_shard(const ZarrStored& array, const std::string& key, std::size_t inner) {
    constexpr auto nothing = std::numeric_limits<std::uint64_t>::max();
    const auto index = shard_index(array, key);
    if (index->empty()) return std::nullopt;
    const auto offset = (*index)[2 * inner], size = (*index)[2 * inner + 1];
    if (offset == nothing && size == nothing) return std::nullopt;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 2;
    if (offset > most || size > most)
      throw Error(Code::corrupt, fmt::format("'{}': a chunk lies outside of its shard.", array.where));
    return Piece{key, static_cast<std::int64_t>(offset), static_cast<std::int64_t>(size), 0};
  }

  /// Offset and size of each chunk; empty if there is no such shard.
  std::shared_ptr<const std::vector<std::uint64_t>> shard_index(const ZarrStored& array, const std::string& key) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = shards_.find(key); known != shards_.end()) return known->second;
    }
    auto index = std::make_shared<std::vector<std::uint64_t>>();
    if (const auto size = place_->size(key)) {
      std::size_t chunks = 1;
      for (std::size_t i = 0; i < array.info.chunks.size(); ++i)
        chunks *= static_cast<std::size_t>(array.zarr.shard->shape[i] / array.info.chunks[i]);
      check_claim(static_cast<std::int64_t>(chunks), 2 * sizeof(std::uint64_t), array.where);
      const std::size_t sum = array.zarr.shard->index_has_checksum ? sizeof(std::uint32_t) : 0;
      std::string bytes(2 * sizeof(std::uint64_t) * chunks + sum, '\0');
      const auto length = std::ssize(bytes);
      if (*size < length)
        throw Error(Code::corrupt, fmt::format("'{}': a shard is shorter than its index.", array.where));
      place_->get_part(key, array.zarr.shard->index_at_start ? 0 : *size - length,
                       {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
      if (sum > 0) bytes = unfilter("crc32c", 1, bytes, {});
      index->resize(2 * chunks);
      std::memcpy(index->data(), bytes.data(), bytes.size());
    }
    const std::lock_guard lock(mutex_);
    return shards_.emplace(key, std::move(index)).first->second;
  }

  void take_texts(const ZarrStored& array, const Plan& plan, std::size_t tile, std::vector<std::string>& texts) {
    const auto piece = locate(array, plan.chunk(tile));
    const auto missing = array.zarr.fill.is_string() ? std::string(array.zarr.fill.get_string()) : std::string();
    const auto bytes = piece ? decode(array, *piece, fetch(*piece)) : std::string();
    const auto found = piece ? texts_in(bytes, plan.chunk_cells(), array.where) : std::vector<std::string_view>();
    plan.runs(tile, [&](std::int64_t from, std::int64_t to, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i) {
        if (piece && from + i >= std::ssize(found))
          throw Error(Code::corrupt, fmt::format("'{}': a chunk holds too few texts.", array.where));
        texts[static_cast<std::size_t>(to + i)] =
            piece ? std::string(found[static_cast<std::size_t>(from + i)]) : missing;
      }
    });
  }

  std::unique_ptr<Place> place_;
  zarr::Nodes nodes_;
  mutable std::mutex mutex_;
  std::int64_t fetched_ = 0;
  mutable std::optional<std::int64_t> stored_;
  std::map<std::string, std::shared_ptr<const ZarrStored>> arrays_;
  std::map<std::string, std::shared_ptr<const std::vector<std::uint64_t>>> shards_;
};

}  // namespace

std::shared_ptr<ArrayFile> open_zarr_arrays(std::unique_ptr<zarr::Place> place) {
  return std::make_shared<ZarrArrays>(std::move(place));
}

}  // namespace lamin::format
