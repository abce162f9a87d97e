#include "format/notebook.hpp"
#include <gtest/gtest.h>
#include "format/code_html.hpp"
#include "format/notebook_html.hpp"
#include "format/percent.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

Notebook notebook(std::vector<std::pair<std::string, std::string>> cells) {
  Notebook made;
  std::int64_t count = 0;
  for (auto& [type, source] : cells) {
    NotebookCell cell{.type = type, .source = source};
    if (type == "code") cell.execution_count = ++count;
    made.cells.push_back(std::move(cell));
  }
  return made;
}

Code code_of(std::string_view text) {
  try {
    read_notebook(text, "a.ipynb");
  } catch (const Error& error) { return error.code(); }
  return Code::internal;
}

TEST(NotebookTest, ReadsWhatJupyterWrites) {
  const auto read = read_notebook(
      R"({"cells": [{"cell_type": "markdown", "source": ["# My title.\n", "text"], "metadata": {}},
                    {"cell_type": "code", "source": "x = 1", "execution_count": 3, "outputs": [{}], "metadata": {"tags": ["a"]}}],
          "metadata": {"kernelspec": {}}, "nbformat": 4, "nbformat_minor": 5})",
      "a.ipynb");
  ASSERT_EQ(read.cells.size(), 2U);
  EXPECT_EQ(read.cells[0].source, "# My title.\ntext");
  EXPECT_EQ(title_of(read), "My title");
  EXPECT_EQ(read.cells[1].execution_count, 3);
  EXPECT_EQ(read.cells[1].outputs.size(), 1U);
  const auto again = read_notebook(write_notebook(read), "b.ipynb");
  EXPECT_EQ(again.cells[0].source, read.cells[0].source);
  EXPECT_EQ(again.cells[1].metadata, read.cells[1].metadata);
}

TEST(NotebookTest, RefusesWhatIsNone) {
  EXPECT_EQ(code_of("{\"cells\": ["), Code::corrupt);
  EXPECT_EQ(code_of("[]"), Code::corrupt);
  EXPECT_EQ(code_of("{\"cells\": [3]}"), Code::corrupt);
  EXPECT_EQ(code_of("{\"worksheets\": []}"), Code::unsupported);
}

TEST(NotebookTest, SaysWhereCellsDidNotRunInOrder) {
  auto one = notebook({{"code", "a"}, {"markdown", "b"}, {"code", "c"}, {"code", "ln.finish()"}});
  EXPECT_TRUE(gaps_in_execution(one, ".finish(").empty());
  one.cells[2].execution_count = 5;
  EXPECT_EQ(shown(gaps_in_execution(one, ".finish(")), "[(1, 5)]");
  one.cells[2].execution_count.reset();
  EXPECT_TRUE(gaps_in_execution(one, ".finish(").empty()) << "the last one may be running";
  one.cells[0].execution_count.reset();
  EXPECT_EQ(shown(gaps_in_execution(one, ".finish(")), "[(0, None)]");
}

TEST(PercentTest, WritesCellsAsJupytextDoes) {
  auto one = notebook({{"markdown", "# My title"},
                       {"code", "import lamindb as ln\n%matplotlib inline\n!ls\nx = !ls"},
                       {"code", "def f():\n    return 1"},
                       {"code", "f()"},
                       {"code", "%%bash -l\necho 1"},
                       {"raw", "as it is"},
                       {"code", ""}});
  one.cells[3].metadata = {{"tags", {"parameters"}}, {"collapsed", true}};
  EXPECT_EQ(to_percent(one, "My title"),
            "# %% [markdown]\n#\n\n# %%\nimport lamindb as ln\n# %matplotlib inline\n# !ls\n# x = !ls\n\n"
            "# %%\ndef f():\n    return 1\n\n\n# %% tags=[\"parameters\"]\nf()\n\n"
            "# %% magic_args=\"-l\" language=\"bash\"\n# echo 1\n\n# %% [raw]\n# as it is\n\n# %%\n");
}

