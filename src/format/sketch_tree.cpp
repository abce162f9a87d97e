// sketch_tree.cpp -- where AnnData, MuData and SpatialData keep their tables, whatever the file format.
//
// Slots are named as schemas name them: "obs" and "uns:study" of an AnnData, "rna:var" of a modality,
// "tables:cells:obs" and "attrs:sample" of a SpatialData store. Dictionaries are tables of one row.
#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include "base/json.hpp"
#include "base/text.hpp"
#include "format/anndata.hpp"
#include "format/sketch.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Kind = Column::Kind;
namespace json = boost::json;

constexpr int deepest = 4;                 // dictionaries in dictionaries
constexpr std::size_t most_tables = 1000;  // of a store

std::string text_attribute(const Tree& tree, const std::string& path, const std::string& name) {
  auto value = tree.attribute(path, name);
  auto* text = std::get_if<std::string>(&value);
  return text ? *text : std::string();
}

bool flag(const Attribute& value) {
  if (auto* b = std::get_if<bool>(&value)) return *b;
  if (auto* i = std::get_if<std::int64_t>(&value)) return *i != 0;
  return false;
}

[[noreturn]] void corrupt(const std::string& path, std::string_view why) {
  throw Error(Code::corrupt, fmt::format("'{}': {}.", path, why));
}

/// A column, and how many rows it has.
struct Drawn {
  ColumnSketch column;
  std::int64_t rows = 0;
};

/// The first rows of a column.
Column first_rows(const Column& column, std::int64_t n) {
  if (n >= column.size()) return column;
  const auto count = static_cast<std::size_t>(n);
  if (column.kind() == Kind::float64) {
    const auto reals = column.reals().first(count);
    return Column::reals({reals.begin(), reals.end()});
  }
  std::vector<Value> cells(count);
  for (std::int64_t row = 0; row < n; ++row) cells[static_cast<std::size_t>(row)] = column.value(row);
  return Column::from_values(column.kind(), cells);
}

/// One column of a table, taken part by part, up to `most` rows; the names of the rows are compared on the way.
class Drawing {
 public:
  Drawing(const Tree& tree, const std::string& table, const std::string& name, NameSketcher* names, std::int64_t most,
          std::function<void(const ColumnSketch&)> give = {})
      : tree_(tree),
        table_(table),
        name_(name),
        path_(table + "/" + name),
        names_(names),
        most_(most),
        sketcher_(name, std::move(give)) {}

  Drawn draw() {
    switch (tree_.kind(path_)) {
      case Tree::Node::none: corrupt(path_, "the column is listed but missing");
      case Tree::Node::array: draw_array(); break;
      case Tree::Node::group: draw_group(); break;
    }
    return {sketcher_.finish(), rows_};
  }

 private:
  void draw_array() {
    if (tree_.attribute(path_, "categories").index() == 0) return draw_plain(path_);
    const auto levels = table_ + "/__categories/" + name_;  // anndata 0.7
    if (tree_.kind(levels) != Tree::Node::array) corrupt(levels, "the categories of a column are missing");
    draw_codes(path_, levels, flag(tree_.attribute(levels, "ordered")));
  }

  void draw_group() {
    const auto encoding = text_attribute(tree_, path_, "encoding-type");
    if (encoding == "categorical") {
      return draw_codes(path_ + "/codes", path_ + "/categories", flag(tree_.attribute(path_, "ordered")));
    }
    if (!encoding.starts_with("nullable-")) {
      throw Error(Code::unsupported,
                  fmt::format("column '{}' has the encoding '{}', which cannot be read: store it as numbers, texts or "
                              "categories",
                              path_, encoding));
    }
    const Column mask = tree_.read(path_ + "/mask");
    if (mask.kind() != Kind::boolean) corrupt(path_, "its mask does not fit to its values");
    read(path_ + "/values", [&](const Column& part) {
      if (seen_ + part.size() > mask.size()) corrupt(path_, "its mask does not fit to its values");
      take(without(part, mask, seen_));
    });
    if (rows_ != mask.size()) corrupt(path_, "its mask does not fit to its values");
  }

  /// A part of the values without those that the mask marks.
  static Column without(const Column& part, const Column& mask, std::int64_t begin) {
    std::vector<Value> cells(static_cast<std::size_t>(part.size()));
    for (std::int64_t row = 0; row < part.size(); ++row) {
      if (!mask.value(begin + row).boolean_or(false)) cells[static_cast<std::size_t>(row)] = part.value(row);
    }
    return Column::from_values(part.kind(), cells);
  }

  void draw_plain(const std::string& array) {
    read(array, [&](const Column& part) { take(part); });
  }

