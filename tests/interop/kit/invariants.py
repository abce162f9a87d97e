#!/usr/bin/env python3
"""SQL-level invariants of a LaminDB 2.12 database: what rows written by OUR implementation must satisfy, and what rows written by theirs do satisfy.

usage: interop_ours_reads_theirs.py INSTANCE_DIR [--db postgresql://...] [--catalog ../catalog.json] [--ours "CMD {dir}"] [--json OUT]
Only the standard library for SQLite (psycopg2 for --db). Exit 0 = no violation.
--ours: a command of ours that opens the instance and prints JSON {"counts": {table: n}, "artifacts": {uid: {"path":..., "hash":..., "ok": bool}}};
        it is compared with what SQL says.
"""
import argparse, base64, datetime as dt, hashlib, json, re, sqlite3, subprocess, sys
from collections import defaultdict
from pathlib import Path

ap = argparse.ArgumentParser(); ap.add_argument("dir"); ap.add_argument("--db"); ap.add_argument("--catalog", default=str(Path(__file__).resolve().parent / "catalog.json"))
ap.add_argument("--ours"); ap.add_argument("--json"); ap.add_argument("--no-files", action="store_true")
a = ap.parse_args()
root = Path(a.dir).resolve()
B62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
def b62(b):
    n, s = int.from_bytes(b, "big"), ""
    while n: n, r = divmod(n, 62); s = B62[r] + s
    z = len(b) - len(b.lstrip(b"\0")); return ("0" + B62[z] if z else "") + s
b64 = lambda b: base64.urlsafe_b64encode(b).decode().rstrip("=")[:22]
md5s = lambda s: b64(hashlib.md5(s.encode()).digest())
marks = [p for p in list(root.glob("*/.lamindb/storage_uid.txt")) + list(root.glob(".lamindb/storage_uid.txt"))]
bad, n = [], defaultdict(int)
def expect(rule, ok, what):
    n[rule] += 1
    if not ok: bad.append((rule, str(what)[:240]))
if a.db:
    import psycopg2, psycopg2.extras
    con = psycopg2.connect(a.db)
    def rows(sql):
        c = con.cursor(cursor_factory=psycopg2.extras.RealDictCursor); c.execute(sql); return [dict(r) for r in c.fetchall()]
    tables = {r["table_name"] for r in rows("select table_name from information_schema.tables where table_schema='public'")}
    js = lambda v: v
else:
    db = next(p.parent / "lamin.db" for p in marks if (p.parent / "lamin.db").exists())
    con = sqlite3.connect(f"file:{db}?mode=ro", uri=True); con.row_factory = sqlite3.Row
    def rows(sql): return [dict(r) for r in con.execute(sql)]
    tables = {r["name"] for r in rows("select name from sqlite_master where type='table'")}
    js = lambda v: None if v is None else json.loads(v)
    expect("R01 integrity_check", rows("pragma integrity_check")[0]["integrity_check"] == "ok", "")
    fk = rows("pragma foreign_key_check"); expect("R02 no dangling foreign key", not fk, fk[:5])
