"""EAP-TLS and its relatives: FreeRADIUS and hostapd as servers, eapol_test and wpa_supplicant as clients.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os

from programs import NEEDS
from servers import HOST

NEEDS |= {"FreeRADIUS": ("freeradius", "freeradius"), "eapol_test": ("eapol_test", "eapoltest"),
          "hostapd": ("hostapd", "hostapd"), "wpa_supplicant": ("wpa_supplicant", "wpasupplicant")}

RADIUS_PORT = 1812
SECRET, USER, PASSWORD = "secret", "user@lab.test", "password"

RADIUSD = """
name = radiusd
raddbdir = {dir}
logdir = {dir}
run_dir = {dir}
libdir = /usr/lib/freeradius
pidfile = {dir}/radiusd.pid
security {{
  reject_delay = 0
  status_server = no
}}
thread pool {{
  start_servers = 1
  max_servers = 1
  min_spare_servers = 1
  max_spare_servers = 1
}}
client lab {{
  ipaddr = 127.0.0.0/8
  secret = {secret}
}}
modules {{
  pap {{
  }}
  mschap {{
  }}
  files {{
    filename = {dir}/users
  }}
  eap {{
    default_eap_type = {default}
    tls-config common {{
      private_key_file = {key}
      certificate_file = {cert}
      ca_file = {trust}
      tls_min_version = "{low}"
      tls_max_version = "{high}"
      ecdh_curve = "prime256v1"
      fragment_size = 1024
    }}
    tls {{
      tls = common
    }}
    ttls {{
      tls = common
      default_eap_type = md5
      virtual_server = inner
    }}
    peap {{
      tls = common
      default_eap_type = mschapv2
      virtual_server = inner
    }}
    mschapv2 {{
    }}
    md5 {{
    }}
  }}
}}
server outer {{
  listen {{
    type = auth
    ipaddr = {host}
    port = {port}
  }}
  authorize {{
    eap {{
      ok = return
    }}
  }}
  authenticate {{
    eap
  }}
}}
server inner {{
  authorize {{
    files
    mschap
    eap {{
      ok = return
    }}
    pap
  }}
  authenticate {{
    eap
    Auth-Type PAP {{
      pap
    }}
    Auth-Type MS-CHAP {{
      mschap
    }}
  }}
}}
"""


def freeradius(cert="server", chain=("inter",), trust=("root", "inter"), version=("1.2", "1.2"), default="tls"):
    def command(lab):
        lab.text("users", '%s Cleartext-Password := "%s"\n' % (USER, PASSWORD))
        lab.text("dictionary", "")
        lab.text("radiusd.conf", RADIUSD.format(dir=lab.folder, secret=SECRET, default=default, key=lab.pki.key(cert),
                                                cert=lab.pki.bundle(cert, *chain), trust=lab.pki.bundle(*trust), host=HOST,
                                                port=RADIUS_PORT, low=version[0], high=version[1]))
        return ["freeradius", "-fxx", "-l", "stdout", "-d", lab.folder]
    return dict(name="FreeRADIUS", command=command, ready=RADIUS_PORT)


def network(lab, method, cert, chain, trust, version, wired=False):
    lines = ["key_mgmt=" + ("IEEE8021X" if wired else "WPA-EAP"), "eap=" + method, 'identity="%s"' % USER, "eapol_flags=0"]
    lines += ['ca_cert="%s"' % lab.pki.bundle(*trust)] if trust else []
    if method == "TLS":
        lines += ['client_cert="%s"' % lab.pki.bundle(cert, *chain), 'private_key="%s"' % lab.pki.key(cert)]
    else:
        lines += ['password="%s"' % PASSWORD, 'phase2="auth=%s"' % {"PEAP": "MSCHAPV2", "TTLS": "PAP"}[method]]
    lines += ['phase1="tls_disable_tlsv1_3=%d"' % (version == "12")]
    return "network={\n%s\n}\n" % "\n".join(lines)


def eapol_test(method="TLS", cert="client", chain=("inter",), trust=("root",), version="12", mac="02:00:00:00:00:01"):
    def command(lab):
        conf = lab.text("eapol_test-%s.conf" % mac[-2:], network(lab, method, cert, chain, trust, version))
        return ["eapol_test", "-n", "-t5", "-c", conf, "-a", HOST, "-p", str(RADIUS_PORT), "-s", SECRET, "-M", mac]
    return dict(name="eapol_test", command=command)


HOSTAPD = """
interface=ap
driver=wired
logger_stdout=-1
logger_stdout_level=1
ieee8021x=1
eap_reauth_period=0
use_pae_group_addr=1
eap_server=1
eap_user_file={users}
ca_cert={trust}
server_cert={cert}
private_key={key}
tls_flags={flags}
"""


def hostapd(cert="server", chain=("inter",), trust=("root", "inter"), version="12"):
    def command(lab):
        users = lab.text("eap_users", '* TLS,PEAP,TTLS\n"%s" MSCHAPV2,TTLS-PAP "%s" [2]\n' % (USER, PASSWORD))
        flags = "[DISABLE-TLSv1.3]" if version == "12" else "[ENABLE-TLSv1.3]"
        return ["hostapd", "-d", lab.text("hostapd.conf", HOSTAPD.format(
            users=users, trust=lab.pki.bundle(*trust), cert=lab.pki.bundle(cert, *chain), key=lab.pki.key(cert), flags=flags))]
    return dict(name="hostapd", command=command, ready=None)


def wpa_supplicant(method="TLS", cert="client", chain=("inter",), trust=("root",), version="12"):
    def command(lab):
        conf = lab.text("supplicant.conf", "ap_scan=0\n" + network(lab, method, cert, chain, trust, version, wired=True))
        return ["wpa_supplicant", "-Dwired", "-ista", "-d", "-c", conf]
    return dict(name="wpa_supplicant", command=command)
