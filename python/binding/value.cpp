// value.cpp -- see value.hpp.
#include "value.hpp"
#include <Python.h>
#include <datetime.h>
#include <nanobind/stl/string.h>
#include "document.hpp"
#include "lamin/error.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

constexpr std::int64_t microsecond = 1'000'000, day_seconds = 86'400;

/// Imports the C interface of datetime on first use, so that a process without times does not pay for it.
void need_datetime() {
  if (!PyDateTimeAPI) PyDateTime_IMPORT;
  if (!PyDateTimeAPI) throw nb::python_error();
}

struct Civil {
  int year, month, day;
};

// Proleptic Gregorian calendar from days since 1970-01-01, in eras of 400 years.
Civil civil(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto doe = static_cast<unsigned>(days - era * 146'097);
  const unsigned yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return {static_cast<int>(yoe + era * 400) + (month <= 2), month, static_cast<int>(doy - (153 * mp + 2) / 5 + 1)};
}

std::int64_t days_of(int year, int month, int day) {
  year -= month <= 2;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const auto yoe = static_cast<unsigned>(year - era * 400);
  const unsigned doy =
      (153 * static_cast<unsigned>(month > 2 ? month - 3 : month + 9) + 2) / 5 + static_cast<unsigned>(day) - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return std::int64_t{era} * 146'097 + static_cast<std::int64_t>(doe) - 719'468;
}

nb::object from_time(Time time) {
  need_datetime();
  std::int64_t seconds = time.micros / microsecond, micros = time.micros % microsecond;
  if (micros < 0) micros += microsecond, --seconds;
  std::int64_t days = seconds / day_seconds, rest = seconds % day_seconds;
  if (rest < 0) rest += day_seconds, --days;
  const Civil c = civil(days);
  return nb::steal(PyDateTimeAPI->DateTime_FromDateAndTime(
      c.year, c.month, c.day, static_cast<int>(rest / 3600), static_cast<int>(rest / 60 % 60),
      static_cast<int>(rest % 60), static_cast<int>(micros), time.zoned ? PyDateTime_TimeZone_UTC : Py_None,
      PyDateTimeAPI->DateTimeType));
}

nb::object from_date(Date date) {
  need_datetime();
  const Civil c = civil(date.days);
  return nb::steal(PyDate_FromDate(c.year, c.month, c.day));
}

Value time_value(nb::handle h) {
  std::int64_t offset = 0;
  const nb::object shift = h.attr("utcoffset")();
  if (!shift.is_none()) {
    offset = PyDateTime_DELTA_GET_DAYS(shift.ptr()) * day_seconds + PyDateTime_DELTA_GET_SECONDS(shift.ptr());
  }
  PyObject* t = h.ptr();
  const std::int64_t days = days_of(PyDateTime_GET_YEAR(t), PyDateTime_GET_MONTH(t), PyDateTime_GET_DAY(t));
  const std::int64_t seconds = days * day_seconds + PyDateTime_DATE_GET_HOUR(t) * 3600 +
                               PyDateTime_DATE_GET_MINUTE(t) * 60 + PyDateTime_DATE_GET_SECOND(t) - offset;
  return Time{.micros = seconds * microsecond + PyDateTime_DATE_GET_MICROSECOND(t), .zoned = !shift.is_none()};
}

std::int64_t micros_of(nb::handle delta) {
  PyObject* d = delta.ptr();
  return (PyDateTime_DELTA_GET_DAYS(d) * day_seconds + PyDateTime_DELTA_GET_SECONDS(d)) * microsecond +
         PyDateTime_DELTA_GET_MICROSECONDS(d);
}

std::string text_of(nb::handle str) {
  Py_ssize_t size = 0;
  const char* s = PyUnicode_AsUTF8AndSize(str.ptr(), &size);
  if (!s) throw nb::python_error();
  return {s, static_cast<std::size_t>(size)};
}

std::int64_t integer_of(nb::handle number) {
  int overflow = 0;
  const long long i = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow) throw Error(Code::invalid_argument, "the integer " + text_of(nb::str(number)) + " exceeds 64 bits");
  if (i == -1 && PyErr_Occurred()) throw nb::python_error();
  return i;
}

