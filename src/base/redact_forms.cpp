#include "base/redact_forms.hpp"
#include <algorithm>
#include <array>
#include <cstdint>
#include "base/redact.hpp"
#include "base/text.hpp"

namespace lamin::base {
namespace {

enum class Body : char { upper, hex, alnum, word, dash, dots, base64, path };

/// A prefix, which characters follow it, and how many at least and at most (0: any number).
struct Form {
  std::string_view prefix;
  Body body;
  std::uint16_t least, most = 0;
};

// In the order of their first characters.
constexpr Form forms[] = {
    {"ABIA", Body::upper, 16, 16},          // AWS
    {"ACCA", Body::upper, 16, 16},          //
    {"AGE-SECRET-KEY-1", Body::upper, 50},  // age
    {"AIza", Body::dash, 30, 45},           // Google
    {"AKIA", Body::upper, 16, 16},          // AWS
    {"ASIA", Body::upper, 16, 16},          //
    {"ATATT3", Body::dash, 50},             // Atlassian
    {"ATBB", Body::alnum, 28},              // Bitbucket
    {"ATCTT3", Body::dash, 50},             //
    {"CFPAT-", Body::dash, 40},             // Contentful
    {"EAACEdEose0cBA", Body::alnum, 10},    // Facebook
    {"FlyV1 fm2_", Body::base64, 40},       // Fly
    {"GOCSPX-", Body::dash, 24},            // Google
    {"HRKU-", Body::dash, 36},              // Heroku
    {"NRAK-", Body::upper, 24},             // New Relic
    {"PMAK-", Body::dash, 50},              // Postman
    {"SG.", Body::dots, 40},                // SendGrid
    {"akab-", Body::dash, 30},              // Akamai
    {"amzn.mws.", Body::dash, 30},          // Amazon
    {"cio", Body::alnum, 32, 32},           // crates.io
    {"dapi", Body::hex, 32, 34},            // Databricks
    {"dckr_pat_", Body::dash, 24},          // Docker
    {"discord.com/api/webhooks/", Body::path, 20},
    {"discordapp.com/api/webhooks/", Body::path, 20},
    {"doo_v1_", Body::hex, 60},       // DigitalOcean
    {"dop_v1_", Body::hex, 60},       //
    {"dor_v1_", Body::hex, 60},       //
    {"dp.pt.", Body::alnum, 40},      // Doppler
    {"dp.st.", Body::dots, 40},       //
    {"figd_", Body::dash, 36},        // Figma
    {"fo1_", Body::dash, 40},         // Fly
    {"gho_", Body::alnum, 30},        // GitHub
    {"ghp_", Body::alnum, 30},        //
    {"ghr_", Body::alnum, 30},        //
    {"ghs_", Body::alnum, 30},        //
    {"ghu_", Body::alnum, 30},        //
    {"github_pat_", Body::word, 22},  //
    {"glagent-", Body::dash, 20},     // GitLab
    {"glc_", Body::base64, 32},       // Grafana
    {"glcbt-", Body::dash, 20},       // GitLab
    {"gldt-", Body::dash, 20},        //
    {"glft-", Body::dash, 20},        //
    {"glimt-", Body::dash, 20},       //
    {"glpat-", Body::dash, 20},       //
    {"glptt-", Body::dash, 20},       //
    {"glrt-", Body::dash, 20},        //
    {"glsa_", Body::word, 40},        // Grafana
    {"glsoat-", Body::dash, 20},      // GitLab
    {"gsk_", Body::alnum, 40},        // Groq
    {"hf_", Body::alnum, 30},         // Hugging Face
    {"hooks.slack.com/services/", Body::path, 20},
    {"hooks.slack.com/workflows/", Body::path, 20},
    {"hooks.zapier.com/hooks/catch/", Body::path, 8},
    {"hvb.", Body::dash, 40},           // HashiCorp Vault
    {"hvr.", Body::dash, 40},           //
    {"hvs.", Body::dash, 40},           //
    {"lin_api_", Body::alnum, 36},      // Linear
    {"lsv2_pt_", Body::word, 36},       // LangSmith
    {"lsv2_sk_", Body::word, 36},       //
    {"npm_", Body::alnum, 30},          // npm
    {"ntn_", Body::alnum, 40},          // Notion
    {"nvapi-", Body::dash, 40},         // NVIDIA
    {"ops_eyJ", Body::base64, 100},     // 1Password
    {"pat-na1-", Body::dash, 36},       // HubSpot
    {"pplx-", Body::alnum, 40},         // Perplexity
    {"pscale_oauth_", Body::dots, 32},  // PlanetScale
    {"pscale_pw_", Body::dots, 32},     //
    {"pscale_tkn_", Body::dots, 32},    //
    {"pul-", Body::hex, 40, 40},        // Pulumi
    {"pypi-", Body::dash, 50},          // PyPI
    {"r8_", Body::alnum, 37},           // Replicate
    {"rk_live_", Body::alnum, 20},      // Stripe
    {"rk_test_", Body::alnum, 20},      //
    {"rubygems_", Body::hex, 40},       //
    {"secret_", Body::alnum, 43, 43},   // Notion
    {"sgp_", Body::word, 40},           // Sourcegraph
    {"shpat_", Body::hex, 32},          // Shopify
    {"shpca_", Body::hex, 32},          //
    {"shppa_", Body::hex, 32},          //
    {"shpss_", Body::hex, 32},          //
    {"sk-", Body::dash, 20},            // OpenAI, Anthropic and others
    {"sk_live_", Body::alnum, 20},      // Stripe
    {"sk_test_", Body::alnum, 20},      //
    {"sl.", Body::dash, 100},           // Dropbox
    {"sntrys_", Body::base64, 40},      // Sentry
    {"sntryu_", Body::hex, 60},         //
    {"sq0atp-", Body::dash, 22},        // Square
    {"sq0csp-", Body::dash, 40},        //
    {"tskey-", Body::dash, 24},         // Tailscale
    {"tvly-", Body::dash, 30},          // Tavily
    {"webhook.office.com/webhookb2/", Body::path, 20},
    {"whsec_", Body::base64, 24},  // Stripe
    {"xapp-", Body::dash, 20},     // Slack
    {"xkeysib-", Body::dash, 60},  // Brevo
    {"xoxa-", Body::dash, 10},     // Slack
    {"xoxb-", Body::dash, 10},     //
    {"xoxc-", Body::dash, 10},     //
    {"xoxd-", Body::dash, 10},     //
    {"xoxe-", Body::dash, 10},     //
    {"xoxe.", Body::dots, 20},     //
    {"xoxo-", Body::dash, 10},     //
    {"xoxp-", Body::dash, 10},     //
    {"xoxr-", Body::dash, 10},     //
    {"xoxs-", Body::dash, 10},     //
    {"ya29.", Body::dash, 20},     // Google
};

consteval bool in_order() {
  for (std::size_t i = 1; i < std::size(forms); ++i) {
    if (forms[i].prefix.front() < forms[i - 1].prefix.front()) return false;
  }
  return true;
}
static_assert(in_order());

/// Where the forms of each first character start.
consteval std::array<std::uint8_t, 129> index_forms() {
  std::array<std::uint8_t, 129> begin{};
  std::size_t i = 0;
  for (std::size_t c = 0; c < begin.size(); ++c) {
    begin[c] = static_cast<std::uint8_t>(i);
    while (i < std::size(forms) && static_cast<std::size_t>(forms[i].prefix.front()) == c) ++i;
  }
  return begin;
}
constexpr auto form_index = index_forms();

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool alnum(char c) { return upper(c) || (c >= 'a' && c <= 'z') || digit(c); }

bool belongs(Body body, char c) {
  switch (body) {
    case Body::upper: return upper(c) || digit(c);
    case Body::hex: return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    case Body::alnum: return alnum(c);
    case Body::word: return is_word(c);
    case Body::dash: return is_word(c) || c == '-';
    case Body::dots: return is_word(c) || c == '-' || c == '.';
    case Body::base64: return is_word(c) || c == '-' || c == '+' || c == '/' || c == '=';
    case Body::path: return is_word(c) || c == '-' || c == '/' || c == '.' || c == '@';
  }
  return false;
}

std::size_t run(std::string_view text, std::size_t at, Body body, std::size_t most = std::string_view::npos) {
  const auto stop = most < text.size() - at ? at + most : text.size();
  while (at < stop && belongs(body, text[at])) ++at;
  return at;
}

/// How far to look before anything is known to be a secret.
constexpr std::size_t looked_at = 128;

/// Words of prose have no digits.
bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), digit); }

