// hook_chain.hpp -- several hooks for one event, in the order they were installed.
#pragma once
#include <functional>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>
#include "lamin/database.hpp"

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

/// Runs when these fields change, however they are changed.
inline void append_update_hook(Hooks& hooks, std::initializer_list<std::string_view> fields,
                               std::function<void(Database&, const Record&, Record&)> more) {
  const bool sees_all = hooks.before_update && hooks.watched.empty();
  append_hook(hooks.before_update, std::move(more));
  for (const auto field : fields)
    if (!sees_all) hooks.watched.emplace(field);
}

}  // namespace lamin::lake