/// Values of other libraries and of less common standard types.
Value other_value(nb::handle h) {
  need_datetime();
  if (PyDateTime_Check(h.ptr())) return time_value(h);
  if (PyDate_Check(h.ptr())) {
    PyObject* d = h.ptr();
    return Date{
        static_cast<std::int32_t>(days_of(PyDateTime_GET_YEAR(d), PyDateTime_GET_MONTH(d), PyDateTime_GET_DAY(d)))};
  }
  if (PyDelta_Check(h.ptr())) return micros_of(h);
  if (PyRecord* record = as_record(h)) {
    if (!record->record.saved()) {
      throw Error(Code::invalid_argument, to_string(record->record) + " is not saved: save it before you refer to it");
    }
    return record->record.id();
  }
  if (PyDict_Check(h.ptr()) || PyList_Check(h.ptr()) || PyTuple_Check(h.ptr())) return Json{dump_json(h)};
  if (nb::hasattr(h, "__fspath__")) return text_of(nb::str(h));
  if (nb::hasattr(h, "item") && nb::hasattr(h, "dtype")) return to_value(h.attr("item")());  // a numpy scalar
  if (nb::hasattr(h, "hex") && nb::hasattr(h, "int")) return text_of(nb::str(h));            // a UUID
  throw nb::type_error(("a field cannot hold a " + std::string(Py_TYPE(h.ptr())->tp_name)).c_str());
}

}  // namespace

nb::object from_value(const Value& value) {
  switch (value.index()) {
    case 0: return nb::none();
    case 1: return nb::bool_(std::get<bool>(value));
    case 2: return nb::int_(std::get<std::int64_t>(value));
    case 3: return nb::float_(std::get<double>(value));
    case 4: {
      const auto& s = std::get<std::string>(value);
      return nb::str(s.data(), s.size());
    }
    case 5: return from_time(std::get<Time>(value));
    case 6: return from_date(std::get<Date>(value));
    default: return load_json(std::get<Json>(value).text);
  }
}

nb::object from_value(const Value& value, Type type) {
  if (auto* micros = std::get_if<std::int64_t>(&value); micros && type == Type::duration) {
    need_datetime();
    return nb::steal(PyDelta_FromDSU(static_cast<int>(*micros / (day_seconds * microsecond)),
                                     static_cast<int>(*micros / microsecond % day_seconds),
                                     static_cast<int>(*micros % microsecond)));
  }
  return from_value(value);
}

Value to_value(nb::handle h) {
  PyObject* o = h.ptr();
  if (o == Py_None) return {};
  if (PyUnicode_Check(o)) return text_of(h);
  if (PyBool_Check(o)) return o == Py_True;
  if (PyLong_Check(o)) return integer_of(h);
  if (PyFloat_Check(o)) return PyFloat_AS_DOUBLE(o);
  return other_value(h);
}

Value to_value(nb::handle h, Type type) {
  if (type == Type::json && !h.is_none()) return Json{dump_json(h)};
  Value value = to_value(h);
  if (type == Type::real) {
    if (auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  }
  return value;
}

std::vector<std::string> to_strings(nb::handle iterable) {
  std::vector<std::string> strings;
  if (PyUnicode_Check(iterable.ptr())) return {text_of(iterable)};
  if (PyList_Check(iterable.ptr())) strings.reserve(static_cast<std::size_t>(PyList_GET_SIZE(iterable.ptr())));
  for (nb::handle h : iterable) {
    if (h.is_none() || (PyFloat_Check(h.ptr()) && PyFloat_AS_DOUBLE(h.ptr()) != PyFloat_AS_DOUBLE(h.ptr()))) {
      strings.emplace_back();
    } else {
      strings.push_back(PyUnicode_Check(h.ptr()) ? text_of(h) : text_of(nb::str(h)));
    }
  }
  return strings;
}

nb::list from_strings(const std::vector<std::string>& strings) {
  nb::list list;
  for (const auto& s : strings) list.append(nb::str(s.data(), s.size()));
  return list;
}

std::string text_or_empty(nb::handle object) {
  if (object.is_none()) return {};
  return PyUnicode_Check(object.ptr()) ? text_of(object) : text_of(nb::str(object));
}

nb::object Texts::from(const Value& value) {
  const auto* text = value.text();
  if (text == nullptr) return from_value(value);
  auto [found, is_new] = known_.try_emplace(*text);
  if (is_new) found->second = from_value(value);
  return found->second;
}

}  // namespace lamin::python
