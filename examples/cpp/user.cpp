// user.cpp -- two people save into one instance; each row says whose it is.
#include "lamin/user.hpp"
#include <iostream>
#include "lamin/save.hpp"

int main() {
  const auto slug = lamin::init({.storage = "cells"})->settings().slug();
  for (const char* handle : {"ada", "ben"}) {
    lamin::login({.handle = handle});
    const auto instance = lamin::connect(slug);
    lamin::Record label(instance->catalog().table("ULabel"));
    label.set("name", std::string("sample of ") + handle);
    lamin::save(*instance, label);
  }
  const auto instance = lamin::connect(slug);
  for (const auto& label : instance->database().all({.registry = "ULabel", .order_by = {"id"}})) {
    const auto author =
        instance->database().find(instance->catalog().table("User"), label.at("created_by").integer_or(0));
    std::cout << label.text("name") << ": by " << author->text("handle") << "\n";
  }
  lamin::logout();
  std::cout << "now " << lamin::current_user().handle << "\n";
}
// Prints:
//   sample of ada: by ada
//   sample of ben: by ben
//   now anonymous
