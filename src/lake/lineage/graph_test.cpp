// The lineage graph: what is in it, and its forms.
#include "lake/lineage/graph_testing.hpp"

namespace lamin {
namespace {

using testing::code_of;
using Kind = LineageNode::Kind;

class LineageGraphTest : public testing::InstanceTest {
 protected:
  Record begin(const std::string& key, const std::string& entrypoint = "") {
    const auto transform = make_transform(*instance, {.key = key, .kind = "script", .source_code = key});
    return start_run(*instance, transform, {.entrypoint = entrypoint});
  }
  void end(Record& run, RunStatus status = RunStatus::completed) { finish_run(*instance, run, status); }
  Record made(const std::string& key) { return save_text("f.txt", key, key).record; }

  // load.py made raw; clean.py made tidy and a log of it; report.py used tidy and failed.
  void three_runs() {
    auto load = begin("load.py");
    raw = made("raw.txt");
    end(load);
    auto clean = begin("clean.py", "main");
    track_input(*instance, raw);
    tidy = made("tidy.txt");
    log = made("log.txt");
    end(clean);
    report = begin("report.py");
    track_input(*instance, tidy);
    end(report, RunStatus::errored);
  }
  static std::vector<std::string> names(const LineageGraph& graph) {
    std::vector<std::string> out;
    for (const auto& node : graph.nodes) out.push_back(node.name);
    std::ranges::sort(out);
    return out;
  }
  static const LineageNode& node(const LineageGraph& graph, std::string_view name) {
    for (const auto& one : graph.nodes) {
      if (one.name == name) return one;
    }
    throw Error(Code::internal, "no node is called " + std::string(name));
  }

