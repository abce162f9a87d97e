#include "modules/plugin.hpp"
#include <algorithm>
#include <array>
#include "base/text.hpp"
#include "lamin/error.hpp"
#include "modules/links.hpp"
#include "modules/modules.hpp"
#include "schema/sound.hpp"

namespace lamin::modules {

namespace {

/// What can be labelled.
constexpr std::array<std::string_view, 4> hosts = {"Artifact", "Collection", "Record", "Schema"};

std::string plural(std::string_view name) {
  std::string word = base::snake(name);
  const std::size_t n = word.size();
  const bool in_y = n > 1 && word[n - 1] == 'y' && word[n - 2] != 'a' && word[n - 2] != 'e';
  return in_y ? word.substr(0, n - 1) + "ies" : word + "s";
}

Text made(const std::string& text) { return Text::intern(text); }

Ends ends_of(Text host, Text label) {
  const std::string a = base::lower(host), b = base::lower(label);
  return {.link = made(host.str() + label.str()),
          .host = host,
          .label = label,
          .a = made(a),
          .b = made(b),
          .from_host = made("links_" + base::snake(label)),
          .from_label = made("links_" + base::snake(host)),
          .from_feature = made("links_" + a + b),
          .value_of = made("values_" + base::snake(label))};
}

/// The registry of the links between a host and a label.
Registry link_of(Text host, Text label) {
  const Ends e = ends_of(host, label);
  if (host == "Record") return term_of_record(e);
  if (host == "Schema") {
    return pair(e.link, host, e.a, made("links_" + e.b.str()), label, e.b, made("links_" + e.a.str()), {});
  }
  return annotation(e, {{.unique = {e.a, e.b, "feature"}}});
}

void add_links(Module& module) {
  std::vector<Registry> links;
  for (Registry& registry : module.registries) {
    for (Text host : registry.labels) {
      if (std::ranges::find(hosts, host.view()) == hosts.end()) {
        schema::unsound(registry.name, "labels",
                        "'" + host.str() +
                            "' cannot be labelled; Artifact, Collection, Record "
                            "and Schema can");
      }
      links.push_back(link_of(host, registry.name));
      registry.fields.push_back({.name = made(plural(host)),
                                 .kind = Kind::link,
                                 .to = host,
                                 .inverse = made(plural(registry.name)),
                                 .through = links.back().name,
                                 .doc = "What it describes."});
    }
    registry.labels.clear();
  }
  std::ranges::move(links, std::back_inserter(module.registries));
}

}  // namespace

Module complete_plugin(Module module) {
  if (std::ranges::find(builtin_names(), module.name.view()) != builtin_names().end()) {
    schema::unsound(module.name, "", "the name is that of a module of the library");
  }
  if (std::ranges::find(module.needs, Text("lamindb")) == module.needs.end()) {
    module.needs.insert(module.needs.begin(), "lamindb");
  }
  add_links(module);
  for (Registry& registry : module.registries) {
    for (Field& field : registry.fields) {
      if (field.kind == Kind::ref && field.on_delete == On::cascade && field.fill == Fill::nobody) {
        field.in_database = true;
      }
    }
  }
  return module;
}

}  // namespace lamin::modules
