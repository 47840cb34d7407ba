"""Checks a ledger's evidence with the PyPI package `aics-tlog`: seals, cosignatures, proofs, tiles.

    python3 -m venv target/aics-venv
    target/aics-venv/bin/pip install --ignore-requires-python aics-tlog==0.2.1
    target/aics-venv/bin/python tests/foreign/aics_verify.py BUNDLE.json... [--tiles DIRECTORY]

Bundles are those that `tlog_verify.go` reads. With --tiles, every tile and every entry bundle of
the directory is checked against the bundle's checkpoint, and the bundle's leaf is looked up.
For each bundle one line of JSON: {"file", "accepted", "checks": [{"name", "accepted", "error"}]}.
Exit 0 when all are accepted, 1 when one is rejected, 2 when one cannot be read.
"""

import argparse
import base64
import json
import sys

import aics_tlog

REQUIRED = {"vkey", "checkpoint", "index", "leaf", "inclusion"}
GROUPS = [
    {"old_checkpoint", "consistency"},
    {"cosignature_vkey", "cosigned"},
    {"holding_vkey", "holding_note"},
    {"tlog_proof"},
]


class Rejected(Exception):
    """The evidence does not hold."""


def read_bundle(path):
    with open(path, encoding="utf-8", newline="") as file:
        bundle = json.load(file)
    if not isinstance(bundle, dict):
        raise ValueError("the bundle is not a JSON object")
    names = set(bundle)
    if not REQUIRED <= names:
        raise ValueError("vkey, checkpoint, index, leaf and inclusion must be there")
    if names - REQUIRED - set.union(*GROUPS):
        raise ValueError(f"unknown fields: {sorted(names - REQUIRED - set.union(*GROUPS))}")
    if any(names & group and not group <= names for group in GROUPS):
        raise ValueError("half of a group of fields is missing")
    return bundle


def decode(text):
    return base64.b64decode(text, validate=True)


def require(holds, why):
    if not holds:
        raise Rejected(why)


def open_checkpoint(text, bundle, cosigners=()):
    """The verified head of a checkpoint that the log and all cosigners have signed."""
    key = aics_tlog.parse_vkey(bundle["vkey"])
    note = aics_tlog.parse_note(text)
    result = aics_tlog.verify_checkpoint(
        note, key, list(cosigners), len(cosigners), expected_origin=key.name
    )
    require(result.ok, result.error or "checkpoint is not signed as it must be")
    require(len(note.text.split("\n")) == 4, "checkpoint has extension lines")
    return result


def check_checkpoint(bundle):
    open_checkpoint(bundle["checkpoint"], bundle)


def check_inclusion(bundle):
    head = open_checkpoint(bundle["checkpoint"], bundle)
    proof = [decode(hash_) for hash_ in bundle["inclusion"]]
    leaf = decode(bundle["leaf"])
    holds = aics_tlog.verify_leaf_inclusion(leaf, bundle["index"], head.size, proof, head.root)
    require(holds, "inclusion proof does not lead to the root")


def check_consistency(bundle):
    old = open_checkpoint(bundle["old_checkpoint"], bundle)
    new = open_checkpoint(bundle["checkpoint"], bundle)
    proof = [decode(hash_) for hash_ in bundle["consistency"]]
    holds = aics_tlog.verify_consistency(old.size, new.size, old.root, new.root, proof)
    require(holds, "consistency proof does not join the roots")


def check_cosignature(bundle):
    cosigner = aics_tlog.parse_vkey(bundle["cosignature_vkey"])
    head = open_checkpoint(bundle["cosigned"], bundle, [cosigner])
    require(head.cosignature_count == 1, "checkpoint is not cosigned")


def check_holding(bundle):
    note = aics_tlog.parse_note(bundle["holding_note"])
    require(note.text.startswith("hallway-holding/v1\n"), "not a holding note")
    key = aics_tlog.parse_vkey(bundle["holding_vkey"])
    require(aics_tlog.verify_note(note, [key]), "holding note is not signed by its key")


def check_tlog_proof(bundle):
    """The package has no reader for C2SP tlog-proof texts, so the text is taken apart here."""
    before, blank, checkpoint = bundle["tlog_proof"].partition("\n\n")
    lines = before.split("\n")
    require(blank and lines.pop(0) == "c2sp.org/tlog-proof@v1", "not a tlog-proof")
    if lines and lines[0].startswith("extra "):
        lines.pop(0)
    require(lines and lines[0].startswith("index "), "tlog-proof without index")
    index = int(lines[0].removeprefix("index "))
    require(lines.pop(0) == f"index {index}", "malformed index")
    head = open_checkpoint(checkpoint, bundle)
    proof = [decode(line) for line in lines]
    leaf = decode(bundle["leaf"])
    holds = aics_tlog.verify_leaf_inclusion(leaf, index, head.size, proof, head.root)
    require(holds, "tlog-proof does not lead to the root")


def check_tiles(bundle, directory):
    head = open_checkpoint(bundle["checkpoint"], bundle)
    with open(f"{directory}/checkpoint", encoding="utf-8", newline="") as file:
        stored = open_checkpoint(file.read(), bundle)
    require((stored.size, stored.root) == (head.size, head.root), "tiles of another checkpoint")
    reader = aics_tlog.FileSystemTileReader(directory)
    aics_tlog.audit_tiles(reader, head.size, head.root)
    leaf = aics_tlog.read_entry(reader, bundle["index"], head.size)
    require(leaf == decode(bundle["leaf"]), "entry bundle has another leaf")


def verify(bundle, tiles):
    checks = [("checkpoint", check_checkpoint), ("inclusion", check_inclusion)]
    if "old_checkpoint" in bundle:
        checks.append(("consistency", check_consistency))
    if "cosigned" in bundle:
        checks.append(("cosignature", check_cosignature))
    if "holding_note" in bundle:
        checks.append(("holding", check_holding))
    if "tlog_proof" in bundle:
        checks.append(("tlog-proof", check_tlog_proof))
    if tiles:
        checks.append(("tiles", lambda bundle: check_tiles(bundle, tiles)))
    for name, check in checks:
        try:
            check(bundle)
            yield {"name": name, "accepted": True}
        except Exception as error:  # whatever the package raises on such input is a rejection
            yield {"name": name, "accepted": False, "error": str(error) or type(error).__name__}


def judge(path, tiles):
    """The verdict on one bundle and the exit code that goes with it."""
    verdict = {"file": path, "accepted": False, "checks": []}
    try:
        bundle = read_bundle(path)
    except (OSError, ValueError) as error:
        verdict["error"] = str(error)
        return verdict, 2
    verdict["checks"] = list(verify(bundle, tiles))
    verdict["accepted"] = all(check["accepted"] for check in verdict["checks"])
    return verdict, 0 if verdict["accepted"] else 1


def main():
    parser = argparse.ArgumentParser(description="verify a ledger's evidence with aics-tlog")
    parser.add_argument("bundles", nargs="+", metavar="BUNDLE.json")
    parser.add_argument("--tiles", metavar="DIRECTORY", help="a C2SP tlog-tiles directory")
    arguments = parser.parse_args()
    worst = 0
    for path in arguments.bundles:
        verdict, code = judge(path, arguments.tiles)
        print(json.dumps(verdict, separators=(",", ":")))
        worst = max(worst, code)
    return worst


if __name__ == "__main__":
    sys.exit(main())