TEST(PercentTest, ComesBackAsItWas) {
  auto one = notebook({{"markdown", "# My title\n\nand *text*"},
                       {"code", "%load_ext x\na = \"\"\"\n%% no magic\n\"\"\"\n\n\nb = 1"},
                       {"code", "class A:\n    pass"},
                       {"markdown", "## more"},
                       {"code", "%%bash\necho 1\n\necho 2"},
                       {"code", "A()"}});
  one.cells[2].metadata = {{"tags", {"a", "b"}}, {"editable", false}};
  const auto text = to_percent(one, title_of(one));
  const auto back = from_percent(text, "My title");
  ASSERT_EQ(back.cells.size(), one.cells.size());
  for (std::size_t i = 0; i < one.cells.size(); ++i) {
    EXPECT_EQ(back.cells[i].type, one.cells[i].type) << i;
    EXPECT_EQ(back.cells[i].source, one.cells[i].source) << i;
    EXPECT_EQ(back.cells[i].metadata, one.cells[i].metadata) << i;
  }
  EXPECT_EQ(to_percent(back, "My title"), text);
}

TEST(NotebookHtmlTest, ShowsTextsCodeAndOutputs) {
  auto one = notebook({{"code", "api_key = \"sk-abcdefghijklmnopqrstuvwxyz123456\"\nprint('<b>')  # said"}});
  one.cells[0].outputs = {
      {{"output_type", "stream"}, {"name", "stdout"}, {"text", "10%\r100%\n\x1b[31mred\x1b[0m <x>\n"}},
      {{"output_type", "display_data"}, {"data", {{"image/png", "AAAA\n"}, {"text/plain", "<Figure>"}}}},
      {{"output_type", "execute_result"}, {"data", {{"text/html", "<table><tr><td>1</td></tr></table>"}}}},
      {{"output_type", "error"},
       {"ename", "ValueError"},
       {"evalue", "bad"},
       {"traceback", {"\x1b[0;31mValueError\x1b[0m: bad"}}}};
  const auto html = notebook_page(one, "A & B");
  EXPECT_NE(html.find("<h1>A &amp; B</h1>"), std::string::npos);
  EXPECT_NE(html.find("<span class=\"c\"># said</span>"), std::string::npos);
  EXPECT_EQ(html.find("sk-abcdef"), std::string::npos);
  EXPECT_NE(html.find("<pre>100%\n<span class=\"fg1\">red</span> &lt;x&gt;"), std::string::npos) << html;
  EXPECT_NE(html.find("<img src=\"data:image/png;base64,AAAA\""), std::string::npos);
  EXPECT_NE(html.find("<td>1</td>"), std::string::npos);
  EXPECT_NE(html.find("output error"), std::string::npos);
}

TEST(NotebookHtmlTest, ScriptsInOutputsHoldNoSecretsAndStillRun) {
  auto one = notebook({{"code", "show()"}});
  one.cells[0].outputs = {
      {{"output_type", "display_data"},
       {"data",
        {{"application/javascript",
          {"load({token: next, api_key: \"Hunter2Hunter2\"});\n", "key('sk-abcdefghijklmnopqrstuvwxyz123456')"}}}}}};
  const auto html = notebook_page(one, "");
  EXPECT_NE(html.find("<script>load({token: next, api_key: "), std::string::npos) << html;
  EXPECT_EQ(html.find("Hunter2"), std::string::npos) << html;
  EXPECT_EQ(html.find("sk-abcdef"), std::string::npos) << html;
}

TEST(CodeHtmlTest, MarksWordsOfPython) {
  EXPECT_EQ(python_html("if x: return 'a\\'b' # c\n"),
            "<span class=\"k\">if</span> x: <span class=\"k\">return</span> <span class=\"s\">'a\\'b'</span> "
            "<span class=\"c\"># c</span>\n");
  EXPECT_EQ(python_html("s = '''a\nb''' + f(1)"),
            "s = <span class=\"s\">'''a\nb'''</span> + f(<span class=\"n\">1</span>)");
}

}  // namespace
}  // namespace lamin::format
