// run_called.cpp -- the run that a person means.
#include <fmt/format.h>
#include "lamin/artifact.hpp"
#include "lamin/rerun.hpp"

namespace lamin {

Record run_called(Instance& instance, std::string_view name) {
  auto& database = instance.database();
  const std::string text(name);
  auto artifact = find_artifact(instance, text);
  if (!artifact)
    if (auto run = database.find(instance.catalog().table("Run"), text)) return std::move(*run);
  if (!artifact) artifact = database.find(instance.catalog().table("Artifact"), text);
  if (!artifact)
    throw Error(Code::not_found,
                fmt::format("no run with the uid '{}' exists, nor an artifact with this key or uid", text));
  auto run = database.related_one(*artifact, *artifact->table().find_relation("run"));
  if (!run) throw Error(Code::not_found, fmt::format("artifact '{}' was not made by a run", text));
  return std::move(*run);
}

}  // namespace lamin
