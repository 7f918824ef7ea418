package org.collectionscheduler.dispatch.local;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** The table that a benchmark prints and leaves in {@code target/bench}. */
public final class BenchTable {

    private final Path file;
    private final List<String> lines = new ArrayList<>();

    public BenchTable(String name, String... columns) {
        file = Path.of("target", "bench", name + ".md");
        print("| " + String.join(" | ", columns) + " |");
        print("|---" + "|---:".repeat(columns.length - 1) + "|");
    }

    /** Numbers are written with as many digits as they are good for, and one that is none not at all. */
    public void row(Object... cells) {
        StringBuilder line = new StringBuilder("|");
        for (Object cell : cells) {
            line.append(' ').append(text(cell)).append(" |");
        }
        print(line.toString());
    }

    public void write() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    /** What a service says of each run would cost more than the run. */
    public static void quietLog() {
        ((Logger) LoggerFactory.getLogger("root")).setLevel(Level.WARN);
    }

    private static String text(Object cell) {
        if (cell instanceof Double number) {
            return number.isNaN()
                    ? ""
                    : String.format(Locale.ROOT, number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%.0f", number);
        }
        return cell.toString();
    }

    private void print(String line) {
        lines.add(line);
        System.out.println(line);
    }
}
