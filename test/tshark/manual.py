#!/usr/bin/env python3
"""README and manual page say what the program does.

usage: manual.py tlswhy.so TLSWHY MANPAGE [--update]

README is compared with the program: the output of the commands in it (after "$ "), the causes, the fields, the lines of
source it quotes. --update writes outputs and causes anew; look at the difference before you commit it. Of the manual
page: every option and every cause.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
import shlex
import sys
import unittest

sys.dont_write_bytecode = True

import catalogue
from world import ROOT, World

UPDATE = "--update" in sys.argv
PLUGIN, COMMAND, PAGE = [argument for argument in sys.argv[1:] if argument != "--update"][:3]
README = os.path.join(ROOT, "README")
INDENT = "    "
BLOCK = re.compile(r"^    \$ (?P<command>[^\n]+)\n(?P<output>(?:    [^\n]*\n|\n(?=    ))*)", re.M)
CAUSES = re.compile(r"(?<=\| id \| in short \|\n\|---\|---\|\n)(?:\|[^\n]*\n)+")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def causes():
    """[(id, title)]"""
    return [(cause.id, cause.title) for cause in catalogue.CAUSES.values()]


def causes_table():
    return "".join("| `%s` | %s |\n" % row for row in causes())


def usage_of(world):
    return world.run([world.put(COMMAND, "tlswhy"), "--help"]).stdout


def output_of(world, command):
    """Of tlswhy on the captures of the tests, in a terminal of 80 columns."""
    name, *arguments = shlex.split(command)
    assert name == "tlswhy", command
    program = world.put(COMMAND, "tlswhy")
    arguments = [world.put(os.path.join(ROOT, part), os.path.basename(part)) if "/" in part and " " not in part else part for part in arguments]
    text = world.run([program, *arguments], env=dict(world.environment, COLUMNS="80", NO_COLOR="1")).stdout
    return "".join((INDENT + line).rstrip() + "\n" for line in text.strip("\n").split("\n"))


def with_outputs(world, text):
    return BLOCK.sub(lambda block: "%s$ %s\n%s" % (INDENT, block["command"], output_of(world, block["command"])), text)


def names_in(value):
    if isinstance(value, list):
        return {name for one in value for name in names_in(one)}
    if isinstance(value, dict):
        return set(value) | names_in(list(value.values()))
    return set()


class Manual(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.world = World(PLUGIN)
        cls.world.__enter__()
        cls.addClassCleanup(cls.world.__exit__)
        cls.readme = read(README)

    def test_outputs(self):
        self.assertEqual(len(BLOCK.findall(self.readme)), 5)
        self.assertMultiLineEqual(self.readme, with_outputs(self.world, self.readme))

    def test_causes(self):
        self.assertGreater(len(causes()), 50)
        self.assertMultiLineEqual(CAUSES.search(self.readme).group(), causes_table())

    def registered_fields(self):
        rows = (line.split("\t") for line in self.world.run([self.world.tshark, "-G", "fields"]).stdout.splitlines())
        return {row[2] for row in rows if row[0] == "F" and re.match(r"tlswhy\.(?!expert\.)", row[2])}

    def test_fields(self):
        section = self.readme[self.readme.index("## Reading a verdict"):self.readme.index("## Capturing well")]
        told = {name for row in re.findall(r"^\| (`[^|]+) \|", section, re.M) for name in re.findall(r"`([^`]+)`", row)}
        self.assertEqual(told, self.registered_fields())

    def test_names_in_json(self):
        """Those that the captures of the README have, together, and one with connections that never opened."""
        found = set()
        for path in ["test/captures/healthy/box-syn-dropped.pcapng", *re.findall(r"test/captures/\S+\.pcapng", self.readme)]:
            done = self.world.run([self.world.put(COMMAND, "tlswhy"), "--json",
                                   self.world.put(os.path.join(ROOT, path), os.path.basename(path))])
            found |= {name for line in done.stdout.splitlines() for name in names_in(json.loads(line))}
        table = re.search(r"\| name \| what it is \|.*?\n\n", self.readme, re.S).group()
        told = set(re.findall(r"`(\w+)`", table))
        self.assertEqual(told - {"revised"}, {name for name in found - {"renegotiation"} if "-" not in name}) # phases and causes are names as well

    def test_quoted_source(self):
        """The worked example: each of its lines of code stands in the source."""
        readme = read(os.path.join(ROOT, "plugin", "README"))
        example = readme[readme.index("## To add a cause"):readme.index("## To add a text")]
        source = "\n".join(re.sub(r"\s+", " ", read(os.path.join(ROOT, *path))) for path in (
            ("plugin", "catalogue", "causes.def"), *(("plugin", "engine", "rules", name) for name in os.listdir(
                os.path.join(ROOT, "plugin", "engine", "rules")) if name.endswith(".c")),
            ("test", "unit", "test_judge.c")))
        lines = re.findall(r"^    +(\S.*)$", example, re.M)
        self.assertGreater(len(lines), 8)
        for line in lines:
            with self.subTest(line):
                self.assertIn(re.sub(r"\s+", " ", line), source)

    def test_every_file_that_is_named_exists(self):
        for path in set(re.findall(r"(?<![\w/.])((?:plugin|test|include)/[\w./-]*\w)(?![\w*])", self.readme)):
            with self.subTest(path):
                self.assertTrue(os.path.exists(os.path.join(ROOT, path)))

    def test_manual_page(self):
        page = read(PAGE).replace("\\-", "-")
        self.assertEqual(re.findall(r"@\w+@", page), [])
        options = re.findall(r"^  (-[^ ]+)", usage_of(self.world), re.M)
        self.assertIn("--help", options)
        listed = page[page.index(".SH OPTIONS"):page.index(".SH EXIT STATUS")]
        self.assertEqual(re.findall(r"^\.B (\S+)", listed, re.M), options)
        listed = page[page.index(".SH CAUSES"):page.index(".SH CAPTURING WELL")]
        self.assertEqual(re.findall(r"^\.B (\S+)\n([^\n]+)$", listed, re.M), causes())
        listed = page[page.index(".SH FIELDS"):page.index(".SH CAUSES")]
        self.assertEqual(set(re.findall(r"^\.B (tlswhy\.\S+)$", listed, re.M)), self.registered_fields())
        listed = page[page.index(".SH JSON"):page.index(".SH FIELDS")]
        self.assertIn(".B hints, logs\n", listed)
        self.assertEqual(listed.count("\n.TP\n"), len(re.search(r"\| name \| what it is \|\n\|[-|]+\n((?:\|.*\n)+)", self.readme).group(1).splitlines()))


def update():
    with World(PLUGIN) as world:
        text = CAUSES.sub(lambda _: causes_table(), with_outputs(world, read(README)))
    with open(README, "w", encoding="utf-8") as out:
        out.write(text)


if __name__ == "__main__":
    if UPDATE:
        update()
    else:
        unittest.main(argv=sys.argv[:1])