  /// The parts of an array as far as rows are looked at.
  void read(const std::string& array, const std::function<void(const Column&)>& use) {
    struct Enough {};
    try {
      tree_.read_parts(array, [&](const Column& part) {
        const bool all = most_ < 0 || seen_ + part.size() <= most_;
        const auto taken = all ? part : first_rows(part, most_ - seen_);
        use(taken);
        seen_ += taken.size();
        rows_ += taken.size();
        if (!all) throw Enough();
      });
    } catch (const Enough&) {
      const auto shape = tree_.shape(array);
      rows_ = shape.empty() ? 0 : shape[0];
    }
  }

  void take(const Column& part) {
    if (names_ != nullptr) names_->add(part);
    sketcher_.add(part);
  }

  void draw_codes(const std::string& codes, const std::string& levels, bool ordered) {
    const Column names = level_texts(tree_.read(levels));
    read(codes, [&](const Column& part) { sketcher_.add_codes(part, names, ordered, path_); });
  }

  const Tree& tree_;
  std::string table_, name_, path_;
  NameSketcher* names_;
  std::int64_t most_;
  ColumnSketcher sketcher_;
  std::int64_t rows_ = 0, seen_ = 0;
};

std::vector<std::string> column_names(const Tree& tree, const std::string& path, const std::string& index) {
  std::vector<std::string> names{index};
  auto order = tree.attribute(path, "column-order");
  if (auto* listed = std::get_if<std::vector<std::string>>(&order)) {
    names.insert(names.end(), listed->begin(), listed->end());
  } else if (order.index() == 0) {
    for (auto& name : tree.children(path)) {
      if (name != "__categories") names.push_back(name);
    }
  } else {
    corrupt(path, "its attribute column-order is not a list of names");
  }
  return names;
}

TableSketch draw_table(const Tree& tree, const std::string& path, std::string slot, std::int64_t most) {
  if (tree.kind(path) == Tree::Node::array) return sketch_frame(std::move(slot), read_dataframe(tree, path));
  TableSketch table{.slot = std::move(slot), .index = text_attribute(tree, path, "_index")};
  if (table.index.empty()) corrupt(path, "it does not say which column names its rows");
  NameSketcher row_names;
  for (const auto& name : column_names(tree, path, table.index)) {
    if (table.find(name) != nullptr) continue;  // the index may be a column, too
    const bool first = table.columns.empty();
    auto [column, rows] = Drawing(tree, path, name, first ? &row_names : nullptr, most).draw();
    if (first) table.rows = rows;
    if (rows != table.rows) {
      corrupt(path + "/" + name, fmt::format("it has {} rows, its index {}", rows, table.rows));
    }
    table.columns.push_back(std::move(column));
  }
  row_names.finish(table);
  if (most >= 0 && table.rows > most) table.seen = most;
  return table;
}

/// A cell of a dictionary; null for what a cell cannot hold: it is there, and nothing is said of its type.
Column cell(const Column& value) {
  return value.kind() == Kind::category ? Column::texts(std::vector<std::string>{std::string(value.text(0))}) : value;
}

Column unknown_cell() { return Column::texts(std::vector<std::string>{""}, {false}); }

/// Its tables as sketches or, `whole`, as frames.
class Store {
 public:
  Store(const Tree& tree, const std::string& name, bool whole, std::int64_t most)
      : tree_(tree), whole_(whole), most_(most) {
    out_.zarr_format = tree.zarr_format();
    const auto type = text_attribute(tree, "", "encoding-type");
    if (type == "MuData" || tree.kind("mod") == Tree::Node::group) mudata();
    else if (is_spatial()) spatialdata();
    else anndata_at_root(name);
    out_.bytes_read = tree.bytes_read();
  }
  FileSketch out() { return std::move(out_); }
  std::vector<Slot> slots() { return std::move(slots_); }

 private:
  static std::string at(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
  }

  void check_number() const {
    if (out_.tables.size() + slots_.size() >= most_tables)
      throw Error(Code::unsupported, fmt::format("a dataset with more than {} tables cannot be curated", most_tables));
  }

  /// Returns the number of rows.
  std::int64_t add_table(const std::string& path, const std::string& slot) {
    check_number();
    if (whole_) {
      slots_.push_back({slot, read_dataframe(tree_, path)});
      return slots_.back().frame.rows();
    }
    out_.tables.push_back(draw_table(tree_, path, slot, most_));
    return out_.tables.back().rows;
  }

  void add_row(const std::string& slot, Frame row) {
    check_number();
    if (whole_) slots_.push_back({slot, std::move(row)});
    else out_.tables.push_back(sketch_frame(slot, row));
  }

