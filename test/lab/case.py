"""What a row of the table in cases.py is.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import dataclasses

VERSION = {"10": "TLS 1.0", "11": "TLS 1.1", "12": "TLS 1.2", "13": "TLS 1.3"}


def usual_place(cause):
    """Who rejects and what is being answered, where the cause's name says so."""
    if cause.startswith("server-cert-"):
        return "client", "server-flight"
    if cause.startswith("client-cert-"):
        return "server", "client-flight"
    if cause == "none":
        return "none", "none"
    return "server", "client-hello"


@dataclasses.dataclass
class Case:
    """One connection, and what must come of it.

    name      folder/variant; the variant's third word is the version
    truth     the fault that the programs were given
    alert     the number that must be seen, sent by sender; None: no fatal alert may be seen
    keys      False: a file without secrets; True: one with; "both"
    best      causes that an expert can name from the file (default: truth alone)
    blind     the same for the file without secrets, where that is less
    client_says, server_says  words that the programs' logs must hold
    completes True or False: whether both Finished must be seen; None: either
    warning   the alert is a warning; reaction: a fatal alert may follow that is not the verdict
    relay     a row of relay.py: what is done to the records between client and server
    later     seconds after which another connection, to another address, shows that time went by
    unreadable  the alert is there, but tshark does not read it as one
    stop_capture_first  the capture ends before the programs do
    patience  seconds until the client is ended
    carrier   what carries TLS: "tcp" or "udp"
    frozen    the server is stopped before the client comes: the kernel takes the connection, nobody reads
    port      where the server listens, if not where all do
    attempts  how often the client connects, and fails in the same way
    label     more entries for the label; blind_label: of the file without secrets only
    """
    name: str
    truth: str
    client: dict = None
    server: dict = None
    scenario: str = ""
    alert: int = None
    keys: object = False
    best: list = None
    blind: list = None
    sender: str = None
    phase: str = None
    client_says: str = ""
    server_says: str = ""
    completes: object = None
    warning: bool = False
    reaction: bool = False
    version: str = None
    relay: str = None
    later: float = None
    unreadable: bool = False
    stop_capture_first: bool = False
    patience: float = 4.0
    carrier: str = "tcp"
    port: int = None
    frozen: bool = False
    attempts: int = 1
    label: dict = dataclasses.field(default_factory=dict)
    blind_label: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        self.folder, self.variant = self.name.split("/")
        sender, phase = usual_place(self.truth)
        self.sender, self.phase = self.sender or sender, self.phase or phase
        self.best = self.best or [self.truth]
        if self.version is None:
            self.version = next((VERSION[w] for w in self.variant.split("-") if w in VERSION), "")

    def programs(self):
        return [self.server["name"], self.client["name"]]

    def files(self):
        """[(file name, with secrets?)]"""
        plain, keyed = (self.variant + ".pcapng", False), (self.variant + ".keys.pcapng", True)
        return {False: [plain], True: [keyed], "both": [keyed, plain]}[self.keys]
