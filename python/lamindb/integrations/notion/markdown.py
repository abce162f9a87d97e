"""The blocks of a page as Markdown."""

import re

from .properties import file_address

_MARKS = (("code", "`", "`"), ("bold", "**", "**"), ("italic", "*", "*"), ("strikethrough", "~~", "~~"), ("underline", "<u>", "</u>"))
_LISTS = {"bulleted_list_item": "- ", "numbered_list_item": "1. ", "to_do": "- [ ] "}
_HEADINGS = {"heading_1": "# ", "heading_2": "## ", "heading_3": "### "}
_FILES = ("file", "pdf", "video", "audio")
_LINKS = ("bookmark", "embed", "link_preview")
IMAGE = re.compile(r"!\[[^\]]*\]\((https?://[^)\s]+)\)")
_WIDTH = 500  # of a picture, in pixels


def page_markdown(client, page):
    """What is written on a page. Pages and databases on it are pages of their own."""
    return "\n\n".join(_blocks(client, page)).strip()


def image_addresses(text):
    return sorted(set(IMAGE.findall(text)))


def with_images(text, places):
    """The text with its pictures where `places` says that they are now; others stay."""
    return IMAGE.sub(lambda found: f'<img width="{_WIDTH}" src="{places[found[1]]}" />' if found[1] in places else found[0], text)


def _blocks(client, parent):
    """The paragraphs of a page or a block; the items of one list are one paragraph."""
    done, items = [], None
    for block in client.blocks(parent):
        kind = block.get("type")
        text = _block(client, block)
        if text is None:
            continue
        if kind in _LISTS and items == kind:
            done[-1] += "\n" + text
        else:
            done.append(text)
        items = kind if kind in _LISTS else None
    return done


def _block(client, block):
    """One block with what is in it; None if it shows nothing."""
    kind = block.get("type")
    given = block.get(kind) or {}
    text = _text(given.get("rich_text") or ())
    if kind in ("child_page", "child_database", "unsupported"):
        return None
    if kind == "table":
        return _table(client, block, given)
    if kind == "code":
        return f"```{given.get('language') or ''}\n{_plain(given.get('rich_text') or ())}\n```"
    if kind == "equation":
        return f"$$\n{given.get('expression', '')}\n$$"
    if kind == "divider":
        return "---"
    if kind == "image" and file_address(given):
        return f"![{_plain(given.get('caption') or ()) or 'image'}]({file_address(given)})"
    if kind in _FILES and file_address(given):
        return f"[{_plain(given.get('caption') or ()) or given.get('name') or kind}]({file_address(given)})"
    if kind in _LINKS:
        return given.get("url") or None
    inner = _blocks(client, block["id"]) if block.get("has_children") else []
    return _with_inner(kind, given, text, inner)


def _with_inner(kind, given, text, inner):
    """The text of a block that may have others in it."""
    if kind in _LISTS:
        mark = "- [x] " if kind == "to_do" and given.get("checked") else _LISTS[kind]
        return "\n".join([mark + text, *(_indented(one) for one in inner)])
    if kind in ("quote", "callout"):
        return "\n".join("> " + line if line else ">" for line in "\n\n".join([text, *inner]).split("\n"))
    if given.get("is_toggleable") or kind == "toggle":
        return "\n\n".join([f"<details>\n<summary>{text}</summary>", *inner, "</details>"])
    if kind in _HEADINGS:
        return _HEADINGS[kind] + text
    paragraphs = [one for one in (text, *inner) if one]
    return "\n\n".join(paragraphs) or None


def _indented(text):
    return "\n".join("    " + line if line else line for line in text.split("\n"))


def _table(client, block, given):
    rows = [[_text(cell).replace("|", "\\|").replace("\n", "<br>") for cell in row["table_row"]["cells"]]
            for row in client.blocks(block["id"]) if row.get("type") == "table_row"]  # fmt: skip
    if not rows:
        return None
    if not given.get("has_column_header"):
        rows.insert(0, [""] * len(rows[0]))
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


def _plain(parts):
    return "".join(part.get("plain_text", "") for part in parts)


def _text(parts):
    return "".join(_part(part) for part in parts)


def _part(part):
    text = part.get("plain_text", "")
    if part.get("type") == "equation":
        return f"${text}$"
    marks = part.get("annotations") or {}
    bare = text.strip()
    if not bare:
        return text
    done = bare
    for name, before, after in _MARKS:
        if marks.get(name):
            done = before + done + after
    if part.get("href") and part["href"] != bare:
        done = f"[{done}]({part['href']})"
    return text.replace(bare, done, 1)  # spaces stay outside of the marks, which would not be marks otherwise
