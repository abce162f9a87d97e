#include "format/pickle.hpp"
#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lamin::format {
namespace {

namespace json = boost::json;

/// Values are shared: an instruction may fill a list that another one has stored already.
struct Node;
using Ref = std::shared_ptr<Node>;
struct Node {
  enum class Kind : char { scalar, list, dict, opaque, mark } kind = Kind::scalar;
  json::value scalar = nullptr;
  std::vector<Ref> items = {};  ///< of a dict keys and values in turn
};

constexpr int deepest = 100;
constexpr std::size_t most_values = 100'000;

struct Unreadable {};

class Machine {
 public:
  explicit Machine(std::string_view pickle) : text_(pickle) {}
  Machine(const Machine&) = delete;
  /// A list may contain itself: its nodes would never go.
  ~Machine() {
    for (const auto& node : made_) node->items.clear();
  }

  Ref run() {
    while (true) {
      const auto code = static_cast<unsigned char>(take(1)[0]);
      if (code == '.') return pop();
      step(code);
      if (stack_.size() > most_values || memo_.size() > most_values) throw Unreadable{};
    }
  }

 private:
  std::string_view take(std::size_t count) {
    if (count > text_.size() - at_) throw Unreadable{};
    const auto part = text_.substr(at_, count);
    at_ += count;
    return part;
  }
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    const auto part = take(bytes);
    for (std::size_t i = 0; i < bytes; ++i) value |= std::uint64_t{static_cast<unsigned char>(part[i])} << (8 * i);
    return value;
  }
  std::string_view line() {
    const auto end = text_.find('\n', at_);
    if (end == text_.npos) throw Unreadable{};
    const auto part = take(end - at_);
    take(1);
    return part;
  }
  void push(json::value value) { push(Node{.kind = Node::Kind::scalar, .scalar = std::move(value)}); }
  void push(Node::Kind kind, std::vector<Ref> items = {}) { push(Node{.kind = kind, .items = std::move(items)}); }
  void push(Node node) {
    made_.push_back(std::make_shared<Node>(std::move(node)));
    stack_.push_back(made_.back());
    if (made_.size() > most_values) throw Unreadable{};
  }
  Ref pop() {
    if (stack_.empty() || stack_.back()->kind == Node::Kind::mark) throw Unreadable{};
    auto top = std::move(stack_.back());
    stack_.pop_back();
    return top;
  }
  Node& top() {
    if (stack_.empty()) throw Unreadable{};
    return *stack_.back();
  }
  std::vector<Ref> to_mark() {
    std::vector<Ref> items;
    while (!stack_.empty() && stack_.back()->kind != Node::Kind::mark) {
      items.insert(items.begin(), std::move(stack_.back()));
      stack_.pop_back();
    }
    if (stack_.empty()) throw Unreadable{};
    stack_.pop_back();
    return items;
  }
  void extend(std::vector<Ref> items, Node::Kind kind) {
    auto& into = top();
    if (into.kind != kind || (kind == Node::Kind::dict && items.size() % 2 != 0)) throw Unreadable{};
    into.items.insert(into.items.end(), items.begin(), items.end());
  }
  std::vector<Ref> last(std::size_t count) {
    std::vector<Ref> items(count);
    for (auto at = count; at > 0; --at) items[at - 1] = pop();
    return items;
  }
  void text(std::size_t size) { push(json::value(json::string(take(size)))); }
  void integer(std::size_t bytes) {
    auto value = bytes == 0 ? 0 : number(bytes);
    if (bytes > 0 && bytes < 8 && (value >> (8 * bytes - 1)) != 0) value |= ~std::uint64_t{0} << (8 * bytes);
    push(json::value(static_cast<std::int64_t>(value)));
  }
  void real() {
    std::uint64_t bits = 0;
    for (const char byte : take(8)) bits = bits << 8 | static_cast<unsigned char>(byte);
    push(json::value(std::bit_cast<double>(bits)));
  }
  void remember(std::uint64_t place) {
    if (stack_.empty()) throw Unreadable{};
    memo_[place] = stack_.back();
  }
  void recall(std::uint64_t place) {
    const auto known = memo_.find(place);
    if (known == memo_.end()) throw Unreadable{};
    stack_.push_back(known->second);
  }
  /// The state of an object: its path, if it has one.
  void build() {
    const auto state = pop();
    auto& object = top();
    if (object.kind != Node::Kind::opaque || state->kind != Node::Kind::dict) return;
    for (std::size_t i = 0; i + 1 < state->items.size(); i += 2) {
      const auto& key = state->items[i]->scalar;
      const auto& value = *state->items[i + 1];
      if (key.is_string() && key.get_string() == "path" && value.scalar.is_string())
        object = Node{.kind = Node::Kind::scalar, .scalar = value.scalar};
    }
  }

