"""TLS on memory buffers, for protocols that carry it in packets of their own.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import ssl


def context(server, trust=None, cert=None, ask=False, version=None):
    """TRUST: a file of authorities; CERT: files of chain and key; VERSION: an ssl.TLSVersion's name, the only one spoken."""
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    ctx.keylog_filename = os.environ["SSLKEYLOGFILE"]
    ctx.check_hostname = False
    if trust:
        ctx.load_verify_locations(trust)
    if cert:
        ctx.load_cert_chain(*cert)
    if ask:
        ctx.verify_mode = ssl.CERT_REQUIRED
    if version:
        ctx.minimum_version = ctx.maximum_version = getattr(ssl.TLSVersion, version)
    return ctx


class Tls:
    """One side. What it has to send is in pending(); .done and .error tell how the handshake ended."""

    def __init__(self, ctx, server, name=None):
        self.inward, self.outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = ctx.wrap_bio(self.inward, self.outward, server_side=server, server_hostname=name)
        self.done, self.error = False, None

    def step(self, data=b""):
        """Takes what has come, goes on with the handshake, and gives what is to be sent."""
        self.inward.write(data)
        try:
            self.tls.do_handshake()
            self.done = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self.error = error
            print("error:", error, flush=True)
        return self.pending()

    def pending(self):
        return self.outward.read()

    def read(self, data=b""):
        """What has been said inside so far."""
        self.inward.write(data)
        said = b""
        try:
            while part := self.tls.read(65536):
                said += part
        except ssl.SSLWantReadError:
            pass
        return said

    def write(self, data):
        self.tls.write(data)
        return self.pending()
