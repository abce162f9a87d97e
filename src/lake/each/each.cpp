// each.cpp -- one lane per thread, each with a connection of its own; one lane alone takes the caller's.
#include "lamin/each.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include "base/path.hpp"
#include "base/progress.hpp"
#include "base/threads.hpp"
#include "lake/artifact/verify.hpp"
#include "lake/each/index.hpp"
#include "lamin/artifact.hpp"
#include "lamin/error.hpp"
#include "lamin/pool.hpp"

namespace lamin {
namespace {

struct Named {
  std::string_view name;
  EachWork work;
};
constexpr std::array works = {Named{"verify", EachWork::verify}, Named{"cache", EachWork::cache},
                              Named{"copy", EachWork::copy}, Named{"index", EachWork::index}};

/// What is said while several lanes work, for the caller to say on its own thread.
class Said {
 public:
  Messages messages(const Messages& as) {
    return {.write =
                [this](Level level, std::string_view text) {
                  const std::lock_guard lock(mutex_);
                  said_.emplace_back(level, text);
                },
            .face = as.face};
  }
  void pass_on(Instance& instance) const {
    for (const auto& [level, text] : said_) instance.say(level, Words(text));
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<Level, std::string>> said_;
};

std::string verified(Instance& instance, const Record& artifact) {
  const auto before = std::exchange(instance.verify(), Verify::full);
  try {
    lake::require_content(instance, artifact);
  } catch (...) {
    instance.verify() = before;
    throw;
  }
  instance.verify() = before;
  return "sound";
}

/// The folder of its key below `to`; keys that another program wrote may lead elsewhere.
std::string copied(Instance& instance, const Record& artifact, std::string to) {
  const auto key = artifact.text("key");
  if (!key.empty()) base::check_key(key);
  while (to.size() > 1 && to.ends_with('/')) to.pop_back();
  const auto slash = key.rfind('/');
  if (slash != std::string_view::npos) to.append("/").append(key.substr(0, slash));
  return copy_artifact(instance, artifact, to + "/", true);
}

std::string done(Instance& instance, const Record& artifact, EachWork work, const EachOptions& options) {
  switch (work) {
    case EachWork::verify: return verified(instance, artifact);
    case EachWork::cache: return cache_artifact(instance, artifact).string();
    case EachWork::copy: return copied(instance, artifact, options.to);
    case EachWork::index: return lake::index_table(instance, artifact, options.table, options.to).string();
  }
  return {};
}

EachOutcome outcome(Instance& instance, const Record& artifact, EachWork work, const EachOptions& options) {
  EachOutcome out{.uid = std::string(artifact.uid())};
  try {
    out.value = done(instance, artifact, work, options);
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
    out.error = error;
  }
  return out;
}

void check_options(EachWork work, const EachOptions& options) {
  const auto* named = std::ranges::find(works, work, &Named::work);
  const bool needs = work == EachWork::copy || work == EachWork::index;
  if (needs && options.to.empty())
    throw Error(Code::invalid_argument, fmt::format("{} needs a folder: pass `to`", named->name));
  if (!needs && !options.to.empty())
    throw Error(Code::invalid_argument, fmt::format("{} does not take `to` ('{}')", named->name, options.to));
}

}  // namespace

EachWork each_work_called(std::string_view name) {
  const auto* found = std::ranges::find(works, name, &Named::name);
  if (found != works.end()) return found->work;
  std::string names;
  for (const auto& work : works) names += fmt::format("{}{}", names.empty() ? "" : ", ", work.name);
  throw Error(Code::invalid_argument,
              fmt::format("'{}' cannot be done with each artifact: pass one of {}", name, names));
}

bool is_each_work(std::string_view name) { return std::ranges::find(works, name, &Named::name) != works.end(); }

std::vector<EachOutcome> each(Instance& instance, std::span<const Record> artifacts, EachWork work,
                              const EachOptions& options) {
  check_options(work, options);
  const auto cores = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  const auto lanes = std::min(artifacts.size(), options.threads == 0 ? cores : options.threads);
  std::vector<EachOutcome> outcomes(artifacts.size());
  base::Progress progress([&](Level level, const Words& words) { instance.say(level, words); },
                          fmt::format("{} of artifacts", std::ranges::find(works, work, &Named::work)->name),
                          static_cast<std::int64_t>(artifacts.size()));
  if (lanes <= 1) {
    for (std::size_t i = 0; i < artifacts.size(); ++i) {
      outcomes[i] = outcome(instance, artifacts[i], work, options);
      progress.at(static_cast<std::int64_t>(i + 1));
    }
    return outcomes;
  }
  Said said;
  Pool pool(instance.settings().slug(), {.most = lanes});
  auto session = instance.session();
  session.messages = said.messages(session.messages);
  const auto caller = std::this_thread::get_id();
  std::atomic<std::int64_t> finished = 0;
  base::in_lanes(artifacts.size(), lanes, [&](std::size_t i) {
    outcomes[i] = outcome(*pool.lease(session), artifacts[i], work, options);
    ++finished;
    if (std::this_thread::get_id() == caller) progress.at(finished);
  });
  said.pass_on(instance);
  return outcomes;
}

Executor executor_called(std::string_view text) {
  constexpr std::string_view separator = "://";
  if (text.empty()) return {};
  const auto at = text.find(separator);
  const auto kind = text.substr(0, at);
  const auto address = at == text.npos ? std::string_view() : text.substr(at + separator.size());
  const auto number = [](std::string_view digits) -> std::optional<std::size_t> {
    std::size_t value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  };
  if (at != text.npos && kind == "local") {
    if (address.empty()) return {};
    if (const auto workers = number(address)) return {.workers = *workers};
  }
  const auto colon = address.rfind(':');
  const bool reachable =
      address == "auto" || (colon != address.npos && colon > 0 && number(address.substr(colon + 1)).has_value());
  if (reachable && kind == "dask") return {.kind = Executor::Kind::dask, .address = std::string(address)};
  if (reachable && kind == "ray") return {.kind = Executor::Kind::ray, .address = std::string(address)};
  throw Error(
      Code::invalid_argument,
      fmt::format("executor is '{}' but has to be dask://host:port, ray://host:port, local://4 for four workers "
                  "here, or left out for all cores here",
                  text));
}

}  // namespace lamin
