#include "lake/instance/bucket_lock.hpp"
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <thread>
#include "base/checkpoint.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lake/instance/env_file.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

// Names in the folder. LaminDB's are `priorities`, and two of each customer.
constexpr std::string_view own = "lamindb-native", object = "lamindb-native.lock", list = "priorities";
constexpr std::string_view numbers = "numbers/", entering = "entering/";
constexpr std::int64_t expires_after_s = std::int64_t{7} * 24 * 3600;  // as LaminDB's
constexpr int most_tries = 20;
constexpr auto patience_at_door = std::chrono::seconds(10);

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::int64_t seconds_now() { return std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()); }

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto trimmed = base::trim(text);
  std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
  return number;
}

bool is_conflict(const Error& e) { return e.code() == Code::conflict; }

}  // namespace

std::string LockHolder::text() const {
  return fmt::format("{}{}{}", user, host.empty() ? "" : " on " + host, since.empty() ? "" : " since " + since);
}

BucketLock::BucketLock(store::Store& store, std::string_view instance_id, std::string_view user)
    : store_(store), folder_(fmt::format(".lamindb/_exclusion/{}/", instance_id)), user_(user) {}

std::optional<std::string> BucketLock::read(std::string_view name) {
  try {
    return store::text_of(*store_.open(at(name)));
  } catch (const Error& e) {
    if (e.code() == Code::not_found) return std::nullopt;
    throw;
  }
}

void BucketLock::write(std::string_view name, std::string_view text, const store::Condition& condition) {
  static_cast<void>(store_.put_if(store::BytesReader(text), at(name), condition));
}

std::optional<LockHolder> BucketLock::read_holder() {
  const auto text = read(object);
  if (!text) return std::nullopt;
  const auto pairs = env_pairs(*text, "");
  return LockHolder{.user = env_value(pairs, "user").value_or("somebody"),
                    .host = env_value(pairs, "host").value_or(""),
                    .since = env_value(pairs, "since").value_or(""),
                    .token = env_value(pairs, "token").value_or("")};
}

// A server that takes no notice of conditions would let two writers in.
void BucketLock::check_decides() {
  try {
    write(object, "", {.is_absent = true});
  } catch (const Error& e) {
    if (is_conflict(e)) return;
    throw;
  }
  store_.remove(at(object));
  throw Error(Code::unsupported,
              fmt::format("'{}' takes no notice of conditional writes: the server is too old for a database in a "
                          "bucket. Keep the database elsewhere (--db).",
                          store_.root()));
}

std::optional<LockHolder> BucketLock::take_object(const std::string& token) {
  const auto text = fmt::format("token={}\nuser={}\nhost={}\nsince={}\nseconds={}\n", token, user_, host_name(),
                                base::display(base::now()), seconds_now());
  for (int attempt = 0;; ++attempt) {
    try {
      write(object, text, {.is_absent = true});
      check_decides();
      return std::nullopt;
    } catch (const Error& e) {
      if (!is_conflict(e) || attempt == most_tries) throw;
    }
    const auto entry = store_.stat(at(object));
    const auto found = read(object);
    if (!entry || !found) continue;  // it was let go meanwhile
    auto holder = read_holder();
    if (!holder) continue;
    if (holder->token == token) return std::nullopt;
    const auto since = number_in(env_value(env_pairs(*found, ""), "seconds").value_or("0"));
    if (since + expires_after_s > seconds_now()) return holder;
    try {
      write(object, text, {.etag = entry->stamp});
      return std::nullopt;
    } catch (const Error& e) {
      if (!is_conflict(e) || attempt == most_tries) throw;
    }
  }
}

std::vector<std::string> BucketLock::customers() {
  std::vector<std::string> names;
  for (const auto& name : base::split(read(list).value_or(""), '*')) {
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

// LaminDB writes the list as a whole and may drop a name that it did not see, so this is done for each lock. The files
// come before the name: LaminDB reads them without asking whether they are there.
void BucketLock::join_customers() {
  for (int attempt = 0;; ++attempt) {
    const auto entry = store_.stat(at(list));
    auto names = customers();
    if (std::ranges::find(names, own) != names.end()) return;
    write(fmt::format("{}{}", numbers, own), "0");
    write(fmt::format("{}{}", entering, own), "0");
    names.emplace_back(own);
    try {
      write(list, base::join(names, "*"),
            entry ? store::Condition{.etag = entry->stamp} : store::Condition{.is_absent = true});
      return;
    } catch (const Error& e) {
      if (!is_conflict(e) || attempt == most_tries) throw;
    }
  }
}

std::int64_t BucketLock::number_of(const std::string& customer) {
  return number_in(read(fmt::format("{}{}", numbers, customer)).value_or("0"));
}

// The customer whose turn it is, if that is another.
std::optional<std::string> BucketLock::enter() {
  join_customers();
  const auto own_number = fmt::format("{}{}", numbers, own), own_door = fmt::format("{}{}", entering, own);
  const auto names = customers();
  write(own_door, "1");
  std::int64_t number = 0;
  for (const auto& name : names) {
    if (name != own) number = std::max(number, number_of(name));
  }
  ++number;
  write(own_number, std::to_string(number));
  write(own_door, "0");
  const auto self = std::ranges::find(names, own);
  for (auto other = names.begin(); other != names.end(); ++other) {
    if (other == self) continue;
    const auto deadline = std::chrono::steady_clock::now() + patience_at_door;
    bool stuck = false;
    while (read(fmt::format("{}{}", entering, *other)).value_or("0") == "1") {
      if ((stuck = std::chrono::steady_clock::now() > deadline)) break;
      base::checkpoint();
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const auto theirs = number_of(*other);
    const bool is_before = theirs != 0 && (theirs < number || (theirs == number && other < self));
    if (!stuck && !is_before) continue;
    write(own_number, "0");
    return *other;
  }
  return std::nullopt;
}

std::optional<LockHolder> BucketLock::take(const std::string& token) {
  if (auto holder = take_object(token)) return holder;
  try {
    const auto other = enter();
    if (!other) return std::nullopt;
    release(token);
    return LockHolder{.is_lamindb = true, .user = *other};
  } catch (...) {
    try {
      release(token);
    } catch (const Error&) {  // the next attempt of this token finds the lock its own
    }
    throw;
  }
}

void BucketLock::release(const std::string& token) {
  const auto holder = read_holder();
  if (!holder || holder->token != token) return;
  write(fmt::format("{}{}", numbers, own), "0");
  store_.remove(at(object));
}

std::optional<LockHolder> BucketLock::holder() {
  if (auto found = read_holder()) return found;
  for (const auto& name : customers()) {
    if (name != own && number_of(name) != 0) return LockHolder{.is_lamindb = true, .user = name};
  }
  return std::nullopt;
}

void BucketLock::break_open() {
  for (const auto& name : customers()) {
    write(fmt::format("{}{}", numbers, name), "0");
    write(fmt::format("{}{}", entering, name), "0");
  }
  store_.remove(at(object));
}

}  // namespace lamin::lake
