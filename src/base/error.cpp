// error.cpp -- the one table that maps a code to what each face calls it.
#include "lamin/error.hpp"

namespace lamin {
namespace {

// In the order of Code. Exit statuses are distinct, so that a script can tell failures apart; 1 is left to crashes in
// the shell itself, 2 is what a shell command returns for wrong usage, 70 and 130 follow sysexits and signals.
constexpr CodeRow rows[] = {
    {Code::invalid_argument, "invalid_argument", "InvalidArgument", 400, 2},
    {Code::unknown_field, "unknown_field", "FieldValidationError", 400, 3},
    {Code::validation, "validation", "ValidationError", 422, 4},
    {Code::not_found, "not_found", "ObjectDoesNotExist", 404, 5},
    {Code::multiple_found, "multiple_found", "MultipleObjectsReturned", 300, 6},
    {Code::conflict, "conflict", "IntegrityError", 409, 7},
    {Code::protected_row, "protected_row", "ProtectedError", 423, 8},
    {Code::no_access, "no_access", "NoWriteAccess", 403, 9},
    {Code::not_configured, "not_configured", "CurrentInstanceNotConfigured", 412, 10},
    {Code::unavailable, "unavailable", "Unavailable", 503, 11},
    {Code::corrupt, "corrupt", "CorruptData", 502, 12},
    {Code::unsupported, "unsupported", "Unsupported", 501, 13},
    {Code::interrupted, "interrupted", "Interrupted", 499, 130},
    {Code::internal, "internal", "InternalError", 500, 70},
};

consteval bool in_order() {
  int i = 0;
  for (const auto& r : rows) {
    if (static_cast<int>(r.code) != i++) return false;
  }
  return i == static_cast<int>(Code::internal) + 1;
}
static_assert(in_order(), "the table has one row a code, in the order of the enum");

}  // namespace

const CodeRow& row(Code code) { return rows[static_cast<std::size_t>(code)]; }

}  // namespace lamin
