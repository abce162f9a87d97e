#include "lake/label/text_map.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <unordered_map>
#include "lake/label/gram_index.hpp"

namespace lamin::lake {
namespace {

TEST(TextMap, FindsWhatWasAddedAndNothingElse) {
  TextMap map;
  EXPECT_EQ(map.find("anything"), TextMap::none);
  for (std::uint32_t i = 0; i < 5000; ++i) map.add("gene" + std::to_string(i), i);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const auto entry = map.find("gene" + std::to_string(i));
    ASSERT_NE(entry, TextMap::none);
    EXPECT_EQ(map.row(entry), i);
    EXPECT_EQ(map.next(entry), TextMap::none);
  }
  EXPECT_EQ(map.find("gene5000"), TextMap::none);
  EXPECT_EQ(map.find(""), TextMap::none);
}

TEST(TextMap, ManyAreAskedAsOneByOne) {
  TextMap map;
  std::vector<std::string> asked{""};
  for (std::uint32_t i = 0; i < 1000; ++i) asked.push_back("gene" + std::to_string(i * 3));
  EXPECT_EQ(map.contains(asked), std::vector<bool>(asked.size(), false));
  for (std::uint32_t i = 0; i < 1000; ++i) map.add("gene" + std::to_string(i), i);
  const auto there = map.contains(asked);
  ASSERT_EQ(there.size(), asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) EXPECT_EQ(there[i], map.find(asked[i]) != TextMap::none) << asked[i];
  EXPECT_EQ(std::count(there.begin(), there.end(), true), 334);
  EXPECT_TRUE(map.contains({}).empty());
}

TEST(TextMap, RowsOfOneTextComeInOrder) {
  TextMap map;
  for (std::uint32_t row : {7U, 3U, 9U}) map.add("same", row);
  map.add("other", 1);
  std::vector<std::uint32_t> rows;
  for (auto e = map.find("same"); e != TextMap::none; e = map.next(e)) rows.push_back(map.row(e));
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{7, 3, 9}));
}

TEST(GramIndex, ContainingLooksThroughTheRarestTrigramOnly) {
  TextMap texts;
  GramIndex index;
  for (std::uint32_t i = 0; i < 1000; ++i) texts.add("label number " + std::to_string(i), i);
  index.catch_up(texts);
  EXPECT_EQ(index.containing(texts, "number 99", 100).size(), 11U);  // 99 and 990 to 999
  EXPECT_EQ(index.containing(texts, "number 99", 4).size(), 4U);
  EXPECT_TRUE(index.containing(texts, "nomber", 4).empty());
  EXPECT_EQ(index.containing(texts, "99", 100).size(), 19U);  // too short for a trigram
  texts.add("label number 99 again", 1000);
  index.catch_up(texts);
  EXPECT_EQ(index.containing(texts, "number 99", 100).size(), 12U);
}

TEST(GramIndex, AlikeIsOrderedByWhatIsShared) {
  TextMap texts;
  GramIndex index;
  for (const char* text : {"dendritic cell", "dendritic epidermal t cell", "neuron", "dense"}) texts.add(text, 0);
  index.catch_up(texts);
  const auto found = index.alike("dendritic", 10, 0.1);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].first, 0U);
  EXPECT_GT(found[0].second, found[2].second);
}

TEST(GramIndex, FewAreTheFirstOfAll) {
  TextMap texts;
  GramIndex index;
  std::minstd_rand random(5);
  const std::array words{"alpha", "beta", "cell", "cells", "delta", "t", "natural", "killer", "positive", "of the"};
  for (std::uint32_t i = 0; i < 3000; ++i) {
    std::string name;
    for (auto n = 1 + random() % 5; n > 0; --n) name += std::string(words[random() % words.size()]) + " ";
    texts.add(name + std::to_string(i % 50), i);
  }
  index.catch_up(texts);
  for (std::uint32_t i = 0; i < 200; ++i) {
    std::string asked(texts.text(random() % texts.size()));
    asked[random() % asked.size()] = 'x';
    auto all = index.alike(asked, texts.size(), 0.01);
    for (const double least : {0.4, 0.7}) {
      auto some = index.alike(asked, 32, least);
      std::erase_if(all, [&](const auto& one) { return one.second < least; });
      EXPECT_EQ(some,
                decltype(some)(all.begin(), all.begin() + static_cast<long>(std::min<std::size_t>(32, all.size()))));
    }
  }
}

}  // namespace
}  // namespace lamin::lake
