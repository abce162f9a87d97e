// object_store.hpp -- a bucket as a store: keys with "/" look like folders, writes are checked, hashed and in parts.
//
// Invariants
//   1. An object appears whole, by one request of the server, which also decides between two writers of a new key where
//      the bucket can.
//   2. A folder is not one object: `put` and `move` of a folder write its objects one by one. The commit protocol gives
//      every folder a place that nobody reads before the commit.
//   3. The digest is of the bytes that were sent, whatever happens to the file meanwhile.
//   4. At most `most_bytes` of content are in memory, however large and many the objects are.
#pragma once
#include <memory>
#include <string>
#include "store/bucket.hpp"

namespace lamin::store {

/// `prefix`: the keys' common beginning without "/" at its end; `root` as Store::root returns it.
std::unique_ptr<Store> make_object_store(std::unique_ptr<Bucket> bucket, std::string prefix, std::string root);

}  // namespace lamin::store