  void anndata_at_root(const std::string& name) {
    for (auto* slot : {"obs", "var"}) {
      if (tree_.kind(slot) != Tree::Node::none) continue;
      auto found = tree_.children("");
      throw Error(Code::corrupt, fmt::format("'{}' is no AnnData file: it has no '{}'; it holds: {}.", name, slot,
                                             found.empty() ? "nothing" : fmt::format("{}", fmt::join(found, ", "))));
    }
    out_.otype = "AnnData";
    const auto [n_obs, n_vars] = anndata("", "", "");
    out_.n_obs = n_obs;
    out_.n_vars = n_vars;
    for (const auto& array : anndata_keys(tree_, "obsm")) out_.obsm.emplace_back(array, extent("obsm/" + array));
  }

  /// The shape of a dense array; of any other that of X, if it says one.
  std::vector<std::int64_t> extent(const std::string& path) const {
    if (tree_.kind(path) == Tree::Node::array) return tree_.shape(path);
    const auto shape = matrix_shape(tree_, path);
    return shape ? std::vector{shape->first, shape->second} : std::vector<std::int64_t>();
  }

  /// `folder` in the store, the beginning of its slots' names, and what its layers are called by.
  std::pair<std::int64_t, std::int64_t> anndata(const std::string& folder, const std::string& prefix,
                                                const std::string& label) {
    std::int64_t size[2] = {0, 0};
    int i = 0;
    for (const char* slot : {"obs", "var"}) {
      const auto path = at(folder, slot);
      if (tree_.kind(path) != Tree::Node::none) size[i] = add_table(path, prefix + slot);
      ++i;
    }
    if (const auto shape = matrix_shape(tree_, at(folder, "X")); shape && *shape != std::pair(size[0], size[1])) {
      corrupt(at(folder, "X"), fmt::format("it has {} x {} cells, but obs has {} rows and var {}", shape->first,
                                           shape->second, size[0], size[1]));
    }
    dictionary(at(folder, "uns"), prefix + "uns", 0);
    for (const auto& layer : anndata_keys(tree_, at(folder, "layers"))) {
      const auto encoding = text_attribute(tree_, at(folder, "layers/" + layer), "encoding-type");
      out_.layers.emplace_back(at(label, layer), encoding.empty() ? "array" : encoding);
    }
    return {size[0], size[1]};
  }

  /// A group of values as a table of one row, and the groups in it.
  void dictionary(const std::string& path, const std::string& slot, int depth) {
    if (tree_.kind(path) != Tree::Node::group || depth > deepest) {
      if (depth == 0) add_row(slot, {});
      return;
    }
    Frame row;
    std::vector<std::string> inner;
    for (const auto& key : tree_.children(path)) {
      const auto child = at(path, key);
      const bool group = tree_.kind(child) == Tree::Node::group;
      const auto encoding = group ? text_attribute(tree_, child, "encoding-type") : "";
      if (group && (encoding.empty() || encoding == "dict")) inner.push_back(key);
      row.add(key, group || !tree_.shape(child).empty() ? unknown_cell() : cell(tree_.read(child)));
    }
    add_row(slot, std::move(row));
    for (const auto& key : inner) dictionary(at(path, key), slot + ":" + key, depth + 1);
  }

  void mudata() {
    out_.otype = "MuData";
    for (const char* slot : {"obs", "var"}) {
      if (tree_.kind(slot) != Tree::Node::none) add_table(slot, slot);
    }
    if (tree_.kind("uns") == Tree::Node::group) dictionary("uns", "uns", 0);
    for (const auto& name : tree_.children("mod")) anndata("mod/" + name, name + ":", name);
  }

  bool is_spatial() const {
    return tree_.attributes("").find("\"spatialdata_attrs\"") != std::string::npos ||
           (tree_.kind("tables") == Tree::Node::group && tree_.kind("obs") == Tree::Node::none);
  }

  void spatialdata() {
    out_.otype = "SpatialData";
    if (tree_.kind("tables") == Tree::Node::group) {
      for (const auto& name : tree_.children("tables")) anndata("tables/" + name, "tables:" + name + ":", name);
    }
    auto attributes = base::parse_json(tree_.attributes("")).as_object();
    attributes.erase("spatialdata_attrs");
    add_document(attributes, "attrs", 0);
    if (tree_.kind("images") != Tree::Node::group) return;
    for (const auto& name : tree_.children("images")) out_.images.push_back(image(name));
  }

