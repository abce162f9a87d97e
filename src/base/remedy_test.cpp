// remedy_test.cpp -- remedies in the words of each face.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include "base/log.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using ::testing::HasSubstr;

TEST(Words, EachFaceSaysItInItsOwnWay) {
  const Words words = "no run got linked, " + Words(Remedy{Remedy::Verb::track}) + ".";
  EXPECT_EQ(words.in(Face::python), "no run got linked, call `ln.track()` & re-run.");
  EXPECT_EQ(words.in(Face::shell), "no run got linked, run `lamin track` first.");
  EXPECT_EQ(words.in(Face::cpp), "no run got linked, call lamin::start_run().");
  ASSERT_EQ(words.remedies().size(), 1U);
  EXPECT_EQ(words.remedies()[0].verb, Remedy::Verb::track);
}

TEST(Words, ValuesThatAreToBeRegistered) {
  const Remedy remedy{
      .verb = Remedy::Verb::register_values, .name = "ULabel", .field = "name", .values = {"plain", "it's {name}"}};
  EXPECT_EQ(remedy.in(Face::python),
            "  objects = ULabel.from_values(['plain', 'it's {name}'], field='name', create=True).save()");
  EXPECT_EQ(remedy.in(Face::shell),
            "  lamin create ULabel --set name=plain\n"
            "  lamin create ULabel --set name='it'\\''s {name}'");
  Remedy many = remedy;
  many.values.assign(12, "v");
  EXPECT_THAT(many.in(Face::python), HasSubstr("'v', ...]"));
  EXPECT_THAT(many.in(Face::shell), HasSubstr("name=v\n  ..."));
}

TEST(Words, EveryVerbHasWordsInEveryFace) {
  for (int verb = 0; verb <= static_cast<int>(Remedy::Verb::name_version); ++verb) {
    const Remedy remedy{.verb = static_cast<Remedy::Verb>(verb), .name = "n", .field = "f", .values = {"v"}};
    for (const auto face : {Face::cpp, Face::python, Face::shell}) {
      const auto text = remedy.in(face);
      EXPECT_EQ(text.find('{'), std::string::npos) << text;
      if (remedy.verb != Remedy::Verb::duplicate) { EXPECT_FALSE(text.empty()) << verb; }
    }
  }
}

TEST(Words, AnErrorKeepsThem) {
  const Error error(Code::validation, "pass " + Words(Remedy{Remedy::Verb::delete_bytes}));
  EXPECT_STREQ(error.what(), "pass storage = true");
  EXPECT_EQ(error.words().in(Face::shell), "pass `--storage`");
}

TEST(Words, ASessionHearsThemInItsOwnWords) {
  std::vector<std::string> heard;
  const Messages messages{.write = [&](Level, std::string_view text) { heard.emplace_back(text); },
                          .face = Face::shell};
  base::say(messages, Level::warning, Remedy{Remedy::Verb::track});
  base::say(messages, Level::warning, "password='hunter2hunter2'");
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0], "run `lamin track` first");
  EXPECT_EQ(heard[1].find("hunter2"), std::string::npos) << "secrets are taken out before any sink";
}

}  // namespace
}  // namespace lamin
