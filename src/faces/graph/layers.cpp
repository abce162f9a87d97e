// layers.cpp -- which edges are turned round, and in which layer each box is.
#include <algorithm>
#include <cstdint>
#include "faces/graph/layout.hpp"

namespace lamin::faces {
namespace {

std::vector<std::vector<std::size_t>> next_of(std::size_t boxes, const Edges& edges) {
  std::vector<std::vector<std::size_t>> next(boxes);
  for (const auto& [from, to] : edges) next[from].push_back(to);
  return next;
}

}  // namespace

Edges without_circles(std::size_t boxes, const Edges& edges) {
  // An edge that leads back to a box from which the search has not returned closes a circle. Without recursion: a
  // lineage may be thousands deep.
  enum class State : std::uint8_t { fresh, open, done };
  const auto next = next_of(boxes, edges);
  std::vector<State> state(boxes, State::fresh);
  std::vector<std::pair<std::size_t, std::size_t>> back;
  std::vector<std::pair<std::size_t, std::size_t>> stack;
  std::vector<bool> entered(boxes, false);
  for (const auto& [from, to] : edges) entered[to] = entered[to] || from != to;
  const auto search = [&](std::size_t root) {
    if (state[root] != State::fresh) return;
    stack.emplace_back(root, 0);
    state[root] = State::open;
    while (!stack.empty()) {
      auto& [at, position] = stack.back();
      if (position == next[at].size()) {
        state[at] = State::done;
        stack.pop_back();
        continue;
      }
      const auto to = next[at][position++];
      if (state[to] == State::open) {
        back.emplace_back(at, to);
      } else if (state[to] == State::fresh) {
        state[to] = State::open;
        stack.emplace_back(to, 0);
      }
    }
  };
  for (std::size_t i = 0; i < boxes; ++i) {
    if (!entered[i]) search(i);
  }
  for (std::size_t i = 0; i < boxes; ++i) search(i);
  std::ranges::sort(back);
  Edges out;
  out.reserve(edges.size());
  for (const auto& edge : edges) {
    if (std::ranges::binary_search(back, edge)) out.emplace_back(edge.second, edge.first);
    else out.push_back(edge);
  }
  return out;
}

std::vector<std::size_t> layers_of(std::size_t boxes, const Edges& edges) {
  const auto next = next_of(boxes, edges);
  std::vector<std::size_t> before(boxes, 0), layer(boxes, 0), order;
  for (const auto& [from, to] : edges) {
    if (from != to) ++before[to];
  }
  auto missing = before;
  for (std::size_t i = 0; i < boxes; ++i) {
    if (missing[i] == 0) order.push_back(i);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const auto to : next[order[i]]) {
      if (to == order[i]) continue;
      layer[to] = std::max(layer[to], layer[order[i]] + 1);
      if (--missing[to] == 0) order.push_back(to);
    }
  }
  // What has more edges out than in comes as late as it may: right before what needs it.
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const auto box = *at;
    if (next[box].empty() || before[box] >= next[box].size()) continue;
    auto latest = static_cast<std::size_t>(-1);
    for (const auto to : next[box]) {
      if (to != box) latest = std::min(latest, layer[to] - 1);
    }
    if (latest != static_cast<std::size_t>(-1)) layer[box] = std::max(layer[box], latest);
  }
  // No empty layers.
  auto used = layer;
  std::ranges::sort(used);
  const auto rest = std::ranges::unique(used);
  used.erase(rest.begin(), rest.end());
  for (auto& one : layer) one = static_cast<std::size_t>(std::ranges::lower_bound(used, one) - used.begin());
  return layer;
}

}  // namespace lamin::faces
