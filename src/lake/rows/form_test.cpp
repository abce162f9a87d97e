#include "lake/open/testing.hpp"
#include "lake/rows/form_hooks.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

TEST(Forms, WebAddresses) {
  for (const char* good : {"https://lab.org", "http://a.b.co.uk:8080/x?y#z", "FTP://files.org/a", "http://localhost:1/",
                           "https://me:x@lab.org/a", "https://lab.org/@me"})
    EXPECT_TRUE(lake::is_web_address(good)) << good;
  for (const char* bad :
       {"", "nope", "lab.org", "https://", "https://lab", "https:// lab.org", "https://lab.org/a b",
        "javascript:alert(1)", "https://lab..org", "https://.org", "https://lab.", "https://me@", "https://me:x@lab"})
    EXPECT_FALSE(lake::is_web_address(bad)) << bad;
}

TEST(Forms, Dois) {
  for (const char* good :
       {"10.1000/xyz123", "doi:10.1000/xyz", "https://doi.org/10.1038/s41586-020-2649-2", "DOI:10.1000.5/a"})
    EXPECT_TRUE(lake::is_doi(good)) << good;
  for (const char* bad : {"", "nope", "10.1000", "10./x", "10.1000/", "10.abc/x", "11.1000/x", "10.1000/a b"})
    EXPECT_FALSE(lake::is_doi(bad)) << bad;
}

class FormTest : public testing::InstanceTest {};

TEST_F(FormTest, WhatHasNoSuchFormIsRefused) {
  auto& database = instance->database();
  Record project(instance->catalog().table("Project")), reference(instance->catalog().table("Reference"));
  project.set("name", Value("P"));
  project.set("url", Value("nope"));
  std::string message;
  EXPECT_EQ(testing::code_of([&] { registry::Writes(database).save(project); }, &message), Code::validation);
  EXPECT_NE(message.find("Project.url: 'nope' is not valid. Enter a valid URL"), std::string::npos) << message;
  project.set("url", Value("https://lab.org"));
  registry::Writes(database).save(project);
  project.set("url", Value("nope"));
  EXPECT_EQ(testing::code_of([&] { registry::Writes(database).save(project); }), Code::validation);
  EXPECT_EQ(
      testing::code_of([&] { registry::Writes(database).update({.registry = "Project"}, {{"url", Value("nope")}}); }),
      Code::validation);
  reference.set("name", Value("R"));
  reference.set("doi", Value("nope"));
  EXPECT_EQ(testing::code_of([&] { registry::Writes(database).save(reference); }, &message), Code::validation);
  EXPECT_NE(message.find("Must be a DOI"), std::string::npos) << message;
}

TEST_F(FormTest, AUidHasItsLength) {
  Record label(instance->catalog().table("ULabel"));
  label.set("name", Value("q"));
  label.set("uid", Value("abc"));
  std::string message;
  EXPECT_EQ(testing::code_of([&] { registry::Writes(instance->database()).save(label); }, &message), Code::validation);
  EXPECT_NE(message.find("`uid` must be exactly 8 characters long"), std::string::npos) << message;
  label.set("uid", Value("abcdefgh"));
  registry::Writes(instance->database()).save(label);
  EXPECT_EQ(label.uid(), "abcdefgh");
}

}  // namespace
}  // namespace lamin
