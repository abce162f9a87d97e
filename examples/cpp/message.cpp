// message.cpp -- the same error in the words of three faces.
#include "lamin/message.hpp"
#include <iostream>
#include "lamin/feature.hpp"
#include "lamin/label.hpp"
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  auto study = lamin::make_record(*instance, instance->catalog().table("Record"), {{"name", "study"}});
  lamin::save(*instance, study);
  try {
    lamin::add_feature_values(*instance, study, {{"depth", {3}}});
  } catch (const lamin::Error& error) {
    const auto remedy = error.words().remedies().front();
    std::cout << remedy.name << " is to be registered as " << remedy.field << "\n"
              << remedy.in(lamin::Face::python) << "\n"
              << remedy.in(lamin::Face::shell) << "\n";
  }
}
// Prints:
//   depth is to be registered as int
//     ln.Feature(name='depth', dtype='int').save()
//     lamin create feature depth --dtype 'int'
