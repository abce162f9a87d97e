// message.hpp -- what the library tells a user, and what the user can do about it.
//
// Library code never prints. A text for a user is Words: plain text with remedies in it, which are data, so that each
// face spells them in its own way: `ln.track()` in Python, `lamin track` in a shell. Messages go to the Session of the
// caller (session.hpp), and words of an error into the Error.
//
// Example: examples/cpp/message.cpp
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lamin {

enum class Level : std::uint8_t { debug, hint, info, success, important, warning, error, silent };

/// Who reads it.
enum class Face : std::uint8_t { cpp, python, shell };

/// Something that would help. What the strings mean depends on the verb; src/base/remedy.cpp has one row per verb.
struct Remedy {
  enum class Verb : std::uint8_t {
    track,               ///< track a run
    get_input,           ///< get the artifact again, so that it counts as an input of the run
    register_feature,    ///< named `name`, with dtype `field`
    register_values,     ///< `values` of field `field` in registry `name`
    standardize,         ///< column `name`; in Python of the object `field`
    coerce,              ///< let values be converted
    make_type,           ///< create a record as a type
    delete_permanently,  ///< rather than into the trash
    delete_bytes,        ///< of an artifact, too
    keep_bytes,          ///< of an artifact
    duplicate,           ///< or save known content as another artifact; a clause, empty where there is no way
    name_source,         ///< say which ontology a file is
    name_version,        ///< say which release of an ontology a file is
    register_terms,      ///< as register_values, in a registry that has terms from its source
  };
  Verb verb = {};
  std::string name = {}, field = {};
  std::vector<std::string> values = {};

  std::string in(Face face) const;  ///< "`ln.track()`"; several lines for what is registered
};

/// A text with remedies in it. Converts from text by itself; `+` appends.
class Words {
 public:
  Words() = default;
  Words(std::string text);                                          // NOLINT(google-explicit-constructor)
  Words(const char* text) : Words(std::string(text)) {}             // NOLINT(google-explicit-constructor)
  Words(std::string_view text) : Words(std::string(text)) {}        // NOLINT(google-explicit-constructor)
  Words(Remedy remedy) { parts_.emplace_back(std::move(remedy)); }  // NOLINT(google-explicit-constructor)
  Words& operator+=(const Words& more);
  friend Words operator+(Words words, const Words& more) { return std::move(words += more); }

  std::string in(Face face) const;
  std::vector<Remedy> remedies() const;

 private:
  std::vector<std::variant<std::string, Remedy>> parts_;
};

/// Where messages go, in the words of a face; without secrets, and with control characters made visible.
struct Messages {
  std::function<void(Level, std::string_view)> write = {};
  Face face = Face::cpp;
};

}  // namespace lamin
