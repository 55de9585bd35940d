#!/usr/bin/env python3
"""Two WebRTC peers in one program, by aiortc: webrtc.py good|fingerprint.

"fingerprint": the answer's session description names another certificate than the one that its sender has. The ICE agents
use the addresses of the network that are not 127.0.0.1.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import asyncio
import re
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription


def other_fingerprint(sdp):
    return re.sub(r"(a=fingerprint:\S+ )(..)", lambda m: m[1] + ("00" if m[2] != "00" else "11"), sdp)


async def main(what):
    caller, callee = RTCPeerConnection(), RTCPeerConnection()
    done = asyncio.Event()
    channel = caller.createDataChannel("lab")
    channel.on("open", lambda: channel.send("hello"))
    channel.on("message", lambda message: (print("answer:", message, flush=True), done.set()))
    callee.on("datachannel", lambda c: c.on("message", lambda message: c.send(message)))
    for name, peer in (("caller", caller), ("callee", callee)):
        peer.on("connectionstatechange", lambda name=name, peer=peer: print(name, "connection is", peer.connectionState, flush=True))
    await caller.setLocalDescription(await caller.createOffer())
    await callee.setRemoteDescription(caller.localDescription)
    await callee.setLocalDescription(await callee.createAnswer())
    answer = callee.localDescription
    if what == "fingerprint":
        answer = RTCSessionDescription(sdp=other_fingerprint(answer.sdp), type=answer.type)
    await caller.setRemoteDescription(answer)
    try:
        await asyncio.wait_for(done.wait(), 3)
    except asyncio.TimeoutError:
        print("error: no answer", flush=True)
    await caller.close()
    await callee.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
