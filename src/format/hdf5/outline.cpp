// outline.cpp -- groups, types and places of chunks. What cells mean and how they are decoded is not its concern.
#include "format/hdf5/outline.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <limits>

namespace lamin::format::h5 {
namespace {

constexpr std::size_t most_objects = 200'000, most_depth = 64;
constexpr std::int64_t most_chunks = 50'000'000;

[[noreturn]] void leads_out(const std::string& where, std::string_view how) {
  throw Error(Code::corrupt, fmt::format("'{}' {}, and could so show any file of whoever reads it: copy the data into "
                                         "the file itself.",
                                         where, how));
}

class Outliner {
 public:
  Outliner(hid_t file, std::string name, const OutlineQuery& query, base::Budget& budget)
      : file_(file), name_(std::move(name)), query_(query), budget_(budget) {}

  Hdf5Outline make() {
    const Id creation(H5Fget_create_plist(file_));
    hsize_t begin = 0;
    std::size_t address = 0, length = 0;
    H5Pget_userblock(creation.get(), &begin);
    H5Pget_sizes(creation.get(), &address, &length);
    if (address != sizeof(std::uint64_t) || length != sizeof(std::uint64_t))
      throw Error(Code::unsupported, fmt::format("'{}' has addresses of {} bytes; 8 are built in.", name_, address));
    out_.begin = static_cast<std::int64_t>(begin);
    check_path();
    const auto full = "/" + query_.path;
    object(Id(check(H5Oopen(file_, full.c_str(), H5P_DEFAULT), where(query_.path), "cannot be opened")), query_.path,
           0);
    return std::move(out_);
  }

 private:
  std::string where(const std::string& path) const { return name_ + ":/" + path; }

  /// Every part of the path is a link that must not lead out.
  void check_path() const {
    for (std::size_t end = 0; end != std::string::npos && !query_.path.empty();) {
      end = query_.path.find('/', end + 1);
      const auto part = query_.path.substr(0, end);
      H5L_info_t info{};
      if (H5Lexists(file_, part.c_str(), H5P_DEFAULT) <= 0 ||
          H5Lget_info(file_, part.c_str(), &info, H5P_DEFAULT) < 0) {
        H5Eclear2(H5E_DEFAULT);
        throw Error(Code::not_found, fmt::format("'{}' has no '{}'.", name_, part));
      }
      if (info.type == H5L_TYPE_EXTERNAL || info.type > H5L_TYPE_EXTERNAL)
        leads_out(where(part), "is a link to another file");
    }
  }

  void object(const Id& id, const std::string& path, std::size_t depth) {
    if (out_.objects.size() >= most_objects)
      throw Error(Code::corrupt, fmt::format("'{}' has more than {} objects.", name_, most_objects));
    H5O_info_t info{};
    if (H5Oget_info2(id.get(), &info, H5O_INFO_BASIC) < 0) fail(where(path), "cannot be opened");
    const bool circle = std::find(above_.begin(), above_.end(), info.addr) != above_.end();
    if (depth > most_depth || circle)
      throw Error(Code::corrupt, fmt::format("'{}' is a group within itself.", where(path)));
    Hdf5Object found;
    found.path = path;
    found.is_group = H5Iget_type(id.get()) == H5I_GROUP;
    const bool array = H5Iget_type(id.get()) == H5I_DATASET;
    found.attributes = attributes_json(id.get(), where(path), budget_);
    if (array) dataset(id.get(), found, depth == 0);
    budget_.take(1, sizeof(found) + found.attributes.size() + found.path.size(), where(path));
    if (found.is_group || array) out_.objects.push_back(std::move(found));
    if (H5Iget_type(id.get()) != H5I_GROUP || (depth > 0 && !query_.deep)) return;
    above_.push_back(info.addr);
    for (const auto& [name, is_soft] : links(id.get(), path)) {
      const auto below = path.empty() ? name : path + "/" + name;
      const Id child(H5Oopen(id.get(), name.c_str(), H5P_DEFAULT));
      if (child.is_open()) object(child, below, depth + 1);
      else if (is_soft) H5Eclear2(H5E_DEFAULT);  // it leads nowhere
      else fail(where(below), "cannot be opened");
    }
    above_.pop_back();
  }

  /// Names, and whether each is a soft link.
  std::vector<std::pair<std::string, bool>> links(hid_t group, const std::string& path) const {
    struct Found {
      std::vector<std::pair<std::string, bool>> names;
      std::string outside;
    } found;
    auto note = [](hid_t, const char* name, const H5L_info_t* info, void* into) -> herr_t {
      auto* found = static_cast<Found*>(into);
      if (info->type == H5L_TYPE_HARD || info->type == H5L_TYPE_SOFT)
        found->names.emplace_back(name, info->type == H5L_TYPE_SOFT);
      else found->outside = name;
      return 0;
    };
    hsize_t at = 0;
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, &at, note, &found) < 0) fail(where(path), "cannot be listed");
    if (!found.outside.empty()) leads_out(where(path + "/" + found.outside), "is a link to another file");
    std::sort(found.names.begin(), found.names.end());
    return found.names;
  }

