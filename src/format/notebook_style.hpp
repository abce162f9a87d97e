// notebook_style.hpp -- how the page of a notebook looks: light and dark as the reader has it, on paper too.
#pragma once
#include <string_view>

namespace lamin::format {

constexpr std::string_view notebook_style = R"css(
:root{color-scheme:light dark;--ink:#1b2330;--soft:#5b6675;--line:#e3e7ec;--paper:#fff;--tint:#f6f8fa;--bad:#b3261e;--badtint:#fdecea;
--k:#8250df;--s:#0a6b3d;--n:#0550ae;--c:#6a737d;--link:#2457a6}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#9aa5b4;--line:#313a46;--paper:#14181e;--tint:#1b2129;--bad:#ff8a80;
--badtint:#3b1f1f;--k:#d2a8ff;--s:#7ee2a8;--n:#79c0ff;--c:#8b949e;--link:#8ab4f8}}
body{margin:0 auto;padding:28px 24px 60px;max-width:980px;color:var(--ink);background:var(--paper);
font:15px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
h1{font-size:27px;line-height:1.25;margin:0 0 18px}h2{font-size:21px;margin:28px 0 10px}h3{font-size:17px;margin:22px 0 8px}
a{color:var(--link)}img,svg{max-width:100%;height:auto}
.cell{margin:14px 0}
pre,code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:var(--tint);border-radius:4px;padding:1px 4px}pre code{background:none;padding:0}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.source,.text pre{background:var(--tint);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.output{margin:8px 0 0 14px;overflow-x:auto}
.error{background:var(--badtint);border-left:3px solid var(--bad);border-radius:0 8px 8px 0;padding:8px 14px}
.stderr{border-left:3px solid var(--line);padding-left:12px;color:var(--soft)}
table{border-collapse:collapse;border:0;font-size:13.5px;margin:8px 0}
th,td{text-align:left;border:0;border-bottom:1px solid var(--line);padding:4px 14px 4px 0;vertical-align:top;max-width:320px;
overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600}
blockquote{margin:10px 0;padding:2px 0 2px 16px;border-left:3px solid var(--line);color:var(--soft)}
x-equation{font-family:ui-monospace,Menlo,Consolas,monospace;background:var(--tint);border-radius:4px;padding:1px 5px}
x-equation[type=display]{display:block;padding:8px 14px;white-space:pre-wrap}
.k{color:var(--k);font-weight:600}.s{color:var(--s)}.n{color:var(--n)}.c{color:var(--c);font-style:italic}.b{font-weight:700}
.fg1,.fg9{color:#c9362c}.fg2,.fg10{color:#1a7f47}.fg3,.fg11{color:#9a6a00}.fg4,.fg12{color:#2457a6}.fg5,.fg13{color:#8a3fa0}
.fg6,.fg14{color:#0d7585}.fg7,.fg8,.fg15{color:var(--soft)}
@media (prefers-color-scheme:dark){.fg1,.fg9{color:#ff8a80}.fg2,.fg10{color:#6fd39b}.fg3,.fg11{color:#f0c060}.fg4,.fg12{color:#8ab4f8}
.fg5,.fg13{color:#e2a6f5}.fg6,.fg14{color:#6fd6e4}}
@media print{body{max-width:none;padding:0}.source,.output{break-inside:avoid}}
)css";

}  // namespace lamin::format