Span by_prefix(std::string_view text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  if (c >= 128) return {};
  const auto rest = text.substr(at);
  for (std::size_t i = form_index[c]; i < form_index[c + 1U]; ++i) {
    const auto& form = forms[i];
    if (!rest.starts_with(form.prefix)) continue;
    const auto begin = at + form.prefix.size();
    auto end = run(text, begin, form.body, looked_at);
    while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    const auto size = end - begin;
    if (size < form.least || (form.most != 0 && size > form.most)) continue;
    if (!has_digit(text.substr(begin, size))) continue;
    if (size == looked_at) end = run(text, end, form.body);
    return {form.body == Body::path ? begin : at, end};
  }
  return {};
}

/// Three parts in base64, the first of which is a JSON object.
Span web_token(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("eyJ")) return {};
  const auto first = run(text, at, Body::dash, 512);
  if (first - at < 12 || first >= text.size() || text[first] != '.') return {};
  const auto second = run(text, first + 1, Body::dash);
  if (second - first < 12) return {};
  return {at, run(text, second, Body::dots)};
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() > word.size() && lower(text.substr(0, word.size())) == word;
}

/// Base64 of "user:password".
bool is_login(std::string_view base64) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::uint32_t bits = 0;
  int held = 0;
  bool colon = false;
  for (const char c : base64) {
    if (c == '=') break;
    const auto value = digits.find(c);
    if (value == digits.npos) return false;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    const auto byte = static_cast<unsigned char>(bits >> held);
    if (byte < 0x20) return false;
    colon = colon || byte == ':';
  }
  return colon && base64.size() >= 4;
}

