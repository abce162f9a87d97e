#include "format/hdf5/check.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <exception>
#include <vector>

namespace lamin::format::h5 {
namespace {

constexpr hsize_t block_bytes = hsize_t{8} << 20;  // read at once
constexpr hsize_t small = hsize_t{16} << 20;       // datasets up to this size are read; of larger ones only texts

[[noreturn]] void leads_out(const std::string& where, std::string_view how) {
  throw Error(Code::corrupt,
              fmt::format("'{}' {}, and could so show any file of whoever reads it: copy the data into the "
                          "file itself.",
                          where, how));
}

class Visitor {
 public:
  Visitor(std::string name, base::Budget* budget) : name_(std::move(name)), budget_(budget) {}

  void walk(hid_t file) {
    object(Id(check(H5Gopen2(file, "/", H5P_DEFAULT), name_, "has no root")), "/");
    const auto done = H5Lvisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, &Visitor::each, this);
    if (failure_) std::rethrow_exception(failure_);
    if (done < 0) fail(name_, "cannot be listed");
  }

 private:
  static herr_t each(hid_t group, const char* link, const H5L_info_t* info, void* self) {
    auto* visitor = static_cast<Visitor*>(self);
    try {
      visitor->link(group, link, *info);
      return 0;
    } catch (...) {
      visitor->failure_ = std::current_exception();  // no exception may pass through C
      return -1;
    }
  }

  void link(hid_t group, const char* name, const H5L_info_t& info) {
    if (info.type == H5L_TYPE_SOFT) return;  // within the file, or through a link that is checked itself
    if (info.type != H5L_TYPE_HARD) leads_out(where(name), "is a link to another file");
    object(Id(check(H5Oopen(group, name, H5P_DEFAULT), where(name), "cannot be opened")), name);
  }

  void object(const Id& id, const std::string& path) {
    if (H5Iget_type(id.get()) == H5I_DATASET) dataset(id.get(), path);
    hsize_t at = 0;
    here_ = path;
    if (H5Aiterate2(id.get(), H5_INDEX_NAME, H5_ITER_NATIVE, &at, &Visitor::each_attribute, this) < 0) {
      if (failure_) std::rethrow_exception(failure_);
      fail(where(path), "has broken attributes");
    }
  }

  static herr_t each_attribute(hid_t object, const char* name, const H5A_info_t*, void* self) {
    auto* visitor = static_cast<Visitor*>(self);
    try {
      visitor->attribute(object, name);
      return 0;
    } catch (...) {
      visitor->failure_ = std::current_exception();
      return -1;
    }
  }

  void attribute(hid_t object, const char* name) {
    const auto shown = where(here_) + "@" + name;
    const Id attribute(check(H5Aopen(object, name, H5P_DEFAULT), shown, "cannot be opened"));
    const Id type(check(H5Aget_type(attribute.get()), shown, "has no type")), space(H5Aget_space(attribute.get()));
    const bool reference = H5Tget_class(type.get()) == H5T_REFERENCE;
    const auto points = H5Sget_simple_extent_npoints(space.get());
    if ((!budget_ && !reference) || points <= 0) return;
    const Id memory(H5Tget_native_type(type.get(), H5T_DIR_ASCEND));
    if (!memory.is_open()) return H5Eclear2(H5E_DEFAULT), void();  // of a kind that no reader understands
    const std::size_t width = H5Tget_size(memory.get());
    if (budget_) budget_->take(static_cast<std::uint64_t>(points), width, shown);
    else if (points > most_references) return;
    std::vector<char> values(static_cast<std::size_t>(points) * width);
    if (H5Aread(attribute.get(), memory.get(), values.data()) < 0) fail(shown, "cannot be read");
    if (reference && H5Tequal(type.get(), H5T_STD_REF_OBJ) > 0) {
      for (std::size_t i = 0; i + sizeof(hobj_ref_t) <= values.size(); i += sizeof(hobj_ref_t))
        referred(object, &values[i], shown);
    }
    if (holds_pointers(memory.get())) H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, values.data());
  }