T = {t: rows(f'select * from "{t}" order by id') for t in sorted(tables) if t.split("_")[0] in ("lamindb", "bionty", "wetlab")}
cat = {m["table"]: m for m in json.loads(Path(a.catalog).read_text())["models"]}
core = {t for t, m in cat.items() if m["app"] == "lamindb"}
for t in sorted(core): expect("R03 every lamindb table exists", t in tables, t)
DT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$"); D = re.compile(r"\d{4}-\d\d-\d\d$")
for t, rs in T.items():
    m = cat.get(t)
    if not m: continue
    for r in rs:
        for f in m["fields"]:
            c, k, v = f["column"], f["kind"], r.get(f["column"], KeyError)
            if v is KeyError: expect("R04 every column exists", False, f"{t}.{c}"); continue
            if v is None: expect("R05 NOT NULL columns", f["null"] or f.get("primary_key"), f"{t}[{r['id']}].{c}"); continue
            where = f"{t}[{r['id']}].{c}={v!r}"
            if f.get("max_length") and k in ("char", "url"): expect("R06 max_length", len(v) <= f["max_length"], where)
            if f.get("choices"): expect("R07 choices", v in [x[0] for x in f["choices"]], where)
            if not a.db:
                if k == "datetime": expect("R08 datetime text 'YYYY-MM-DD HH:MM:SS[.ffffff]' (UTC, no zone)", isinstance(v, str) and DT.match(v), where)
                elif k == "date": expect("R09 date text", isinstance(v, str) and D.match(v), where)
                elif k == "bool": expect("R10 boolean 0/1", v in (0, 1), where)
                elif k == "json":
                    try: json.loads(v); ok = True
                    except Exception: ok = False
                    expect("R11 JSON text", isinstance(v, str) and ok, where)
                elif k in ("char", "text", "url"): expect("R12 text is text", isinstance(v, str), where)
                elif k in ("int", "bigint", "smallint", "duration", "fk", "o2o"): expect("R13 integers are integers", isinstance(v, int), where)
            if c == "_aux": expect("R14 _aux is NULL, JSON null or an object", js(v) is None or isinstance(js(v), dict), where)
    if m.get("uid") and rs:
        L = m["uid"]["max_length"]
        for r in rs:
            u = r["uid"]
            ln = 16 if t == "lamindb_run" else L
            if t.startswith("bionty_") or t.startswith("wetlab_"): expect("R15 bionty/pertdb uid: base62, <= max_length", re.fullmatch(r"[0-9A-Za-z]+", u) and len(u) <= L, f"{t} {u}")
            elif t == "lamindb_run": expect("R16 run uid: 16 (new) or 20 base62", re.fullmatch(r"[0-9A-Za-z]{16}([0-9A-Za-z]{4})?", u), u)
            elif t.endswith("block"): expect("R16 block uid: 20 base62", re.fullmatch(r"[0-9A-Za-z]{16}([0-9A-Za-z]{4})?", u), f"{t} {u}")
            else: expect("R16 uid: exactly max_length base62", re.fullmatch(r"[0-9A-Za-z]{%d}" % ln, u), f"{t} {u}")
# --- fixed rows
br = {r["id"]: r for r in T["lamindb_branch"]}
expect("R20 branches -1 trash, 0 archive, 1 main", [(br.get(i) or {}).get("uid") for i in (-1, 0, 1)] == ["t" * 12, "a" * 12, "m" * 12], br.keys())
expect("R21 space 1 'all'", any(s["id"] == 1 and s["uid"] == "a" * 12 and s["name"] == "all" for s in T["lamindb_space"]), "")
for r in T["lamindb_branch"]: expect("R22 branch._status_code in -2..2", -2 <= r["_status_code"] <= 2, r["name"])
for r in T["lamindb_project"]: expect("R22 project._status_code in -3..4", -3 <= r["_status_code"] <= 4, r["name"])
for r in T["lamindb_run"]: expect("R22 run._status_code in -3..2", -3 <= r["_status_code"] <= 2, r["uid"])
for t in ("lamindb_branch", "lamindb_space"):
    ns = [r["name"].lower() for r in T[t]]; expect("R23 branch/space name unique case-insensitively", len(ns) == len(set(ns)), ns)
# --- storage
stor = {r["id"]: r for r in T["lamindb_storage"]}
mk = {}
place = lambda r: str(root / r[len('/golden/'):]) if r.startswith('/golden/') else r      # placeholder root of the golden instance
for p in marks:
    l = p.read_text().splitlines(); mk[str(p.parent.parent)] = (l[0], dict(x.split("=", 1) for x in l if "=" in x))
for r in stor.values():
    expect("R30 storage.root: no trailing slash; local = absolute posix path", not r["root"].endswith("/") and (r["type"] != "local" or r["root"].startswith("/")), r["root"])
    expect("R31 storage.type", r["type"] in ("local", "s3", "gs", "hf", "http", "https"), r["type"])
    if place(r["root"]) in mk:
        u, kv = mk[place(r["root"])]
        expect("R32 storage.uid = first line of storage_uid.txt", u == r["uid"], (u, r["uid"]))
        if "instance_id" in kv and r["instance_uid"]: expect("R33 instance_uid = base62(md5(instance_id hex))[:12]", b62(hashlib.md5(kv["instance_id"].encode()).digest())[:12] == r["instance_uid"] == kv.get("instance_uid"), r["instance_uid"])
