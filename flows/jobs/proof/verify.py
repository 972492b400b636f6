"""Prove a publication without the program that made it: python verify.py KEY KEY [data/raw]; see VERIFY.md."""

import base64, csv, hashlib, json, re, sys, unicodedata  # noqa: E401, I001  (the whole proof is to fit two printed pages)
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def require(is_true: object, what: str) -> None:
    if not is_true:
        sys.exit(f"NOT PROVED: {what}")


def find_root(digests: bytes, width: int = 16) -> str:
    size = width * 4096  # a tree with 4,096 branches, over digests of 16 bytes
    nodes = b"".join(hashlib.sha256(digests[i : i + size]).digest() for i in range(0, max(len(digests), 1), size))
    return nodes.hex() if len(nodes) == 32 else find_root(nodes, 32)


def prove(folder: Path, keys: set[str]) -> dict[str, Any]:
    proof, p = folder / "proof", json.loads((folder / "publication.json").read_text("utf-8"))
    fields = {name: value for name, value in p.items() if name != "sha256"}
    require(sha(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()) == p["sha256"], "publication.json")
    record = {name: value for name, value in fields.items() if name not in ("checked_by", "published_at")}
    digest = sha(json.dumps(record, ensure_ascii=False, sort_keys=True).encode())
    text, signed = (proof / "statement.txt").read_bytes(), json.loads((proof / "signatures.json").read_text("utf-8"))
    require(f"record: {digest}" in text.decode().split("\n"), "publication.json is not what was signed (statement.txt)")
    names = [("编发", p["by"]), ("审核", p["checked_by"])]
    require([(s["role"], s["name"]) for s in signed] == names and p["by"] != p["checked_by"], "author and checker")
    require({s["key"] for s in signed} == keys and signed[1]["at"] == p["published_at"], "others have signed it")
    for s in signed:
        words = f"signed as {s['role']} by {s['name']} at {s['at']}\n".encode()
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(s["key"].removeprefix("ed25519:")))
        public.verify(base64.b64decode(s["signature"]), text + words)
    found = {f.name: sha(f.read_bytes()) for f in folder.iterdir() if f.name not in ("publication.json", "proof")}
    require(found == p["forms"], "a form was changed, or files are missing or added")
    require(sha((proof / "classification.json").read_bytes()) == p["classification"], "classification.json was changed")
    require(p["signers"] in [sha(e) for e in (proof / "signers.jsonl").read_bytes().splitlines()], "signers.jsonl")
    others = [json.loads(path.read_text("utf-8")) for path in folder.parents[1].glob("*/published/publication.json")]
    require(len(others) < 2 or p["previous"] in ["", *(q["sha256"] for q in others)], "the publication before it")
    lists = {f"{f.replace(' ', '.')}.{d}": said for f, roots in p["cases"].items() for d, said in roots.items()}
    cases = {path.name: path.read_bytes() for path in (proof / "cases").iterdir()}
    require({name: [len(c) // 16, find_root(c)] for name, c in cases.items()} == lists, "lists of cases were changed")
    for group, counts in p["figures"].items():
        for measure, number in counts.items():
            said = p["cases"].get(f"{group} {measure}", {})
            require(sum(n for n, _ in said.values()) == number, f"{group} {measure} is not the sum of its cases")
    return p  # type: ignore[no-any-return]  # whatever the file holds


def clean(cell: str) -> str:
    text = re.sub("[\u00ad\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]", "", unicodedata.normalize("NFKC", cell))
    return "" if text.upper() in ("NULL", "\\N") else text.strip("=\"' \t\r\n")


def read_time(cell: str) -> datetime | None:
    spread = re.sub(r"^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$", r"\1-\2-\3 \4:\5:\6", cell)
    parts = re.findall(r"\d+", spread)[:6]
    if cell and (len(parts) < 3 or len(parts[0]) != 4 or re.search(r"[a-zA-SU-Z下]", cell)):
        raise ValueError(cell)
    return datetime(*map(int, parts)) if cell else None  # type: ignore[arg-type]  # three to six numbers


def read_rows(content: bytes, names: dict[str, str]) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig", errors="replace")
    text = content.decode("gb18030") if "\ufffd" in text else text
    table = list(csv.reader(text.splitlines(keepends=True), delimiter="\t" if "\t" in text.split("\n")[0] else ","))
    columns = next(c for row in table if "case_no" in (c := [names.get(clean(cell).lower(), "") for cell in row]))
    rows = ({c: clean(cell) for c, cell in zip(columns, row, strict=False) if c} for row in table)
    return [row for row in rows if row.get("case_no") and names.get(row["case_no"].lower()) != "case_no"]


def count(p: dict[str, Any], raw: Path) -> Counter[str]:
    rules = json.loads(Path(__file__).with_name("classification.json").read_text("utf-8"))
    names = {clean(header).lower(): name for name, headers in rules["columns"].items() for header in headers}
    groups = {tuple(cells): group for *cells, group, is_in_scope in rules["descriptions"] if is_in_scope}
    void = [outcome for *outcome, is_counted in rules["outcomes"] if not is_counted]
    rows, cases, found = [], defaultdict[str, dict[str, Any]](dict), Counter[str]()
    for f in p["files"]:
        end = datetime.fromisoformat(f["delivery_id"][:10]) + timedelta(1)
        content = (raw / f["file"]).read_bytes()
        require(sha(content) == f["sha256"], f"{f['file']} is not the file that was counted")
        for row in read_rows(content, names):
            at = read_time(row.get("version_at", ""))
            rows.append(((end, min(at or end, end), f["corrects"]), at, row))
    for (end, *_), at, row in sorted(rows, key=lambda each: each[0]):
        case = cases[row["case_no"]]
        for told in {"accepted_at", "completed_at", "result", "status"} & row.keys():
            before, known, _ = case.get(told, (end, None, row))
            if before == end or not at or not known or at >= known:
                case[told] = (end, at, row)
    for case in cases.values():
        row = case["accepted_at"][2] if "accepted_at" in case else {}
        group = groups.get(tuple(row.get(name, "") for name in ("item_type", "item_code", "area_code")))
        says = {name: case[name][2][name] for name in case}
        for name in ("accepted", "completed") if [says.get(n, "") for n in ("result", "status")] not in void else ():
            day = read_time(says.get(f"{name}_at", ""))
            found[f"{group} {name}"] += bool(day and p["week_ending"][:4] <= f"{day:%Y-%m-%d}" <= p["week_ending"])
    return found


if __name__ == "__main__":
    try:
        publication = prove(Path(__file__).resolve().parents[1], set(sys.argv[1:3]))
        sys.stdout.write("proved: {week_ending}, signed by {by} and {checked_by}\n".format(**publication))
        if len(sys.argv) > 3:
            counted = count(publication, Path(sys.argv[3]))
            for group, counts in publication["figures"].items():
                found = [counted[f"{group} accepted"], counted[f"{group} completed"]]
                require(found == [counts["accepted"], counts["completed"]], f"{group}: counted anew {found}")
            sys.stdout.write("counted anew from the raw files: every figure is the same\n")
    except Exception as error:  # whatever fails: nothing is proved
        sys.exit(f"NOT PROVED: {type(error).__name__} {error}")
