// hdf5_write.cpp -- writes columns as anndata >= 0.8 does, which every anndata since 0.7 reads back as well.
//
// Columns of older files are replaced one by one. Only obs and var that are arrays of records (anndata <= 0.6) cannot
// hold such a column: those tables are rewritten as groups, with 64-bit numbers.
#include "format/hdf5/hdf5_write.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <limits>
#include <map>
#include <vector>
#include "format/anndata.hpp"
#include "format/hdf5/h5.hpp"
#include "format/sketch.hpp"

namespace lamin::format::h5 {
namespace {

using Kind = Column::Kind;

void write_texts_attribute(hid_t object, const char* name, const std::vector<std::string>& values) {
  if (H5Aexists(object, name) > 0) H5Adelete(object, name);
  const Id type = text_type();
  const hsize_t count = values.size();
  const Id space(H5Screate_simple(1, &count, nullptr));
  const Id attribute(check(H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), name,
                           "cannot be written as an attribute"));
  std::vector<const char*> raw;
  for (auto& value : values) raw.push_back(value.c_str());
  if (!raw.empty()) check(H5Awrite(attribute.get(), type.get(), raw.data()), name, "cannot be written");
}

void write_text_attribute(hid_t object, const char* name, const char* value) {
  const Id type = text_type(), space(H5Screate(H5S_SCALAR));
  const Id attribute(check(H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), name,
                           "cannot be written as an attribute"));
  check(H5Awrite(attribute.get(), type.get(), &value), name, "cannot be written");
}

void write_flag(hid_t object, const char* name, bool value) {
  const Id type = boolean_type(), space(H5Screate(H5S_SCALAR));
  const Id attribute(check(H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), name,
                           "cannot be written as an attribute"));
  const signed char raw = value ? 1 : 0;
  check(H5Awrite(attribute.get(), type.get(), &raw), name, "cannot be written");
}

void mark(hid_t object, const char* encoding, const char* version) {
  write_text_attribute(object, "encoding-type", encoding);
  write_text_attribute(object, "encoding-version", version);
}

void write_array(hid_t group, const std::string& name, hid_t file_type, hid_t memory_type, const void* values,
                 std::int64_t count, const char* encoding) {
  const auto rows = static_cast<hsize_t>(count);
  const Id space(H5Screate_simple(1, &rows, nullptr));
  const Id dataset(check(H5Dcreate2(group, name.c_str(), file_type, space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                         name, "cannot be written"));
  if (count > 0) {
    check(H5Dwrite(dataset.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), name, "cannot be written");
  }
  mark(dataset.get(), encoding, "0.2.0");
}

void write_texts(hid_t group, const std::string& name, const std::vector<std::string>& values) {
  std::vector<const char*> raw;
  raw.reserve(values.size());
  for (auto& value : values) {
    if (value.find('\0') != std::string::npos) {
      throw Error(Code::unsupported, fmt::format("column '{}': a text holds a NUL, which HDF5 cannot store.", name));
    }
    raw.push_back(value.c_str());
  }
  const Id type = text_type();
  write_array(group, name, type.get(), type.get(), raw.data(), static_cast<std::int64_t>(raw.size()), "string-array");
}

void write_booleans(hid_t group, const std::string& name, const std::vector<signed char>& values) {
  const Id type = boolean_type();
  write_array(group, name, type.get(), type.get(), values.data(), static_cast<std::int64_t>(values.size()), "array");
}

Id make_group(hid_t parent, const std::string& name) {
  return Id(check(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), name, "cannot be made"));
}

void write_category(hid_t parent, const std::string& name, const Column& column) {
  const Id group = make_group(parent, name);
  mark(group.get(), "categorical", "0.2.0");
  write_flag(group.get(), "ordered", column.ordered());
  auto names = column.category_names();
  auto codes = column.codes();
  // As narrow as in pandas.
  hid_t width = names.size() <= std::numeric_limits<std::int8_t>::max()    ? H5T_STD_I8LE
                : names.size() <= std::numeric_limits<std::int16_t>::max() ? H5T_STD_I16LE
                                                                           : H5T_STD_I32LE;
  write_array(group.get(), "codes", width, H5T_NATIVE_INT32, codes.data(), column.size(), "array");
  write_texts(group.get(), "categories", names);
}

std::vector<signed char> booleans_of(const Column& column) {
  std::vector<signed char> values;
  for (std::int64_t i = 0; i < column.size(); ++i) values.push_back(column.value(i).boolean_or(false) ? 1 : 0);
  return values;
}