# --- version families
for t in ("lamindb_artifact", "lamindb_transform", "lamindb_collection"):
    stem = cat[t]["uid_stem_len"]; fam = defaultdict(list)
    for r in T[t]: fam[r["uid"][:stem]].append(r)
    for s, rs in fam.items():
        for b in {r["branch_id"] for r in rs}:
            k = [r for r in rs if r["branch_id"] == b and r["is_latest"]]
            if b != -1: expect("R40 at most one is_latest per (family, branch)", len(k) <= 1, f"{t} {s} branch {b}")
        live = [r for r in rs if r["branch_id"] != -1]
        if live: expect("R41 a family with live members has a latest", any(r["is_latest"] for r in live), f"{t} {s}")
        sfx = [r["uid"][stem:] for r in rs]; expect("R42 version suffixes distinct base62x4", len(set(sfx)) == len(sfx) and all(re.fullmatch("[0-9A-Za-z]{4}", x) for x in sfx), f"{t} {s} {sfx}")
        tags = [r["version_tag"] for r in rs if r["version_tag"]]; expect("R43 version tags distinct in a family", len(set(tags)) == len(tags), f"{t} {s} {tags}")
# --- artifacts
H = re.compile(r"[0-9A-Za-z_-]{22}$")
def hash_file(p):
    size, C = p.stat().st_size, 50 * 1024 * 1024
    with open(p, "rb") as f:
        if size <= C: return size, b64(hashlib.md5(f.read()).digest()), "md5"
        x = f.read(C); f.seek(-C, 2); y = f.read(C)
        return size, b64(hashlib.sha1(hashlib.sha1(x).digest() + hashlib.sha1(y).digest()).digest()), "sha1-fl"
def hash_dir(p):
    fs = [hash_file(x) for x in p.rglob("*") if x.is_file()]
    return sum(f[0] for f in fs), b64(hashlib.md5(b"".join(hashlib.md5(h.encode()).digest() for h in sorted(f[1] for f in fs))).digest()), "md5-d", len(fs)
paths = {}
for r in T["lamindb_artifact"]:
    u = r["uid"]
    key = r["_real_key"] or (r["key"] if r["key"] and not r["_key_is_virtual"] else f".lamindb/{u[:16] if r['_overwrite_versions'] else u}{r['suffix']}")
    p = Path(place(stor[r["storage_id"]]["root"])) / key
    paths[u] = p
    if r["hash"] is not None: expect("R50 hash: 22 chars base64url", H.match(r["hash"]), u); expect("R51 hash has a _hash_type", r["_hash_type"] in ("md5", "sha1-fl", "md5-d", "md5-etag", "sha1") or re.match(r"md5-\d+$", r["_hash_type"] or ""), (u, r["_hash_type"]))
    expect("R52 suffix is '' or starts with '.'", r["suffix"] == "" or r["suffix"].startswith("."), (u, r["suffix"]))
    expect("R53 n_files set exactly for folders", (r["n_files"] is not None) == (r["_hash_type"] == "md5-d"), (u, r["n_files"]))
    expect("R54 key NULL => virtual", r["key"] is not None or r["_key_is_virtual"], u)
    expect("R55 key has no leading slash / backslash", r["key"] is None or not r["key"].startswith("/") and "\\" not in r["key"], r["key"])
    if not a.no_files and p.exists() and not (r["_overwrite_versions"] and not r["is_latest"]):
        got = hash_dir(p) if p.is_dir() else hash_file(p); want = (r["size"], r["hash"], r["_hash_type"]) + ((r["n_files"],) if p.is_dir() else ())
        expect("R56 stored size/hash/_hash_type/n_files equal the bytes on disk", got == want, (u, got, want))
k1 = [(r["storage_id"], r["key"], r["hash"]) for r in T["lamindb_artifact"] if r["key"] is not None and r["hash"]]
k2 = [(r["storage_id"], r["hash"]) for r in T["lamindb_artifact"] if r["key"] is None and r["hash"]]
expect("R57 (storage,key,hash) unique where key not NULL", len(k1) == len(set(k1)), ""); expect("R58 (storage,hash) unique where key NULL", len(k2) == len(set(k2)), "")
# --- derived hashes / uids
for r in T["lamindb_transform"]:
    if r["hash"]: expect("R60 transform.hash = md5(source_code)", r["source_code"] is not None and md5s(r["source_code"]) == r["hash"], r["uid"])
    expect("R61 transform.kind", r["kind"] in ("pipeline", "notebook", "script", "function"), r["kind"])
