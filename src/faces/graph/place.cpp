// place.cpp -- where the members of each layer stand across the flow.
//
// Each wants to be where its neighbours are on average; edges that pass want it most, which keeps them straight. The
// places nearest to what all want, in the given order and apart from each other, are found exactly: neighbours that
// would overlap are pooled and move together (isotonic regression).
#include <algorithm>
#include <tuple>
#include "faces/graph/layout.hpp"

namespace lamin::faces {
namespace {

class Placing {
 public:
  Placing(const std::vector<std::vector<std::size_t>>& layers, const Edges& edges, std::vector<Slot>& slots, double gap)
      : layers_(layers), before_(slots.size()), after_(slots.size()), slots_(slots), gap_(gap) {
    for (const auto& [from, to] : edges) {
      after_[from].push_back(to);
      before_[to].push_back(from);
    }
  }

  void run() {
    for (const auto& layer : layers_) {
      double at = 0;
      for (std::size_t i = 0; i < layer.size(); ++i) {
        if (i > 0) at += apart(layer[i - 1], layer[i]);
        slots_[layer[i]].at = at;
      }
      for (const auto member : layer) slots_[member].at -= at / 2;
    }
    constexpr std::size_t large = 3000;
    const int rounds = slots_.size() > large ? 8 : 32;
    for (int round = 0; round < rounds; ++round) {
      const bool last = round + 2 >= rounds;  // then all neighbours count, not only those already placed
      for (std::size_t i = 0; i < layers_.size(); ++i) settle(layers_[i], true, last);
      for (std::size_t i = layers_.size(); i-- > 0;) settle(layers_[i], last, true);
    }
    straighten();
  }

 private:
  double apart(std::size_t left, std::size_t right) const {
    const double gap = slots_[left].passing && slots_[right].passing ? gap_ / 2 : gap_;
    return (slots_[left].size + slots_[right].size) / 2 + gap;
  }

  // An edge that passes several layers is led straight through as many of them as have room for it at one place.
  void straighten() {
    std::vector<std::pair<double, double>> room(slots_.size());
    std::vector<std::size_t> chain;
    const auto measure = [&](const std::vector<std::size_t>& layer) {
      constexpr double far = 1e12;
      for (std::size_t i = 0; i < layer.size(); ++i) {
        const auto at = layer[i];
        room[at] = {i == 0 ? -far : slots_[layer[i - 1]].at + apart(layer[i - 1], at),
                    i + 1 == layer.size() ? far : slots_[layer[i + 1]].at - apart(at, layer[i + 1])};
      }
    };
    std::vector<std::size_t> layer_of(slots_.size(), 0);
    for (std::size_t at = 0; at < layers_.size(); ++at) {
      measure(layers_[at]);
      for (const auto member : layers_[at]) layer_of[member] = at;
    }
    const auto place = [&](double low, double high) {
      double sum = 0;
      for (const auto slot : chain) sum += slots_[slot].at;
      for (const auto slot : chain) {
        slots_[slot].at = std::clamp(sum / static_cast<double>(chain.size()), low, high);
        measure(layers_[layer_of[slot]]);
      }
      chain.clear();
    };
    for (std::size_t first = 0; first < slots_.size(); ++first) {
      if (!slots_[first].passing || slots_[before_[first].front()].passing) continue;
      double low = room[first].first, high = room[first].second;
      for (auto slot = first;;) {
        if (!chain.empty() && (std::max(low, room[slot].first) > std::min(high, room[slot].second))) {
          place(low, high);
          std::tie(low, high) = room[slot];
        }
        low = std::max(low, room[slot].first);
        high = std::min(high, room[slot].second);
        chain.push_back(slot);
        const auto next = std::ranges::find_if(after_[slot], [&](std::size_t other) { return slots_[other].passing; });
        if (next == after_[slot].end()) break;
        slot = *next;
      }
      place(low, high);
    }
  }

  void settle(const std::vector<std::size_t>& layer, bool up, bool down) {
    struct Pool {
      double sum = 0, weight = 0;  ///< of what its members want, without the distances between them
      std::size_t members = 0;
      double at() const { return sum / weight; }
    };
    std::vector<Pool> pools;
    std::vector<double> offset(layer.size(), 0);
    for (std::size_t i = 0; i < layer.size(); ++i) {
      if (i > 0) offset[i] = offset[i - 1] + apart(layer[i - 1], layer[i]);
      const auto [wanted, weight] = wish(layer[i], up, down);
      pools.push_back({.sum = (wanted - offset[i]) * weight, .weight = weight, .members = 1});
      while (pools.size() > 1 && pools[pools.size() - 2].at() >= pools.back().at()) {
        auto& into = pools[pools.size() - 2];
        into.sum += pools.back().sum;
        into.weight += pools.back().weight;
        into.members += pools.back().members;
        pools.pop_back();
      }
    }
    std::size_t i = 0;
    for (const auto& pool : pools) {
      for (std::size_t n = 0; n < pool.members; ++n, ++i) slots_[layer[i]].at = pool.at() + offset[i];
    }
  }

  std::pair<double, double> wish(std::size_t member, bool up, bool down) const {
    const auto& self = slots_[member];
    double sum = 0, weight = 0;
    const auto ask = [&](const std::vector<std::size_t>& near) {
      for (const auto other : near) {
        const double counts = self.passing && slots_[other].passing ? 8 : self.passing || slots_[other].passing ? 2 : 1;
        sum += slots_[other].at * counts;
        weight += counts;
      }
    };
    if (up) ask(before_[member]);
    if (down) ask(after_[member]);
    constexpr double idle = 0.01;
    if (weight == 0) return {self.at, idle};
    return {sum / weight, weight};
  }

  const std::vector<std::vector<std::size_t>>& layers_;
  std::vector<std::vector<std::size_t>> before_, after_;
  std::vector<Slot>& slots_;
  double gap_;
};

}  // namespace

void place_in_layers(const std::vector<std::vector<std::size_t>>& layers, const Edges& edges, std::vector<Slot>& slots,
                     double gap) {
  Placing(layers, edges, slots, gap).run();
}

}  // namespace lamin::faces
