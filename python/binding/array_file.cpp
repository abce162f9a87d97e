// array_file.cpp -- arrays of HDF5 files and zarr folders, as bytes for numpy.
#include "lamin/array_file.hpp"
#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <algorithm>
#include <cstring>
#include "base/large_pages.hpp"
#include "bind.hpp"
#include "format/hdf5_arrays.hpp"
#include "lamin/array_place.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

using FileRef = std::shared_ptr<ArrayFile>;
using Rows = nb::ndarray<const std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Pairs = nb::ndarray<const std::int64_t, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;
using Cells = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Number = MatrixRows::Number;

/// Reading may call Python, from any thread.
template <class Work>
auto without_gil(const Work& work) {
  const nb::gil_scoped_release release;
  return work();
}

/// As numpy spells it: "<f4", "|b1"; "text" for texts, None for what numpy has no type for; of a record a list of
/// (name, type, offset).
nb::object dtype_of(const ArrayType& type) {
  using Cell = ArrayType::Kind;
  const char order = type.size < 2 ? '|' : type.is_big_endian ? '>' : '<';
  const auto spelled = [&](char kind, std::size_t size) { return nb::cast(fmt::format("{}{}{}", order, kind, size)); };
  switch (type.kind) {
    case Cell::boolean: return nb::cast("|b1");
    case Cell::integer: return spelled('i', type.size);
    case Cell::natural: return spelled('u', type.size);
    case Cell::real: return spelled('f', type.size);
    case Cell::complex: return spelled('c', type.size);
    case Cell::bytes: return nb::cast(fmt::format("|S{}", type.size));
    case Cell::wide_text: return spelled('U', type.size / 4);
    case Cell::text: return nb::cast("text");
    case Cell::record: {
      nb::list fields;
      for (const auto& field : type.fields)
        fields.append(nb::make_tuple(field.name, dtype_of(field.type), field.offset));
      return fields;
    }
    case Cell::other: break;
  }
  return nb::none();
}

std::vector<Range> ranges_of(const Rows& rows) {
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows.data()[i];
    if (!ranges.empty() && ranges.back().begin + ranges.back().count == row) ++ranges.back().count;
    else ranges.push_back({row, 1});
  }
  return ranges;
}

std::vector<Range> ranges_of(const Pairs& pairs) {
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < pairs.shape(0); ++i) {
    const auto begin = pairs(i, 0), end = pairs(i, 1);
    if (end <= begin) continue;
    if (!ranges.empty() && ranges.back().begin + ranges.back().count == begin) ranges.back().count += end - begin;
    else ranges.push_back({begin, end - begin});
  }
  return ranges;
}

/// A dimension is None (all of it), (begin, end), an array of rows, or an array of such pairs.
Selection selection_of(const ArrayInfo& info, const nb::list& given) {
  if (given.size() != info.shape.size())
    throw Error(Code::invalid_argument,
                fmt::format("{} dimensions were selected of {}.", given.size(), info.shape.size()));
  const auto range = [](nb::handle pair) {
    const auto begin = nb::cast<std::int64_t>(pair[0]), end = nb::cast<std::int64_t>(pair[1]);
    return Range{begin, end - begin};
  };
  Selection selection;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const nb::handle axis = given[i];
    if (axis.is_none()) {
      selection.push_back({{0, info.shape[i]}});
    } else if (nb::isinstance<nb::tuple>(axis)) {
      selection.push_back({range(axis)});
    } else if (Pairs pairs; nb::try_cast(axis, pairs)) {
      selection.push_back(ranges_of(pairs));
    } else {
      selection.push_back(ranges_of(nb::cast<Rows>(axis)));
    }
  }
  return selection;
}

std::int64_t cells_of(const Selection& selection) {
  std::int64_t cells = 1;
  for (const auto& axis : selection) {
    std::int64_t count = 0;
    for (const auto& range : axis) count += range.count;
    cells *= count;
  }
  return cells;
}

/// Not bytes: numpy uses the buffer without a copy, and it must be writable.
nb::object buffer_of(std::int64_t bytes) {
  auto buffer = nb::steal(PyByteArray_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(bytes)));
  if (!buffer.is_valid()) throw nb::python_error();
  base::prefer_large_pages(PyByteArray_AS_STRING(buffer.ptr()), static_cast<std::size_t>(bytes));
  return buffer;
}

std::span<std::byte> inside(const nb::object& buffer) {
  return {reinterpret_cast<std::byte*>(PyByteArray_AS_STRING(buffer.ptr())),
          static_cast<std::size_t>(PyByteArray_GET_SIZE(buffer.ptr()))};
}

nb::object read(ArrayFile& file, const std::string& path, const nb::list& given) {
  const auto info = without_gil([&] { return file.info(path); });
  const auto selection = selection_of(info, given);
  const auto buffer = buffer_of(cells_of(selection) * static_cast<std::int64_t>(info.type.size));
  nb::gil_scoped_release release;
  file.read(path, selection, inside(buffer));
  return buffer;
}

nb::list to_texts(const ArrayTexts& texts) {
  auto list = nb::steal<nb::list>(PyList_New(std::ssize(texts.ends)));
  for (std::size_t i = 0; i < texts.ends.size(); ++i) {
    const auto text = texts.at(i);
    auto* made = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
    if (made == nullptr) throw nb::python_error();
    PyList_SET_ITEM(list.ptr(), static_cast<Py_ssize_t>(i), made);
  }
  return list;
}

