#!/bin/sh
# Makes the certificates, signatures, OCSP responses and keys of the unit tests in test/unit/certs/.
#
# The results are checked in; run this again only to add one (all of them change then, since the
# keys are new). Every validity period is fixed, so no test depends on today's date.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

out=$(cd "$(dirname "$0")" && pwd)/certs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
cd "$work"

FROM=20200101000000Z
TO=20400101000000Z
SUBJECT_IDS='subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'
CA_EXT="basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
$SUBJECT_IDS"
SERVER="keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
$SUBJECT_IDS"
SAN='subjectAltName=DNS:good.example,DNS:*.wild.example,IP:192.0.2.1,IP:2001:db8::1'

cat > ca.cnf <<'CNF'
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
rand_serial = yes
policy = policy
unique_subject = no
default_md = sha256
email_in_dn = no
[policy]
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
string_mask = utf8only
[dn]
CNF
: > index.txt

# key NAME ALGORITHM: rsa2048, rsa1024, p256, ..., ed25519, pss
key() {
    case $2 in
    rsa*) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$1.key" ;;
    pss) openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out "$1.key" ;;
    p256) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" ;;
    p384) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$1.key" ;;
    dsa) openssl genpkey -quiet -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -out dsa.par &&
         openssl genpkey -quiet -paramfile dsa.par -out "$1.key" ;;
    ed25519) openssl genpkey -algorithm ED25519 -out "$1.key" ;;
    *) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -out "$1.key" ;;
    esac 2>key.log || { cat key.log; exit 1; }
}

# cert NAME ISSUER SUBJECT EXTENSIONS [option ...]: NAME.key must be there; ISSUER "self" signs itself.
cert() {
    name=$1 issuer=$2 subject=$3 extensions=$4
    shift 4
    [ "$issuer" = self ] && by="-selfsign -keyfile $name.key" || by="-cert $issuer.crt -keyfile $issuer.key"
    printf '%s\n' "$extensions" > ext.cnf
    [ -n "$extensions" ] && with="-extfile ext.cnf" || with=
    openssl req -new -config ca.cnf -key "$name.key" -subj "$subject" -out csr
    # shellcheck disable=SC2086
    openssl ca -config ca.cnf -batch -notext -in csr -out "$name.crt" $by $with \
        -startdate "$FROM" -enddate "$TO" -preserveDN "$@" 2>ca.log || { cat ca.log; exit 1; }
    openssl x509 -in "$name.crt" -out "$out/$name.pem"
}

# leaf NAME ISSUER EXTENSIONS [option ...]: the usual leaf with a P-256 key
leaf() {
    name=$1 issuer=$2 extensions=$3
    shift 3
    [ -f "$name.key" ] || key "$name" p256
    cert "$name" "$issuer" "/O=tlswhy/CN=$name.example" "$extensions" "$@"
}

# ---- authorities ----
key root rsa2048
cert root self "/O=tlswhy/CN=Test Root" "$CA_EXT"
key other_root p256
cert other_root self "/O=tlswhy/CN=Other Root" "$CA_EXT"
key inter p256
cert inter root "/O=tlswhy/CN=Test Intermediate" "$CA_EXT
basicConstraints=critical,CA:TRUE,pathlen:0"
cp inter.key inter_cross.key
cert inter_cross other_root "/O=tlswhy/CN=Test Intermediate" "$CA_EXT"
key inter_twin p256
cert inter_twin root "/O=tlswhy/CN=Test Intermediate" "$CA_EXT"
cp inter_twin.key inter_twin_noski.key
cert inter_twin_noski root "/O=tlswhy/CN=Test Intermediate" "basicConstraints=critical,CA:TRUE
subjectKeyIdentifier=none"
key inter2 p256
cert inter2 inter "/O=tlswhy/CN=Second Intermediate" "$CA_EXT"
key deep p256
cert deep root "/O=tlswhy/CN=Deep Intermediate" "$CA_EXT"
key deep2 p256
cert deep2 deep "/O=tlswhy/CN=Deep Intermediate 2" "$CA_EXT"
key not_ca p256
cert not_ca root "/O=tlswhy/CN=Not a CA" "basicConstraints=CA:FALSE
$SUBJECT_IDS"
key no_bc p256
cert no_bc root "/O=tlswhy/CN=No basicConstraints" "$SUBJECT_IDS"
key no_sign p256
cert no_sign root "/O=tlswhy/CN=No keyCertSign" "basicConstraints=critical,CA:TRUE
keyUsage=critical,cRLSign"
key limited p256
cert limited root "/O=tlswhy/CN=Limited" "$CA_EXT
nameConstraints=critical,permitted;DNS:allowed.example,permitted;IP:10.0.0.0/255.0.0.0"
key v1_root rsa2048
cert v1_root self "/O=tlswhy/CN=Old Root" ""
key v1_inter p256
cert v1_inter root "/O=tlswhy/CN=Old Intermediate" ""
key inter_expired p256
cert inter_expired root "/O=tlswhy/CN=Expired Intermediate" "$CA_EXT" -startdate 20200101000000Z -enddate 20240101000000Z
key inter_future p256
cert inter_future root "/O=tlswhy/CN=Future Intermediate" "$CA_EXT" -startdate 20300101000000Z
key inter_sha1 rsa2048
cert inter_sha1 root "/O=tlswhy/CN=SHA-1 Intermediate" "$CA_EXT" -md sha1
key inter_weak rsa1024
cert inter_weak root "/O=tlswhy/CN=Weak Intermediate" "$CA_EXT"
key root_weak rsa1024
cert root_weak self "/O=tlswhy/CN=Weak Root" "$CA_EXT" -md sha1 -startdate 20000101000000Z -enddate 20100101000000Z
key mail p256
cert mail root "/O=tlswhy/CN=Mail CA" "$CA_EXT
extendedKeyUsage=emailProtection,clientAuth"
key coding p256
cert coding root "/O=tlswhy/CN=Coding CA" "$CA_EXT
extendedKeyUsage=codeSigning"
key pss_root rsa2048
cert pss_root self "/O=tlswhy/CN=PSS Root" "$CA_EXT" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32

