"""labels.jsonl: one line per capture, what happened in it and what an expert could tell from it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import fcntl
import json
import os

VERDICT = ("truth", "best", "sender", "phase", "alert", "encrypted", "optional")   # what a label says of one failure


def put(captures, folder, labels):
    """Writes LABELS into the folder's labels.jsonl, in place of older ones of the same files ("file"; of pairs, "capture")."""
    lock = os.open(os.path.join(captures, folder), os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)                                   # make.py may run several times at once
    path = os.path.join(captures, folder, "labels.jsonl")
    lines = {}
    if os.path.exists(path):
        for line in open(path):
            lines[file_of(json.loads(line))] = line.rstrip("\n")
    for label in labels:
        lines[file_of(label)] = json.dumps(label, ensure_ascii=False)
    with open(path + ".new", "w") as f:
        f.write("".join(lines[name] + "\n" for name in sorted(lines)))
    os.replace(path + ".new", path)                                    # readers see the old one or the new one
    os.close(lock)


def file_of(label):
    return label.get("file") or label["capture"]


def of(case, file, readable, encrypted, **programs):
    """The label of one file of a Case; READABLE: with its secrets inside, or nothing needs them."""
    label = {"file": file, "truth": case.truth, "best": case.best if readable or case.blind is None else case.blind,
            "sender": case.sender, "phase": case.phase, "alert": case.alert, "encrypted": encrypted, "stream": 0,
            **programs, "version": case.version, "scenario": case.scenario,
            "made_by": "test/lab/make.py " + case.name, **case.label, **({} if readable else case.blind_label)}
    if case.attempts > 1:
        label["verdicts"] = [{**{k: v for k, v in label.items() if k in VERDICT or k.endswith("_ok")}, "stream": n} for n in range(case.attempts)]
    return label
