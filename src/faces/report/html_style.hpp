// html_style.hpp -- how a report looks: light and dark as the reader has it, on paper too; nothing is fetched.
#pragma once
#include <string_view>

namespace lamin::faces {

/// Everything is below the class, so that a notebook's own style and others' stay apart.
constexpr std::string_view report_style = R"css(
.lr{--ink:#1b2330;--soft:#5b6675;--line:#e3e7ec;--paper:#fff;--tint:#f6f8fa;--bad:#b3261e;--badtint:#fdecea;--good:#1a7f47;
--goodtint:#e6f4ec;--warn:#8a5a00;--warntint:#fff4d9;--bar:#d9645c;--link:#2457a6;color:var(--ink);background:var(--paper);
font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;text-align:left;max-width:1080px}
@media (prefers-color-scheme:dark){.lr{--ink:#e6e9ee;--soft:#9aa5b4;--line:#313a46;--paper:#14181e;--tint:#1b2129;--bad:#ff8a80;
--badtint:#3b1f1f;--good:#6fd39b;--goodtint:#17301f;--warn:#f0c060;--warntint:#352a12;--bar:#c9554d;--link:#8ab4f8}}
.lr *{box-sizing:border-box}
.lr h1{font-size:22px;line-height:1.25;margin:0 0 4px;font-weight:650;border:0;padding:0;color:inherit}
.lr h2{font-size:16px;margin:0;font-weight:650;overflow-wrap:anywhere;border:0;padding:0;color:inherit}
.lr h3{font-size:14px;margin:0 0 6px;font-weight:650;border:0;padding:0;color:inherit}
.lr p{margin:4px 0}
.lr .soft{color:var(--soft)}
.lr .pill{display:inline-block;border-radius:999px;padding:2px 11px;font-size:12.5px;font-weight:600;white-space:nowrap;vertical-align:2px}
.lr .pill.bad{color:var(--bad);background:var(--badtint)}
.lr .pill.good{color:var(--good);background:var(--goodtint)}
.lr .pill.warn{color:var(--warn);background:var(--warntint)}
.lr .facts{display:flex;flex-wrap:wrap;gap:10px;margin:16px 0 20px}
.lr .facts div{border:1px solid var(--line);border-radius:10px;padding:9px 16px;min-width:104px}
.lr .facts b{display:block;font-size:19px;line-height:1.3;font-variant-numeric:tabular-nums}
.lr .facts span{color:var(--soft);font-size:12.5px}
.lr section{border:1px solid var(--line);border-radius:12px;padding:16px 18px;margin:14px 0;break-inside:avoid-page}
.lr .head{display:flex;gap:12px;justify-content:space-between;align-items:baseline;flex-wrap:wrap}
.lr .problem{border-left:3px solid var(--bad);padding:2px 0 2px 14px;margin:18px 0 6px}
.lr .note{border-left:3px solid var(--warn);padding:2px 0 2px 14px;margin:10px 0}
.lr table{border-collapse:collapse;width:100%;margin:8px 0;font-size:13.5px;color:inherit;border:0}
.lr th{text-align:left;font-weight:600;color:var(--soft);font-size:12.5px;border:0;border-bottom:1px solid var(--line);padding:4px 12px 4px 0;background:none}
.lr td{text-align:left;border:0;border-bottom:1px solid var(--line);padding:5px 12px 5px 0;vertical-align:top;background:none;overflow-wrap:anywhere}
.lr tr:last-child td{border-bottom:0}
.lr tbody tr:nth-child(n){background:none}
.lr .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.lr .barcell{width:30%;min-width:120px}
.lr .bar{display:flex;align-items:center;gap:8px}
.lr .bar i{display:block;height:10px;border-radius:3px;background:var(--bar);min-width:2px}
.lr .bar span{font-variant-numeric:tabular-nums;font-size:12.5px;color:var(--soft);white-space:nowrap}
.lr code,.lr pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:inherit;background:var(--tint)}
.lr code{border-radius:4px;padding:1px 5px;white-space:pre-wrap}
.lr pre{border:1px solid var(--line);border-radius:8px;padding:9px 12px;margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}
.lr .copy{position:relative}
.lr .copy button{position:absolute;top:6px;right:6px;font:12px system-ui,sans-serif;border:1px solid var(--line);border-radius:6px;background:var(--paper);color:var(--soft);padding:2px 9px;cursor:pointer}
.lr .copy button:hover{color:var(--ink)}
.lr details{margin:8px 0}
.lr summary{cursor:pointer;color:var(--link);font-size:13px}
.lr .or{color:var(--soft);font-size:12.5px}
.lr footer{color:var(--soft);font-size:12.5px;margin:20px 0 6px}
@media print{.lr .copy button{display:none}.lr details:not([open])>*{display:block}.lr section{break-inside:auto}}
)css";

/// For a page of its own only; without it the text can still be selected.
constexpr std::string_view report_script = R"js(
document.querySelectorAll('.lr .copy').forEach(function(box){var b=document.createElement('button');b.type='button';b.textContent='Copy';
b.onclick=function(){var t=box.querySelector('pre').textContent,done=function(){b.textContent='Copied';setTimeout(function(){b.textContent='Copy'},1500)};
if(navigator.clipboard&&window.isSecureContext){navigator.clipboard.writeText(t).then(done)}else{var a=document.createElement('textarea');a.value=t;
document.body.appendChild(a);a.select();document.execCommand('copy');a.remove();done()}};box.appendChild(b)});
)js";

}  // namespace lamin::faces
