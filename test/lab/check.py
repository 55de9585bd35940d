"""Reads a capture back with stock tshark: what must be in it, before it is kept.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import subprocess
import tempfile

FINISHED = "20"
FIELDS = ["frame.number", "tcp.stream", "udp.stream", "tcp.srcport", "udp.srcport", "tcp.flags.fin", "tcp.flags.reset",
          "tls.handshake.type", "dtls.handshake.type", "tls.alert_message.level", "tls.alert_message.desc",
          "dtls.alert_message.level", "dtls.alert_message.desc", "quic.cc.error_code.tls_alert"]


def read(path, port):
    """The capture as a list of packets: dicts of FIELDS, with "from" (client or server) and "alerts" [(level, number)]."""
    command = ["tshark", "-2", "-r", path, "-T", "json"]
    if port != 443:
        command += ["-d", "tcp.port==%d,tls" % port]
    for f in FIELDS:
        command += ["-e", f]
    with tempfile.TemporaryDirectory() as home:                        # no preferences, no plugins: stock Wireshark is the judge
        run = subprocess.run(command, capture_output=True, text=True,
                             env={"PATH": os.environ["PATH"], "HOME": home, "WIRESHARK_PLUGIN_DIR": home, "TZ": "UTC"})
    if run.returncode:
        raise RuntimeError("tshark: " + run.stderr.strip())
    packets = []
    for entry in json.loads(run.stdout or "[]"):
        p = entry["_source"]["layers"]
        source = (p.get("tcp.srcport") or p.get("udp.srcport") or ["0"])[0]
        p["from"] = "server" if int(source) == port else "client"
        p["stream"] = int((p.get("tcp.stream") or p.get("udp.stream") or ["-1"])[0])
        p["alerts"] = [(int(level), int(number)) for proto in ("tls", "dtls") for level, number in zip(
            p.get(proto + ".alert_message.level", []), p.get(proto + ".alert_message.desc", []))]
        p["alerts"] += [(2, int(number)) for number in p.get("quic.cc.error_code.tls_alert", [])]
        p["handshakes"] = p.get("tls.handshake.type", []) + p.get("dtls.handshake.type", [])
        packets.append(p)
    return packets


def alerts(packets, stream=0):
    """[(side, level, number)] in order."""
    return [(p["from"], level, number) for p in packets if p["stream"] == stream for level, number in p["alerts"]]


def finished_by(packets, stream=0):
    """The sides whose Finished was read."""
    return {p["from"] for p in packets if p["stream"] == stream and FINISHED in p["handshakes"]}


def flow(packets, stream=0):
    """A line for people: what went which way."""
    out = []
    for p in packets:
        if p["stream"] != stream:
            continue
        words = ["hs" + h for h in p["handshakes"]] + ["alert%d/%d" % a for a in p["alerts"]]
        words += [w for f, w in (("tcp.flags.fin", "FIN"), ("tcp.flags.reset", "RST")) if p.get(f, ["0"])[0] in ("1", "True", True)]
        if words:
            out.append("%s %s" % (p["from"][0].upper(), " ".join(words)))
    return "; ".join(out)


def verify(case, packets):
    """Raises AssertionError where the capture is not what the case promises."""
    assert packets, "nothing was recorded: the client did not get as far as to connect"
    streams = {p["stream"] for p in packets if p["stream"] >= 0 and (case.attempts > 1 or p["stream"] == 0)}
    assert len(streams) == case.attempts, "%d connections, not %d" % (len(streams), case.attempts)
    for stream in streams:
        verify_stream(case, packets, stream)


def verify_stream(case, packets, stream):
    seen = alerts(packets, stream)
    fatal = [a for a in seen if a[1] == 2]
    if case.unreadable:
        assert not seen, "alerts can be read: %s" % seen
    elif case.alert is not None:
        assert any(side == case.sender and number == case.alert for side, _, number in seen), \
            "no alert %d by the %s; alerts: %s" % (case.alert, case.sender, seen)
        assert case.warning or fatal[0] == (case.sender, 2, case.alert), \
            "another alert came first: %s" % seen
    else:                                                              # a reaction is the other side's
        assert not [a for a in fatal if not case.reaction or a[0] == case.sender], "unexpected fatal alert: %s" % seen
    if case.completes:
        assert finished_by(packets, stream) == {"client", "server"}, "the handshake did not complete: " + flow(packets, stream)
    elif case.completes is False:
        assert finished_by(packets, stream) != {"client", "server"}, "the handshake completed: " + flow(packets, stream)