ca = defaultdict(list)
for l in T["lamindb_collectionartifact"]: ca[l["collection_id"]].append(l["artifact_id"])
ah = {r["id"]: r["hash"] for r in T["lamindb_artifact"]}
for r in T["lamindb_collection"]:
    hs = {ah[i] for i in ca[r["id"]] if ah[i]}
    expect("R62 collection.hash = md5(':'.join(sorted(set(artifact hashes))))", not hs or md5s(":".join(sorted(hs))) == r["hash"], r["uid"])
def pystr(v):     # Python's str() of the decoded JSON value; dates/datetimes are ISO strings already
    return str(v)
for r in T["lamindb_jsonvalue"]:
    v = js(r["value"])
    if isinstance(v, dict): ok = b64(hashlib.md5(json.dumps(v, sort_keys=True).encode()).digest()) == r["hash"]
    else:
        ok = r["hash"] == md5s(pystr(v))
    expect("R63 jsonvalue.hash = md5(str(value)) | md5(sorted-key JSON) for objects", ok, (v, r["hash"]))
for t in T:
    if t.endswith("block") and t != "lamindb_blockproject":
        for r in T[t]:
            expect("R64 block.kind readme|comment", r["kind"] in ("readme", "comment"), r["kind"])
            if r["hash"]: expect("R65 block.hash = md5(content)", md5s(r["content"]) == r["hash"], r["uid"])
fe = {r["id"]: r for r in T["lamindb_feature"]}
sf = defaultdict(list)
for l in T["lamindb_schemafeature"]: sf[l["schema_id"]].append(fe[l["feature_id"]]["uid"])
comp = defaultdict(dict)
sc = {r["id"]: r for r in T["lamindb_schema"]}
for l in T["lamindb_schemacomponent"]: comp[l["composite_id"]][l["slot"]] = sc[l["component_id"]]["hash"]
mem = {"bionty.Gene": ("bionty_schemagene", "gene_id", "bionty_gene"), "bionty.Protein": ("bionty_schemaprotein", "protein_id", "bionty_protein"), "bionty.CellMarker": ("bionty_schemacellmarker", "cellmarker_id", "bionty_cellmarker"), "bionty.Pathway": ("bionty_schemapathway", "pathway_id", "bionty_pathway")}
for r in sc.values():
    if r["is_type"]: expect("R66 schema type has no hash", r["hash"] is None, r["uid"]); continue
    af = js(r["_aux"]) or {}
    af = af.get("af", {}) if isinstance(af, dict) else {}
    if r["itype"] and r["itype"].startswith("bionty."):
        e = mem.get(".".join(r["itype"].split(".")[:2])); ids = {x["id"]: x["uid"] for x in T.get(e[2], [])} if e else {}
        uids = [ids[l[e[1]]] for l in T.get(e[0], []) if l["schema_id"] == r["id"]] if e else []
    else: uids = list(sf[r["id"]])
    L = [f"{c}={r[f]}" for c, f in (("a", "_dtype_str"), ("b", "itype")) if r[f] is not None] + [f"{c}={bool(r[f])}" for c, f in (("c", "minimal_set"), ("d", "ordered_set"), ("e", "maximal_set"))]
    if r["suffix"] is not None: L.append(f"m={r['suffix']}")
    opt = set(af.get("1", []))
    if "3" in af: L.append(f"k={af['3']}")
    fl = [u + "(i)" if u in opt else u for u in uids]
    if fl: L.append("j=" + md5s(":".join(fl if r["ordered_set"] else sorted(fl))))
    if comp[r["id"]]: L.append("l=" + md5s(":".join(sorted(f"{k}={v}" for k, v in comp[r["id"]].items()))))
    # flexible / coerce / n only enter when they differ from the constructor default, which is not stored: try the combinations
    cands = set()
    for fx in (None, "f=True", "f=False"):
        for g in (None, "g=True", "g=False"):
            for h in (None, f"h={r['n_members']}"):
                cands.add(md5s(":".join(sorted(L + [x for x in (fx, g, h) if x]))))
                if "3" in af: # the index may not be part of the members' hash list
                    L2 = [x for x in L if not x.startswith("j=")]; f2 = [x for x in fl if not x.startswith(af["3"])]
                    cands.add(md5s(":".join(sorted(L2 + ["j=" + md5s(":".join(f2 if r["ordered_set"] else sorted(f2)))] + [x for x in (fx, g, h) if x]))))
    expect("R67 schema.hash recipe", r["hash"] in cands, (r["uid"], r["name"], r["hash"]))
