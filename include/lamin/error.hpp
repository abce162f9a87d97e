// error.hpp -- the one exception of the library.
//
// A code says what kind of failure it is (nobody reads a message to decide); the message says which value was
// wrong, why, and what to do next; the context grows as the error rises. One table (src/base/error.cpp) maps a
// code to its Python class, HTTP status and exit code. An absence that is expected is a value, not an Error: find_x
// returns an optional. Nothing else is thrown but std::bad_alloc and what a caller's own functions throw.
//
// Example: examples/cpp/error.cpp
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lamin {

/// What kind of failure. A declaration that says "throws conflict" throws an Error with Code::conflict.
enum class Code {
  invalid_argument,  ///< a value that no state of the instance could make right
  unknown_field,     ///< a query or constructor names a field that the registry does not have
  validation,        ///< a value that is not registered, or breaks a schema
  not_found,         ///< no row, file, instance answers to the name
  multiple_found,    ///< exactly one was asked for and there are several
  conflict,          ///< exists already, or another writer was first, or the database is newer than the program
  protected_row,     ///< other rows still point at it
  no_access,         ///< the storage, file or database refuses
  not_configured,    ///< no instance is connected, no organism is set, ...
  unavailable,       ///< a server, network or disk does not answer, or the disk is full
  corrupt,           ///< bytes are not what their name or digest says
  unsupported,       ///< the format or feature is not implemented here
  interrupted,       ///< the caller cancelled
  internal,          ///< a defect of this library
};

/// Caught by reference; to add to it on its way up: `catch (Error& e) { e.add_context(...); throw; }`.
class Error : public std::runtime_error {
 public:
  /// `message` is a sentence for a person: what was wrong, with the value, and what to do next.
  Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}
  Code code() const { return code_; }

  /// What was being done, innermost first: "while saving artifact 'a.h5ad'".
  const std::vector<std::string>& context() const { return context_; }
  Error& add_context(std::string what) {
    context_.push_back(std::move(what));
    return *this;
  }

 private:
  Code code_;
  std::vector<std::string> context_;
};

/// What each face calls a code.
struct CodeRow {
  Code code;
  std::string_view name;    ///< "unknown_field"
  std::string_view python;  ///< a class of lamindb.errors: "FieldValidationError"
  int http;                 ///< status of a response: 400
  int exit_status;          ///< of a shell command: 3
};
const CodeRow& row(Code code);  ///< never fails; lives as long as the process

}  // namespace lamin
