package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.CertUtils;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates of the cluster's CA that the configuration names, in data or in a file. */
final class CaCertificates {

    private CaCertificates() {}

    /**
     * fabric8 itself passes over data that is no certificate, and then trusts the public authorities.
     *
     * @return empty when no CA is configured
     * @throws CertificateException when what is configured is no certificate
     */
    static List<Certificate> read(Config config) throws IOException, CertificateException {
        @Nullable String data = blankToNull(config.getCaCertData());
        @Nullable String file = blankToNull(config.getCaCertFile());
        if (data == null && file == null) {
            return List.of();
        }
        try (InputStream pem = CertUtils.getInputStreamFromDataOrFile(data, file)) {
            List<Certificate> certificates =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            if (certificates.isEmpty()) {
                throw new CertificateException("there is no certificate");
            }
            return certificates;
        } catch (IllegalArgumentException e) {
            throw new CertificateException("it is not encoded in Base64", e);
        }
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
