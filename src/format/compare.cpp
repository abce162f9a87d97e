#include "format/compare.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include "base/budget.hpp"
#include "format/anndata.hpp"
#include "format/byte_stream.hpp"
#include "format/compare_frames.hpp"
#include "format/format.hpp"
#include "format/formats.hpp"
#include "format/hdf5_module.hpp"
#include "format/tree.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace fs = std::filesystem;
namespace {

/// A dataset of either file format, with its matrices. HDF5 has been checked by another process before (check_hdf5).
class Dataset {
 public:
  explicit Dataset(const fs::path& path) : budget_(path.string(), stored_bytes(path)) {
    if (fs::is_directory(path)) {
      tree_ = open_zarr(path);
      return;
    }
    check_hdf5(path);
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw Error(Code::no_access, fmt::format("'{}' cannot be read", path.string()));
    file_ = std::make_unique<Hdf5File>(Hdf5File{descriptor_, path.string(), budget_});
    tree_ = hdf5().open(*file_);
  }
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;
  ~Dataset() {
    tree_.reset();
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  const Tree& tree() const { return *tree_; }

  std::vector<double> numbers(const std::string& array) {
    if (file_) return hdf5().numbers(*file_, array);
    const auto column = tree_->read(array);
    std::vector<double> all;
    for (std::int64_t row = 0; row < column.size(); ++row) {
      const auto value = column.value(row);
      const auto* real = std::get_if<double>(&value);
      const auto* flag = std::get_if<bool>(&value);
      all.push_back(real != nullptr   ? *real
                    : flag != nullptr ? (*flag ? 1.0 : 0.0)
                                      : static_cast<double>(value.integer_or(0)));
    }
    return all;
  }

 private:
  static std::int64_t stored_bytes(const fs::path& path) {
    std::error_code failed;
    std::int64_t bytes = 0;
    if (!fs::is_directory(path, failed)) return static_cast<std::int64_t>(fs::file_size(path, failed));
    for (const auto& entry : fs::recursive_directory_iterator(path, failed))
      if (entry.is_regular_file(failed)) bytes += static_cast<std::int64_t>(entry.file_size(failed));
    return bytes;
  }

  base::Budget budget_;
  int descriptor_ = -1;
  std::unique_ptr<Hdf5File> file_;
  std::unique_ptr<Tree> tree_;
};

/// A matrix by rows: of each its columns, sorted, and values; without zeros.
struct Matrix {
  std::int64_t rows = 0, columns = 0;
  std::vector<std::vector<std::pair<std::int64_t, double>>> cells;
};

std::string encoding_of(const Tree& tree, const std::string& path) {
  for (const char* name : {"encoding-type", "h5sparse_format"}) {
    const auto found = tree.attribute(path, name);
    if (const auto* text = std::get_if<std::string>(&found)) return *text;
  }
  return "";
}

Matrix read_matrix(Dataset& data, const std::string& path) {
  const auto& tree = data.tree();
  Matrix matrix;
  if (tree.kind(path) == Tree::Node::array) {
    const auto shape = tree.shape(path);
    matrix.rows = shape.empty() ? 1 : shape[0];
    matrix.columns = shape.size() < 2 ? 1 : shape[1];
    if (shape.size() > 2) throw Error(Code::unsupported, fmt::format("'{}' has {} dimensions", path, shape.size()));
    const auto all = data.numbers(path);
    matrix.cells.resize(static_cast<std::size_t>(matrix.rows));
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i] != 0) {
        const auto row = static_cast<std::int64_t>(i) / matrix.columns;
        matrix.cells[static_cast<std::size_t>(row)].emplace_back(static_cast<std::int64_t>(i) % matrix.columns, all[i]);
      }
    return matrix;
  }
  const auto shape = matrix_shape(tree, path);
  if (!shape) throw Error(Code::unsupported, fmt::format("'{}' is not a matrix", path));
  std::tie(matrix.rows, matrix.columns) = *shape;
  matrix.cells.resize(static_cast<std::size_t>(matrix.rows));
  const auto starts = data.numbers(path + "/indptr"), others = data.numbers(path + "/indices"),
             values = data.numbers(path + "/data");
  const bool by_column = encoding_of(tree, path).starts_with("csc");
  for (std::size_t major = 0; major + 1 < starts.size(); ++major) {
    for (auto i = static_cast<std::size_t>(starts[major]); i < static_cast<std::size_t>(starts[major + 1]); ++i) {
      if (i >= values.size() || i >= others.size()) throw Error(Code::corrupt, fmt::format("'{}' is cut short", path));
      if (values[i] == 0) continue;
      const auto minor = static_cast<std::int64_t>(others[i]);
      const auto row = by_column ? minor : static_cast<std::int64_t>(major);
      const auto column = by_column ? static_cast<std::int64_t>(major) : minor;
      if (row < 0 || row >= matrix.rows) throw Error(Code::corrupt, fmt::format("'{}' is damaged", path));
      matrix.cells[static_cast<std::size_t>(row)].emplace_back(column, values[i]);
    }
  }
  for (auto& row : matrix.cells) std::ranges::sort(row);
  return matrix;
}