nb::list read_texts(ArrayFile& file, const std::string& path, const nb::list& given) {
  const auto selection = selection_of(without_gil([&] { return file.info(path); }), given);
  return to_texts(without_gil([&] { return file.read_texts(path, selection); }));
}

Number number_called(const std::string& name) {
  static constexpr std::pair<std::string_view, Number> names[] = {
      {"int8", Number::int8},       {"int16", Number::int16},    {"int32", Number::int32},   {"int64", Number::int64},
      {"uint8", Number::uint8},     {"uint16", Number::uint16},  {"uint32", Number::uint32}, {"uint64", Number::uint64},
      {"float32", Number::float32}, {"float64", Number::float64}};
  for (const auto& [known, number] : names)
    if (known == name) return number;
  throw Error(Code::invalid_argument,
              fmt::format("Rows cannot be read as '{}', only as integers and floats of up to 64 bits.", name));
}

/// Rows one after the other, as numbers of the type.
nb::object read_rows(const MatrixRows& matrix, const Rows& rows, const std::string& type) {
  const auto number = number_called(type);
  const auto buffer =
      buffer_of(static_cast<std::int64_t>(rows.size()) * matrix.wide() * static_cast<std::int64_t>(size_of(number)));
  nb::gil_scoped_release release;
  matrix.read({rows.data(), rows.size()}, number, inside(buffer));
  return buffer;
}

/// Released under the GIL by whichever thread is the last.
struct PythonRead {
  explicit PythonRead(nb::object call) : call(std::move(call)) {}
  PythonRead(const PythonRead&) = delete;
  PythonRead& operator=(const PythonRead&) = delete;
  ~PythonRead() {
    const nb::gil_scoped_acquire acquire;
    call = nb::object();
  }
  nb::object call;
};

/// `read(offset, size)` returns bytes; what it raises is raised where the array is read.
FileRef open_ranges(nb::object read, std::int64_t size, const std::string& name) {
  auto held = std::make_shared<PythonRead>(std::move(read));
  const auto fill = [held](std::int64_t offset, std::span<std::uint8_t> into) {
    const nb::gil_scoped_acquire acquire;
    const auto got = nb::cast<nb::bytes>(held->call(offset, into.size()));
    const auto count = std::min(into.size(), got.size());
    std::copy_n(static_cast<const std::uint8_t*>(got.data()), count, into.data());
    return count;
  };
  const nb::gil_scoped_release release;
  return format::open_hdf5_arrays(format::FileRanges{size, fill}, name);
}

/// (local path,) or (root, region, key), from which any process opens it again.
nb::tuple place_of(nb::handle object) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  ArrayPlace place;
  locked(*session, [&] { place = array_place(session->open(), r.record); });
  if (!place.path.empty()) return nb::make_tuple(place.path.string());
  return nb::make_tuple(place.root, place.region, place.key);
}

}  // namespace

void bind_array_file(nb::module_& m) {
  nb::class_<ArrayFile>(m, "ArrayFile")
      .def("kind",
           [](ArrayFile& file, const std::string& path) -> nb::object {
             const auto kind = without_gil([&] { return file.kind(path); });
             if (kind == ArrayFile::Node::none) return nb::none();
             return nb::cast(kind == ArrayFile::Node::group ? "group" : "array");
           })
      .def("children", &ArrayFile::children, nb::call_guard<nb::gil_scoped_release>())
      .def("attributes", &ArrayFile::attributes, nb::call_guard<nb::gil_scoped_release>())
      .def("info",
           [](ArrayFile& file, const std::string& path) {
             const auto info = without_gil([&] { return file.info(path); });
             return nb::make_tuple(dtype_of(info.type), nb::tuple(nb::cast(info.shape)),
                                   nb::tuple(nb::cast(info.chunks)));
           })
      .def("read", &read)
      .def("texts", &read_texts)
      .def("texts_at",
           [](ArrayFile& file, const Cells& cells) {
             const std::span given(reinterpret_cast<const std::byte*>(cells.data()), cells.size());
             return to_texts(without_gil([&] { return file.texts_at(given); }));
           })
      .def("keep", &ArrayFile::keep)
      .def_prop_ro("bytes_read", &ArrayFile::bytes_read);
  nb::class_<MatrixRows>(m, "MatrixRows")
      .def(nb::init<FileRef, std::string>(), nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro("shape", [](const MatrixRows& matrix) { return nb::make_tuple(matrix.rows(), matrix.columns()); })
      .def_prop_ro("wide", &MatrixRows::wide)
      .def_prop_ro("is_sparse", &MatrixRows::is_sparse)
      .def("place_columns",
           [](MatrixRows& matrix,
              const nb::ndarray<const std::int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>& places,
              std::int64_t wide) { matrix.place_columns({places.data(), places.data() + places.size()}, wide); })
      .def("read", &read_rows);
  m.def(
      "open_arrays", [](const std::string& path) { return open_arrays(ArrayPlace{.path = path}); },
      nb::call_guard<nb::gil_scoped_release>());
  m.def(
      "open_arrays",
      [](const std::string& root, const std::string& region, const std::string& key) {
        return open_arrays(ArrayPlace{{}, root, region, key});
      },
      nb::call_guard<nb::gil_scoped_release>());
  m.def("open_ranges", &open_ranges);
  m.def("array_place", &place_of);
}

}  // namespace lamin::python
