"""What the catalogue of causes (plugin/catalogue/causes.def) says of each.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
Cause = collections.namedtuple("Cause", ["id", "family", "severity", "late", "title", "filter"])

ROW = re.compile(r'^CAUSE\(\w+, \.id = "([^"]+)", \.family = TW_(\w+), \.severity = TW_(\w+),( \.late = true,)?\n'
                 r' +\.title = "([^"]+)",\n'
                 r'(?: +\.(?!filter)\w+ = .*\n)*'
                 r' +\.filter = "([^"]+)",$', re.M)


def read():
    """{id: Cause}, in the catalogue's order"""
    with open(os.path.join(ROOT, "plugin", "catalogue", "causes.def"), encoding="utf-8") as file:
        text = file.read()
    causes = {row[0]: Cause(row[0], row[1].lower().replace("_", "-"), row[2].lower(), bool(row[3]), row[4], row[5])
              for row in ROW.findall(text)}
    assert len(causes) == len(re.findall(r"^CAUSE\(", text, re.M)), "a row of causes.def has another form"
    return causes


CAUSES = read()
