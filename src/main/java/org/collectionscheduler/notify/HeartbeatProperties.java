package org.collectionscheduler.notify;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is called while the service is well, so that something outside can tell that it is not.
 *
 * @param url may hold a secret, and is shown nowhere; null for none
 * @param urlFile holds the URL on one line; null for none
 * @param interval from call to call
 * @param timeout of one call
 */
@ConfigurationProperties("scheduler.heartbeat")
public record HeartbeatProperties(
        @Nullable String url,
        @Nullable Path urlFile,
        @DefaultValue("1m") Duration interval,
        @DefaultValue("10s") Duration timeout)
        implements SettingsGroup {

    private static final String KEY = "scheduler.heartbeat.";
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);
    private static final String URL_REMEDY = "Write a URL such as https://heartbeat.example/ping/3f2a";

    @Override
    public void check(Consumer<Problem> problems) {
        if (url != null && urlFile != null) {
            problems.accept(new Problem(
                    KEY + "url-file", shown(urlFile), "is set beside " + KEY + "url", "Remove one of the two"));
        } else if (url != null && parse(url).isEmpty()) {
            problems.accept(new Problem(KEY + "url", null, "is no URL of http or https with a host", URL_REMEDY));
        } else if (urlFile != null) {
            checkFile(urlFile, problems);
        }
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            problems.accept(new Problem(
                    KEY + "interval", Durations.text(interval), "must lie between 1s and 1d", Durations.REMEDY));
        }
        Durations.checkPositive(KEY + "timeout", timeout, problems);
        if (timeout.compareTo(interval) > 0) {
            problems.accept(new Problem(
                    KEY + "timeout",
                    Durations.text(timeout),
                    "must not be longer than " + KEY + "interval",
                    "Write a shorter one, or a longer interval"));
        }
    }

    /** Empty when none is set. */
    Optional<URI> target() {
        if (url != null) {
            return parse(url);
        }
        return urlFile == null ? Optional.empty() : read(urlFile).flatMap(HeartbeatProperties::parse);
    }

    private static void checkFile(Path file, Consumer<Problem> problems) {
        Optional<String> text = read(file);
        if (text.isEmpty()) {
            problems.accept(new Problem(
                    KEY + "url-file", shown(file), "cannot be read", "Name a readable file that holds the URL"));
        } else if (parse(text.get()).isEmpty()) {
            problems.accept(new Problem(
                    KEY + "url-file", shown(file), "holds no URL of http or https with a host", URL_REMEDY));
        }
    }

    /** Somebody may have written the URL where its file belongs, so only what looks like a place is shown. */
    private static @Nullable String shown(Path file) {
        return file.isAbsolute() ? file.toString() : null;
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<URI> parse(String text) {
        try {
            URI uri = new URI(text.strip());
            boolean usable = uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getPort() <= 65535
                    && Set.of("http", "https").contains(uri.getScheme().toLowerCase(Locale.ROOT));
            return usable ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Without the URL. */
    @Override
    public String toString() {
        return "HeartbeatProperties[interval=" + interval + ", timeout=" + timeout + "]";
    }
}
