// places.hpp -- `?` as PostgreSQL wants it.
#pragma once
#include <string>
#include <string_view>

namespace lamin::db::postgres {

/// `?` becomes $1, $2, ... except in quotes, dollar quotes and comments; `??` is the operator `?`.
std::string number_places(std::string_view sql);

}  // namespace lamin::db::postgres
