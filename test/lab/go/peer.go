// A client or server on Go's crypto/tls: peer client|server PORT [flags].
//
// SPDX-License-Identifier: GPL-2.0-or-later
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"reflect"
	"strings"
)

var (
	name    = flag.String("name", "", "asked for in SNI and checked")
	trust   = flag.String("trust", "", "authorities (PEM)")
	cert    = flag.String("cert", "", "certificate chain (PEM)")
	key     = flag.String("key", "", "its key (PEM)")
	low     = flag.Uint("min", 0, "lowest version, as on the wire")
	high    = flag.Uint("max", 0, "highest version")
	noCheck = flag.Bool("no-check", false, "accept any certificate")
	reject  = flag.Bool("reject", false, "the program's own callback refuses whatever certificate comes")
	fail    = flag.Bool("fail", false, "server: the program's own callback fails on every ClientHello")
	ask     = flag.String("ask", "", "server: request or require a client certificate")
	sni     = flag.String("sni", "", "server: the one name that it has a certificate for")
	alpn    = flag.String("alpn", "", "application protocols")
	suite   = flag.Uint("suite", 0, "the one cipher suite of TLS 1.2")
	curve   = flag.Uint("curve", 0, "the one group")
	ech     = flag.String("ech", "", "client: insist on Encrypted Client Hello with this ECHConfigList (base64); from Go 1.23 on")
	end     = flag.String("end", "notify", "notify, or fin: close without close_notify")
)

func main() {
	side, port := os.Args[1], os.Args[2]
	flag.CommandLine.Parse(os.Args[3:])
	config, err := configuration(side == "server")
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	if side == "client" {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			talk(conn, tls.Client(conn, config), true)
		}
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	for err == nil {
		var conn net.Conn
		if conn, err = listener.Accept(); err == nil {
			talk(conn, tls.Server(conn, config), false)
		}
	}
	fmt.Println("error:", err)
}

func talk(plain net.Conn, conn *tls.Conn, first bool) {
	defer plain.Close()
	if err := conn.Handshake(); err != nil {
		fmt.Println("error:", err)
		return
	}
	fmt.Println("handshake completed")
	if first {
		conn.Write([]byte("hello\n"))
	}
	data := make([]byte, 4096)
	for {
		n, err := conn.Read(data)
		if err != nil {
			fmt.Println("error:", err)
			break
		}
		fmt.Println("got", n, "bytes")
		if first {
			break
		}
		conn.Write(data[:n])
	}
	if *end == "notify" {
		conn.Close()
	}
}

func configuration(server bool) (*tls.Config, error) {
	log, err := os.OpenFile(os.Getenv("SSLKEYLOGFILE"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0600)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{KeyLogWriter: log, ServerName: *name, MinVersion: uint16(*low), MaxVersion: uint16(*high), InsecureSkipVerify: *noCheck}
	if *trust != "" {
		pem, err := os.ReadFile(*trust)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(pem)
		config.ClientCAs = config.RootCAs
	}
	if *cert != "" {
		pair, err := tls.LoadX509KeyPair(*cert, *key)
		if err != nil {
			return nil, err
		}
		if server {
			config.Certificates = []tls.Certificate{pair}
		} else { // whatever the server's CertificateRequest says
			config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
		}
		if *sni != "" {
			config.Certificates = nil
			config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
				if hello.ServerName == *sni {
					return &pair, nil
				}
				return nil, nil
			}
		}
	}
	if *reject {
		config.VerifyPeerCertificate = func([][]byte, [][]*x509.Certificate) error { return errors.New("this program does not like it") }
	}
	if *fail {
		config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("this program has a problem of its own") }
	}
	config.ClientAuth = map[string]tls.ClientAuthType{"": tls.NoClientCert, "request": tls.VerifyClientCertIfGiven, "require": tls.RequireAndVerifyClientCert}[*ask]
	if *ask != "" && *reject {
		config.ClientAuth = tls.RequireAnyClientCert
	}
	if *alpn != "" {
		config.NextProtos = strings.Split(*alpn, ",")
	}
	if *ech != "" {
		list, err := base64.StdEncoding.DecodeString(*ech)
		field := reflect.ValueOf(config).Elem().FieldByName("EncryptedClientHelloConfigList")
		if err != nil || !field.IsValid() {
			return nil, errors.New("no Encrypted Client Hello")
		}
		field.SetBytes(list)
	}
	if *suite != 0 {
		config.CipherSuites = []uint16{uint16(*suite)}
	}
	if *curve != 0 {
		config.CurvePreferences = []tls.CurveID{tls.CurveID(*curve)}
	}
	return config, nil
}
