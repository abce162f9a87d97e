#include "lake/command/facts.hpp"
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>
#include "base/json.hpp"
#include "base/redact.hpp"
#include "lake/command/machine.hpp"

namespace lamin::lake {
namespace {

double rounded(double seconds) { return static_cast<double>(std::llround(seconds * 1e6)) / 1e6; }

}  // namespace

std::string facts_of(const process::Result& result, const CommandFacts& told) {
  boost::json::object facts, whole;
  boost::json::array words;
  for (const auto& word : told.words) words.emplace_back(as_text(word));
  facts["words"] = std::move(words);
  boost::json::object addresses;
  for (const auto& input : told.inputs) addresses[input.uri] = as_text(input.path.string());
  if (!addresses.empty()) facts["addresses"] = std::move(addresses);
  facts["folder"] = as_text(told.folder.string());
  facts["program"] = told.program;
  if (told.script) facts["script_word"] = told.script->word;
  facts["exit_status"] = result.exit_status;
  if (result.signal != 0) facts["signal"] = result.signal;
  facts["observer"] = process::name_of(result.method);
  if (!result.not_better.empty()) facts["not_better"] = result.not_better;
  facts["seconds"] = rounded(result.seconds);
  facts["user_seconds"] = rounded(result.user_seconds);
  facts["system_seconds"] = rounded(result.system_seconds);
  facts["peak_memory"] = result.peak_memory;
  facts["printed_bytes"] = result.printed;
  if (result.log_is_cut) facts["log_is_cut"] = true;
  for (const auto& [name, path] :
       {std::pair{"input", &result.input}, {"output", &result.output}, {"errors", &result.errors}})
    if (!path->empty()) facts[name] = *path;
  facts["environment_files"] = result.environment_files;
  for (auto& [name, value] : machine()) facts[name] = value;
  whole["command"] = std::move(facts);
  return base::redact_json(base::write_json(whole));
}

}  // namespace lamin::lake