  /// What a reference points at may have no link.
  void referred(hid_t object, const void* reference, const std::string& shown) {
    const Id target(H5Rdereference2(object, H5P_DEFAULT, H5R_OBJECT, reference));
    if (!target.is_open()) return H5Eclear2(H5E_DEFAULT), void();
    if (H5Iget_type(target.get()) == H5I_DATASET) within_the_file(target.get(), shown);
  }

  static bool holds_pointers(hid_t type) {
    return H5Tdetect_class(type, H5T_VLEN) > 0 || H5Tis_variable_str(type) > 0 || H5Tget_class(type) == H5T_COMPOUND;
  }

  static void within_the_file(hid_t dataset, const std::string& shown) {
    const Id layout(check(H5Dget_create_plist(dataset), shown, "has no layout"));
    if (H5Pget_external_count(layout.get()) > 0) leads_out(shown, "keeps its data in another file");
    if (H5Pget_layout(layout.get()) == H5D_VIRTUAL) leads_out(shown, "is a virtual dataset, made of other files");
  }

  void dataset(hid_t dataset, const std::string& path) {
    const auto shown = where(path);
    within_the_file(dataset, shown);
    if (!budget_) return;
    const Id type(check(H5Dget_type(dataset), shown, "has no type")),
        space(check(H5Dget_space(dataset), shown, "has no shape"));
    const auto points = H5Sget_simple_extent_npoints(space.get());
    if (points <= 0) return;
    const Id memory(H5Tget_native_type(type.get(), H5T_DIR_ASCEND));
    if (!memory.is_open()) return H5Eclear2(H5E_DEFAULT), void();
    const std::size_t width = std::max<std::size_t>(1, H5Tget_size(memory.get()));
    budget_->take(static_cast<std::uint64_t>(points), width, shown);
    H5Dget_storage_size(dataset);  // walks the chunk index
    const bool texts = holds_pointers(memory.get());
    if (!texts && static_cast<hsize_t>(points) > small / width) return;
    try {
      read_all(dataset, space, memory.get(), width, texts, shown);
    } catch (const Error& error) {
      if (error.code() != Code::unsupported) throw;  // another reader may have the filter
    }
  }

  /// By blocks of rows; what is read is discarded.
  void read_all(hid_t dataset, const Id& space, hid_t memory, std::size_t width, bool texts, const std::string& shown) {
    const int rank = H5Sget_simple_extent_ndims(space.get());
    std::vector<hsize_t> sizes(static_cast<std::size_t>(std::max(rank, 1)), 1), begin(sizes.size(), 0);
    if (rank > 0) H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
    hsize_t row = width;
    for (std::size_t i = 1; i < sizes.size(); ++i) row *= sizes[i];
    const auto rows = sizes[0], step = std::clamp<hsize_t>(block_bytes / std::max<hsize_t>(row, 1), 1, rows);
    std::vector<char> values;
    for (begin[0] = 0; begin[0] < rows; begin[0] += step) {
      sizes[0] = std::min(step, rows - begin[0]);
      const Id part(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr));
      if (rank > 0) H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, begin.data(), nullptr, sizes.data(), nullptr);
      values.assign(static_cast<std::size_t>(sizes[0] * row), '\0');
      const bool ok =
          H5Dread(dataset, memory, part.get(), rank > 0 ? space.get() : H5S_ALL, H5P_DEFAULT, values.data()) >= 0;
      if (!ok) fail(shown, "cannot be read");
      if (texts) H5Dvlen_reclaim(memory, part.get(), H5P_DEFAULT, values.data());
    }
  }

  std::string where(const std::string& path) const { return name_ + ":" + (path.starts_with("/") ? "" : "/") + path; }

  static constexpr hssize_t most_references = 10'000;
  std::string name_, here_;
  base::Budget* budget_;
  std::exception_ptr failure_;
};

}  // namespace

void check_structure(hid_t file, const std::string& name) { Visitor(name, nullptr).walk(file); }
void check_content(hid_t file, const std::string& name, base::Budget& budget) { Visitor(name, &budget).walk(file); }

}  // namespace lamin::format::h5
