// hook_chain.hpp -- several hooks for one event, in the order in which they were installed.
#pragma once
#include <functional>
#include <type_traits>
#include <utility>

namespace lamin::lake {

template <class... Arguments>
void append_hook(std::function<void(Arguments...)>& hook,
                 std::type_identity_t<std::function<void(Arguments...)>> more) {
  if (!hook) {
    hook = std::move(more);
    return;
  }
  hook = [first = std::move(hook), second = std::move(more)](Arguments... arguments) {
    first(arguments...);
    second(arguments...);
  };
}

}  // namespace lamin::lake
