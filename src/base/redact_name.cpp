// redact_name.cpp -- names of things that hold a secret.
#include <algorithm>
#include <array>
#include <span>
#include <vector>
#include "base/redact.hpp"

namespace lamin::base {
namespace {

using Words = std::span<const std::string_view>;

/// Anywhere in a name.
constexpr std::string_view strong[] = {
    "secret",        "secrets",       "token",        "password",  "passwords",       "passwd",
    "passphrase",    "passphrases",   "passcode",     "pwd",       "credential",      "credentials",
    "apikey",        "apikeys",       "apitoken",     "accesskey", "accesstoken",     "authkey",
    "authtoken",     "bearertoken",   "privatekey",   "secretkey", "secretaccesskey", "sessiontoken",
    "refreshtoken",  "securitytoken", "clientsecret", "appsecret", "accountkey",      "sharedaccesskey",
    "encryptionkey", "signingkey",    "sshkey",       "sastoken",  "csrftoken",       "idtoken"};
/// At the end of a name, or before a word that says how it is encoded.
constexpr std::string_view at_the_end[] = {"auth",    "authorization", "authentication", "cookie",
                                           "cookies", "cred",          "creds"};
constexpr std::string_view written_as[] = {"header", "value", "string", "str", "data"};
/// Ends of compound words: PGPASSWORD.
constexpr std::string_view endings[] = {"password", "passwd", "passphrase"};
/// "<these> key".
constexpr std::string_view of_key[] = {"api",     "access",   "private", "secret",     "auth",
                                       "account", "shared",   "signing", "encryption", "subscription",
                                       "ssh",     "consumer", "service"};
/// "<these> pass".
constexpr std::string_view of_pass[] = {"db",       "database", "user",  "smtp", "mysql", "pg",
                                        "postgres", "redis",    "ftp",   "ssh",  "admin", "root",
                                        "login",    "mail",     "email", "http", "proxy", "vpn"};
/// A name with this ending says where a secret is, or something about it.
constexpr std::string_view about[] = {"file", "path",  "dir",  "folder", "stdin", "filename", "env",    "length",
                                      "len",  "count", "size", "limit",  "type",  "prompt",   "policy", "expiry"};
/// Tokens of language models.
constexpr std::string_view special[] = {"pad", "eos", "bos", "unk", "cls", "sep", "mask"};

constexpr std::size_t longest_name = 128;

bool in(Words list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

/// The words of a name, in lower case and without trailing digits: "apiKey2" and "API-key" are "api", "key".
class Split {
 public:
  explicit Split(std::string_view name) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = name[i];
      if (!upper(c) && !lower(c) && !digit(c) && (c & 0x80) == 0) {
        end_word(begin);
        begin = size_;
        continue;
      }
      const bool after_small = i > 0 && (lower(name[i - 1]) || digit(name[i - 1]));
      const bool before_small = i > 0 && upper(name[i - 1]) && i + 1 < name.size() && lower(name[i + 1]);
      if (upper(c) && (after_small || before_small)) {
        end_word(begin);
        begin = size_;
      }
      text_[size_++] = upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    end_word(begin);
  }
  Words words() const { return words_; }

 private:
  void end_word(std::size_t begin) {
    std::size_t end = size_;
    while (end > begin && digit(text_[end - 1])) --end;
    if (end > begin) words_.emplace_back(text_.data() + begin, end - begin);
  }

  std::array<char, longest_name> text_{};
  std::size_t size_ = 0;
  std::vector<std::string_view> words_;
};

bool is_strong(std::string_view word) {
  if (in(strong, word)) return true;
  return std::ranges::any_of(endings, [&](std::string_view end) { return word.ends_with(end); });
}

/// Rules out nearly all names quickly.
bool may_be_secret(std::string_view name) {
  constexpr std::string_view parts[] = {"key", "tok", "sec", "pas", "pwd", "aut", "cre", "coo"};
  for (std::size_t i = 0; i + 3 <= name.size(); ++i) {
    const char word[] = {static_cast<char>(name[i] | 0x20), static_cast<char>(name[i + 1] | 0x20),
                         static_cast<char>(name[i + 2] | 0x20)};
    if (in(parts, {word, 3})) return true;
  }
  return false;
}

}  // namespace

bool is_secret_name(std::string_view name) {
  if (name.size() > longest_name) name.remove_prefix(name.size() - longest_name);
  if (!may_be_secret(name)) return false;
  const Split split(name);
  const auto words = split.words();
  if (words.empty() || in(about, words.back())) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "token" && i > 0 && in(special, words[i - 1])) return false;
    if (is_strong(words[i])) return true;
    if (i == 0) continue;
    if ((words[i] == "key" || words[i] == "keys") && in(of_key, words[i - 1])) return true;
  }
  const auto last = words.size() > 1 && in(written_as, words.back()) ? words.size() - 2 : words.size() - 1;
  if (in(at_the_end, words[last])) return true;
  return last > 0 && words[last] == "pass" && in(of_pass, words[last - 1]);
}

}  // namespace lamin::base