# ---- leaves ----
AIA='authorityInfoAccess=caIssuers;URI:http://ca.example/inter.crt'
leaf leaf inter "$SERVER
$SAN
$AIA"
leaf leaf_noaia inter "$SERVER
$SAN"
leaf leaf_noids inter "$SAN
authorityKeyIdentifier=none"
leaf leaf_root root "$SERVER
$SAN"
for ca in mail inter2 deep2 not_ca no_bc inter_expired inter_future inter_sha1 inter_weak root_weak; do
    leaf "leaf_$ca" $ca "$SERVER
$SAN"
done
for ca in no_sign v1_root v1_inter; do # these have no key identifier to refer to
    leaf "leaf_$ca" $ca "$SAN"
done
leaf leaf_pss pss_root "$SERVER
$SAN" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20
leaf leaf_pss32 pss_root "$SERVER
$SAN" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
leaf limited_good limited "$SERVER
subjectAltName=DNS:www.allowed.example,IP:10.1.2.3"
leaf limited_dns limited "$SERVER
subjectAltName=DNS:www.allowed.example,DNS:www.forbidden.example"
leaf limited_ip limited "$SERVER
subjectAltName=IP:192.0.2.1"
leaf expired inter "$SERVER
$SAN" -startdate 20210101000000Z -enddate 20220501120000Z
leaf future inter "$SERVER
$SAN" -startdate 20300101000000Z
leaf forever inter "$SERVER
$SAN" -enddate 99991231235959Z
leaf old inter "$SERVER
$SAN" -startdate 19500101000000Z
leaf client inter "keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
$SAN"
leaf client_critical inter "keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
1.2.3.4.5=critical,DER:0500"
leaf client_encipher inter "keyUsage=critical,keyEncipherment
extendedKeyUsage=clientAuth"
leaf client_coding coding "keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
$SAN"
leaf any_purpose inter "extendedKeyUsage=anyExtendedKeyUsage
$SAN"
leaf sgc inter "extendedKeyUsage=nsSGC
$SAN"
leaf other_purpose inter "extendedKeyUsage=codeSigning,1.2.3.4.5
$SAN"
leaf free_use inter "$SAN"
key encipher rsa2048
leaf encipher inter "keyUsage=critical,keyEncipherment,dataEncipherment
extendedKeyUsage=serverAuth
$SAN"
key signing_root p256
cert signing_root self "/O=tlswhy/CN=Signing Root" "$CA_EXT"
key signs rsa2048
leaf signs signing_root "$SERVER
$SAN"
# Those that name their issuer's issuer
ALWAYS="authorityKeyIdentifier=keyid,issuer:always"
key naming_root p256
cert naming_root self "/O=tlswhy/CN=Naming Root" "$CA_EXT"
key naming_inter p256
cert naming_inter naming_root "/O=tlswhy/CN=Naming Intermediate" "$CA_EXT"
leaf naming naming_inter "$ALWAYS"
leaf naming_top naming_root "$ALWAYS"
leaf no_san inter "$SERVER"
leaf email_san inter "$SERVER
subjectAltName=email:admin@email_san.example"
# DNS:good.example\0.evil.example
leaf nul_san inter "$SERVER
subjectAltName=DER:301c821a676f6f642e6578616d706c65002e6576696c2e6578616d706c65"
leaf partial_wildcard inter "$SERVER
subjectAltName=DNS:w*.wild.example,DNS:www.*.example,DNS:*"
leaf many_names inter "$SERVER
subjectAltName=$(i=0; while [ $i -lt 400 ]; do printf 'DNS:n%d.example,' $i; i=$((i + 1)); done)DNS:last.example"
leaf control_names inter "$SERVER
subjectAltName=DER:300d820b1b5b33316d2e6578616d70"
key empty_subject p256
cert empty_subject inter "/" "$SERVER
$SAN"
leaf unknown_critical inter "$SERVER
$SAN
1.2.3.4.5=critical,DER:0500"
leaf unknown_plain inter "$SERVER
$SAN
1.2.3.4.5=DER:0500"
leaf staple inter "$SERVER
$SAN
tlsfeature=status_request"
key self_signed p256
cert self_signed self "/O=tlswhy/CN=self_signed.example" "$SERVER
$SAN"
key self_weak rsa1024
cert self_weak self "/O=tlswhy/CN=self_weak.example" "$SAN" -md sha1
# Its own name as issuer, but signed by another key, as its authority key identifier says
cp inter.key rollover.key
cert rollover self "/O=tlswhy/CN=rollover.example" "$CA_EXT"
cp rollover.crt rollover_old.crt && cp rollover.key rollover_old.key && cp "$out/rollover.pem" "$out/rollover_old.pem"
key rollover p256
cert rollover rollover_old "/O=tlswhy/CN=rollover.example" "$CA_EXT
$SAN"
key rsa rsa2048
leaf rsa inter "$SAN"
key rsa1024 rsa1024
leaf rsa1024 inter "$SAN"
key p224 secp224r1
leaf p224 inter "$SAN"
key p192 prime192v1
leaf p192 inter "$SAN"
key brainpool brainpoolP256r1
leaf brainpool inter "$SAN"
key p384 p384
leaf p384 inter "$SAN"
key ed25519 ed25519
leaf ed25519 inter "$SAN"
key pss pss
leaf pss inter "$SAN"
key dsa dsa
leaf dsa inter "$SAN"
leaf sha1 root "$SAN" -md sha1
leaf md5 root "$SAN" -md md5

