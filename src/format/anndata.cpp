#include "format/anndata.hpp"
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <set>
#include "base/module.hpp"
#include "base/source_file.hpp"
#include "format/hdf5_client.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
using Kind = Column::Kind;

[[noreturn]] void corrupt(const std::string& path, std::string_view why) {
  throw Error(Code::corrupt, fmt::format("'{}' of the AnnData file: {}.", path, why));
}

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

/// Numbers as pandas would print them.
std::vector<std::string> texts_of(const Column& column) {
  std::vector<std::string> texts(static_cast<std::size_t>(column.size()));
  for (std::int64_t i = 0; i < column.size(); ++i) {
    auto& text = texts[static_cast<std::size_t>(i)];
    auto value = column.value(i);
    if (column.kind() == Kind::text) {
      text = column.text(i);
    } else if (auto* real = std::get_if<double>(&value)) {
      text = *real == std::floor(*real) ? fmt::format("{:.1f}", *real) : fmt::format("{}", *real);
    } else if (auto* boolean = std::get_if<bool>(&value)) {
      text = *boolean ? "True" : "False";
    } else if (auto* integer = std::get_if<std::int64_t>(&value)) {
      text = fmt::format("{}", *integer);
    }
  }
  return texts;
}

Column category(const std::string& path, const Column& codes, const Column& categories, bool ordered) {
  if (codes.kind() != Kind::int64) corrupt(path, "its codes are not integers");
  std::vector<std::int32_t> narrow(static_cast<std::size_t>(codes.size()));
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    auto code = codes.integers()[i];
    if (code < -1 || code >= categories.size()) {
      corrupt(path, fmt::format("row {} has code {}, but there are {} categories", i, code, categories.size()));
    }
    narrow[i] = static_cast<std::int32_t>(code);
  }
  return Column::categories(std::move(narrow), texts_of(categories), ordered);
}

/// `values` without those that `mask` marks.
Column masked(const std::string& path, const Column& values, const Column& mask) {
  if (mask.kind() != Kind::boolean || mask.size() != values.size()) {
    corrupt(path, "its mask does not fit to its values");
  }
  std::vector<Value> cells(static_cast<std::size_t>(values.size()));
  for (std::int64_t i = 0; i < values.size(); ++i) {
    if (!mask.value(i).boolean_or(false)) cells[static_cast<std::size_t>(i)] = values.value(i);
  }
  return Column::from_values(values.kind(), cells);
}

Column read_column(const Tree& tree, const std::string& table, const std::string& name) {
  const auto path = table + "/" + name;
  auto part = [&](const char* child) { return tree.read(path + "/" + child); };
  switch (tree.kind(path)) {
    case Tree::Node::none: corrupt(path, "the column is listed but missing");
    case Tree::Node::array: {
      if (tree.attribute(path, "categories").index() == 0) return tree.read(path);
      // anndata 0.7: codes here, categories next to them.
      const auto categories = table + "/__categories/" + name;
      if (tree.kind(categories) != Tree::Node::array) corrupt(categories, "the categories of a column are missing");
      return category(path, tree.read(path), tree.read(categories), flag(tree.attribute(categories, "ordered")));
    }
    case Tree::Node::group: break;
  }
  auto encoding = text_attribute(tree, path, "encoding-type");
  if (encoding == "categorical") {
    return category(path, part("codes"), part("categories"), flag(tree.attribute(path, "ordered")));
  }
  if (encoding.starts_with("nullable-")) return masked(path, part("values"), part("mask"));
  throw Error(Code::unsupported,
              fmt::format("column '{}' has the encoding '{}', which cannot be read: store it as numbers, texts or "
                          "categories",
                          path, encoding));
}

/// The column that names the rows, then the others; the first may be among these again.
std::vector<std::string> column_names(const Tree& tree, const std::string& path) {
  auto index = text_attribute(tree, path, "_index");
  if (index.empty()) corrupt(path, "it does not say which column names its rows");
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

/// What `read_column` gives; object for what it refuses.
Kind column_kind(const Tree& tree, const std::string& table, const std::string& name) {
  const auto path = table + "/" + name;
  switch (tree.kind(path)) {
    case Tree::Node::none: corrupt(path, "the column is listed but missing");
    case Tree::Node::array:
      return tree.attribute(path, "categories").index() == 0 ? tree.element(path) : Kind::category;
    case Tree::Node::group: break;
  }
  const auto encoding = text_attribute(tree, path, "encoding-type");
  if (encoding == "categorical") return Kind::category;
  return encoding.starts_with("nullable-") ? tree.element(path + "/values") : Kind::object;
}

/// Of a column.
std::int64_t row_count(const Tree& tree, const std::string& path) {
  for (const char* part : {"", "/codes", "/values"}) {
    if (tree.kind(path + part) != Tree::Node::array) continue;
    const auto shape = tree.shape(path + part);
    return shape.empty() ? 1 : shape[0];
  }
  corrupt(path, "the column is listed but missing");
}

/// anndata <= 0.6: records whose first field names the rows; categories are in uns.
Frame read_records(const Tree& tree, const std::string& path) {
  Frame raw = tree.read_records(path);
  if (raw.size() == 0) corrupt(path, "it is neither a table nor a group of columns");
  Frame frame;
  frame.index = raw.names()[0];
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto& name = raw.names()[i];
    const auto categories = "uns/" + name + "_categories";
    bool is_category = raw.at(i).kind() == Kind::int64 && tree.kind(categories) == Tree::Node::array &&
                       tree.shape(categories).size() == 1;
    frame.add(name, is_category ? category(path + "/" + name, raw.at(i), tree.read(categories), false) : raw.at(i));
  }
  return frame;
}

