"""labels.jsonl: one line per capture, what happened in it and what an expert could tell from it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os


def put(captures, case, result):
    """Writes the labels of one case into its folder's labels.jsonl, in place of older ones."""
    path = os.path.join(captures, case.folder, "labels.jsonl")
    lines = {}
    if os.path.exists(path):
        for line in open(path):
            lines[json.loads(line)["file"]] = line.rstrip("\n")
    for made in result["files"]:
        lines[made["file"]] = json.dumps(label(case, result, made), ensure_ascii=False)
    with open(path, "w") as f:
        f.write("".join(lines[name] + "\n" for name in sorted(lines)))


def label(case, result, made):
    out = {"file": made["file"], "truth": case.truth}
    if case.verdicts:
        out["verdicts"] = case.verdicts
        del out["truth"]
    else:
        readable = made["keys"] or case.blind is None
        out.update(best=case.best if readable else case.blind, sender=case.sender, phase=case.phase, alert=case.alert,
                   encrypted=made["encrypted"], stream=0)
    out.update(client=result["client"], server=result["server"], version=case.version, scenario=case.scenario,
               client_log=result["client_log"], server_log=result["server_log"],
               made_by="test/lab/make.py " + case.name)
    out.update(case.label)
    if result.get("note"):
        out["note"] = result["note"]
    return out