  void add_document(const json::object& object, const std::string& slot, int depth) {
    Frame row;
    for (const auto& [key, value] : object) {
      std::vector<Value> cells(1);
      auto kind = Kind::text;
      if (value.is_string()) cells[0] = Value(std::string(value.get_string()));
      else if (value.is_bool()) kind = Kind::boolean, cells[0] = Value(value.get_bool());
      else if (value.is_int64()) kind = Kind::int64, cells[0] = Value(value.get_int64());
      else if (value.is_double()) kind = Kind::float64, cells[0] = Value(value.get_double());
      else if (!value.is_null()) kind = Kind::object, cells[0] = Value(Json{base::write_json(value)});
      row.add(std::string(key),
              kind == Kind::object ? Column::objects(std::move(cells)) : Column::from_values(kind, cells));
    }
    add_row(slot, std::move(row));
    for (const auto& [key, value] : object) {
      if (value.is_object() && depth < deepest)
        add_document(value.get_object(), slot + ":" + std::string(key), depth + 1);
    }
  }

  ImageSketch image(const std::string& name) const {
    ImageSketch image{.name = name};
    const auto path = "images/" + name;
    const auto document = base::parse_json(tree_.attributes(path));
    const auto* scales = &document;
    for (const char* key : {"ome", "multiscales"}) {  // OME-NGFF 0.5 puts them one level down
      const auto* found = scales->is_object() ? scales->get_object().if_contains(key) : nullptr;
      if (found != nullptr) scales = found;
    }
    if (!scales->is_array() || scales->get_array().empty() || !scales->get_array()[0].is_object()) return image;
    const auto& first = scales->get_array()[0].get_object();
    if (const auto* axes = first.if_contains("axes"); axes != nullptr && axes->is_array()) {
      for (const auto& axis : axes->get_array()) {
        const auto* called = axis.is_object() ? axis.get_object().if_contains("name") : &axis;
        if (called != nullptr && called->is_string()) image.axes.emplace_back(called->get_string());
      }
    }
    const auto* datasets = first.if_contains("datasets");
    if (datasets == nullptr || !datasets->is_array()) return image;
    for (const auto& dataset : datasets->get_array()) {
      const auto* where = dataset.is_object() ? dataset.get_object().if_contains("path") : nullptr;
      if (where == nullptr || !where->is_string()) continue;
      const auto array = path + "/" + std::string(where->get_string());
      if (tree_.kind(array) != Tree::Node::array) continue;
      image.scales.push_back({fmt::format("scale{}", image.scales.size()), tree_.shape(array), tree_.chunks(array)});
    }
    return image;
  }

  const Tree& tree_;
  bool whole_;
  std::int64_t most_;
  FileSketch out_;
  std::vector<Slot> slots_;
};

Store store_of(const Tree& tree, const std::string& name, bool whole, std::int64_t most) {
  try {
    return {tree, name, whole, most};
  } catch (Error& error) {
    error.add_context(fmt::format("while reading '{}'", name));
    throw;
  }
}

}  // namespace

FileSketch sketch_tree(const Tree& tree, const std::string& name, std::int64_t most_rows) {
  return store_of(tree, name, false, most_rows).out();
}
std::vector<Slot> tree_slots(const Tree& tree, const std::string& name) {
  return store_of(tree, name, true, all_rows).slots();
}

void tree_values(const Tree& tree, const std::string& slot, const std::string& column, const TakeValues& take) {
  const auto table = table_path(slot);
  if (table.empty() || tree.kind(table) == Tree::Node::none)
    throw Error(Code::not_found, fmt::format("there is no table '{}'", slot));
  if (tree.kind(table) == Tree::Node::group) {
    Drawing(tree, table, column, nullptr, all_rows, take.take).draw();
    return;
  }
  ColumnSketcher sketcher(column, take.take);
  sketcher.add(read_dataframe(tree, table).at(column));
  sketcher.finish();
}

std::string table_path(std::string_view slot) {
  std::vector<std::string> parts = base::split(slot, ':');
  const auto table = parts.back();
  if (table != "obs" && table != "var") return "";
  if (parts.size() == 1) return table;
  if (parts.size() == 2) return fmt::format("mod/{}/{}", parts[0], table);
  return parts.size() == 3 && parts[0] == "tables" ? fmt::format("tables/{}/{}", parts[1], table) : "";
}

std::string dictionary_path(std::string_view slot) {
  const std::vector<std::string> parts = base::split(slot, ':');
  const auto uns = static_cast<std::size_t>(std::ranges::find(parts, "uns") - parts.begin());
  if (uns == parts.size() || uns > 2 || (uns == 2 && parts[0] != "tables")) return "";
  std::string path = uns == 0 ? "" : uns == 1 ? "mod/" + parts[0] + "/" : "tables/" + parts[1] + "/";
  return path + fmt::format("{}", fmt::join(parts.begin() + static_cast<std::ptrdiff_t>(uns), parts.end(), "/"));
}

}  // namespace lamin::format
