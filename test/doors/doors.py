"""The doors through which people and scripts see a verdict: each function opens one.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import json
import re

FIELDS = ["cause", "confidence", "sender", "phase", "alert", "reason"]
Verdict = collections.namedtuple("Verdict", ["frame"] + FIELDS)
NAMES = ["frame.number"] + ["tlswhy." + field for field in FIELDS]
SEPARATOR, AGGREGATOR = "\x1e", "\x1f"     # what no reason contains

# Not failures: ends that the report does not count.
BENIGN = {"closed-normally", "canceled-by-user", "closed-without-notify"}

# Known at the end of the capture only; one pass over it cannot show them on their frame.
LATE = {"no-answer-to-client-hello", "stalled-in-handshake"}


class DoorError(Exception):
    pass


def tshark(world, capture, *arguments, decode_as=None):
    command = [world.tshark, "-n", "-r", capture, *(["-d", decode_as] if decode_as else []), *arguments]
    done = world.run(command)
    # A damaged capture has another status, and its report all the same; a crash has a signal.
    if done.returncode < 0 or re.search(r"dissector bug|CRITICAL|\*\* WARNING|Sanitizer", done.stderr + done.stdout, re.I):
        raise DoorError("%s: status %d\n%s" % (" ".join(command), done.returncode, done.stderr.strip()))
    return done.stdout


def split_frame(frame, values):
    """One Verdict for each cause in a frame. A verdict without an alert leaves no gap in its list."""
    count = len(values["cause"])
    alerts = values["alert"] + ["-"] * (count - len(values["alert"]))
    columns = [values[field] if field != "alert" else alerts for field in FIELDS]
    if any(len(column) != count for column in columns):
        raise DoorError("frame %s: every verdict has one of each field, but got %r" % (frame, values))
    return [Verdict(int(frame), *row) for row in zip(*columns)]


def two_passes_json(world, capture, **options):
    fields = [argument for name in NAMES for argument in ("-e", name)]
    text = tshark(world, capture, "-2", "-Y", "tlswhy.cause", "-T", "json", *fields, **options)
    found = []
    for packet in json.loads(text or "[]"):
        layers = packet["_source"]["layers"]
        found += split_frame(layers["frame.number"][0], {field: layers.get("tlswhy." + field, []) for field in FIELDS})
    return found


def one_pass_fields(world, capture, **options):
    fields = [argument for name in NAMES for argument in ("-e", name)]
    text = tshark(world, capture, "-Y", "tlswhy.cause", "-T", "fields", *fields, "-E", "separator=" + SEPARATOR,
                  "-E", "aggregator=" + AGGREGATOR, "-E", "occurrence=a", **options)
    found = []
    for line in text.splitlines():
        frame, *values = line.split(SEPARATOR)
        found += split_frame(frame, {field: value.split(AGGREGATOR) if value else []
                                     for field, value in zip(FIELDS, values)})
    return found


def custom_column(world, capture, **options):
    """{frame: what stands in the column}, where anything does; without a display filter."""
    text = tshark(world, capture, "-T", "tabs", "-o",
                  'gui.column.format:"No.","%m","Why","%Cus:tlswhy.reason:0:R"', **options)
    rows = (line.strip().split("\t") for line in text.splitlines())
    return {int(row[0]): row[1] for row in rows if len(row) > 1 and row[1]}


def report(world, capture, **options):
    """The report's text, and its counts: {cause: failures}."""
    text = tshark(world, capture, "-q", "-z", "tlswhy,report", **options)
    summary = re.findall(r"^\d+ connections?: (\d+) failed(?: \((.*?)\))?, \d+ completed, \d+ undecided", text, re.M)
    if len(summary) != 1:
        raise DoorError("the report has %d summaries:\n%s" % (len(summary), text))
    total, parts = summary[0]
    counts = collections.Counter()
    for part in filter(None, parts.split(", ")):
        cause, _, count = part.rpartition(" ")
        counts[cause] += int(count)
    if sum(counts.values()) != int(total):
        raise DoorError("the report's summary does not add up:\n%s" % text)
    return text, counts
