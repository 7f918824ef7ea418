package org.collectionscheduler.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;

/**
 * Carries all of a store into another database: first a mark that it is unfinished, then the tables one by one, then the
 * row that says to whom the store belongs; once both sides are proven equal, the mark goes. A move that was killed is
 * started again and goes on behind the last row of each table, for rows are written in the order of their keys.
 */
public final class StoreMove {

    private final StorePlace source;
    private final DatabaseServer.Limits limits;
    private final Set<String> live;

    /** @param live tables that describe live processes and are not carried */
    StoreMove(StorePlace source, DatabaseServer.Limits limits, Set<String> live) {
        this.source = source;
        this.limits = limits;
        this.live = Set.copyOf(live);
    }

    /** What both sides hold of a table once the move has ended. */
    public record Moved(String table, TableSum source, TableSum destination) {

        public boolean isEqual() {
            return source.equals(destination);
        }
    }

    /**
     * Moves the store, or goes on with a move, or finds that it has been made. Both databases are held meanwhile.
     *
     * @param target one without problems
     * @param progress told what is being done, a line at a time
     * @return each table; when one is not equal the destination stays unusable
     * @throws StartRefusedException when one of both cannot be used, or the destination is somebody else's
     * @throws RuntimeException when a row cannot be carried, which its message names
     */
    public List<Moved> move(MoveTarget target, Consumer<String> progress) throws IOException {
        StorePlace destination = target.place(limits);
        refuseItself(destination);
        try (MoveSide from = MoveSide.source(source);
                MoveSide to = MoveSide.destination(destination)) {
            return new Course(from, to, progress).run();
        }
    }

    private void refuseItself(StorePlace destination) throws IOException {
        if (source instanceof StorePlace.Directory one
                && destination instanceof StorePlace.Directory other
                && isSame(one.path(), other.path())) {
            throw new StartRefusedException(
                    new Problem(
                            destination.location().key(),
                            destination.location().value(),
                            "is where the store is already",
                            "Name another directory"),
                    null);
        }
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    }

    /** One move between two stores that are open. */
    private final class Course {

        private final MoveSide from;
        private final MoveSide to;
        private final Consumer<String> progress;
        private final List<Table> tables;

        Course(MoveSide from, MoveSide to, Consumer<String> progress) {
            this.from = from;
            this.to = to;
            this.progress = progress;
            this.tables = tables();
        }

        List<Moved> run() {
            SortedMap<String, TableSum> sums = sums(from, "reading");
            String seed = from.seed()
                    .orElseThrow(() -> refusal(
                            from,
                            "holds no deployment, so there is nothing to be moved",
                            "Start the service there first"));
            UnfinishedMove move = new UnfinishedMove(seed, fingerprint(sums));
            if (isMade(move)) {
                return compared(sums, sums(to, "comparing"));
            }
            tables.forEach(this::carry);
            List<Moved> moved = compared(sums(from, "reading again"), sums(to, "comparing"));
            if (moved.stream().allMatch(Moved::isEqual)) {
                finish();
            } else {
                // So that the next start carries all of it again.
                to.change(new UnfinishedMove(seed, "")::begin);
            }
            return moved;
        }

        /** Those that both sides have, that which says to whom the store belongs at the end. */
        private List<Table> tables() {
            SortedSet<String> names = new TreeSet<>(to.tables());
            names.removeAll(live);
            names.removeAll(Set.of(Tables.HISTORY, UnfinishedMove.TABLE));
            SortedSet<String> foreign = new TreeSet<>(names);
            SortedSet<String> present = from.tables();
            names.retainAll(present);
            foreign.removeAll(names);
            foreign.forEach(table -> progress.accept(table + ": no table of this service, left as it is"));
            names.remove(Tables.DEPLOYMENT);
            List<Table> described = new ArrayList<>();
            names.forEach(table -> described.add(to.describe(table)));
            described.add(to.describe(Tables.DEPLOYMENT));
            return described;
        }

        private SortedMap<String, TableSum> sums(MoveSide side, String doing) {
            SortedMap<String, TableSum> sums = new TreeMap<>();
            for (Table table : tables) {
                progress.accept(table.name() + ": " + doing);
                sums.put(table.name(), side.sum(table));
            }
            return sums;
        }

        /**
         * Prepares the destination for what is missing there. True when nothing is, for the move was made and ended.
         *
         * @throws StartRefusedException when the destination is not this move's
         */
        private boolean isMade(UnfinishedMove move) {
            UnfinishedMove begun = to.inTransaction(UnfinishedMove::find).orElse(null);
            if (begun == null) {
                String owner = to.seed().orElse(null);
                if (owner != null) {
                    return isMadeFor(owner, move);
                }
                refuseRows();
                begin(move);
            } else if (!begun.seed().equals(move.seed())) {
                throw refusal(to, "holds an unfinished move of another deployment", "Name an empty one");
            } else if (!begun.source().equals(move.source())) {
                progress.accept("what is there is not as the source is now: the move begins anew");
                begin(move);
            }
            return false;
        }

        private boolean isMadeFor(String owner, UnfinishedMove move) {
            if (!owner.equals(move.seed())) {
                throw refusal(to, "holds the store of another deployment", "Name an empty one");
            }
            if (!fingerprint(sums(to, "comparing")).equals(move.source())) {
                throw refusal(
                        to,
                        "holds this deployment's store, but not as the source has it: a service has used one of both"
                                + " since they were equal",
                        "Use the newer one, or name an empty place");
            }
            progress.accept("it has been moved before");
            return true;
        }

        private void refuseRows() {
            for (Table table : tables) {
                if (to.lastKey(table).isPresent()) {
                    throw refusal(
                            to, "has rows in table '" + table.name() + "' that belong to nobody", "Name an empty one");
                }
            }
        }

        /** Whatever an earlier beginning has left goes. */
        private void begin(UnfinishedMove move) {
            to.change(on -> {
                for (Table table : tables) {
                    try (Statement statement = on.createStatement()) {
                        statement.executeUpdate("DELETE FROM " + table.name());
                    }
                }
                move.begin(on);
            });
        }

        private void carry(Table table) {
            Row last = to.lastKey(table).orElse(null);
            String doing = table.name() + (last == null ? ": carried " : ": carried what was missing, ");
            MoveSide.Writer writer = to.new Writer(table, rows -> progress.accept(doing + rows + " rows"));
            from.read(table, last, writer);
            writer.flush();
        }

        private void finish() {
            for (MoveSide side : List.of(from, to)) {
                if (!side.isHeld()) {
                    throw refusal(
                            side,
                            "was not held all the time, for its connection was lost",
                            "Start the command again, which goes on where it was");
                }
            }
            to.change(UnfinishedMove::end);
        }

        private List<Moved> compared(Map<String, TableSum> source, Map<String, TableSum> destination) {
            return tables.stream()
                    .map(table -> new Moved(table.name(), sum(source, table), sum(destination, table)))
                    .toList();
        }

        private static TableSum sum(Map<String, TableSum> sums, Table table) {
            TableSum sum = sums.get(table.name());
            if (sum == null) {
                throw new IllegalStateException("no sum of " + table.name());
            }
            return sum;
        }
    }

    private static String fingerprint(SortedMap<String, TableSum> sums) {
        MessageDigest digest = TableSum.newDigest();
        sums.forEach((table, sum) -> digest.update((table + sum + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static StartRefusedException refusal(MoveSide side, String wrong, String remedy) {
        return new StartRefusedException(
                new Problem(side.location().key(), side.location().value(), wrong, remedy), null);
    }
}
