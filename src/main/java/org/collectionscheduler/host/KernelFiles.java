package org.collectionscheduler.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Small text files in which a kernel shows its state. */
final class KernelFiles {

    private KernelFiles() {}

    /** All lines; none when there is no such file. A file that cannot be read is an exception, not an absent one. */
    static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The first line without spaces around it; empty when there is no such file, or nothing in it. */
    static Optional<String> line(Path file) throws IOException {
        return lines(file).stream()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
