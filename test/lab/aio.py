#!/usr/bin/env python3
"""QUIC through aioquic, which speaks v1 and v2 (RFC 9369):

  aio.py server PORT CHAIN KEY VERSIONS
  aio.py client PORT NAME VERSIONS WHAT...

VERSIONS: those that it knows, the dearest first, with commas; a client begins with the last one. A client's connections
come one after the other from one port, and each WHAT says of one: TRUST, a file of authorities, or TRUST:moves for one that
goes on from another port.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import asyncio
import os
import ssl
import sys

from aioquic.asyncio import connect, serve
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.packet import QuicProtocolVersion

HOST = "127.0.0.1"
CLIENT_PORT = 50001


def configuration(versions, **more):
    known = [getattr(QuicProtocolVersion, "VERSION_" + v) for v in versions.split(",")]
    return QuicConfiguration(alpn_protocols=["hq-interop"], supported_versions=known, original_version=known[-1],
                             secrets_log_file=open(os.environ["SSLKEYLOGFILE"], "a", buffering=1), idle_timeout=5, **more)


def echo(reader, writer):
    async def answer():
        writer.write(await reader.read())
        writer.write_eof()
    asyncio.ensure_future(answer())


async def ask(protocol):
    reader, writer = await protocol.create_stream()
    writer.write(b"hello\r\n")
    writer.write_eof()
    print("answer:", await asyncio.wait_for(reader.read(), 2), flush=True)


async def move(protocol):
    """The same connection from a new port, under another connection ID (RFC 9000 9.5)."""
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: protocol, local_addr=("::", 0))
    protocol.change_connection_id()


async def visit(port, name, versions, trust, moves):
    config = configuration(versions, is_client=True, server_name=name)
    config.load_verify_locations(trust)
    try:
        async with connect(HOST, port, configuration=config, local_port=CLIENT_PORT) as protocol:
            await ask(protocol)
            if moves:
                await move(protocol)
                await ask(protocol)
    except ConnectionError as error:
        print("error:", error, flush=True)


async def client(port, name, versions, *connections):
    for what in connections:
        trust, _, moves = what.partition(":")
        await visit(port, name, versions, trust, moves)


async def server(port, chain, key, versions):
    config = configuration(versions, is_client=False)
    config.load_cert_chain(chain, key)
    await serve(HOST, port, configuration=config, stream_handler=echo)
    await asyncio.Future()


if __name__ == "__main__":
    asyncio.run({"server": server, "client": client}[sys.argv[1]](int(sys.argv[2]), *sys.argv[3:]))