/// What follows "Bearer" or "Basic".
Span credentials(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at, 8);
  const bool bearer = starts_with_word(rest, "bearer ");
  if (!bearer && !starts_with_word(rest, "basic ")) return {};
  auto begin = at + (bearer ? 7 : 6);
  while (begin < text.size() && text[begin] == ' ') ++begin;
  std::size_t end = begin;
  const auto belongs_to = [&](char c) { return belongs(Body::base64, c) || (bearer && (c == '.' || c == '~')); };
  while (end < text.size() && belongs_to(text[end])) ++end;
  while (end > begin && text[end - 1] == '.') --end;
  const auto value = text.substr(begin, end - begin);
  if (bearer ? value.size() >= 16 && has_digit(value) : is_login(value)) return {begin, end};
  return {};
}

/// Telegram's "123456789:AA...", Azure's "abc8Q~...".
Span by_shape(std::string_view text, std::size_t at) {
  if (digit(text[at])) {
    auto colon = at;
    while (colon < text.size() && digit(text[colon])) ++colon;
    if (colon - at >= 8 && colon - at <= 11 && text.substr(colon).starts_with(":AA")) {
      const auto end = run(text, colon + 1, Body::dash);
      if (end - colon - 1 >= 33 && end - colon - 1 <= 40) return {at, end};
    }
  }
  if (text.size() - at < 37 || text[at + 4] != 'Q' || text[at + 5] != '~' || !digit(text[at + 3])) return {};
  auto end = at;
  while (end < text.size() && end - at < 45 && (belongs(Body::dots, text[end]) || text[end] == '~')) ++end;
  return end - at >= 37 && end - at <= 44 ? Span{at, end} : Span{};
}

bool is_scheme(char c) { return alnum(c) || c == '+' || c == '-' || c == '.'; }

bool ends_url(char c) { return is_space(c) || is_quote(c) || c == '<' || c == '>' || c == '\\' || c == '|'; }

constexpr std::size_t longest_url = 1024;
constexpr std::size_t longest_private_key = 20'000;

}  // namespace

