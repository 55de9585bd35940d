"""The file `expected` of a folder of captures: what the plugin must say of each.

    curl-apache-12.pcapng
      8|server-cert-expired|proven|client|server-flight|45|Client rejected server certificate: ...
        tlswhy.evidence: server sent CN=server.test, issued by CN=Lab Issuing CA
    curl-apache-13.pcapng

The name of a capture stands alone in its line; below it its verdicts, none if nothing failed, each with

  frame|cause|confidence|sender|phase|alert|reason

and below a verdict, where a test cares for them, other fields of its item: all values of each field that is named
there, in the order of the tree. To state one more, write its name ("    tlswhy.rule:") and let run.py --update fill it in.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import difflib
import os
import re

NAME = "expected"
VERDICT, FIELD = "  ", "    "


def read(folder):
    """{file name: its lines}"""
    path, found, lines = os.path.join(folder, NAME), {}, None
    if not os.path.exists(path):
        return found
    with open(path, encoding="utf-8") as text:
        for line in text:
            line = line.rstrip("\n")
            if line and not line.startswith(" "):
                lines = found.setdefault(line, [])
            elif line:
                lines.append(line)
    return found


def write(folder, told):
    """TOLD: {file name: lines}. What the file says of captures that are gone goes; the rest stays."""
    kept = {name: lines for name, lines in {**read(folder), **told}.items() if os.path.exists(os.path.join(folder, name))}
    with open(os.path.join(folder, NAME), "w", encoding="utf-8") as out:
        for name in sorted(kept):
            out.write("".join(line + "\n" for line in [name, *kept[name]]))


def fields_named(lines):
    """For each verdict in LINES, the fields that are stated of it."""
    found = []
    for line in lines:
        if not line.startswith(FIELD):
            found.append([])
            continue
        name = line.strip().split(":")[0]
        if name not in found[-1]:
            found[-1].append(name)
    return found


def lines_of(verdicts, named=()):
    """NAMED: as fields_named() gives it; what is not there is not stated."""
    lines = []
    for at, verdict in enumerate(verdicts):
        lines.append(VERDICT + "|".join(map(str, verdict)))
        for field in named[at] if at < len(named) else ():
            lines += ["%s%s: %s" % (FIELD, field, re.sub(r"\s+", " ", value)) for value in values(verdict.item, field)]
    return lines


def values(item, field):
    """All values of FIELD in ITEM, a doors.Pairs, and below it."""
    found = []
    for name, value in item:
        if name == field:
            found.append(value)
        if isinstance(value, list):
            found += values(value, field)
    return found


def differences(lines, verdicts):
    """LINES: what is expected, or None."""
    if lines is None:
        return ["`expected` does not have it (--update writes it)"]
    return list(difflib.unified_diff(lines, lines_of(verdicts, fields_named(lines)), "expected", "got", n=0, lineterm=""))[2:]
