"""The doors through which people and scripts see a verdict: each function opens one.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import json
import os
import re

from catalogue import CAUSES

FIELDS = ["cause", "confidence", "sender", "phase", "alert", "reason"]


class Verdict(collections.namedtuple("Verdict", ["frame"] + FIELDS)):
    """Equal if these are; ITEM: all of the tree's item, as Pairs."""

    item = ()


SEPARATOR, AGGREGATOR = "\x1e", "\x1f"     # what no reason contains

# Not failures: ends that the report does not count.
BENIGN = {cause.id for cause in CAUSES.values() if cause.severity in ("chat", "note")}

# Known only when a later frame, or the end of the capture, has been seen: one pass may be too
# early to show them on their frame. They are in its report all the same.
LATE = {cause.id for cause in CAUSES.values() if cause.late}


def may_be_late(verdict):
    """Also QUIC's Version Negotiation: only the end shows that the client did not go on; a record of a TLS 1.3 server that
    cannot be read: only its end shows that it was an alert; and a packet of QUIC: only the silence behind it does."""
    if verdict.cause in LATE or (verdict.cause == "version-no-overlap" and verdict.alert == "-"):
        return True
    if any("after which neither side sent anything" in text for text in verdict.item.all("tlswhy.evidence")):
        return True
    return (verdict.sender == "server" and verdict.item.one("tlswhy.version", "") == "TLS 1.3"
            and str(verdict.item.one("tlswhy.alert.encrypted", "")) in ("1", "True"))


# Every connection with its reason, no line broken.
REPORT = "tlswhy,report:all:full:width=10000"


class DoorError(Exception):
    pass


def bugs(said):
    """(protocol, packet) of each bug that Wireshark has found in a dissector"""
    return set(re.findall(r"Dissector bug, protocol (\S+), in packet (\d+)", said))


def without_plugin(world, capture):
    """What tshark says by itself of CAPTURE: 4.4 has bugs of its own in QUIC."""
    environment = dict(world.environment, WIRESHARK_DATA_DIR=world.home, WIRESHARK_PLUGIN_DIR=os.path.join(world.folder, "none"))
    return world.run([world.tshark, "-n", "-2", "-r", capture, "-V"], env=environment).stderr


def tshark(world, capture, *arguments, decode_as=None):
    command = [world.tshark, "-n", "-r", capture, *(["-d", decode_as] if decode_as else []), *arguments]
    # Of Wireshark's data files (Lua, DTDs, makers of network cards ...) nothing is needed here, and
    # without them it starts in two thirds of the time.
    done = world.run(command, env=dict(world.environment, WIRESHARK_DATA_DIR=world.home))
    # A damaged capture has another status, and its report all the same; a crash has a signal.
    said = done.stderr + done.stdout
    if bugs(said) and bugs(said) <= bugs(without_plugin(world, capture)):
        said = re.sub("Dissector bug", "", said)
    if done.returncode < 0 or re.search(r"dissector bug|CRITICAL|\*\* WARNING|Sanitizer", said, re.I):
        raise DoorError("%s: status %d\n%s" % (" ".join(command), done.returncode, done.stderr.strip()))
    return done.stdout


def two_passes(world, capture, **options):
    """What JSON shows in two passes, and the report after them: verdicts, (text, counts)."""
    output = tshark(world, capture, "-2", "-Y", "tlswhy", "-T", "json", "-J", "frame tlswhy",
                    "-z", REPORT, **options)
    # Objects repeat their keys: as pairs, nothing gets lost.
    packets, end = json.JSONDecoder(object_pairs_hook=Pairs).raw_decode(output.lstrip())
    found = []
    for packet in packets:
        layers = packet.one("_source").one("layers")
        frame = int(layers.one("frame").one("frame.number"))
        found += [verdict_of(frame, item) for item in layers.all("tlswhy") if item.all("tlswhy.cause")]
    return found, read_report(output.lstrip()[end:])


class Pairs(list):
    """A JSON object as its (key, value) pairs."""

    def all(self, key):
        return [value for name, value in self if name == key]

    def one(self, key, absent=None):
        values = self.all(key)
        if len(values) > 1 or not values and absent is None:
            raise DoorError("%s occurs %d times in %r" % (key, len(values), self))
        return values[0] if values else absent


def verdict_of(frame, item):
    left_over = re.search(r"\{\w+\}", json.dumps(item))
    if left_over:
        raise DoorError("frame %d: placeholder %s is left over in %r" % (frame, left_over.group(), item))
    verdict = Verdict(frame, *[item.one("tlswhy." + field, "-" if field == "alert" else None) for field in FIELDS])
    verdict.item = item
    return verdict


def unescaped(text):
    """Newer versions of -T fields double each backslash, 4.0 does not."""
    return text.replace("\\\\", "\\")


def one_pass(world, capture, **options):
    """What -T fields shows in one pass: (frame, cause, confidence, reason) of each verdict. The
    other fields stand in notices too, so their lists are longer."""
    names = ["frame.number", "tlswhy.cause", "tlswhy.confidence", "tlswhy.reason"]
    text = tshark(world, capture, "-Y", "tlswhy.cause", "-T", "fields", *(part for name in names for part in ("-e", name)),
                  "-E", "separator=" + SEPARATOR, "-E", "aggregator=" + AGGREGATOR, "-E", "occurrence=a", **options)
    found = []
    for line in filter(None, text.split("\n")):  # splitlines() would split at SEPARATOR as well
        frame, *columns = line.split(SEPARATOR)
        columns = [unescaped(column).split(AGGREGATOR) for column in columns]
        if len(set(map(len, columns))) != 1:
            raise DoorError("frame %s: every verdict has one of each field, but got %r" % (frame, columns))
        found += [(int(frame), *row) for row in zip(*columns)]
    return found


def custom_column(world, capture, **options):
    """{frame: what stands in the column}, where anything does; without a display filter."""
    text = tshark(world, capture, "-T", "tabs", "-o",
                  'gui.column.format:"No.","%m","Why","%Cus:tlswhy.reason:0:R"', **options)
    rows = (line.strip().split("\t") for line in text.split("\n"))
    return {int(row[0]): row[1] for row in rows if len(row) > 1 and row[1]}


def report(world, capture, **options):
    """The report alone: text, {cause: failures}."""
    return read_report(tshark(world, capture, "-q", "-z", REPORT, **options))


def read_report(text):
    summary = list(re.finditer(r"^\d+ connections?: (\d+) failed, \d+ completed, \d+ undecided", text, re.M))
    if len(summary) != 1:
        raise DoorError("the report has %d summaries:\n%s" % (len(summary), text))
    total, table = summary[0].group(1), text[summary[0].end():]
    counts = collections.Counter({cause: int(count) for count, cause in re.findall(r"^ +(\d+) +([a-z0-9-]+)$", table, re.M)})
    if sum(counts.values()) != int(total):
        raise DoorError("the report's summary does not add up:\n%s" % text)
    return text.strip(), counts