bool is_word(char c) { return alnum(c) || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

bool is_placeholder(std::string_view value) {
  value = trim(value);
  if (value.empty() || value == redaction_mark) return true;
  for (const std::string_view nothing : {"none", "null", "nil", "true", "false", "undefined", "..."}) {
    if (value.size() == nothing.size() && lower(value) == nothing) return true;
  }
  const auto within = [&](std::string_view open, char close) {
    return value.starts_with(open) && value.find(close) == value.size() - 1;
  };
  if (within("<", '>') || within("{", '}') || within("${", '}') || within("$(", ')') || within("[", ']')) return true;
  if (within("{{", '}') || (value.starts_with("{{") && value.ends_with("}}"))) return true;
  if (value.starts_with("%(") && value.size() > 2 && value[value.size() - 2] == ')') return true;
  if (value.size() == 2 && value[0] == '%') return true;
  if (value[0] == '$' && value.size() > 1 && std::all_of(value.begin() + 1, value.end(), is_word) && !digit(value[1])) {
    return true;
  }
  // A sign, not a secret: what a parser compares with, or asterisks.
  return std::none_of(value.begin(), value.end(), [](char c) { return alnum(c) || (c & 0x80) != 0; }) &&
         (value.size() <= 3 || value.find_first_not_of(value[0]) == value.npos);
}

Span secret_word(std::string_view text, std::size_t at) {
  for (auto* form : {by_prefix, web_token, credentials, by_shape}) {
    if (const auto found = form(text, at); !found.empty()) return found;
  }
  return {};
}

Span private_key(std::string_view text, std::size_t at) {
  constexpr std::string_view begin = "-----BEGIN ", end = "-----END ", dashes = "-----";
  if (!text.substr(at).starts_with(begin)) return {};
  const auto title = text.substr(at + begin.size(), 60);
  const auto title_end = title.find(dashes);
  if (title_end == title.npos || title.substr(0, title_end).find("PRIVATE KEY") == title.npos) return {};
  const auto body = at + begin.size() + title_end + dashes.size();
  const auto rest = text.substr(body, longest_private_key);
  auto size = std::min(rest.find(end), rest.find(begin));
  const bool closed = size != rest.npos && rest.substr(size).starts_with(end);
  if (size == rest.npos) {  // cut off: take all that looks like a key
    size = 0;
    while (size < rest.size() && (belongs(Body::base64, rest[size]) || is_space(rest[size]) || rest[size] == '\\'))
      ++size;
  }
  const auto letters = std::count_if(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size), alnum);
  if (letters < 24) return {};  // code that mentions a key
  if (!closed) return {at, body + size};
  const auto last = rest.find(dashes, size + end.size());
  return {at, last == rest.npos || last > size + 60 ? body + size + end.size() : body + last + dashes.size()};
}

Login login_of_url(std::string_view text, std::size_t at) {
  auto scheme = at;
  while (scheme > 0 && at - scheme < 32 && is_scheme(text[scheme - 1])) --scheme;
  if (scheme == at) return {};
  const auto begin = at + 3;
  auto end = begin;
  while (end < text.size() && end - begin < longest_url && !ends_url(text[end])) ++end;
  const auto rest = text.substr(begin, end - begin);
  auto sign = rest.substr(0, rest.find_first_of("/?#")).rfind('@');
  // A password pasted unescaped may hold a slash. Only in database URLs, because web pages hold '@' too.
  const bool web = text.substr(scheme, 4) == "http" || text.substr(scheme, 4) == "file";
  if (sign == rest.npos && !web) sign = rest.rfind('@');
  if (sign == rest.npos) return {};
  const auto login = rest.substr(0, sign);
  const auto colon = login.find(':');
  if (colon == login.npos) {
    const bool token = login.size() >= 20 && has_digit(login) && login.find('@') == login.npos;
    return token ? Login{{begin, begin + sign}, {scheme, end}} : Login{};
  }
  if (is_placeholder(login.substr(colon + 1))) return {};
  return {{begin + colon + 1, begin + sign}, {scheme, end}};
}

}  // namespace lamin::base
