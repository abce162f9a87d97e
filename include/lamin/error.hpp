// error.hpp -- the one exception of the library.
//
// A code says what kind of failure it is (nobody parses a message to decide); the message says which value was wrong,
// why, and what to do next; context is added as the error propagates. One table (src/base/error.cpp) maps a code to its
// Python class, HTTP status and exit code. An expected absence is a value, not an Error: find_x returns an optional.
// Nothing else is thrown except std::bad_alloc and whatever a caller's own functions throw.
//
// Example: examples/cpp/error.cpp
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/message.hpp"

namespace lamin {

/// What kind of failure. A declaration that says "throws conflict" throws an Error with Code::conflict.
enum class Code {
  invalid_argument,  ///< a value that is wrong whatever the instance holds
  unknown_field,     ///< a query or constructor names a field that the registry does not have
  validation,        ///< a value that is not registered, or breaks a schema
  not_found,         ///< no row, file or instance has this name
  multiple_found,    ///< exactly one was expected, several were found
  conflict,          ///< already exists, another writer was first, or the database is newer than the program
  protected_row,     ///< other rows still refer to it
  no_access,         ///< the storage, file or database denies access
  not_configured,    ///< no instance is connected, no organism is set, ...
  unavailable,       ///< a server, network or disk does not respond, or the disk is full
  corrupt,           ///< bytes are not what their name or digest says
  unsupported,       ///< the format or feature is not implemented here
  interrupted,       ///< the caller cancelled
  internal,          ///< a bug in this library
};

/// Catch by reference. To add context on the way up: `catch (Error& e) { e.add_context(...); throw; }`.
class Error : public std::runtime_error {
 public:
  /// `words` are a sentence for the user: what was wrong, including the value, and what to do next. `what()` is how C++
  /// says it.
  Error(Code code, Words words) : std::runtime_error(words.in(Face::cpp)), code_(code), words_(std::move(words)) {}
  Code code() const { return code_; }
  const Words& words() const { return words_; }

  /// What was being done, innermost first: "while saving artifact 'a.h5ad'".
  const std::vector<std::string>& context() const { return context_; }
  Error& add_context(std::string what) {
    context_.push_back(std::move(what));
    return *this;
  }

  /// A class of lamindb.errors that is narrower than the code's ("StorageNotEmpty"); empty: the code's.
  std::string_view python() const { return python_; }
  Error& known_as(std::string_view python) {
    python_ = python;  // a literal
    return *this;
  }

 private:
  Code code_;
  Words words_;
  std::string_view python_;
  std::vector<std::string> context_;
};

/// How each face reports a code.
struct CodeRow {
  Code code;
  std::string_view name;    ///< "unknown_field"
  std::string_view python;  ///< a class of lamindb.errors: "FieldValidationError"
  int http;                 ///< response status: 400
  int exit_status;          ///< of a shell command: 3
};
const CodeRow& row(Code code);  ///< never fails; lives as long as the process

}  // namespace lamin
