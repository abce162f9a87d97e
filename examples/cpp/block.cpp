// block.cpp -- a readme in two versions, and a comment.
#include "lamin/block.hpp"
#include <iostream>
#include "lamin/describe.hpp"
#include "lamin/find.hpp"
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  lamin::Record sample(instance->catalog().table("Record"));
  sample.set("name", "sample 1");
  lamin::save(*instance, sample);
  const auto write = [&](const char* text, const char* kind) {
    auto block =
        lamin::make_block(*instance, {.registry = "RecordBlock", .host = sample.id(), .content = text, .kind = kind});
    lamin::save(*instance, block);
  };
  write("Taken on Monday.", "readme");
  write("Taken on Tuesday.", "readme");
  write("Are you sure?", "comment");
  const auto latest = lamin::readme(*instance, sample);
  std::cout << latest->text("content") << " (version " << latest->uid().substr(16) << ")\n";
  const auto tree = lamin::describe_tree(*instance, sample, {.comments = true});
  std::cout << tree.children.back().lines.front() << "\n";
}
// Prints:
//   Taken on Tuesday. (version 0001)
//   Are you sure?
