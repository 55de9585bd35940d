// A client or server on Java's JSSE: java Peer.java client|server PORT [key=value...]
//
//   name=HOST        client: asked for in SNI and checked
//   trust=PEM        authorities; none: Java's own
//   store=P12        certificate and key, password "secret"
//   versions=A,B     protocols;  ciphers=A,B
//   check=no         client: accepts any certificate
//   reject=yes       the program's own trust manager refuses whatever comes
//   ask=request|require   server: asks for a client certificate
//   sni=HOST         server: the one name that it serves
//   alpn=A,B         application protocols
//   crl=PEM          a revocation list of the authorities
//   stapling=yes     client: checks revocation by the stapled OCSP response alone
//   renegotiate=yes  client: asks for another handshake when it has its answer
//   cancel=MS        closes from another thread after so many milliseconds
//
// SPDX-License-Identifier: GPL-2.0-or-later
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

class Peer {
    static final char[] PASSWORD = "secret".toCharArray();
    static final Map<String, String> options = new HashMap<>();

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        for (int i = 2; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            options.put(pair[0], pair[1]);
        }
        if (args[0].equals("client"))
            client(port);
        else
            server(port);
    }

    static void client(int port) throws Exception {
        String name = options.get("name");
        Socket plain = new Socket("127.0.0.1", port);
        plain.setTcpNoDelay(true);
        SSLSocket socket = name == null
            ? (SSLSocket) context().getSocketFactory().createSocket(plain, "127.0.0.1", port, true)
            : (SSLSocket) context().getSocketFactory().createSocket(plain, name, port, true);
        SSLParameters wanted = parameters(socket.getSSLParameters());
        if (name != null && !"no".equals(options.get("check")))
            wanted.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(wanted);
        talk(socket, true);
    }

    static void server(int port) throws Exception {
        SSLServerSocket listener = (SSLServerSocket) context().getServerSocketFactory()
            .createServerSocket(port, 5, InetAddress.getByName("127.0.0.1"));
        SSLParameters wanted = parameters(listener.getSSLParameters());
        wanted.setWantClientAuth("request".equals(options.get("ask")));
        if ("require".equals(options.get("ask")))
            wanted.setNeedClientAuth(true);
        if (options.containsKey("sni"))
            wanted.setSNIMatchers(List.of(SNIHostName.createSNIMatcher(options.get("sni").replace(".", "\\."))));
        listener.setSSLParameters(wanted);
        while (true)
            talk((SSLSocket) listener.accept(), false);
    }

    static void talk(SSLSocket socket, boolean first) {
        if (options.containsKey("cancel"))
            new Thread(() -> cancel(socket)).start();
        try (socket) {
            socket.startHandshake();
            System.out.println("handshake completed, " + socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite());
            byte[] line = new byte[4096];
            if (first)
                socket.getOutputStream().write("hello\n".getBytes());
            int length;
            while ((length = socket.getInputStream().read(line)) > 0) {
                System.out.println("got " + length + " bytes");
                if (first && options.remove("renegotiate") != null) {
                    socket.startHandshake();
                    socket.getOutputStream().write("hello again\n".getBytes());
                } else if (first) {
                    break;
                }
                if (!first)
                    socket.getOutputStream().write(line, 0, length);
            }
        } catch (Exception error) {
            for (Throwable e = error; e != null; e = e.getCause())
                System.out.println("error: " + e);
        }
    }

    static void cancel(SSLSocket socket) {
        try {
            Thread.sleep(Integer.parseInt(options.get("cancel")));
            System.out.println("canceled");
            socket.close();
        } catch (Exception error) {
            System.out.println("error: " + error);
        }
    }

    static SSLParameters parameters(SSLParameters p) {
        if (options.containsKey("versions"))
            p.setProtocols(options.get("versions").split(","));
        if (options.containsKey("ciphers"))
            p.setCipherSuites(options.get("ciphers").split(","));
        if (options.containsKey("alpn"))
            p.setApplicationProtocols(options.get("alpn").split(","));
        return p;
    }

    static SSLContext context() throws Exception {
        KeyManager[] keys = null;
        if (options.containsKey("store")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (FileInputStream in = new FileInputStream(options.get("store"))) {
                store.load(in, PASSWORD);
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, PASSWORD);
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust(), null);
        return context;
    }

    static TrustManager[] trust() throws Exception {
        if ("no".equals(options.get("check")) || "yes".equals(options.get("reject")))
            return new TrustManager[] {new Own()};
        if (!options.containsKey("trust"))
            return null;
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (FileInputStream in = new FileInputStream(options.get("trust"))) {
            int i = 0;
            for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in))
                store.setCertificateEntry("ca" + i++, c);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (options.containsKey("crl") || options.containsKey("stapling"))
            factory.init(new CertPathTrustManagerParameters(revocation(store)));
        else
            factory.init(store);
        return factory.getTrustManagers();
    }

    static PKIXBuilderParameters revocation(KeyStore store) throws Exception {
        PKIXBuilderParameters p = new PKIXBuilderParameters(store, new X509CertSelector());
        PKIXRevocationChecker checker = (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        if (options.containsKey("crl")) {
            try (FileInputStream in = new FileInputStream(options.get("crl"))) {
                p.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(
                    CertificateFactory.getInstance("X.509").generateCRLs(in))));
            }
            checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.ONLY_END_ENTITY, PKIXRevocationChecker.Option.PREFER_CRLS,
                PKIXRevocationChecker.Option.NO_FALLBACK));
        } else {
            checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.ONLY_END_ENTITY, PKIXRevocationChecker.Option.NO_FALLBACK));
        }
        p.addCertPathChecker(checker);
        return p;
    }

    static class Own implements X509TrustManager {
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            judge();
        }

        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            judge();
        }

        void judge() throws CertificateException {
            if ("yes".equals(options.get("reject")))
                throw new CertificateException("this program does not like it");
        }

        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