/// They belong to their columns now.
void drop_categories(const Frame& records, AnnDataHead& head) {
  std::erase_if(head.uns_keys, [&](const std::string& key) {
    constexpr std::string_view ending = "_categories";
    if (!key.ends_with(ending)) return false;
    auto* column = records.find(std::string_view(key).substr(0, key.size() - ending.size()));
    return column && column->kind() == Kind::category;
  });
}

}  // namespace

std::vector<std::string> anndata_keys(const Tree& tree, const std::string& path) {
  switch (tree.kind(path)) {
    case Tree::Node::group: return tree.children(path);
    case Tree::Node::array: return tree.fields(path);
    case Tree::Node::none: break;
  }
  return {};
}

std::optional<std::pair<std::int64_t, std::int64_t>> matrix_shape(const Tree& tree, const std::string& path) {
  if (tree.kind(path) == Tree::Node::none) return std::nullopt;
  if (tree.kind(path) == Tree::Node::array) {
    auto shape = tree.shape(path);
    if (shape.size() == 2) return std::pair(shape[0], shape[1]);
    return std::nullopt;
  }
  for (auto* name : {"shape", "h5sparse_shape"}) {
    auto value = tree.attribute(path, name);
    auto* shape = std::get_if<std::vector<std::int64_t>>(&value);
    if (shape && shape->size() == 2) return std::pair((*shape)[0], (*shape)[1]);
  }
  return std::nullopt;
}

Column level_texts(const Column& levels) {
  return levels.kind() == Kind::text ? levels : Column::texts(texts_of(levels));
}

Frame read_dataframe(const Tree& tree, const std::string& path) {
  if (tree.kind(path) == Tree::Node::array) return read_records(tree, path);
  const auto names = column_names(tree, path);
  Frame frame;
  frame.index = names[0];
  for (auto& name : names) {
    if (frame.find(name)) continue;  // the index may be a column, too
    auto column = read_column(tree, path, name);
    if (frame.size() > 0 && column.size() != frame.rows()) {
      corrupt(path + "/" + name, fmt::format("it has {} rows, its index {}", column.size(), frame.rows()));
    }
    frame.add(name, std::move(column));
  }
  return frame;
}

Frame read_dataframe(const Tree& tree, const std::string& path, std::span<const std::string> columns) {
  Frame frame;
  if (tree.kind(path) == Tree::Node::array) {  // records are stored together
    const Frame all = read_records(tree, path);
    for (auto& name : columns) frame.add(name, all.at(name));
    return frame;
  }
  const auto names = column_names(tree, path);
  for (auto& name : columns) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw Error(Code::not_found,
                  fmt::format("'{}' has no column '{}', but: {}.", path, name, fmt::join(names, ", ")));
    }
    frame.add(name, read_column(tree, path, name));
  }
  return frame;
}

TableLayout dataframe_layout(const Tree& tree, const std::string& path) {
  TableLayout layout;
  if (tree.kind(path) == Tree::Node::array) {
    const Frame all = read_records(tree, path);
    layout.rows = all.rows();
    layout.columns.index = all.index;
    for (auto& name : all.names()) layout.columns.add(name, Column::from_values(all.at(name).kind(), {}));
    return layout;
  }
  const auto names = column_names(tree, path);
  layout.columns.index = names[0];
  for (auto& name : names) {
    if (layout.columns.find(name) != nullptr) continue;
    const auto kind = column_kind(tree, path, name);
    if (kind != Kind::object) layout.columns.add(name, Column::from_values(kind, {}));
  }
  layout.rows = row_count(tree, path + "/" + names[0]);
  return layout;
}

AnnDataHead read_anndata_head(const Tree& tree, const std::string& name_for_messages) {
  for (auto* slot : {"obs", "var"}) {
    if (tree.kind(slot) != Tree::Node::none) continue;
    auto found = tree.children("");
    throw Error(Code::corrupt,
                fmt::format("'{}' is no AnnData file: it has no '{}'; it holds: {}.", name_for_messages, slot,
                            found.empty() ? "nothing" : fmt::format("{}", fmt::join(found, ", "))));
  }
  if (text_attribute(tree, "", "encoding-type") == "MuData") {
    throw Error(Code::unsupported,
                fmt::format("'{}' is a MuData file: read its modalities ('mod/...') one by one.", name_for_messages));
  }
  try {
    AnnDataHead head;
    head.obs = read_dataframe(tree, "obs");
    head.var = read_dataframe(tree, "var");
    head.n_obs = head.obs.rows();
    head.n_vars = head.var.rows();
    head.uns_keys = anndata_keys(tree, "uns");
    for (auto* slot : {"obs", "var"}) {
      if (tree.kind(slot) == Tree::Node::array) drop_categories(slot == std::string("obs") ? head.obs : head.var, head);
    }
    head.layers = anndata_keys(tree, "layers");
    head.obsm = anndata_keys(tree, "obsm");
    if (auto shape = matrix_shape(tree, "X"); shape && *shape != std::pair(head.n_obs, head.n_vars)) {
      corrupt("X", fmt::format("it has {} x {} cells, but obs has {} rows and var {}", shape->first, shape->second,
                               head.n_obs, head.n_vars));
    }
    return head;
  } catch (Error& error) {
    error.add_context(fmt::format("while reading '{}'", name_for_messages));
    throw;
  }
}

const Hdf5& hdf5() {
  auto* make = reinterpret_cast<const Hdf5* (*)()>(base::module_symbol("hdf5", "lamin_hdf5"));
  return *make();
}

AnnDataHead read_anndata(const fs::path& path) {
  std::error_code failure;
  return fs::is_directory(path, failure) ? read_anndata_head(*open_zarr(path), path.string()) : read_hdf5_head(path);
}

}  // namespace lamin::format
