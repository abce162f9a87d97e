// hdf5_arrays.cpp -- outlines are asked for as they are needed: the root, then whatever is below one of its children.
// Nothing in an outline is trusted: each place is checked against the file when it is read.
#include "format/hdf5_arrays.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <set>
#include <utility>
#include "format/byte_ranges.hpp"
#include "format/chunked_file.hpp"
#include "format/hdf5_client.hpp"
#include "format/text_heap.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Kind = ArrayType::Kind;

constexpr std::int64_t few_places = 4096;

std::string codec_of(std::int64_t id) {
  constexpr std::pair<std::int64_t, const char*> known[] = {{1, "zlib"},    {2, "shuffle"},   {3, "fletcher32"},
                                                            {32000, "lzf"}, {32001, "blosc"}, {32004, "lz4 blocks"},
                                                            {32015, "zstd"}};
  for (const auto& [number, name] : known)
    if (number == id) return name;
  return fmt::format("number {} of HDF5", id);
}

class Hdf5Arrays final : public ChunkedFile {
 public:
  Hdf5Arrays(std::shared_ptr<const store::Reader> reader, std::string name)
      : reader_(std::move(reader)),
        local_(dynamic_cast<const LocalReader*>(reader_.get())),
        name_(std::move(name)),
        pages_(reader_, name_) {
    ask({});
  }

  Node kind(const std::string& path) override {
    const auto object = find(path);
    if (!object) return Node::none;
    return object->is_group ? Node::group : Node::array;
  }

  std::vector<std::string> children(const std::string& path) override {
    if (!existing(path)->is_group)
      throw Error(Code::invalid_argument, fmt::format("'{}' is an array, not a group.", where(path)));
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    const auto prefix = path.empty() ? "" : path + "/";
    for (auto at = objects_.upper_bound(prefix); at != objects_.end() && at->first.starts_with(prefix); ++at) {
      auto name = at->first.substr(prefix.size());
      if (!name.empty() && name.find('/') == std::string::npos) names.push_back(std::move(name));
    }
    return names;
  }

  std::string attributes(const std::string& path) override { return existing(path)->attributes; }

  ArrayTexts read_texts(const std::string& path, const Selection& selection) override {
    const auto array = stored(path);
    const auto kind = array->info.type.kind;
    const Plan plan(array->info, selection, array->where);
    if (kind != Kind::text && kind != Kind::bytes)
      throw Error(Code::invalid_argument, fmt::format("'{}' holds no texts.", array->where));
    check_claim(plan.cells(), array->info.type.size, array->where);
    std::vector<std::byte> cells(static_cast<std::size_t>(plan.cells()) * array->info.type.size);
    read(path, selection, cells);
    if (kind == Kind::text) return texts_at(cells);
    ArrayTexts texts;
    const auto width = array->info.type.size;
    for (std::size_t at = 0; at < cells.size(); at += width) {
      const auto* text = reinterpret_cast<const char*>(cells.data()) + at;
      texts.bytes.append(text, strnlen(text, width));
      texts.ends.push_back(static_cast<std::int64_t>(texts.bytes.size()));
    }
    return texts;
  }

  ArrayTexts texts_at(std::span<const std::byte> cells) override {
    const TextHeap heap(begin_, name_, reader_->size(), gap(), [this](std::int64_t offset, std::span<std::byte> into) {
      fetch_into({"", offset, std::ssize(into), 0}, into);
    });
    return heap.texts(cells);
  }

  std::int64_t bytes_read() const override {
    const std::lock_guard lock(mutex_);
    return fetched_ + pages_.fetched();
  }

