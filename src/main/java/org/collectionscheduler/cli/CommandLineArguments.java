package org.collectionscheduler.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Separates what Spring reads from what the commands read.
 *
 * @param settings arguments of the form {@code --key=value} with a dot in the key, or {@code --debug} and the like
 * @param command the others, in their order; empty means the service
 */
public record CommandLineArguments(List<String> settings, List<String> command) {

    private static final Pattern SETTING = Pattern.compile("--[A-Za-z][\\w-]*\\.[^=]*(=.*)?|--(debug|trace)");

    public static CommandLineArguments of(String... arguments) {
        return new CommandLineArguments(
                Stream.of(arguments).filter(SETTING.asMatchPredicate()).toList(),
                Stream.of(arguments).filter(SETTING.asMatchPredicate().negate()).toList());
    }
}
