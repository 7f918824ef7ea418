package org.collectionscheduler.dispatch.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table that a benchmark prints and leaves in {@code target/bench}. */
final class BenchTable {

    private final Path file;
    private final List<String> lines = new ArrayList<>();

    BenchTable(String name, String... columns) {
        file = Path.of("target", "bench", name + ".md");
        print("| " + String.join(" | ", columns) + " |");
        print("|---" + "|---:".repeat(columns.length - 1) + "|");
    }

    /** Numbers are written with as many digits as they are good for. */
    void row(Object... cells) {
        StringBuilder line = new StringBuilder("|");
        for (Object cell : cells) {
            line.append(' ').append(text(cell)).append(" |");
        }
        print(line.toString());
    }

    void write() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    private static String text(Object cell) {
        if (cell instanceof Double number) {
            return String.format(Locale.ROOT, number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%.0f", number);
        }
        return cell.toString();
    }

    private void print(String line) {
        lines.add(line);
        System.out.println(line);
    }
}