  void step(unsigned char code) {
    switch (code) {
      case 0x80: take(1); break;  // protocol
      case 0x95: take(8); break;  // frame
      case 'N': push(nullptr); break;
      case 0x88: push(true); break;
      case 0x89: push(false); break;
      case 'K': push(json::value(static_cast<std::int64_t>(number(1)))); break;
      case 'M': push(json::value(static_cast<std::int64_t>(number(2)))); break;
      case 'J': integer(4); break;
      case 0x8a: {
        const auto bytes = number(1);
        if (bytes > 8) throw Unreadable{};
        integer(bytes);
        break;
      }
      case 'G': real(); break;
      case 'X': text(number(4)); break;
      case 0x8c: text(number(1)); break;
      case 0x8d: text(number(8)); break;
      case ']': push(Node::Kind::list); break;
      case '}': push(Node::Kind::dict); break;
      case ')': push(Node::Kind::list); break;
      case '(': push(Node::Kind::mark); break;
      case 't': push(Node::Kind::list, to_mark()); break;
      case 0x85:
      case 0x86:
      case 0x87: push(Node::Kind::list, last(code - 0x84U)); break;
      case 'a': extend(last(1), Node::Kind::list); break;
      case 'e': extend(to_mark(), Node::Kind::list); break;
      case 's': extend(last(2), Node::Kind::dict); break;
      case 'u': extend(to_mark(), Node::Kind::dict); break;
      case 'q': remember(number(1)); break;
      case 'r': remember(number(4)); break;
      case 0x94: remember(memo_.size()); break;
      case 'h': recall(number(1)); break;
      case 'j': recall(number(4)); break;
      case 'c': line(), line(), push(Node::Kind::opaque); break;
      case 0x93: last(2), push(Node::Kind::opaque); break;
      case 0x81:
      case 'R': last(2), push(Node::Kind::opaque); break;
      case 'b': build(); break;
      default: throw Unreadable{};
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Ref> made_, stack_;
  std::map<std::uint64_t, Ref> memo_;
};

/// `budget`: values that may still be written; a list may contain another one many times.
json::value written(const Node& node, int depth, std::size_t& budget) {
  if (depth > deepest || budget-- == 0) throw Unreadable{};
  switch (node.kind) {
    case Node::Kind::scalar: return node.scalar;
    case Node::Kind::list: {
      json::array all;
      for (const auto& item : node.items) all.push_back(written(*item, depth + 1, budget));
      return all;
    }
    case Node::Kind::dict: {
      json::object all;
      for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        const auto& key = node.items[i]->scalar;
        if (node.items[i]->kind != Node::Kind::scalar) throw Unreadable{};
        const auto name = key.is_string()  ? std::string(key.get_string())
                          : key.is_int64() ? std::to_string(key.get_int64())
                                           : throw Unreadable{};
        all[name] = written(*node.items[i + 1], depth + 1, budget);
      }
      return all;
    }
    default: throw Unreadable{};
  }
}

}  // namespace

std::optional<json::value> plain_value(std::string_view pickle) {
  try {
    std::size_t budget = most_values;
    Machine machine(pickle);
    return written(*machine.run(), 0, budget);
  } catch (const Unreadable&) { return std::nullopt; }
}

}  // namespace lamin::format
