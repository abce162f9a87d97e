#include "format/owl/names.hpp"
#include <algorithm>

namespace lamin::format::owl {
namespace {

using pugi::xml_node;

bool declares_prefixes(xml_node node) {
  return std::ranges::any_of(node.attributes(),
                             [](const auto& one) { return std::string_view(one.name()).starts_with("xmlns"); });
}

}  // namespace

Names::Names(xml_node root) : base_(root.attribute("xml:base").value()) {
  spaces_.emplace("xml", "http://www.w3.org/XML/1998/namespace");
  take_spaces(root, spaces_);
}

void Names::take_spaces(xml_node node, Spaces& into) {
  for (const auto attribute : node.attributes()) {
    const std::string_view name = attribute.name();
    if (name == "xmlns") into[""] = attribute.value();
    else if (name.starts_with("xmlns:")) into[std::string(name.substr(6))] = attribute.value();
  }
}

Names::Spaces Names::spaces_at(xml_node node) {
  Spaces own;
  for (auto at = node; at && at.parent().parent(); at = at.parent()) {
    Spaces of_one;
    take_spaces(at, of_one);
    own.merge(of_one);
  }
  return own;
}

std::string Names::expand(std::string_view name, const Spaces& own, bool element) const {
  const auto colon = name.find(':');
  const auto prefix = colon == name.npos ? std::string_view() : name.substr(0, colon);
  const auto local = colon == name.npos ? name : name.substr(colon + 1);
  if (prefix.empty() && !element) return std::string(local);
  for (const auto* spaces : {&own, &spaces_}) {
    if (const auto found = spaces->find(prefix); found != spaces->end()) return found->second + std::string(local);
  }
  return std::string(name);
}

const std::string& Names::of(xml_node node) const {
  bool own = false;
  for (auto at = node; at && at.parent().parent(); at = at.parent()) own = own || declares_prefixes(at);
  if (own) return names_.emplace_back(expand(node.name(), spaces_at(node), true));
  const auto [found, is_new] = full_names_.try_emplace(node.name());
  if (is_new) found->second = expand(node.name(), {}, true);
  return found->second;
}

std::string Names::rdf(xml_node node, std::string_view name) const {
  for (const auto one : node.attributes()) {
    const std::string_view raw = one.name();
    if (!raw.ends_with(name) || raw.size() <= name.size() || raw[raw.size() - name.size() - 1] != ':') continue;
    const auto prefix = raw.substr(0, raw.size() - name.size() - 1);
    const auto known = spaces_.find(prefix);
    if (known != spaces_.end() && known->second == rdf_space) return one.value();
    const auto own = spaces_at(node);
    if (const auto there = own.find(prefix); there != own.end() && there->second == rdf_space) return one.value();
  }
  return {};
}

std::string Names::subject(xml_node node) const {
  if (auto about = rdf(node, "about"); !about.empty()) return absolute(about);
  if (auto id = rdf(node, "ID"); !id.empty()) return base_ + "#" + id;
  return {};
}

std::string Names::value(xml_node node) const {
  auto resource = rdf(node, "resource");
  return resource.empty() ? std::string(node.text().get()) : absolute(resource);
}

}  // namespace lamin::format::owl