# ---- signatures over the text "tlswhy", as hex ----
printf tlswhy > data
hex() { od -An -v -tx1 | tr -d ' \n'; echo; }
sign() { # FILE KEY OPTION ...
    file=$1 by=$2
    shift 2
    openssl dgst -sign "$by.key" "$@" data | hex > "$out/$file.sig"
}
for hash in md5 sha1 sha256 sha384 sha512; do sign "rsa_$hash" rsa "-$hash"; done
sign rsa_md5_sha1 rsa -md5-sha1
for hash in sha256 sha384 sha512; do
    sign "rsa_pss_$hash" rsa "-$hash" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
done
sign pss_sha256 pss -sha256 -sigopt rsa_pss_saltlen:digest
for hash in sha1 sha256 sha384 sha512; do sign "p384_$hash" p384 "-$hash"; done
for hash in sha1 sha256; do sign "dsa_$hash" dsa "-$hash"; done
openssl pkeyutl -sign -rawin -inkey ed25519.key -in data | hex > "$out/ed25519.sig"

# ---- OCSP responses: valid for 50 years from when this script ran ----
serial() { openssl x509 -in "$1.crt" -noout -serial | cut -d= -f2; }
entry() { # STATUS REVOKED_AT NAME
    printf '%s\t400101000000Z\t%s\t%s\tunknown\t/CN=%s\n' "$1" "$2" "$(serial "$3")" "$3"
}
ocsp() { # FILE CERTIFICATE SIGNER OPTION ...
    file=$1 of=$2 signer=$3
    shift 3
    openssl ocsp -index ocsp.txt -CA inter.crt -rsigner "$signer.crt" -rkey "$signer.key" -issuer inter.crt \
        -cert "$of.crt" -ndays 18250 -respout "$file" "$@" >/dev/null 2>&1
    hex < "$file" > "$out/$file.ocsp"
}
{ entry V '' leaf; entry R 230601000000Z rsa; } > ocsp.txt
leaf responder inter "extendedKeyUsage=OCSPSigning"
ocsp good leaf inter
ocsp good_delegate leaf responder
ocsp good_nocert leaf responder -resp_no_certs
ocsp revoked rsa inter
ocsp unknown p384 inter
ocsp foreign_signer leaf other_root
printf '30030a0103\n' > "$out/try_later.ocsp"
cat "$out/other_root.pem" "$out/root.pem" > "$out/roots.pem"

# ---- keys with which plays sign (build.h) ----
cp leaf.key client.key "$out/"
