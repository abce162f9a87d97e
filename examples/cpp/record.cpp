// record.cpp -- a row as a value: created, filled in, saved, changed.
#include "lamin/record.hpp"
#include <iostream>
#include "lamin/instance.hpp"
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  lamin::Record donor(instance->catalog().table("ULabel"));
  donor.set("name", "donor 7").set("description", "female, 54 years");
  std::cout << std::boolalpha << donor.saved() << "\n";

  lamin::save(*instance, donor);
  std::cout << donor.saved() << ", with " << donor.uid().size() << " characters of uid\n";

  lamin::Record copy = donor;  // a Record is a value: the copy is independent until it is saved
  copy.set("description", "female, 55 years");
  std::cout << donor.text("description") << " / " << copy.text("description") << "\n";
  lamin::save(*instance, copy);  // the same id: the row is updated
  std::cout << instance->database().get(donor.table(), donor.uid()).text("description") << "\n";
}
// Prints:
//   false
//   true, with 8 characters of uid
//   female, 54 years / female, 55 years
//   female, 55 years
