// show.cpp -- show: a first look at content.
#include <fmt/format.h>
#include <filesystem>
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/describe.hpp"
#include "lamin/find.hpp"
#include "lamin/lamin_uri.hpp"
#include "lamin/preview.hpp"

namespace lamin::cli {
namespace {

namespace fs = std::filesystem;

/// By key, otherwise by uid.
Record artifact_called(Instance& instance, const std::string& name) {
  const auto& table = instance.catalog().table("Artifact");
  const Query by_key{.registry = table.qualified.str(), .where = Expr::compare("key", Op::exact, Value(name))};
  if (instance.database().exists(by_key)) return lamin::get(instance, by_key);
  if (auto found = instance.database().find(table, name)) return std::move(*found);
  throw Error(Code::not_found, fmt::format("'{}' is neither a file here nor the key or uid of an artifact.", name));
}

Preview looked_at(const Given& given, const PreviewOptions& options) {
  const auto name = given.text("what");
  std::error_code failure;
  if (fs::exists(name, failure)) return preview(fs::path(name), options);
  const auto instance = open(given);
  if (is_artifact_uri(name)) return preview(local_artifact(*instance, name).path, options);
  return preview(*instance, artifact_called(*instance, name), options);
}

}  // namespace

int show(const Given& given) {
  if (given.has("html") && given.has("json"))
    throw Error(Code::invalid_argument, "--html and --json exclude each other.");
  PreviewOptions options;
  constexpr std::size_t shown_in_shell = 12;
  if (!given.has("html") && !given.has("json")) options.columns = shown_in_shell;
  options.rows = static_cast<std::size_t>(number(given, "rows"));
  const auto node = preview_node(looked_at(given, options));
  print((given.has("html")   ? to_html(node)
         : given.has("json") ? to_json(node)
                             : to_text(node, coloured(), terminal_width())) +
        "\n");
  return 0;
}

}  // namespace lamin::cli
