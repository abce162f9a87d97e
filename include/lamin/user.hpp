// user.hpp -- who one is: the person whom new rows are stamped with, so that a shared database tells people apart.
//
// A person has a handle, a name and a uid. No server is asked: one says who one is, as with git. The same handle gives
// the same uid on every machine, unless LaminDB's hub has given the person another one, which is then kept. It is
// stored in LaminDB's files (~/.lamin/current_user.env, user--<handle>.env). Nobody is kept from calling themselves by
// another's handle: who may read and write is for the database to say.
//
// Example: examples/cpp/user.cpp
#pragma once
#include <string>
#include "lamin/instance.hpp"

namespace lamin {

struct LoginOptions {
  std::string handle = {};  ///< "ada", or the e-mail of somebody who was logged in here before
  std::string name = {};    ///< "Ada Lovelace"; empty = as stored
  std::string email = {};   ///< empty = as stored
};
/// From now on, instances that are opened stamp new rows with this person; open ones keep theirs. Throws
/// invalid_argument (a handle that cannot be one), not_found (an e-mail that nobody here has).
UserSettings login(const LoginOptions& options);
/// Everything is anonymous again; the person's own file is kept. False if nobody was logged in.
bool logout();

}  // namespace lamin
