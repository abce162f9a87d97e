// entities.hpp -- the entities that an XML document declares for itself: <!ENTITY obo "http://...">.
#pragma once
#include <string>
#include <string_view>

namespace lamin::format::owl {

/// The text with its own entities replaced; the same text if it declares none. Throws unsupported (an entity in another
/// file, one made of others), corrupt (a text that grows beyond `most` bytes).
std::string expanded(std::string text, std::size_t most, std::string_view name_for_messages);

}  // namespace lamin::format::owl