  Record raw, tidy, log, report;
};

TEST_F(LineageGraphTest, IsWhatFollowingEveryLinkGives) { testing::Lineages(*instance, box, 7).check(); }

TEST_F(LineageGraphTest, SaysWhatANodeIs) {
  three_runs();
  const auto graph = lineage_graph(*instance, tidy);
  EXPECT_EQ(names(graph),
            (std::vector<std::string>{"clean.py", "load.py", "log.txt", "raw.txt", "report.py", "tidy.txt"}));
  const auto& focus = graph.nodes[0];
  EXPECT_EQ(focus.uid, tidy.uid());
  EXPECT_EQ(focus.size, 8);
  EXPECT_EQ(focus.version, "0000");
  EXPECT_TRUE(focus.at);
  EXPECT_EQ(node(graph, "clean.py").entrypoint, "main");
  EXPECT_EQ(node(graph, "clean.py").status, "completed");
  EXPECT_EQ(node(graph, "clean.py").type, "script");
  EXPECT_TRUE(node(graph, "report.py").failed());
  EXPECT_EQ(node(graph, "raw.txt").suffix, ".txt");
  EXPECT_EQ(node(graph, "raw.txt").distance, -2);
  EXPECT_EQ(node(graph, "load.py").distance, -3);
  EXPECT_EQ(node(graph, "report.py").distance, 1);
  EXPECT_FALSE(node(graph, "log.txt").distance);  // another result of the run
  EXPECT_EQ(graph.edges.size(), 5U);
}

TEST_F(LineageGraphTest, GoesAsFarAsAsked) {
  three_runs();
  EXPECT_EQ(names(lineage_graph(*instance, tidy, {.up = 1, .down = 0, .siblings = false})),
            (std::vector<std::string>{"clean.py", "raw.txt", "tidy.txt"}));
  EXPECT_EQ(names(lineage_graph(*instance, tidy, {.up = 0, .down = 0})), std::vector<std::string>{"tidy.txt"});
  EXPECT_EQ(names(lineage_graph(*instance, report, {.up = 0, .down = 0})),
            (std::vector<std::string>{"report.py", "tidy.txt"}));
  const auto cut = lineage_graph(*instance, tidy, {.most = 1});
  EXPECT_TRUE(cut.cut);
  EXPECT_NE(to_svg(cut).find("There is more"), std::string::npos);
  EXPECT_NE(to_text(cut).find("There is more"), std::string::npos);
  EXPECT_EQ(to_svg(lineage_graph(*instance, tidy)).find("There is more"), std::string::npos);
  EXPECT_FALSE(lineage_graph(*instance, tidy, {.most = 3}).cut);
}

TEST_F(LineageGraphTest, GoesAsFarAsAskedHoweverFar) {
  Record last;
  for (int i = 0; i < 60; ++i) {
    auto run = begin("step.py");
    if (last) track_input(*instance, last);
    last = made("chain/" + std::to_string(i) + ".txt");
    end(run);
  }
  for (const int depth : {1, 50, 51, 55, 59}) {
    EXPECT_EQ(lineage_graph(*instance, last, {.up = depth, .down = 0}).nodes.size(),
              1U + 2U * static_cast<unsigned>(depth));
    EXPECT_EQ(lineage_graph(*instance, last, {.up = depth}).nodes.size(), 1U + 2U * static_cast<unsigned>(depth));
  }
  EXPECT_EQ(lineage_graph(*instance, last).nodes.size(), 120U);
}

TEST_F(LineageGraphTest, RefusesWhatHasNone) {
  std::string message;
  EXPECT_EQ(code_of([&] { lineage_graph(*instance, Record(instance->catalog().table("ULabel"))); }, &message),
            Code::invalid_argument);
  EXPECT_EQ(message, "a ULabel has no lineage: pass an artifact, a collection, a record, a run or a transform");
  EXPECT_EQ(code_of([&] { lineage_graph(*instance, Record(instance->catalog().table("Run"))); }),
            Code::invalid_argument);
}

TEST_F(LineageGraphTest, OfATransformIsAboutTransforms) {
  three_runs();
  const auto transform = [&](const char* key) {
    return *instance->database().first({.registry = "Transform", .where = Expr::compare("key", Op::exact, Value(key))});
  };
  const auto declared = make_transform(*instance, {.key = "plan.py", .source_code = "p"});
  const auto clean = transform("clean.py");
  const std::int64_t ids[] = {declared.id()};
  registry::Writes(instance->database()).link(clean, *clean.table().find_relation("predecessors"), ids);
  EXPECT_EQ(to_text(lineage_graph(*instance, clean)),
            "clean.py (0000)\n├── after load.py (0000)\n├── after plan.py (0000)\n└── before report.py (0000)\n");
  EXPECT_EQ(names(lineage_graph(*instance, transform("report.py"), {.up = 1})),
            (std::vector<std::string>{"clean.py", "report.py"}));
}

TEST_F(LineageGraphTest, TextOfARun) {
  three_runs();
  const auto text = to_text(lineage_graph(*instance, report, {.siblings = false}));
  EXPECT_TRUE(text.starts_with("report.py  run " + std::string(report.uid().substr(0, 7)) + " at ")) << text;
  EXPECT_NE(text.find(", errored\n└── from tidy.txt (0000)\n    └── made by clean.py: main  run "), std::string::npos)
      << text;
}

TEST_F(LineageGraphTest, NamesDoNoHarmInAnyForm) {
  const std::string evil = "<script>alert(1)</script>\"`;&#x3c;]] %%{init}%% end.txt";
  auto run = begin("<img src=x onerror=alert(1)>.py");
  const auto bad = made("a/" + evil);
  end(run);
  const auto graph = lineage_graph(*instance, bad);
  for (const auto& text : {to_svg(graph), to_html(graph), to_mermaid(graph)}) {
    EXPECT_EQ(text.find("<script"), std::string::npos) << text;
    EXPECT_EQ(text.find("<img"), std::string::npos) << text;
  }
  const auto mermaid = to_mermaid(graph);
  EXPECT_EQ(std::ranges::count(mermaid, '"'), 4) << mermaid;  // of two labels
  EXPECT_NE(to_json(graph).find(R"(</script>\"`;&#x3c;]])"), std::string::npos) << to_json(graph);
}

TEST_F(LineageGraphTest, JsonHasNodesAndEdges) {
  three_runs();
  const auto json = to_json(lineage_graph(*instance, raw, {.up = 0, .down = 1, .siblings = false}));
  EXPECT_TRUE(json.starts_with("{\"focus\": \"artifact/" + std::string(raw.uid()) + "\", \"nodes\": [{\"id\": "))
      << json;
  EXPECT_NE(json.find("\"kind\": \"run\""), std::string::npos);
  EXPECT_NE(json.find("\"kind\": \"output\"}], \"cut\": false}"), std::string::npos) << json;
}

TEST_F(LineageGraphTest, DrawsTooManyResultsAsOneBox) {
  auto run = begin("split.py");
  Record first = made("part-0.txt");
  for (int i = 1; i < 30; ++i) made("part-" + std::to_string(i) + ".txt");
  end(run);
  const auto graph = lineage_graph(*instance, first);
  EXPECT_EQ(graph.nodes.size(), 31U);
  const auto svg = to_svg(graph);
  EXPECT_NE(svg.find(">22 more<"), std::string::npos) << svg;
  EXPECT_EQ(to_svg(graph, {.most_results = 0}).find(" more<"), std::string::npos);
}

TEST_F(LineageGraphTest, CircleEnds) {
  auto first = begin("a.py");
  const auto a = made("a.txt");
  end(first);
  auto second = begin("b.py");
  track_input(*instance, a);
  const auto b = made("b.txt");
  end(second);
  const std::int64_t ids[] = {first.id()};
  registry::Writes(instance->database()).link(b, *b.table().find_relation("input_of_runs"), ids);
  const auto graph = lineage_graph(*instance, a);
  EXPECT_EQ(graph.nodes.size(), 4U);
  EXPECT_EQ(graph.edges.size(), 4U);
  EXPECT_FALSE(to_text(graph).empty());
  EXPECT_NE(to_svg(graph).find("b.txt"), std::string::npos);
}

}  // namespace
}  // namespace lamin