std::vector<signed char> mask_of(const Column& column) {
  std::vector<signed char> mask;
  for (std::int64_t i = 0; i < column.size(); ++i) mask.push_back(column.is_null(i) ? 1 : 0);
  return mask;
}

Column as_category(const Column& texts) {
  std::vector<Value> values;
  for (std::int64_t i = 0; i < texts.size(); ++i) values.push_back(texts.value(i));
  return Column::from_values(Kind::category, values);
}

void write_column(hid_t frame, const std::string& name, const Column& column) {
  auto mask = mask_of(column);
  bool has_nulls = std::find(mask.begin(), mask.end(), 1) != mask.end();
  switch (column.kind()) {
    case Kind::category: return write_category(frame, name, column);
    case Kind::float64:
      return write_array(frame, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, column.reals().data(), column.size(), "array");
    case Kind::text: {
      if (has_nulls) return write_category(frame, name, as_category(column));
      std::vector<std::string> texts;
      for (std::int64_t i = 0; i < column.size(); ++i) texts.emplace_back(column.text(i));
      return write_texts(frame, name, texts);
    }
    case Kind::boolean:
    case Kind::int64: {
      bool integer = column.kind() == Kind::int64;
      auto values = [&](hid_t group, const std::string& at) {
        if (!integer) return write_booleans(group, at, booleans_of(column));
        write_array(group, at, H5T_STD_I64LE, H5T_NATIVE_INT64, column.integers().data(), column.size(), "array");
      };
      if (!has_nulls) return values(frame, name);
      const Id group = make_group(frame, name);
      mark(group.get(), integer ? "nullable-integer" : "nullable-boolean", "0.1.0");
      values(group.get(), "values");
      return write_booleans(group.get(), "mask", mask);
    }
    case Kind::time:
    case Kind::date:
    case Kind::list:
    case Kind::object: break;
  }
  throw Error(Code::unsupported,
              fmt::format("column '{}': AnnData files hold no times, dates, lists or dicts; make it text.", name));
}

