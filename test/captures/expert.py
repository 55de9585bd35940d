"""labels.jsonl: what an expert may say about each capture, and whether the verdicts say it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os

from doors import BENIGN


def read(folder):
    """{file name: label}"""
    path = os.path.join(folder, "labels.jsonl")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as lines:
        labels = [json.loads(line) for line in lines if line.strip()]
    return {label["file"]: label for label in labels}


def expected(label):
    """The failures that the label tells of; none for a healthy capture."""
    if "verdicts" in label:
        return label["verdicts"]
    return [] if label.get("truth") in (None, "none") or label["truth"] in BENIGN else [label]


def silence_is_right(want):
    return want.get("optional") or bool(set(want["best"]) & (BENIGN | {"none"}))


def differences(label, verdicts):
    """Sentences, one for each thing that the verdicts have wrong. With several failures in a
    capture, each takes the best fitting of the verdicts that are left."""
    left = [verdict for verdict in verdicts if verdict.cause not in BENIGN]
    found = []
    for want in expected(label):
        if not left:
            if not silence_is_right(want):
                found.append("no verdict where %s was expected" % "/".join(want["best"]))
            continue
        verdict = min(left, key=lambda candidate: len(faults(want, candidate)))
        if silence_is_right(want) and faults(want, verdict):
            continue
        left.remove(verdict)
        found += faults(want, verdict)
    found += ["frame %d: verdict %s where nothing failed" % (verdict.frame, verdict.cause)
              for verdict in left if verdict.cause not in label.get("tolerate", [])]
    return found


def faults(want, verdict):
    found = []
    if verdict.cause not in want["best"]:
        proven = ", and calls that proven" if verdict.confidence == "proven" else ""
        found.append("frame %d: cause %s is not among %s%s" %
                     (verdict.frame, verdict.cause, "/".join(want["best"]), proven))
    for field in ("sender", "phase"):
        right = want.get(field)
        allowed = [right] + list_of(want.get(field + "_ok"))
        if right not in (None, "none", "unknown", "any") and getattr(verdict, field) not in allowed:
            found.append("frame %d: %s %s is not %s" % (verdict.frame, field, getattr(verdict, field), right))
    if want.get("alert") is not None and not want.get("encrypted") and verdict.alert != str(want["alert"]):
        found.append("frame %d: alert %s is not %s" % (verdict.frame, verdict.alert, want["alert"]))
    return found


def list_of(value):
    return value if isinstance(value, list) else [value] if value else []
