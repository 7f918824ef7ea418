package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.HexFormat;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster was looked at. The id has no salt, so that two deployments that look at one cluster agree about it.
 *
 * @param id {@code cls_} and the first 32 hex digits of SHA-256 of {@code <source>:<value>}
 * @param source where the value came from: {@code kube-system-uid}, {@code ca} or {@code server-url}
 * @param section whether the cluster itself told
 */
record ClusterIdentity(String id, String source, Section section) {

    private static final ApiRequest KUBE_SYSTEM = ApiRequest.get(
            "api/v1/namespaces/kube-system",
            "get the namespace kube-system",
            "verb \"get\" on resource \"namespaces\" of API group \"\"");

    /**
     * Asks for the UID of the namespace {@code kube-system}; where that cannot be had, the CA's certificate or at last
     * the server's URL stands in, and the section says why.
     *
     * @throws CollectionFailedException when the server cannot be asked anything
     */
    static ClusterIdentity read(ApiSession session) throws CollectionFailedException {
        try {
            String uid = session.get(KUBE_SYSTEM, body -> {
                String[] found = new String[1];
                Json.document(body, (field, parser) -> {
                    if (field.equals("metadata")) {
                        Json.eachField(parser, (name, value) -> {
                            if (name.equals("uid")) {
                                found[0] = Json.text(value);
                            }
                        });
                    }
                });
                if (found[0] == null) {
                    throw new MalformedBodyException("it has no UID");
                }
                return found[0];
            });
            return of("kube-system-uid", uid, Section.ok());
        } catch (ApiException e) {
            if (e.kind().endsAttempt()) {
                throw e.toFailure();
            }
            return standIn(session.access().config(), e);
        }
    }

    private static ClusterIdentity standIn(Config config, ApiException failure) {
        String ca = certificates(config);
        if (ca != null) {
            return of(
                    "ca",
                    ca,
                    failure.explained("; the clusterId comes from the cluster's CA instead")
                            .toSection());
        }
        String url = config.getMasterUrl().replaceAll("/+$", "");
        return of(
                "server-url",
                url,
                failure.explained("; the clusterId comes from the server's URL instead")
                        .toSection());
    }

    /** The configured CA's certificates, whether from data or from a file; null when there is none that can be read. */
    private static @Nullable String certificates(Config config) {
        try {
            StringBuilder encoded = new StringBuilder();
            for (Certificate certificate : CaCertificates.read(config)) {
                encoded.append(HexFormat.of().formatHex(certificate.getEncoded()))
                        .append('\n');
            }
            return encoded.isEmpty() ? null : encoded.toString();
        } catch (IOException | CertificateException e) {
            return null;
        }
    }

    private static ClusterIdentity of(String source, String value, Section section) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((source + ":" + value).getBytes(StandardCharsets.UTF_8));
            return new ClusterIdentity("cls_" + HexFormat.of().formatHex(digest, 0, 16), source, section);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which every runtime must have", e);
        }
    }
}