void write_scalar(hid_t group, const std::string& name, hid_t type, hid_t memory, const void* value,
                  const char* encoding) {
  const Id space(H5Screate(H5S_SCALAR));
  const Id dataset(check(H5Dcreate2(group, name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                         name, "cannot be written"));
  check(H5Dwrite(dataset.get(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, value), name, "cannot be written");
  mark(dataset.get(), encoding, "0.2.0");
}

/// The value of a key of a dictionary, from a column of one row.
void write_value(hid_t group, const std::string& name, const Column& column) {
  const Value value = column.value(0);
  if (const std::string* text = value.text()) {
    const char* raw = text->c_str();
    const Id type = text_type();
    return write_scalar(group, name, type.get(), type.get(), &raw, "string");
  }
  if (const auto* flag = std::get_if<bool>(&value)) {
    const signed char raw = *flag ? 1 : 0;
    const Id type = boolean_type();
    return write_scalar(group, name, type.get(), type.get(), &raw, "numeric-scalar");
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return write_scalar(group, name, H5T_STD_I64LE, H5T_NATIVE_INT64, whole, "numeric-scalar");
  if (const auto* real = std::get_if<double>(&value))
    return write_scalar(group, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, real, "numeric-scalar");
  throw Error(Code::unsupported,
              fmt::format("'{}': of dictionaries texts, numbers and booleans can be written.", name));
}

void remove_link(hid_t at, const std::string& name) {
  if (H5Lexists(at, name.c_str(), H5P_DEFAULT) > 0) H5Ldelete(at, name.c_str(), H5P_DEFAULT);
}

/// A table of records becomes a group of columns.
void rewrite_frame(hid_t file, const std::string& slot, const Frame& frame) {
  remove_link(file, slot);
  const Id group = make_group(file, slot);
  mark(group.get(), "dataframe", "0.2.0");
  write_text_attribute(group.get(), "_index", frame.index.c_str());
  std::vector<std::string> order;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    write_column(group.get(), frame.names()[i], frame.at(i));
    if (frame.names()[i] != frame.index) order.push_back(frame.names()[i]);
  }
  write_texts_attribute(group.get(), "column-order", order);
}

void edit_group(hid_t file, const std::string& slot, const std::vector<const ColumnEdit*>& edits, const Frame& before) {
  const Id group(check(H5Gopen2(file, slot.c_str(), H5P_DEFAULT), slot, "cannot be opened"));
  std::vector<std::string> order;
  for (auto& name : before.names()) {
    if (name != before.index) order.push_back(name);
  }
  auto known = order.size();
  for (auto* edit : edits) {
    remove_link(group.get(), edit->column);
    if (H5Lexists(group.get(), "__categories", H5P_DEFAULT) > 0) {
      remove_link(group.get(), "__categories/" + edit->column);
    }
    write_column(group.get(), edit->column, edit->values);
    if (edit->column != before.index && std::find(order.begin(), order.end(), edit->column) == order.end()) {
      order.push_back(edit->column);
    }
  }
  if (order.size() != known) write_texts_attribute(group.get(), "column-order", order);
}

void edit_dictionary(hid_t file, const std::string& path, const std::vector<const ColumnEdit*>& edits) {
  if (H5Lexists(file, path.c_str(), H5P_DEFAULT) <= 0) mark(make_group(file, path).get(), "dict", "0.1.0");
  const Id group(check(H5Gopen2(file, path.c_str(), H5P_DEFAULT), path, "cannot be opened"));
  for (const auto* edit : edits) {
    remove_link(group.get(), edit->column);
    write_value(group.get(), edit->column, edit->values);
  }
}

void check_value(const ColumnEdit& edit) {
  if (edit.column.empty() || edit.column.find('/') != std::string::npos)
    throw Error(Code::invalid_argument, fmt::format("'{}' cannot be the name of a value.", edit.column));
  if (edit.values.size() != 1)
    throw Error(Code::invalid_argument,
                fmt::format("'{}' of {} is one value, not {}.", edit.column, edit.slot, edit.values.size()));
}

/// The table with the edits applied; of two edits of one column the last counts.
Frame edited(const Frame& before, const std::vector<const ColumnEdit*>& edits) {
  std::map<std::string, const Column*> fresh;
  for (auto* edit : edits) fresh[edit->column] = &edit->values;
  Frame after;
  after.index = before.index;
  for (auto& name : before.names()) after.add(name, fresh.contains(name) ? *fresh[name] : before.at(name));
  for (auto& [name, column] : fresh) {
    if (!after.find(name)) after.add(name, *column);
  }
  return after;
}

void check_edit(const ColumnEdit& edit, const Frame& before) {
  if (edit.column.empty() || edit.column.find('/') != std::string::npos || edit.column == "_index" ||
      edit.column == "__categories") {
    if (edit.column != before.index) {
      throw Error(Code::invalid_argument, fmt::format("'{}' cannot be the name of a column.", edit.column));
    }
  }
  if (edit.values.size() != before.rows()) {
    throw Error(Code::invalid_argument, fmt::format("column '{}' has {} rows, {} has {}.", edit.column,
                                                    edit.values.size(), edit.slot, before.rows()));
  }
}

}  // namespace

void edit_columns(const Hdf5File& target, std::span<const ColumnEdit> edits, std::unique_ptr<Tree> tree) {
  const auto& path = target.name;
  std::map<std::string, std::vector<const ColumnEdit*>> by_slot;
  for (auto& edit : edits) by_slot[edit.slot].push_back(&edit);
  std::map<std::string, Frame> before;
  std::map<std::string, bool> records;
  for (auto& [slot, columns] : by_slot) {
    if (!dictionary_path(slot).empty()) {
      for (const auto* edit : columns) check_value(*edit);
      continue;
    }
    const auto at = table_path(slot);
    if (at.empty() || tree->kind(at) == Tree::Node::none) {
      throw Error(Code::not_found, fmt::format("'{}' has no table '{}' whose columns could be replaced.", path, slot));
    }
    before[slot] = read_dataframe(*tree, at);
    records[slot] = tree->kind(at) == Tree::Node::array;
    for (auto* edit : columns) check_edit(*edit, before[slot]);
  }
  tree.reset();
  std::string why;
  const Id file = open_file(target.descriptor, H5F_ACC_RDWR, why);
  if (!file.is_open()) throw Error(Code::corrupt, fmt::format("'{}' cannot be opened for writing: {}.", path, why));
  for (auto& [slot, columns] : by_slot) {
    if (const auto path = dictionary_path(slot); !path.empty()) {
      edit_dictionary(file.get(), path, columns);
      continue;
    }
    if (!records[slot]) {
      edit_group(file.get(), table_path(slot), columns, before[slot]);
      continue;
    }
    rewrite_frame(file.get(), table_path(slot), edited(before[slot], columns));
  }
  check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), path, "cannot be written");
}

}  // namespace lamin::format::h5
