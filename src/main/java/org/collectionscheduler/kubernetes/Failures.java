package org.collectionscheduler.kubernetes;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** Tells an operator what an exception of the network or of a parser means, without repeating what a server said. */
final class Failures {

    private static final List<Class<? extends Throwable>> NO_CONNECTION = List.of(
            ConnectException.class,
            UnknownHostException.class,
            UnresolvedAddressException.class,
            NoRouteToHostException.class,
            HttpConnectTimeoutException.class);

    private static final List<Class<? extends Throwable>> NO_TRUST = List.of(
            CertificateException.class,
            CertPathBuilderException.class,
            CertPathValidatorException.class,
            SSLPeerUnverifiedException.class);

    private final ClusterAccess access;
    private final ApiRequest request;

    Failures(ClusterAccess access, ApiRequest request) {
        this.access = access;
        this.request = request;
    }

    /** What kept the head of an answer from coming. */
    ApiException beforeAnswer(Throwable failure) {
        Throwable untrusted = find(failure, NO_TRUST);
        if (untrusted != null) {
            return ApiException.of(
                    Kind.UNTRUSTED,
                    "the certificate of " + access.server() + " is not trusted: correct certificate-authority in "
                            + access.origin());
        }
        if (find(failure, List.of(SSLHandshakeException.class, SSLException.class)) instanceof SSLException tls) {
            return ApiException.of(
                    Kind.UNREACHABLE,
                    "TLS with " + access.server() + " failed: check the server's address and the client certificate in "
                            + access.origin(),
                    tls);
        }
        Throwable unconnected = find(failure, NO_CONNECTION);
        if (unconnected != null) {
            return ApiException.of(
                    Kind.UNREACHABLE,
                    access.server() + " cannot be reached ("
                            + unconnected.getClass().getSimpleName()
                            + "): check that the cluster is up, the network, and the server's address in "
                            + access.origin(),
                    unconnected);
        }
        return broken();
    }

    /** What ended the reading of a body. */
    ApiException inBody(Exception failure) {
        if (failure instanceof JacksonIOException wrapped && wrapped.getCause() != null) {
            return inBody(wrapped.getCause());
        }
        if (failure instanceof BodyException body) {
            return body.failure();
        }
        if (failure instanceof MalformedBodyException malformed) {
            return malformed(": " + malformed.getMessage());
        }
        if (failure instanceof UnsuitableTableException) {
            return ApiException.of(Kind.UNSUITABLE, "the API server's table to " + request.action() + " lacks columns");
        }
        if (failure instanceof UnexpectedEndOfInputException || failure instanceof EOFException) {
            return broken();
        }
        if (failure instanceof JacksonException json) {
            return malformed(
                    ": it is not JSON within bounds (" + json.getClass().getSimpleName() + ")");
        }
        if (failure instanceof ZipException) {
            return malformed(": its compression is damaged");
        }
        return broken();
    }

    ApiException malformed(String detail) {
        return ApiException.of(
                Kind.MALFORMED,
                "the answer to a request to " + request.action() + " is of no use" + detail
                        + "; check that the server in " + access.origin() + " is a Kubernetes API server and not a"
                        + " proxy or a login page");
    }

    private ApiException broken() {
        return ApiException.of(
                Kind.BROKEN,
                "the connection broke while the API server was asked to " + request.action()
                        + "; look at its health and at the network between");
    }

    private static @Nullable Throwable find(Throwable failure, List<Class<? extends Throwable>> types) {
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 20; t = t.getCause(), depth++) {
            Throwable candidate = t;
            if (types.stream().anyMatch(type -> type.isInstance(candidate))) {
                return t;
            }
        }
        return null;
    }
}
