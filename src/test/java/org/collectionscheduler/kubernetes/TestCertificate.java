package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for 127.0.0.1 that is its own CA. @param pem file with the certificate */
record TestCertificate(Path store, Path pem) {

    private static final String PASSWORD = "changeit";

    static TestCertificate make(Path directory, String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Path pem = directory.resolve(name + ".crt");
        List<String> common = List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-alias", "server");
        keytool(common, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1");
        keytool(common, "-exportcert", "-rfc", "-file", pem.toString());
        return new TestCertificate(store, pem);
    }

    String base64() throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(pem));
    }

    SSLContext serverContext() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(List<String> common, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(options));
        command.addAll(common);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("keytool failed");
        }
    }
}
