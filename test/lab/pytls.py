#!/usr/bin/env python3
"""A TLS client or server that ends its connections in every way there is: pytls.py client|server PORT [options].

It is Python's ssl module on memory buffers and a plain socket, so that each step can be stopped
at. Where and how is said by --stop and --end:

  --stop  hello     when it has sent (client) or got (server) the first bytes
          flight    when it has got the other side's next flight, without looking at it
          done      when the handshake is complete; default: after the talk
  --end   notify    close_notify, wait for the other's, FIN
          notify-first   close_notify and FIN at once
          answer    wait for the other side's close_notify, then close
          fin, rst  without close_notify
          half      close_notify and FIN, go on reading
          stall     nothing, until it is ended

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import socket
import ssl
import struct
import time


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("side", choices=("client", "server"))
    parser.add_argument("port", type=int)
    parser.add_argument("--name", help="asked for in SNI, and checked")
    parser.add_argument("--trust")
    parser.add_argument("--cert", help="chain and key, in two files", nargs=2)
    parser.add_argument("--ask", choices=("request", "require"))
    parser.add_argument("--no-check", action="store_true")
    parser.add_argument("--versions", nargs=2)
    parser.add_argument("--ciphers")
    parser.add_argument("--curve")
    parser.add_argument("--alpn", nargs="*")
    parser.add_argument("--sni", help="server: the one name that it has; what else is asked for, or nothing, gets --sni-alert")
    parser.add_argument("--sni-alert", type=int, default=112)
    parser.add_argument("--talk", nargs="*", default=["hello\n"], help="client: sent one by one, each is answered")
    parser.add_argument("--unbind", dest="talk", action="store_const", const=["0\x05\x02\x01\x01B\0"], help="client: says LDAP's farewell (RFC 4511 4.3)")
    parser.add_argument("--greeted", action="store_true", help="client: TLS begins when the server has sent a line in plain text")
    parser.add_argument("--no-read", action="store_true", help="client: sends, and reads nothing")
    parser.add_argument("--parting", action="store_true", help="server: sends a last line when the client has closed its half")
    parser.add_argument("--no-answer", action="store_true", help="server: reads and says nothing")
    parser.add_argument("--speak-first", action="store_true", help="server: sends a line at once")
    parser.add_argument("--pieces", type=int, default=1, help="client: segments that the ClientHello is sent in")
    parser.add_argument("--wait", type=float, default=0, help="before the end")
    parser.add_argument("--keep-alive", action="store_true", help="TCP keep-alive every second")
    parser.add_argument("--stop", default="talk", choices=("connect", "hello", "flight", "done", "talk"))
    parser.add_argument("--end", default="notify")
    return parser.parse_args()


def context(args):
    server = args.side == "server"
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    ctx.keylog_filename = os.environ["SSLKEYLOGFILE"]
    if args.trust:
        ctx.load_verify_locations(args.trust)
    if args.no_check:
        ctx.check_hostname, ctx.verify_mode = False, ssl.CERT_NONE
    elif not server and not args.name:
        ctx.check_hostname = False
    if args.ask:
        ctx.verify_mode = {"request": ssl.CERT_OPTIONAL, "require": ssl.CERT_REQUIRED}[args.ask]
    if args.cert:
        ctx.load_cert_chain(*args.cert)
    if args.versions:
        ctx.minimum_version, ctx.maximum_version = (getattr(ssl.TLSVersion, v) for v in args.versions)
    if args.ciphers:
        ctx.set_ciphers(args.ciphers)
    if args.curve:
        ctx.set_ecdh_curve(args.curve)
    if args.alpn:
        ctx.set_alpn_protocols(args.alpn)
    if args.sni:
        ctx.sni_callback = lambda tls, name, _: None if name == args.sni else print("asked for name", name, flush=True) or args.sni_alert
    return ctx


class Stop(Exception):
    """This is the place of --stop."""


class Connection:
    def __init__(self, args, ctx, sock):
        self.args, self.sock = args, sock
        self.inward, self.outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = args.side == "server"
        self.tls = ctx.wrap_bio(self.inward, self.outward, server_side=server, server_hostname=None if server else args.name)
        self.flights = 0
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if args.keep_alive:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)

    def flush(self):
        if self.outward.pending:
            data, pieces = self.outward.read(), 1 if self.flights else self.args.pieces
            size = -(-len(data) // pieces)
            for at in range(0, len(data), size):
                self.sock.sendall(data[at:at + size])
                time.sleep(0 if pieces == 1 else 0.03)
            if self.args.side == "client" and self.args.stop == "hello":
                raise Stop

    def do(self, what, *args):
        """One call of the ssl module, with what has to be sent and got for it."""
        while True:
            try:
                result = what(*args)
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                self.receive()
            except ssl.SSLError:
                self.flush()                                           # the alert
                raise

    def receive(self):
        data = self.sock.recv(65536)
        if not data:
            self.inward.write_eof()
        self.inward.write(data)
        self.flights += 1
        stop_at = {("server", "hello"): 1, ("client", "flight"): 1, ("server", "flight"): 2}
        if self.flights == stop_at.get((self.args.side, self.args.stop)):
            raise Stop

    def run(self):
        args = self.args
        try:
            if args.stop == "connect":
                raise Stop
            if args.greeted:
                print("greeted:", self.sock.recv(65536), flush=True)
            self.do(self.tls.do_handshake)
            print("handshake completed,", self.tls.version(), flush=True)
            if args.stop == "done":
                raise Stop
            if args.side == "client":
                for line in args.talk:
                    self.do(self.tls.write, line.encode())
                    if not args.no_read:
                        print("got", self.do(self.tls.read, 65536), flush=True)
            else:
                self.serve()
        except Stop:
            pass
        time.sleep(args.wait)
        self.end(args.end)
        print("ended with", args.end, flush=True)

    def serve(self):
        if self.args.speak_first:
            self.do(self.tls.write, b"220 server.test\r\n")
        while True:
            data = self.do(self.tls.read, 65536)
            if not data:
                if self.args.parting:
                    time.sleep(0.3)
                    self.do(self.tls.write, b"good bye\n")
                return
            if self.args.no_answer:
                continue
            self.do(self.tls.write, data)
            if self.args.end not in ("notify", "answer") and not self.args.parting:
                return                                                 # this server is the first to leave

    def end(self, how):
        if how == "notify":
            self.do(self.tls.unwrap)
        elif how in ("notify-first", "half"):
            try:
                self.tls.unwrap()
            except ssl.SSLWantReadError:
                pass
            self.flush()
            if how == "half":
                self.sock.shutdown(socket.SHUT_WR)
                while self.sock.recv(65536):
                    pass
        elif how == "answer":
            while self.do(self.tls.read, 65536):
                pass
            self.do(self.tls.unwrap)
        elif how == "rst":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif how == "stall":
            time.sleep(60)


def play(args, ctx, sock):
    try:
        Connection(args, ctx, sock).run()
    except (OSError, ssl.SSLError) as error:
        print("error:", error, flush=True)
    sock.close()


def main():
    args = options()
    ctx = context(args)
    if args.side == "client":
        play(args, ctx, socket.create_connection(("127.0.0.1", args.port)))
        return
    listener = socket.create_server(("127.0.0.1", args.port))
    while True:
        play(args, ctx, listener.accept()[0])


if __name__ == "__main__":
    main()
