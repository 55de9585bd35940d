// A client or server on rustls: peer client|server PORT [key=value...]
//
//   name=HOST    client: asked for in SNI and checked; server: the one name that it has
//   trust=PEM    authorities;  cert=PEM key=PEM    certificate with its chain, key
//   versions=12,13
//   ask=require  server: requires a client certificate
//   alpn=A       an application protocol
//
// SPDX-License-Identifier: GPL-2.0-or-later
use rustls::server::{AllowAnyAuthenticatedClient, ResolvesServerCertUsingSni};
use rustls::{sign, version, Certificate, ClientConfig, ClientConnection, KeyLogFile, PrivateKey, RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

type Options = HashMap<String, String>;

fn certificates(path: &str) -> Vec<Certificate> {
    rustls_pemfile::certs(&mut BufReader::new(File::open(path).unwrap())).unwrap().into_iter().map(Certificate).collect()
}

fn key(options: &Options) -> PrivateKey {
    PrivateKey(rustls_pemfile::pkcs8_private_keys(&mut BufReader::new(File::open(&options["key"]).unwrap())).unwrap().remove(0))
}

fn roots(options: &Options) -> RootCertStore {
    let mut store = RootCertStore::empty();
    for certificate in options.get("trust").map(|path| certificates(path)).unwrap_or_default() {
        store.add(&certificate).unwrap();
    }
    store
}

fn versions(options: &Options) -> Vec<&'static rustls::SupportedProtocolVersion> {
    match options.get("versions").map(String::as_str) {
        Some("12") => vec![&version::TLS12],
        Some("13") => vec![&version::TLS13],
        _ => vec![&version::TLS13, &version::TLS12],
    }
}

fn alpn(options: &Options) -> Vec<Vec<u8>> {
    options.get("alpn").map(|name| vec![name.as_bytes().to_vec()]).unwrap_or_default()
}

fn client(port: u16, options: &Options) {
    let builder = ClientConfig::builder().with_safe_default_cipher_suites().with_safe_default_kx_groups()
        .with_protocol_versions(&versions(options)).unwrap().with_root_certificates(roots(options));
    let mut config = match options.get("cert") {
        Some(path) => builder.with_single_cert(certificates(path), key(options)).unwrap(),
        None => builder.with_no_client_auth(),
    };
    config.key_log = Arc::new(KeyLogFile::new());
    config.alpn_protocols = alpn(options);
    let name = options["name"].as_str().try_into().unwrap();
    let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut stream = StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), socket);
    let mut buffer = [0; 1024];
    match stream.write_all(b"hello\n").and_then(|_| stream.read(&mut buffer)) {
        Ok(n) => println!("handshake was completed; got {} bytes", n),
        Err(error) => println!("error: {}", error),
    }
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

fn server(port: u16, options: &Options) {
    let builder = ServerConfig::builder().with_safe_default_cipher_suites().with_safe_default_kx_groups()
        .with_protocol_versions(&versions(options)).unwrap();
    let builder = match options.get("ask") {
        Some(_) => builder.with_client_cert_verifier(AllowAnyAuthenticatedClient::new(roots(options))),
        None => builder.with_no_client_auth(),
    };
    let chain = certificates(&options["cert"]);
    let mut config = match options.get("name") {
        Some(name) => {
            let mut names = ResolvesServerCertUsingSni::new();
            names.add(name, sign::CertifiedKey::new(chain, sign::any_supported_type(&key(options)).unwrap())).unwrap();
            builder.with_cert_resolver(Arc::new(names))
        }
        None => builder.with_single_cert(chain, key(options)).unwrap(),
    };
    config.key_log = Arc::new(KeyLogFile::new());
    config.alpn_protocols = alpn(options);
    let config = Arc::new(config);
    for socket in TcpListener::bind(("127.0.0.1", port)).unwrap().incoming() {
        let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), socket.unwrap());
        let mut buffer = [0; 1024];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => {
                    println!("handshake was completed; got {} bytes", n);
                    let _ = stream.write_all(&buffer[..n]);
                }
                Err(error) => {
                    println!("error: {}", error);
                    break;
                }
            }
        }
        stream.conn.send_close_notify();
        let _ = stream.flush();
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let options = words[2..].iter().filter_map(|w| w.split_once('=')).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let port = words[1].parse().unwrap();
    if words[0] == "client" { client(port, &options) } else { server(port, &options) }
}
