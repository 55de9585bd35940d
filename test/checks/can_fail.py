#!/usr/bin/env python3
"""The checks beside this file find what they are for: each gets a tree with one thing wrong, and one with nothing wrong.

usage: can_fail.py

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SKIPPED = 77
GOOD = {"include/tlswhy/base.h": "int tw_answer(void);\n",
        "plugin/engine/tls/hello.h": "int tw__read(void);\n",
        "plugin/engine/tls/hello.c": '#include "tls/hello.h"\n\n#include <string.h>\n\nint tw__read(void)\n{\n    return 42;\n}\n',
        "plugin/engine/judge/ends.c": '#include "tls/hello.h"\n#include "tlswhy/base.h"\n\nint tw_answer(void)\n{\n    return tw__read();\n}\n',
        "plugin/epan/show.c": '#include "tlswhy/base.h"\n\nint shown(void);\n\nint shown(void)\n{\n    return tw_answer();\n}\n',
        "plugin/try.sh": "#!/bin/sh\necho \"$1\"\n", "test/unit/test_hello.c": "int tested;\n", "test/fuzz/driver.c": "int driven;\n",
        "test/lab/peer.c": "int peer;\n", "plugin/README": "`engine/tls/`, `engine/judge/`, `epan/`: `tls/hello.c`\n",
        "test/README": "`unit/` `fuzz/` `lab/`\n", ".ci/run": "#!/bin/sh\ntrue\n"}
FUNCTION = '#include "tls/hello.h"\n\nint tw__read(void)\n{\n    int n = 0;\n%s    return n;\n}\n'


class Checks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="tlswhy-checks-")
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copyfile(os.path.join(ROOT, ".clang-format"), os.path.join(self.folder, ".clang-format"))
        self.objects = os.path.join(self.folder, "build", "objects")

    def write(self, **changed):
        """The good tree, with CHANGED: {path with _ for / and .: text}."""
        for path, text in GOOD.items():
            place = os.path.join(self.folder, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8") as out:
                out.write(changed.pop(path.replace("/", "_").replace(".", "_"), text))
        self.assertFalse(changed)

    def compile(self):
        for path in GOOD:
            if path.startswith("plugin/engine/") and path.endswith(".c"):
                out = os.path.join(self.objects, path + ".o")
                os.makedirs(os.path.dirname(out), exist_ok=True)
                subprocess.run(["cc", "-c", "-I", self.folder + "/include", "-I", self.folder + "/plugin/engine",
                                "-o", out, os.path.join(self.folder, path)], check=True)
        return ["--objects", self.objects]

    def check(self, name, *more):
        """What the check says of the tree; None where its program is not installed."""
        path = os.path.join(HERE, name)
        command = ["sh", path, self.folder] if name.endswith(".sh") else [sys.executable, path, "--root", self.folder, *more]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == SKIPPED:
            self.skipTest(done.stdout.strip())
        return done.returncode, done.stdout + done.stderr

    def finds(self, words, name, *more):
        status, said = self.check(name, *more)
        self.assertEqual(status, 1, said)
        self.assertIn(words, said)

    def test_good(self):
        self.write()
        for name in ("format.sh", "scripts.sh", "bounds.sh"):
            with self.subTest(name):
                self.assertEqual(self.check(name)[0], 0)
        self.assertEqual(self.check("layers.py", *self.compile()), (0, ""))
        self.assertEqual(self.check("maps.py"), (0, ""))

    def test_include_up(self):
        self.write(plugin_engine_tls_hello_h='#include "judge/ends.h"\nint tw__read(void);\n')
        self.finds("goes up, from tls to judge", "layers.py")

    def test_include_of_wireshark(self):
        self.write(plugin_engine_tls_hello_h="#include <epan/packet.h>\nint tw__read(void);\n")
        self.finds("<epan/packet.h> is no header that the engine may know", "layers.py")

    def test_include_without_folder(self):
        self.write(plugin_engine_judge_ends_c='#include "hello.h"\n')
        self.finds("nor a wing's by its folder", "layers.py")

    def test_call_up(self):
        """Declared by hand: no #include shows it."""
        self.write(plugin_engine_tls_hello_c="int tw_answer(void);\nint tw__read(void);\n\nint tw__read(void)\n{\n    return tw_answer();\n}\n",
                   plugin_engine_judge_ends_c="int tw_answer(void);\n\nint tw_answer(void)\n{\n    return 1;\n}\n")
        self.finds("tw_answer() is of judge/ends.c.o: a call that goes up", "layers.py", *self.compile())

    def test_border(self):
        self.write(plugin_epan_show_c='#include "tls/hello.h"\n\nint shown;\n')
        self.finds('plugin/epan/show.c: "tls/hello.h" is inside the engine', "layers.py")

    def test_prefixes(self):
        self.write(plugin_engine_judge_ends_c="int tw_other(void);\n\nint tw_other(void)\n{\n    return 1;\n}\n")
        self.finds("judge/ends.c.o: tw_other is not declared in include/tlswhy, and begins with tw_", "layers.py", *self.compile())
        self.write(include_tlswhy_base_h="int tw__answer(void);\n")
        self.finds("include/tlswhy: tw__answer bears the engine's own prefix", "layers.py", *self.compile())

    def test_no_prefix(self):
        self.write(plugin_engine_tls_hello_h="int read_it(void);\n",
                   plugin_engine_tls_hello_c='#include "tls/hello.h"\n\nint read_it(void)\n{\n    return 42;\n}\n',
                   plugin_engine_judge_ends_c='#include "tls/hello.h"\n#include "tlswhy/base.h"\n\nint tw_answer(void)\n{\n    return read_it();\n}\n')
        self.finds("read_it() is of tls/hello.c.o, and has no prefix for use outside", "layers.py", *self.compile())

    def test_maps(self):
        self.write(plugin_README="`engine/tls/`, `epan/`: `tls/hullo.c`, `tw_nobody()`, `tw_answer()`\n")
        self.finds("plugin/README: there is no tls/hullo.c\nplugin/README: nothing is called tw_nobody()\nplugin/README does not name engine/judge/\n", "maps.py")

    def test_file_in_comment(self):
        self.write(plugin_engine_tls_hello_h="/* See hullo.h. */\nint tw__read(void);\n")
        self.finds("plugin/engine/tls/hello.h: a comment names hullo.h, which is not there", "maps.py")

    def test_top_level(self):
        self.write()
        with open(os.path.join(self.folder, "Makefile"), "w", encoding="utf-8"):
            pass
        self.finds("Makefile has no place at the top level", "maps.py")

    def test_format(self):
        self.write(plugin_engine_tls_hello_h="int  tw__read( void );\n")
        self.finds("clang-format-violations", "format.sh")

    def test_script(self):
        self.write(plugin_try_sh="#!/bin/sh\necho $1\n")
        self.finds("SC2086", "scripts.sh")

    def test_long(self):
        self.write(plugin_engine_tls_hello_c=FUNCTION % ("    n++;\n" * 60))
        self.finds("lines, more than 60", "bounds.sh")

    def test_complex(self):
        self.write(plugin_engine_tls_hello_c=FUNCTION % ("    n += n ? 1 : 2;\n" * 21))
        self.finds("complexity 22, more than 20", "bounds.sh")


if __name__ == "__main__":
    unittest.main()