  void dataset(hid_t id, Hdf5Object& into, bool asked) {
    const auto shown = where(into.path);
    const Id type(check(H5Dget_type(id), shown, "has no type")), space(check(H5Dget_space(id), shown, "has no shape"));
    const Id layout(check(H5Dget_create_plist(id), shown, "has no layout"));
    if (H5Pget_external_count(layout.get()) > 0) leads_out(shown, "keeps its data in another file");
    into.info.type = array_type(type.get());
    const auto rank = std::max(0, H5Sget_simple_extent_ndims(space.get()));
    std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
    H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
    into.info.shape.assign(sizes.begin(), sizes.end());
    if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) into.info.shape = {0};  // h5py's Empty
    into.info.chunks = into.info.shape;
    for (auto& size : into.info.chunks) size = std::max<std::int64_t>(size, 1);
    fill(layout.get(), type.get(), into);
    switch (H5Pget_layout(layout.get())) {
      case H5D_COMPACT: return compact(id, type.get(), space.get(), into);
      case H5D_CONTIGUOUS: {
        const auto address = H5Dget_offset(id);
        const auto size = H5Dget_storage_size(id);
        into.has_places = true;
        into.places = {address == HADDR_UNDEF ? -1 : static_cast<std::int64_t>(address),
                       static_cast<std::int64_t>(size), 0};
        return;
      }
      case H5D_CHUNKED: return chunked(id, layout.get(), into, asked);
      default: leads_out(shown, "is a virtual dataset, made of other files");
    }
  }

  static void fill(hid_t layout, hid_t type, Hdf5Object& into) {
    using Kind = ArrayType::Kind;
    H5D_fill_value_t defined = H5D_FILL_VALUE_UNDEFINED;
    const auto kind = into.info.type.kind;
    const bool plain = kind != Kind::text && kind != Kind::record && kind != Kind::other;
    if (!plain || H5Pfill_value_defined(layout, &defined) < 0 || defined != H5D_FILL_VALUE_USER_DEFINED) return;
    std::string cell(H5Tget_size(type), '\0');
    if (H5Pget_fill_value(layout, type, cell.data()) >= 0) into.fill = std::move(cell);
    else H5Eclear2(H5E_DEFAULT);
  }

  void compact(hid_t id, hid_t type, hid_t space, Hdf5Object& into) {
    const auto shown = where(into.path);
    if (H5Tdetect_class(type, H5T_VLEN) > 0 || H5Tdetect_class(type, H5T_REFERENCE) > 0 ||
        H5Tget_size(type) != into.info.type.size)
      throw Error(Code::unsupported, fmt::format("'{}' holds texts in its metadata, which is not built in.", shown));
    const auto points = std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space));
    budget_.take(static_cast<std::uint64_t>(points), H5Tget_size(type), shown);
    std::string cells(static_cast<std::size_t>(points) * H5Tget_size(type), '\0');
    if (points > 0 && H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells.data()) < 0) fail(shown, "cannot be read");
    into.all = std::move(cells);
  }

  void chunked(hid_t id, hid_t layout, Hdf5Object& into, bool asked) {
    const auto shown = where(into.path);
    const auto rank = into.info.shape.size();
    std::vector<hsize_t> chunk(rank);
    if (H5Pget_chunk(layout, static_cast<int>(rank), chunk.data()) < 0) fail(shown, "has no chunks");
    into.info.chunks.assign(chunk.begin(), chunk.end());
    for (int i = 0; i < H5Pget_nfilters(layout); ++i) {
      unsigned flags = 0, values[8] = {}, config = 0;
      std::size_t count = std::size(values);
      const auto filter = H5Pget_filter2(layout, static_cast<unsigned>(i), &flags, &count, values, 0, nullptr, &config);
      if (filter < 0) fail(shown, "has a broken filter");
      into.filters.push_back({filter, count > 0 && filter == H5Z_FILTER_SHUFFLE ? values[0] : 1U});
    }
    std::int64_t chunks = 1;
    for (std::size_t i = 0; i < rank; ++i) {
      const auto size = into.info.chunks[i];
      if (size <= 0) throw Error(Code::corrupt, fmt::format("'{}' has chunks without a size.", shown));
      chunks *= into.info.shape[i] / size + (into.info.shape[i] % size != 0 ? 1 : 0);
      if (chunks > most_chunks) throw Error(Code::corrupt, fmt::format("'{}' claims too many chunks.", shown));
    }
    if (!asked && chunks > query_.most_places) return;
    places(id, chunks, into);
  }

  void places(hid_t id, std::int64_t chunks, Hdf5Object& into) {
    const auto shown = where(into.path);
    budget_.take(static_cast<std::uint64_t>(chunks), 3 * sizeof(std::int64_t), shown);
    into.has_places = true;
    into.places.reserve(static_cast<std::size_t>(chunks) * 3);
    std::vector<hsize_t> at(into.info.shape.size());
    for (std::int64_t i = 0; i < chunks; ++i) {
      const auto place = chunk_place(file_, id, at, shown);
      into.places.insert(into.places.end(), {place.offset, place.size, place.skipped});
      for (auto axis = at.size(); axis-- > 0;) {
        at[axis] += static_cast<hsize_t>(into.info.chunks[axis]);
        if (at[axis] < static_cast<hsize_t>(into.info.shape[axis])) break;
        at[axis] = 0;
      }
    }
  }

  hid_t file_;
  std::string name_;
  const OutlineQuery& query_;
  base::Budget& budget_;
  Hdf5Outline out_;
  std::vector<haddr_t> above_;
};

}  // namespace

Hdf5Outline make_outline(hid_t file, const std::string& name, const OutlineQuery& query, base::Budget& budget) {
  return Outliner(file, name, query, budget).make();
}

}  // namespace lamin::format::h5
