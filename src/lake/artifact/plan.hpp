// plan.hpp -- before bytes move: which uid an artifact gets, and which place its bytes.
//
// Each function joins the caller's transaction, in which the intent is declared too: two writers of one key see each
// other's announcement and take uids one after the other, of one family.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>
#include "lake/artifact/intent.hpp"
#include "lamin/artifact.hpp"

namespace lamin::lake {

std::int64_t storage_of(const Draft& draft);
/// The stem of the family that the draft's key belongs to, by rows that are there.
std::optional<std::string> stored_family_of_key(Instance& instance, const Draft& draft);

/// The uids that writers have announced, read once in a transaction and grown by what it announces itself.
class Announced {
 public:
  explicit Announced(Instance& instance);
  void add(std::int64_t storage, std::string_view key, std::string_view uid);
  /// The first that was announced for the key; empty if none was.
  std::string_view of_key(std::int64_t storage, std::string_view key) const;
  std::vector<std::string> of_stem(std::string_view stem) const;

 private:
  std::size_t stem_size_;
  std::unordered_map<std::string, std::string> first_of_key_;
  std::unordered_map<std::string, std::vector<std::string>> of_stem_;
};

/// Which texts any artifact has in a column: of many asked for together, so that those that none has need no further
/// look. Of few it says nothing, that is, `may_have` is true.
class Glance {
 public:
  Glance(Instance& instance, std::string_view column, std::vector<Value> texts);
  void add(std::string_view text) { there_.emplace(text); }
  bool may_have(std::string_view text) const { return blind_ || there_.contains(std::string(text)); }

 private:
  bool blind_;
  std::unordered_set<std::string> there_;
};

/// Gives the draft its uid: after every version that exists or is announced. `fresh`: a new family gets a new stem.
void assign_uid(Instance& instance, Draft& draft, const Announced& announced, const Glance& keys, bool fresh);
/// Kind, place and target of what is to be announced; no place where no bytes move. nullopt if something lies already
/// at the place that only this uid can name: another uid is needed. Throws conflict if a file that is not an artifact
/// is in the way.
std::optional<Intent> intent_for(Instance& instance, const Draft& draft, const std::string& operation);
/// The same for a known artifact: unless what is stored is right, the given content replaces it. No place if it is, or
/// nothing was given. A version that lost its place to a later one gets another: its intent is a put, and
/// the commit sets its real key.
Intent repair_for(Instance& instance, const Draft& draft, const std::string& operation, bool is_right);

}  // namespace lamin::lake
