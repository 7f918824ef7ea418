package org.collectionscheduler.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.collectionscheduler.collector.Secret;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is run, and what is made of its end.
 *
 * @param command the program and its arguments, as they are: no shell reads them
 * @param environment names of the variables that are passed on from this process; there are no others
 * @param secrets values of further variables, by name
 * @param directory to work in; null means that of this process
 * @param format of what the program writes to its standard output
 * @param maxOutput longest output, 1KB to 64MB
 * @param exitCodes those that mean success
 */
record CommandParameters(
        List<String> command,
        @DefaultValue Set<String> environment,
        @DefaultValue Map<String, Secret> secrets,
        @Nullable Path directory,
        @DefaultValue("json") Format format,
        @DefaultValue("1MB") DataSize maxOutput,
        @DefaultValue("0") Set<Integer> exitCodes) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final DataSize SMALLEST = DataSize.ofKilobytes(1);
    private static final DataSize LARGEST = DataSize.ofMegabytes(64);

    /** How the output becomes data. */
    enum Format {
        /** One JSON object, which is the data. */
        JSON,
        /** Any text in UTF-8, which becomes the property {@code text}. */
        TEXT
    }

    CommandParameters {
        command = List.copyOf(command);
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new IllegalArgumentException(
                    "command must name a program; write it as a list: [program, argument, …]");
        }
        if (command.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("command must not hold a zero character");
        }
        checkNames("environment", environment);
        checkNames("secrets", secrets.keySet());
        for (String name : secrets.keySet()) {
            if (environment.contains(name)) {
                throw new IllegalArgumentException("environment must not name " + name + ", which secrets names, too");
            }
        }
        if (maxOutput.compareTo(SMALLEST) < 0 || maxOutput.compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException("max-output must be 1KB to 64MB");
        }
        if (exitCodes.isEmpty() || exitCodes.stream().anyMatch(code -> code < 0 || code > 255)) {
            throw new IllegalArgumentException("exit-codes must be numbers from 0 to 255, at least one");
        }
    }

    private static void checkNames(String field, Set<String> names) {
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        field + " must hold names of variables: letters, digits and underscores");
            }
        }
    }
}
