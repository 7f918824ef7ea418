package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds the settings that the variables of an environment mean.
 *
 * <p>A variable's name cannot hold dots, dashes or brackets, and operators write an underscore for each of them. Boot
 * accepts that in some places and overlooks it in others, among them the names in a map; here it is accepted everywhere,
 * so that a variable is either read or reported.
 */
final class Variables {

    /** What Kubernetes sets in every container for each Service, here one whose name begins with scheduler. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("SCHEDULER(_\\w+)?_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?)");

    private static final Pattern SERVICE_LINK_URL = Pattern.compile("(tcp|udp|sctp)://.*");
    private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,5}");

    /** Ends the key of a variable of which only the beginning is known. */
    private static final String OPEN = ".*";

    private final SystemEnvironmentPropertySource source;
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final List<String> unknown = new ArrayList<>();

    /** Under the open key that they lie below. */
    private final Map<String, List<String>> open = new LinkedHashMap<>();

    /** @param chosen the names chosen elsewhere than in variables */
    Variables(SystemEnvironmentPropertySource source, KeyTree known, ChosenNames chosen) {
        this.source = source;
        for (String variable : new TreeSet<>(Arrays.asList(source.getPropertyNames()))) {
            if (words(variable).startsWith("scheduler.") && !isServiceLink(variable)) {
                key(variable, known, chosen).ifPresentOrElse(key -> add(variable, key), () -> unknown.add(variable));
            }
        }
    }

    private void add(String variable, String key) {
        if (key.endsWith(OPEN)) {
            String parent = key.substring(0, key.length() - OPEN.length());
            open.computeIfAbsent(Names.canonical(parent), found -> new ArrayList<>())
                    .add(variable);
        } else {
            keys.put(variable, key);
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
        StringBuilder flat = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '.' && c != '_' && c != '-') {
                flat.append(Character.toLowerCase(c));
            }
        }
        return flat.toString();
    }

    private boolean isServiceLink(String variable) {
        return SERVICE_LINK.matcher(variable).matches()
                || variable.endsWith("_PORT")
                        && SERVICE_LINK_URL.matcher(value(variable)).matches();
    }

    /** The variables that lie below an open key. */
    List<String> below(String openKey) {
        return open.getOrDefault(Names.canonical(openKey), List.of());
    }

    /** Those of them that mean one of the keys that there are; the names of the others are added to {@code unread}. */
    ConfigurationPropertySource below(String openKey, KeyTree known, ChosenNames chosen, List<String> unread) {
        MapConfigurationPropertySource settings = new MapConfigurationPropertySource();
        below(openKey)
                .forEach(variable -> key(variable, known, chosen)
                        .ifPresentOrElse(key -> settings.put(key, value(variable)), () -> unread.add(variable)));
        return settings;
    }

    /** The key that the variable means among {@code known}; it ends with {@link #OPEN} where others know the rest. */
    static Optional<String> key(String variable, KeyTree known, ChosenNames chosen) {
        List<String> words = Stream.of(words(variable).split("\\."))
                .filter(word -> !word.isEmpty())
                .toList();
        return key(words, known, chosen).map(key -> key.substring(1));
    }

    private static Optional<String> key(List<String> words, KeyTree node, ChosenNames chosen) {
        if (words.isEmpty()) {
            return node.isSetting() ? Optional.of("") : Optional.empty();
        }
        if (node.kind() == KeyTree.Kind.OPEN) {
            return Optional.of(OPEN);
        }
        return named(words, node, chosen).or(() -> unnamed(words, node, chosen));
    }

    private static Optional<String> named(List<String> words, KeyTree node, ChosenNames chosen) {
        return node.children().entrySet().stream()
                .flatMap(child -> {
                    int used = wordsOf(flat(child.getKey()), words);
                    return used == 0
                            ? Stream.empty()
                            : key(words.subList(used, words.size()), child.getValue(), chosen)
                                    .map(rest -> "." + child.getKey() + rest)
                                    .stream();
                })
                .findFirst();
    }

    /** How many of the words make up the name; 0 when they do not. */
    private static int wordsOf(String flatName, List<String> words) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < words.size() && joined.length() < flatName.length(); i++) {
            joined.append(words.get(i));
            if (joined.toString().equals(flatName)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** An element of a list; or of a map, a name chosen elsewhere before a new one, which is one word. */
    private static Optional<String> unnamed(List<String> words, KeyTree node, ChosenNames chosen) {
        KeyTree each = node.each();
        if (each == null) {
            return Optional.empty();
        }
        if (node.kind() == KeyTree.Kind.LIST) {
            return INDEX.matcher(words.get(0)).matches()
                    ? key(words.subList(1, words.size()), each, chosen).map(rest -> "[" + words.get(0) + "]" + rest)
                    : Optional.empty();
        }
        for (int used = words.size(); used > 0; used--) {
            Optional<String> name = chosen.in(node, String.join("", words.subList(0, used)));
            Optional<String> rest = key(words.subList(used, words.size()), each, chosen);
            if (rest.isPresent() && (name.isPresent() || used == 1)) {
                return rest.map(known -> "." + name.orElse(words.get(0)) + known);
            }
        }
        return Optional.empty();
    }
}
