package org.collectionscheduler.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets nothing under {@code /api} through without the token, and no request at all that a web page of another origin
 * makes: neither by naming its own origin, nor, on loopback, by a host name of its own that resolves to this machine.
 */
final class RequestGuard extends OncePerRequestFilter {

    private static final String BEARER = "bearer ";
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final ApiToken token;
    private final boolean loopbackOnly;

    /** @param listenAddress null means every address */
    RequestGuard(ApiToken token, @Nullable InetAddress listenAddress) {
        this.token = token;
        this.loopbackOnly = listenAddress != null && listenAddress.isLoopbackAddress();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<String> foreign = foreign(request);
        if (foreign.isPresent()) {
            Problems.write(response, HttpStatus.FORBIDDEN, foreign.get());
        } else if (isApi(request) && !hasToken(request)) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            Problems.write(
                    response,
                    HttpStatus.UNAUTHORIZED,
                    "send 'Authorization: Bearer <token>'; the service's log names the file that holds the token");
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Errors are dispatched again inside the container; the first pass has judged the request already. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return true;
    }

    private Optional<String> foreign(HttpServletRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        if (loopbackOnly && (host == null || !LOOPBACK_NAMES.contains(withoutPort(host)))) {
            return Optional.of("this service listens on loopback and answers only to localhost, 127.0.0.1 and [::1]");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !sameOrigin(origin, request)) {
            return Optional.of("requests from pages of another origin are refused");
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !Set.of("same-origin", "none").contains(site.toLowerCase(Locale.ROOT))) {
            return Optional.of("requests from pages of another site are refused");
        }
        return Optional.empty();
    }

    private static boolean sameOrigin(String origin, HttpServletRequest request) {
        try {
            URI uri = URI.create(origin);
            String host = request.getHeader(HttpHeaders.HOST);
            return host != null
                    && request.getScheme().equalsIgnoreCase(uri.getScheme())
                    && host.equalsIgnoreCase(uri.getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The path as the container understood it: decoded, without parameters. Both halves are looked at, for the dispatcher
     * may be mounted below a path of its own.
     */
    private static boolean isApi(HttpServletRequest request) {
        return isApi(request.getServletPath()) || isApi(request.getPathInfo());
    }

    private static boolean isApi(@Nullable String path) {
        return path != null && (path.equals("/api") || path.startsWith("/api/"));
    }

    private boolean hasToken(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && token.matches(header.substring(BEARER.length()).trim());
    }

    private static String withoutPort(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        return (end > 0 ? host.substring(0, end) : host).toLowerCase(Locale.ROOT);
    }
}