/// Which column of `before` a column of `after` is.
std::vector<std::int64_t> inverse(const Order& order) {
  std::vector<std::int64_t> back(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    back[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
  return back;
}

class Datasets {
 public:
  Datasets(const fs::path& before, const fs::path& after, double tolerance, std::vector<std::string>& differences)
      : before_(before), after_(after), tolerance_(tolerance), differences_(differences) {}

  void compare() {
    const auto& one = before_.tree();
    const auto& other = after_.tree();
    obs_ = table("obs");
    if (!differences_.empty() && !same_rows_) return;
    var_ = table("var");
    if (!same_rows_) return;
    for (const auto& name : names(one, other, "")) {
      if (name == "obs" || name == "var" || !both(name)) continue;
      if (name == "X") matrix(name, obs_, var_);
      else if (name == "layers") each(name, obs_, var_);
      else if (name == "obsm") each(name, obs_, {});
      else if (name == "varm") each(name, var_, {});
      else if (name == "obsp") each(name, obs_, obs_);
      else if (name == "varp") each(name, var_, var_);
      else anything(name);
    }
  }

 private:
  static std::set<std::string> names(const Tree& one, const Tree& other, const std::string& path) {
    std::set<std::string> all;
    for (const auto* tree : {&one, &other})
      for (auto& name : tree->children(path)) all.insert(name);
    return all;
  }

  /// Whether both files have it; what only one has is a difference.
  bool both(const std::string& path) {
    const auto one = before_.tree().kind(path), other = after_.tree().kind(path);
    if (one == Tree::Node::none) differences_.push_back(fmt::format("'{}' is new", path));
    else if (other == Tree::Node::none) differences_.push_back(fmt::format("'{}' is missing", path));
    return one != Tree::Node::none && other != Tree::Node::none;
  }

  Order table(const std::string& path) {
    if (!both(path)) return {};
    const auto one = read_dataframe(before_.tree(), path), other = read_dataframe(after_.tree(), path);
    const auto before = differences_.size();
    auto order = compare_frames(path, one, other, tolerance_, differences_);
    for (auto i = before; i < differences_.size(); ++i)
      if (differences_[i].find(" rows are ") != std::string::npos ||
          differences_[i].find(" rows instead") != std::string::npos)
        same_rows_ = false;
    return order;
  }

  void each(const std::string& group, const Order& rows, const Order& columns) {
    for (const auto& name : names(before_.tree(), after_.tree(), group)) {
      const auto path = group + "/" + name;
      if (both(path)) matrix(path, rows, columns);
    }
  }

  void matrix(const std::string& path, const Order& rows, const Order& columns) {
    const auto encoding = encoding_of(before_.tree(), path);
    if (encoding == "dataframe") {
      table(path);
      return;
    }
    const auto one = read_matrix(before_, path);
    auto other = read_matrix(after_, path);
    if (one.rows != other.rows || one.columns != other.columns) {
      differences_.push_back(
          fmt::format("'{}' is {} x {} instead of {} x {}", path, other.rows, other.columns, one.rows, one.columns));
      return;
    }
    const auto back = inverse(columns);
    std::int64_t count = 0;
    std::string first;
    for (std::int64_t row = 0; row < one.rows; ++row) {
      auto& cells = other.cells[static_cast<std::size_t>(rows.empty() ? row : rows[static_cast<std::size_t>(row)])];
      if (!back.empty()) {
        for (auto& cell : cells) cell.first = back[static_cast<std::size_t>(cell.first)];
        std::ranges::sort(cells);
      }
      compare_row(row, one.cells[static_cast<std::size_t>(row)], cells, count, first);
    }
    if (count > 0)
      differences_.push_back(
          fmt::format("'{}' differs in {} of {} values, first at {}", path, count, one.rows * one.columns, first));
  }

  using Cells = std::vector<std::pair<std::int64_t, double>>;
  void compare_row(std::int64_t row, const Cells& one, const Cells& other, std::int64_t& count,
                   std::string& first) const {
    std::size_t i = 0, k = 0;
    while (i < one.size() || k < other.size()) {
      const bool in_one = i < one.size() && (k == other.size() || one[i].first <= other[k].first);
      const bool in_other = k < other.size() && (i == one.size() || other[k].first <= one[i].first);
      const auto column = in_one ? one[i].first : other[k].first;
      const double before = in_one ? one[i].second : 0, after = in_other ? other[k].second : 0;
      if (!same_number(before, after, tolerance_) && count++ == 0)
        first = fmt::format("({}, {}): {} instead of {}", row, column, after, before);
      i += in_one ? 1 : 0;
      k += in_other ? 1 : 0;
    }
  }

  /// Values without ids: as they stand.
  void anything(const std::string& path) {
    if (!both(path)) return;
    const auto kind = before_.tree().kind(path);
    if (kind != after_.tree().kind(path)) {
      differences_.push_back(fmt::format("'{}' is of another kind", path));
      return;
    }
    if (kind == Tree::Node::group) {
      for (const auto& name : names(before_.tree(), after_.tree(), path)) anything(path + "/" + name);
      return;
    }
    if (before_.tree().shape(path) != after_.tree().shape(path)) {
      differences_.push_back(fmt::format("'{}' has another shape", path));
      return;
    }
    if (!before_.tree().fields(path).empty()) {
      compare_frames(path, before_.tree().read_records(path), after_.tree().read_records(path), tolerance_,
                     differences_);
    } else if (before_.tree().shape(path).size() > 1) {
      compare_numbers(path);
    } else {
      Frame one, other;
      one.add("value", before_.tree().read(path));
      other.add("value", after_.tree().read(path));
      one.index = other.index = "";
      std::vector<std::string> found;
      by_position(path, one, other, found);
      differences_.insert(differences_.end(), found.begin(), found.end());
    }
  }

  void by_position(const std::string& path, const Frame& one, const Frame& other,
                   std::vector<std::string>& found) const {
    const auto& a = one.at("value");
    const auto& b = other.at("value");
    for (std::int64_t row = 0; row < a.size(); ++row) {
      const auto before = a.value(row), after = b.value(row);
      const auto *x = std::get_if<double>(&before), *y = std::get_if<double>(&after);
      const bool same =
          x != nullptr && y != nullptr ? same_number(*x, *y, tolerance_) : to_string(before) == to_string(after);
      if (same) continue;
      found.push_back(
          fmt::format("'{}' differs, first at {}: {} instead of {}", path, row, to_string(after), to_string(before)));
      return;
    }
  }

  void compare_numbers(const std::string& path) {
    const auto one = before_.numbers(path), other = after_.numbers(path);
    for (std::size_t i = 0; i < one.size() && i < other.size(); ++i) {
      if (same_number(one[i], other[i], tolerance_)) continue;
      differences_.push_back(fmt::format("'{}' differs, first at {}: {} instead of {}", path, i, other[i], one[i]));
      return;
    }
  }

  Dataset before_, after_;
  double tolerance_;
  std::vector<std::string>& differences_;
  Order obs_, var_;
  bool same_rows_ = true;
};

void compare_bytes(const fs::path& before, const fs::path& after, std::vector<std::string>& differences) {
  const auto one = open_bytes(before), other = open_bytes(after);
  std::array<char, 1 << 16> a{}, b{};
  for (std::int64_t at = 0;;) {
    const auto n = one->read(a), m = other->read(b);
    const auto [x, y] = std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(n), b.begin(),
                                      b.begin() + static_cast<std::ptrdiff_t>(m));
    if (x != a.begin() + static_cast<std::ptrdiff_t>(n) || n != m) {
      differences.push_back(fmt::format("what it decompresses to differs from byte {} on", at + (x - a.begin())));
      return;
    }
    if (n == 0) return;
    at += static_cast<std::int64_t>(n);
  }
}

bool is_compressed(const fs::path& file) {
  const auto suffix = file.extension();
  return suffix == ".gz" || suffix == ".zst" || suffix == ".bgz";
}

}  // namespace

Comparison compare(const fs::path& before, const fs::path& after, double tolerance) {
  Comparison done{.compared = true, .differences = {}};
  const auto* format = format_of(before);
  if (format != nullptr && format->otype == "AnnData") {
    Datasets(before, after, tolerance, done.differences).compare();
  } else if (format != nullptr && format->slots != nullptr && format->worksheet == nullptr) {
    const auto one = format->slots(before), other = format->slots(after);
    for (std::size_t i = 0; i < one.size() && i < other.size(); ++i)
      compare_frames(one[i].name, one[i].frame, other[i].frame, tolerance, done.differences);
  } else if (is_compressed(before)) {
    compare_bytes(before, after, done.differences);
  } else {
    done.compared = false;
  }
  return done;
}

}  // namespace lamin::format