 protected:
  std::shared_ptr<const StoredArray> stored(const std::string& path) override {
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = arrays_.find(path); known != arrays_.end()) return known->second;
    }
    auto object = existing(path);
    if (object->is_group) throw Error(Code::corrupt, fmt::format("'{}' is a group, not an array.", where(path)));
    if (!object->has_places && !object->all) {
      ask({.path = path, .most_places = few_places});
      object = existing(path);
    }
    auto array = std::make_shared<StoredArray>();
    array->path = path;
    array->where = where(path);
    array->info = object->info;
    array->fill = object->fill;
    array->all = object->all;
    for (std::size_t i = object->filters.size(); i-- > 0;)
      array->filters.push_back({codec_of(object->filters[i].id), static_cast<std::size_t>(object->filters[i].width),
                                static_cast<unsigned>(i)});
    // Filters in front of the compression may add a little.
    array->most_decoded = array->chunk_cells() * static_cast<std::int64_t>(array->info.type.size) + 64;
    const std::lock_guard lock(mutex_);
    places_[path] = object;
    return arrays_.emplace(path, std::move(array)).first->second;
  }

  std::optional<Piece> locate(const StoredArray& array, std::int64_t chunk) override {
    std::shared_ptr<const Hdf5Object> object;
    {
      const std::lock_guard lock(mutex_);
      object = places_.at(array.path);
    }
    const auto at = static_cast<std::size_t>(chunk) * 3;
    if (at + 3 > object->places.size())
      throw Error(Code::corrupt, fmt::format("'{}' has fewer chunks than its shape says.", array.where));
    const auto offset = object->places[at], size = object->places[at + 1];
    if (offset < 0) return std::nullopt;
    if (size < 0 || offset > reader_->size() || size > reader_->size() - offset)
      throw Error(
          Code::corrupt,
          fmt::format("'{}' ends before its data do: it was cut off or damaged. Get or write it again.", array.where));
    return Piece{"", offset, size, static_cast<std::uint32_t>(object->places[at + 2])};
  }

  std::int64_t gap() const override { return local_ != nullptr ? 4096 : std::int64_t{64} << 10; }
  std::int64_t most_together() const override { return std::int64_t{local_ != nullptr ? 64 : 1024} << 10; }
  std::string fetch(const Piece& piece) override {
    std::string bytes(static_cast<std::size_t>(piece.size), '\0');
    fetch_into(piece, std::as_writable_bytes(std::span(bytes)));
    return bytes;
  }
  void fetch_into(const Piece& piece, std::span<std::byte> into) override {
    read_exactly(*reader_, piece.offset, {reinterpret_cast<std::uint8_t*>(into.data()), into.size()}, name_);
    const std::lock_guard lock(mutex_);
    fetched_ += std::ssize(into);
  }
  std::int64_t stored_bytes() const override { return reader_->size(); }

 private:
  std::string where(const std::string& path) const { return name_ + ":/" + path; }

  void ask(const OutlineQuery& query) {
    const std::lock_guard asking(asking_);
    Hdf5Origin origin{.name = name_, .size = reader_->size()};
    if (local_ != nullptr) origin.descriptor = local_->descriptor();
    else origin.ranges = [this](std::int64_t offset, std::span<std::uint8_t> into) { pages_.read(offset, into); };
    auto outline = outline_hdf5(origin, query);
    const std::lock_guard lock(mutex_);
    begin_ = outline.begin;
    for (auto& object : outline.objects) {
      auto& known = objects_[object.path];
      if (!known || object.has_places) known = std::make_shared<const Hdf5Object>(std::move(object));
    }
  }

  /// What is below a child of the root is outlined with it. Null if there is nothing.
  std::shared_ptr<const Hdf5Object> find(const std::string& path) {
    const auto top = path.substr(0, path.find('/'));
    {
      const std::lock_guard lock(mutex_);
      const auto root = objects_.find(top);
      if (root == objects_.end()) return nullptr;
      if (!root->second->is_group || path.empty() || whole_.contains(top)) {
        const auto found = objects_.find(path);
        return found == objects_.end() ? nullptr : found->second;
      }
    }
    ask({.path = top, .deep = true, .most_places = few_places});
    const std::lock_guard lock(mutex_);
    whole_.insert(top);
    const auto found = objects_.find(path);
    return found == objects_.end() ? nullptr : found->second;
  }

  std::shared_ptr<const Hdf5Object> existing(const std::string& path) {
    if (auto found = find(path)) return found;
    throw Error(Code::not_found, fmt::format("'{}' has no '{}'.", name_, path));
  }

  std::shared_ptr<const store::Reader> reader_;
  const LocalReader* local_;
  std::string name_;
  std::mutex asking_;         // one question at a time
  mutable std::mutex mutex_;  // the rest
  Pages pages_;
  std::int64_t begin_ = 0, fetched_ = 0;
  std::map<std::string, std::shared_ptr<const Hdf5Object>> objects_, places_;
  std::map<std::string, std::shared_ptr<const StoredArray>> arrays_;
  std::set<std::string> whole_;  // children of the root whose insides are known
};

class RangesReader final : public store::Reader {
 public:
  explicit RangesReader(FileRanges ranges) : ranges_(std::move(ranges)) {}
  std::int64_t size() const override { return ranges_.size; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
    return ranges_.read(offset, into);
  }

 private:
  FileRanges ranges_;
};

}  // namespace

std::shared_ptr<ArrayFile> open_hdf5_arrays(FileRanges ranges, std::string name) {
  return open_hdf5_arrays(std::make_shared<RangesReader>(std::move(ranges)), std::move(name));
}

std::shared_ptr<ArrayFile> open_hdf5_arrays(std::shared_ptr<const store::Reader> reader, std::string name) {
  return std::make_shared<Hdf5Arrays>(std::move(reader), std::move(name));
}

}  // namespace lamin::format
