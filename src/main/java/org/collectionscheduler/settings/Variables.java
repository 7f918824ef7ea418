package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds the settings that the variables of an environment mean.
 *
 * <p>A variable's name cannot hold dots or dashes, and operators write an underscore for either. Boot accepts that in
 * some places and overlooks it in others, among them the names in a map; here it is accepted everywhere, so that a
 * variable is either read or reported.
 */
final class Variables {

    /** What Kubernetes sets in every container for each Service, here one whose name begins with scheduler. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("SCHEDULER(_\\w+)?_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?)");

    private static final Pattern SERVICE_LINK_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private final SystemEnvironmentPropertySource source;
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final List<String> unknown = new ArrayList<>();

    /**
     * @param known the keys that exist, with {@code *} for a name that the operator chooses
     * @param chosen the names chosen elsewhere than in variables
     */
    Variables(SystemEnvironmentPropertySource source, Collection<String> known, Collection<String> chosen) {
        this.source = source;
        for (String variable : new TreeSet<>(Arrays.asList(source.getPropertyNames()))) {
            if (words(variable).startsWith("scheduler.") && !isServiceLink(variable)) {
                known.stream()
                        .flatMap(pattern -> key(variable, pattern, chosen).stream())
                        .findFirst()
                        .ifPresentOrElse(key -> keys.put(variable, key), () -> unknown.add(variable));
            }
        }
    }

    /** The variables that mean a setting, under the key of that setting. */
    ConfigurationPropertySource settings() {
        MapConfigurationPropertySource settings = new MapConfigurationPropertySource();
        keys.forEach((variable, key) -> settings.put(key, value(variable)));
        return settings;
    }

    String value(String variable) {
        return String.valueOf(source.getProperty(variable));
    }

    /** Names of the variables that look like settings and are none. */
    List<String> unknown() {
        return unknown;
    }

    /** The variable's name in the form of a key, every underscore taken for a dot. */
    static String words(String variable) {
        return variable.replaceAll("[_-]", ".").toLowerCase(Locale.ROOT);
    }

    /** A key or a name in the one form in which they are compared. */
    static String flat(String name) {
        return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
    }

    private boolean isServiceLink(String variable) {
        return SERVICE_LINK.matcher(variable).matches()
                || variable.endsWith("_PORT")
                        && SERVICE_LINK_URL.matcher(value(variable)).matches();
    }

    private static Optional<String> key(String variable, String pattern, Collection<String> chosen) {
        String name = flat(variable);
        int star = pattern.indexOf('*');
        if (star < 0) {
            return flat(pattern).equals(name) ? Optional.of(pattern) : Optional.empty();
        }
        String before = pattern.substring(0, star);
        String after = pattern.substring(star + 1);
        int from = flat(before).length();
        int to = name.length() - flat(after).length();
        if (from >= to || !name.startsWith(flat(before)) || !name.endsWith(flat(after))) {
            return Optional.empty();
        }
        String middle = name.substring(from, to);
        return chosen.stream()
                .filter(declared -> flat(declared).equals(middle))
                .findFirst()
                .or(() -> words(variable).startsWith(before + middle + ".") ? Optional.of(middle) : Optional.empty())
                .map(declared -> before + declared + after);
    }
}
