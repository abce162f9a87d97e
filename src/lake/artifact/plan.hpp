// plan.hpp -- before bytes move: which uid an artifact gets, and where its bytes go.
//
// Each function joins the caller's transaction, which also declares the intent: two writers of one key see each other's
// announcement and take successive uids of one family.
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
/// The stem of the family that the draft's key belongs to, according to existing rows.
std::optional<std::string> stored_family_of_key(Instance& instance, const Draft& draft);

/// The uids that writers have announced, read once per transaction and extended with its own announcements.
class Announced {
 public:
  explicit Announced(Instance& instance);
  void add(std::int64_t storage, std::string_view key, std::string_view uid);
  /// The first uid announced for the key; empty if none.
  std::string_view of_key(std::int64_t storage, std::string_view key) const;
  std::vector<std::string> of_stem(std::string_view stem) const;

 private:
  std::size_t stem_size_;
  std::unordered_map<std::string, std::string> first_of_key_;
  std::unordered_map<std::string, std::vector<std::string>> of_stem_;
};

/// A presence filter for a column of Artifact: looks up many texts in one query, so that absent ones need no further
/// query. For a few texts it is disabled and `may_have` is always true.
class PresenceFilter {
 public:
  PresenceFilter(Instance& instance, std::string_view column, std::vector<Value> texts);
  void add(std::string_view text) { there_.emplace(text); }
  bool may_have(std::string_view text) const { return blind_ || there_.contains(std::string(text)); }

 private:
  bool blind_;
  std::unordered_set<std::string> there_;
};

/// Gives the draft its uid: after every version that exists or is announced. `fresh`: a new family gets a new stem.
void assign_uid(Instance& instance, Draft& draft, const Announced& announced, const PresenceFilter& keys, bool fresh);
/// Kind, place and target of the intent to declare; no place if no bytes move. nullopt if something is already at the
/// place that only this uid can name, so that another uid is needed. Throws conflict if a file that is not an artifact
/// is in the way.
std::optional<Intent> intent_for(Instance& instance, const Draft& draft, const std::string& operation);
/// The same for an existing artifact: the given content replaces the stored one unless that is right. No place if it is
/// right or nothing was given. A version that lost its place to a later one gets another: its intent is a put, and the
/// commit sets its real key.
Intent repair_for(Instance& instance, const Draft& draft, const std::string& operation, bool is_right);

/// The same for a draft that replaces the content of its row: a put, whose place becomes the row's real key, or a swap
/// with what is under the key.
Intent replacement_for(const Draft& draft, const std::string& operation);

}  // namespace lamin::lake
