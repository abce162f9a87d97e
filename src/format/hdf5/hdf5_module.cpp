#include "format/hdf5_module.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "format/hdf5/check.hpp"
#include "format/hdf5/h5.hpp"
#include "format/hdf5/hdf5_read.hpp"
#include "format/hdf5/hdf5_write.hpp"
#include "format/hdf5/outline.hpp"

namespace lamin::format {
namespace {

using h5::Id;

class Hdf5Tree : public Tree {
 public:
  Hdf5Tree(Id file, std::string name, base::Budget& budget)
      : file_(std::move(file)), name_(std::move(name)), budget_(budget) {}
  ~Hdf5Tree() override {
    auto lock = h5::use();
    file_ = Id();
  }

  Node kind(const std::string& path) const override {
    auto lock = h5::use();
    if (!exists(path)) return Node::none;
    const Id object(H5Oopen(file_.get(), full(path).c_str(), H5P_DEFAULT));
    if (!object.is_open()) {
      H5Eclear2(H5E_DEFAULT);
      return Node::none;  // a link that leads nowhere
    }
    return H5Iget_type(object.get()) == H5I_GROUP ? Node::group : Node::array;
  }

  std::vector<std::string> children(const std::string& path) const override {
    auto lock = h5::use();
    std::vector<std::string> names;
    const Id group(h5::check(H5Gopen2(file_.get(), full(path).c_str(), H5P_DEFAULT), where(path), "cannot be opened"));
    hsize_t at = 0;
    auto note = [](hid_t, const char* name, const H5L_info_t*, void* into) -> herr_t {
      static_cast<std::vector<std::string>*>(into)->emplace_back(name);
      return 0;
    };
    if (H5Literate(group.get(), H5_INDEX_NAME, H5_ITER_NATIVE, &at, note, &names) < 0) {
      h5::fail(where(path), "cannot be listed");
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  Attribute attribute(const std::string& path, const std::string& name) const override {
    auto lock = h5::use();
    const Id object(h5::check(H5Oopen(file_.get(), full(path).c_str(), H5P_DEFAULT), where(path), "cannot be opened"));
    return h5::read_attribute(object.get(), name, where(path), budget_);
  }

  std::vector<std::int64_t> shape(const std::string& path) const override {
    auto lock = h5::use();
    const Id data = dataset(path), space(H5Dget_space(data.get()));
    std::vector<hsize_t> sizes(static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space.get()))));
    H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
    return {sizes.begin(), sizes.end()};
  }

  Column::Kind element(const std::string& path) const override {
    auto lock = h5::use();
    return h5::element_of(dataset(path).get(), where(path));
  }
  Column read(const std::string& path) const override {
    auto lock = h5::use();
    return h5::read_column(dataset(path).get(), where(path), budget_);
  }
  void read_parts(const std::string& path, const std::function<void(const Column&)>& take) const override {
    auto lock = h5::use();
    h5::read_parts(dataset(path).get(), where(path), budget_, take);
  }
  std::vector<std::string> fields(const std::string& path) const override {
    auto lock = h5::use();
    return h5::field_names(dataset(path).get());
  }
  Frame read_records(const std::string& path) const override {
    auto lock = h5::use();
    return h5::read_records(dataset(path).get(), where(path), budget_);
  }
  std::string attributes(const std::string&) const override { return "{}"; }
  std::vector<std::int64_t> chunks(const std::string& path) const override { return shape(path); }
  int zarr_format() const override { return 0; }
  std::int64_t bytes_read() const override {
    auto lock = h5::use();
    return h5::bytes_read(file_.get());
  }

 private:
  static std::string full(const std::string& path) { return "/" + path; }
  std::string where(const std::string& path) const { return name_ + ":" + full(path); }

  /// H5Lexists requires every part of the path to exist.
  bool exists(const std::string& path) const {
    for (std::size_t end = 0; end != std::string::npos && !path.empty();) {
      end = path.find('/', end + 1);
      if (H5Lexists(file_.get(), path.substr(0, end).c_str(), H5P_DEFAULT) <= 0) {
        H5Eclear2(H5E_DEFAULT);
        return false;
      }
    }
    return true;
  }
  Id dataset(const std::string& path) const {
    return Id(h5::check(H5Dopen2(file_.get(), full(path).c_str(), H5P_DEFAULT), where(path), "cannot be opened"));
  }

  Id file_;
  std::string name_;
  base::Budget& budget_;
};

Id opened(const Hdf5File& file) {
  std::string why;
  Id opened = h5::open_file(file.descriptor, H5F_ACC_RDONLY, why, file.served ? file.budget.stored() : 0);
  if (opened.is_open()) return opened;
  if (why.find("lock request failed") != std::string::npos) {
    throw Error(Code::unavailable,
                fmt::format("'{}' is open for writing elsewhere ({}): close it there.", file.name, why));
  }
  throw Error(Code::corrupt, fmt::format("'{}' is not a whole HDF5 file: {}. Get or write it again.", file.name, why));
}

class Module final : public Hdf5 {
 public:
  std::unique_ptr<Tree> open(const Hdf5File& file) const override {
    auto lock = h5::use();
    Id id = opened(file);
    h5::check_structure(id.get(), file.name);
    return std::make_unique<Hdf5Tree>(std::move(id), file.name, file.budget);
  }

  void check(const Hdf5File& file) const override {
    auto lock = h5::use();
    h5::check_content(opened(file).get(), file.name, file.budget);
  }

  Hdf5Outline outline(const Hdf5File& file, const OutlineQuery& query) const override {
    auto lock = h5::use();
    const Id id = opened(file);
    return h5::make_outline(id.get(), file.name, query, file.budget);
  }

  std::vector<double> numbers(const Hdf5File& file, const std::string& array) const override {
    auto lock = h5::use();
    const auto where = file.name + ":/" + array;
    const Id id = opened(file);
    const Id data(h5::check(H5Dopen2(id.get(), ("/" + array).c_str(), H5P_DEFAULT), where, "cannot be opened"));
    return h5::read_numbers(data.get(), where, file.budget);
  }

  void edit_columns(const Hdf5File& file, std::span<const ColumnEdit> edits) const override {
    auto lock = h5::use();
    h5::edit_columns(file, edits, open(file));
  }
};

}  // namespace
}  // namespace lamin::format

extern "C" __attribute__((visibility("default"))) const lamin::format::Hdf5* lamin_hdf5() {
  static const lamin::format::Module module;
  return &module;
}
