// order.cpp -- the order within layers: the mean place of the neighbours, swept down and up; the best order is kept.
#include <algorithm>
#include <limits>
#include "faces/graph/layout.hpp"

namespace lamin::faces {
namespace {

using Layers = std::vector<std::vector<std::size_t>>;

class Order {
 public:
  Order(Layers& layers, const Edges& edges, std::size_t members)
      : layers_(layers), before_(members), after_(members), place_(members), wanted_(members), layer_(members) {
    for (const auto& [from, to] : edges) {
      after_[from].push_back(to);
      before_[to].push_back(from);
    }
    for (std::size_t at = 0; at < layers.size(); ++at) {
      for (const auto member : layers[at]) layer_[member] = at;
    }
  }

  void improve() {
    follow_edges();
    number();
    auto best = layers_;
    auto fewest = crossings();
    for (int sweep = 0, idle = 0; sweep < 24 && idle < 6 && fewest > 0; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (std::size_t i = 1; i < layers_.size(); ++i) {
        const auto at = down ? i : layers_.size() - 1 - i;
        sort(layers_[at], down ? before_ : after_);
      }
      const auto now = crossings();
      ++idle;
      if (now >= fewest) continue;
      best = layers_;
      fewest = now;
      idle = 0;
    }
    layers_ = std::move(best);
  }

 private:
  // Begins with what belongs together side by side: in the order in which a search along the edges meets it.
  void follow_edges() {
    std::vector<bool> seen(place_.size(), false);
    Layers fresh(layers_.size());
    std::vector<std::size_t> stack;
    for (std::size_t at = 0; at < layers_.size(); ++at) {
      for (const auto root : layers_[at]) {
        if (seen[root]) continue;
        stack.push_back(root);
        seen[root] = true;
        while (!stack.empty()) {
          const auto member = stack.back();
          stack.pop_back();
          fresh[layer_[member]].push_back(member);
          const auto visit = [&](std::size_t other) {
            if (seen[other]) return;
            seen[other] = true;
            stack.push_back(other);
          };
          // The last in goes first: what comes first in the graph is put there last.
          for (auto other = after_[member].rbegin(); other != after_[member].rend(); ++other) visit(*other);
          for (auto other = before_[member].rbegin(); other != before_[member].rend(); ++other) visit(*other);
        }
      }
    }
    layers_ = std::move(fresh);
  }

  void number() {
    for (const auto& layer : layers_) number(layer);
  }
  void number(const std::vector<std::size_t>& layer) {
    for (std::size_t i = 0; i < layer.size(); ++i) place_[layer[i]] = static_cast<double>(i);
  }

  void sort(std::vector<std::size_t>& layer, const std::vector<std::vector<std::size_t>>& near) {
    for (const auto member : layer) {
      double sum = 0;
      for (const auto other : near[member]) sum += place_[other];
      wanted_[member] = near[member].empty() ? -1 : sum / static_cast<double>(near[member].size());
    }
    // What has no neighbours there keeps its place among the others.
    std::vector<std::size_t> moving;
    for (const auto member : layer) {
      if (!near[member].empty()) moving.push_back(member);
    }
    std::ranges::stable_sort(moving, {}, [&](std::size_t member) { return wanted_[member]; });
    auto next = moving.begin();
    for (auto& member : layer) {
      if (!near[member].empty()) member = *next++;
    }
    number(layer);
  }

  // Pairs of edges that cross, counted between each two layers by a tree of partial sums.
  std::size_t crossings() {
    number();
    std::size_t sum = 0;
    std::vector<std::size_t> tree, ends;
    for (std::size_t at = 0; at + 1 < layers_.size(); ++at) {
      const auto n = layers_[at + 1].size();
      tree.assign(n + 1, 0);
      std::size_t so_far = 0;
      for (const auto member : layers_[at]) {
        ends.clear();
        for (const auto other : after_[member]) ends.push_back(static_cast<std::size_t>(place_[other]));
        for (const auto end : ends) {
          std::size_t left_or_equal = 0;
          for (auto i = end + 1; i > 0; i -= i & (~i + 1)) left_or_equal += tree[i];
          sum += so_far - left_or_equal;
        }
        for (const auto end : ends) {
          for (auto i = end + 1; i <= n; i += i & (~i + 1)) ++tree[i];
        }
        so_far += ends.size();
      }
    }
    return sum;
  }

  Layers& layers_;
  std::vector<std::vector<std::size_t>> before_, after_;
  std::vector<double> place_, wanted_;
  std::vector<std::size_t> layer_;
};

}  // namespace

void order_layers(Layers& layers, const Edges& edges, std::size_t members) {
  if (layers.size() > 1) Order(layers, edges, members).improve();
}

}  // namespace lamin::faces
