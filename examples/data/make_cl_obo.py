#!/usr/bin/env python3
"""Converts one release of the Cell Ontology, as CELLxGENE publishes it in JSON, to OBO 1.2.

    zstd -d CL-ontology-v2026-03-26.json.zst
    python make_cl_obo.py CL-ontology-v2026-03-26.json 2026-03-26 cl_2026-03-26.obo

The source holds for each term: label, description, synonyms, all ancestors with their distance, deprecated,
replaced_by, consider, comments. It follows that in the result
- is_a are the ancestors at distance 1;
- every synonym is EXACT, because the source does not state the scope;
- definitions have no citations, and there are no xrefs, subsets, or relations other than is_a.
"""

import json
import sys
from pathlib import Path


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def plain(text: str) -> str:
    for char in "\\!{}":
        text = text.replace(char, "\\" + char)
    return text.replace("\n", "\\n")


def term_lines(term_id: str, term: dict, labels: dict[str, str]):
    yield "[Term]"
    yield f"id: {term_id}"
    if term["label"]:  # ids that were merged into others have none
        yield f"name: {plain(term['label'])}"
    if description := term.get("description"):
        yield f"def: {quoted(description)} []"
    for comment in term.get("comments", []):
        yield f"comment: {plain(comment)}"
        break  # OBO allows one
    for synonym in sorted(set(term.get("synonyms", []))):
        yield f"synonym: {quoted(synonym)} EXACT []"
    if term["deprecated"]:
        yield "is_obsolete: true"
        if replaced_by := term.get("replaced_by"):
            yield f"replaced_by: {replaced_by}"
        for other in term.get("consider", []):
            yield f"consider: {other}"
        return
    for parent in sorted(p for p, distance in term["ancestors"].items() if distance == 1):
        yield f"is_a: {parent} ! {plain(labels[parent])}"


def main(source: str, version: str, target: str) -> None:
    terms = json.loads(Path(source).read_text(encoding="utf-8"))
    labels = {term_id: term["label"] for term_id, term in terms.items()}
    lines = [
        "format-version: 1.2",
        f"data-version: releases/{version}",
        "ontology: cl",
        "remark: Converted from the JSON of CELLxGENE's ontology guide; see README.md for what that leaves out.",
        'property_value: dcterms-license "https://creativecommons.org/licenses/by/4.0/" xsd:string',
    ]
    for term_id in sorted(terms):
        lines.append("")
        lines.extend(term_lines(term_id, terms[term_id], labels))
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
