#!/usr/bin/env python3
"""The maps for newcomers (README, plugin/README, test/README) name what is there, and leave out no room; and the top level
holds nothing but what it is for.

usage: maps.py [--root FOLDER]

Every path in backquotes must end the path of a file or folder here or be the id of a rule, and every tw_name there
must stand in the source; every folder with C in it must be named in plugin/README, and every folder of test/ in
test/README. What a comment in C or in a catalogue calls x.c, x.h or x.def must be there as well.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAPS = ["plugin/README", "test/README"]
QUOTED = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"tw_\w+")
PATH = re.compile(r"[\w.*-]+(/[\w.*-]*)+|[\w*-]+\.(c|h|py|sh|def)")
MADE = ("build/",)              # made by a build
TOP = {"plugin/", "include/", "test/", "CMakeLists.txt", "README", "COPYING"}  # and names that begin with a dot
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FILE = re.compile(r"(?<![\w/.-])([a-z_0-9]+\*?\.(?:c|h|def))\b")
ELSEWHERE = {"ssl_engine_kernel.c", "ssl_engine_log.c", "ssl.c", "wireshark.h", "sequence_analysis.h"}  # of other projects


def paths(root):
    """All files, and folders with a slash at their end, relative to ROOT."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in (".git", "build", "__pycache__")]
        place = os.path.relpath(folder, root)
        found += [os.path.normpath(os.path.join(place, name)) for name in files]
        found += [os.path.normpath(os.path.join(place, name)) + "/" for name in folders]
    return found


def is_there(word, known):
    pattern = re.compile("(^|.*/)" + re.escape(word).replace(r"\*", "[^/]*") + "/?$")
    return any(pattern.match(path) for path in known)


def source(root, known):
    """All C here as one text."""
    text = []
    for path in known:
        if path.startswith(("plugin/", "include/")) and path.endswith((".c", ".h")):
            with open(os.path.join(root, path), encoding="utf-8") as file:
                text.append(file.read())
    return "\n".join(text)


def strays(root, known):
    code = source(root, known)
    words = set(NAME.findall(code))
    for name in MAPS:
        with open(os.path.join(root, name), encoding="utf-8") as text:
            for word in QUOTED.findall(text.read()):
                if PATH.fullmatch(word) and not word.startswith(MADE) and not is_there(word, known) and '"%s"' % word not in code:
                    yield "%s: there is no %s" % (name, word)
                elif NAME.match(word) and NAME.match(word).group() not in words | {"tw_", "tw__"}:
                    yield "%s: nothing is called %s" % (name, word)


def rooms(known):
    """(map, folder) that must be named there."""
    holding = {os.path.dirname(path) for path in known if path.endswith(".c") and path.startswith("plugin/")}
    yield from (("plugin/README", folder[len("plugin/"):]) for folder in sorted(holding))
    yield from (("test/README", path[len("test/"):-1]) for path in sorted(known) if re.fullmatch(r"test/\w+/", path))


def left_out(root, known):
    for name, folder in rooms(known):
        with open(os.path.join(root, name), encoding="utf-8") as text:
            if "`%s/`" % folder not in text.read():
                yield "%s does not name %s/" % (name, folder)


def in_comments(root, known):
    names = {os.path.basename(path) for path in known}
    for path in sorted(known):
        if not path.startswith(("plugin/", "include/", "test/")) or not path.endswith((".c", ".h", ".def")):
            continue
        with open(os.path.join(root, path), encoding="utf-8") as text:
            for word in FILE.findall(" ".join(COMMENT.findall(text.read()))):
                if word not in names | ELSEWHERE and not ("*" in word and is_there(word, known)):
                    yield "%s: a comment names %s, which is not there" % (path, word)


def on_top(known):
    for path in sorted(known):
        if path not in TOP and not path.startswith(".") and "/" not in path.rstrip("/"):
            yield "%s has no place at the top level" % path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=ROOT)
    root = parser.parse_args().root
    known = paths(root)
    found = list(strays(root, known)) + list(left_out(root, known)) + list(in_comments(root, known)) + list(on_top(known))
    print("".join(line + "\n" for line in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