for r in T["lamindb_feature"]:
    expect("R70 feature: is_type or _dtype_str", r["is_type"] or r["_dtype_str"], r["name"])
    d = r["_dtype_str"]
    if d: expect("R71 _dtype_str grammar", re.fullmatch(r"(int|float|str|bool|num|date|datetime|datetime64\[ns, UTC\]|dict|path|url|object|list\[.+\]|cat\[.+\]|cat \? .*|list\[cat \? .*\])", d), d)
for t in ("lamindb_feature", "lamindb_schema", "lamindb_ulabel", "lamindb_record", "lamindb_project", "lamindb_reference"):
    by = {r["id"]: r for r in T[t]}
    for r in T[t]:
        if r["type_id"] is not None:
            expect("R72 type_id points at is_type=true", by[r["type_id"]]["is_type"], (t, r["uid"]))
            s, x = set(), r
            while x and x["type_id"] is not None and x["id"] not in s: s.add(x["id"]); x = by.get(x["type_id"])
            expect("R73 no cycle in types", x is None or x["type_id"] is None, (t, r["uid"]))
for t, m in cat.items():
    if m["app"] == "bionty" and t in T and m.get("uid", {}).get("generator") == "callable:ontology":
        org = {o["id"]: o["name"] for o in T.get("bionty_organism", [])}
        f = next(x for x in m["fields"] if x["name"] == (m["ontology_id_field"] or "ontology_id")) if any(x["name"] == (m["ontology_id_field"] or "ontology_id") for x in m["fields"]) else None
        reqorg = any(x["name"] == "organism" and not x["null"] for x in m["fields"])
        for r in T[t]:
            s = (r[f["column"]] if f else None) or (r.get("stable_id")) or (str(r.get(m["name_field"])) + (org.get(r.get("organism_id"), "") if reqorg else ""))
            expect("R74 bionty uid = base62(md5(ontology id | name+organism))[:14]", b62(hashlib.md5(s.encode()).digest())[:14] == r["uid"], (t, r["uid"], s))
for r in T.get("bionty_source", []):
    expect("R75 source uid = base62(md5(entity+name+organism+version))[:8]", b62(hashlib.md5((r["entity"] + r["name"] + r["organism"] + r["version"]).encode()).digest())[:8] == r["uid"], r["uid"])
# --- runs
for r in T["lamindb_run"]:
    for c, k in (("report_id", "__lamindb_run__"), ("environment_id", "__lamindb_run__")):
        if r[c]: expect("R80 run report/environment artifacts have kind __lamindb_run__", next(x for x in T["lamindb_artifact"] if x["id"] == r[c])["kind"] == k, r["uid"])
    expect("R81 finished_at >= started_at", r["finished_at"] is None or r["finished_at"] >= r["started_at"], r["uid"])
    if r["params"] is not None: expect("R82 params is a JSON object", isinstance(js(r["params"]), dict), r["uid"])
lk = [(l["artifact_id"], l["slot"]) for l in T["lamindb_artifactschema"]]; expect("R83 (artifact, slot) unique", len(lk) == len(set(lk)), lk)
if a.ours:
    o = json.loads(subprocess.run(a.ours.format(dir=root), shell=True, capture_output=True, text=True, check=True).stdout)
    for t, v in o.get("counts", {}).items(): expect("R90 ours counts the same rows", t in T and len(T[t]) == v, (t, v, len(T.get(t, []))))
    for u, v in o.get("artifacts", {}).items():
        r = next((x for x in T["lamindb_artifact"] if x["uid"] == u), None)
        expect("R91 ours sees the same artifact path", r is not None and ("path" not in v or Path(v["path"]) == paths[u]), (u, v)); expect("R92 ours verified the content", v.get("ok", True), u)
print(f"{sum(n.values())} checks of {len(n)} rules, {len(bad)} violations")
for b in bad[:60]: print("VIOLATION", *b)
if a.json: Path(a.json).write_text(json.dumps({"checks": n, "violations": bad}, indent=1))
sys.exit(bool(bad))
