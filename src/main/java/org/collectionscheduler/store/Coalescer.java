package org.collectionscheduler.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lets calls that meet be made together, so that they pay together for one transaction, if it is one, and those of one
 * kind for its statements. There is no thread and no timer for it: a call that finds few others under way is made at once
 * on its caller's thread; those that come meanwhile wait, and when one has returned, the first of them does its own work
 * and that of the others. The mistake of one undoes the work of all, which is then done for each alone.
 *
 * <p>The fewer are under way at once, the more meet. So there are {@value #FEW} at once, one that is written to disk and
 * one that goes on meanwhile; more only while these take long.
 */
public final class Coalescer {

    private static final Logger log = LoggerFactory.getLogger(Coalescer.class);

    private static final int FEW = 2;

    private static final int LARGEST_GROUP = 100;

    /** Of one kind, before the time is looked at. */
    private static final int LARGEST_BATCH = 32;

    /** A group takes no further work in after this, so that those that wait behind it do not wait for long. */
    private static final Duration LONGEST_WORK = Duration.ofMillis(20);

    /** Who has waited for so long behind few groups is made beside them. */
    private static final Duration LONG = Duration.ofMillis(20);

    /** How long a call waits for its turn, and then for the group that took it in. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DataSource database;
    private final NamedParameterJdbcOperations batches;
    private final JdbcClient jdbc;
    private final Consumer<Runnable> unit;
    private final ConnectionGate gate;
    private final int most;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Member<?, ?>> waiting = new ArrayDeque<>();
    private int underWay;

    /**
     * @param unit makes the statements of a group one unit of work, on one connection of {@code database}
     * @param gate shared with whoever else uses the connections
     * @param patience how long a call waits for its turn, and then for the group that took it in
     */
    private Coalescer(HikariDataSource database, Consumer<Runnable> unit, ConnectionGate gate, Duration patience) {
        this.database = database;
        this.batches = new NamedParameterJdbcTemplate(database);
        this.jdbc = JdbcClient.create(batches);
        this.unit = unit;
        this.gate = gate;
        this.most = database.getMaximumPoolSize();
        this.patience = patience;
    }

    /** Of writes: a group is a transaction. */
    static Coalescer ofTransactions(HikariDataSource database, ConnectionGate gate) {
        return ofTransactions(database, gate, PATIENCE);
    }

    static Coalescer ofTransactions(HikariDataSource database, ConnectionGate gate, Duration patience) {
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        return new Coalescer(database, work -> transaction.executeWithoutResult(ignored -> work.run()), gate, patience);
    }

    /** Of reads, and of writes of one statement each: a group is not more than its statements. */
    static Coalescer ofStatements(HikariDataSource database, ConnectionGate gate) {
        return new Coalescer(database, work -> onOneConnection(database, work), gate, PATIENCE);
    }

    /** As {@link #ofStatements(HikariDataSource, ConnectionGate)}, of connections that others use besides. */
    public static Coalescer ofStatements(HikariDataSource database) {
        return ofStatements(database, new ConnectionGate(database));
    }

    /** A connection for each statement would cost more than most statements. */
    static void onOneConnection(DataSource database, Runnable work) {
        Connection connection = DataSourceUtils.getConnection(database);
        TransactionSynchronizationManager.bindResource(database, new ConnectionHolder(connection));
        try {
            work.run();
        } finally {
            TransactionSynchronizationManager.unbindResource(database);
            DataSourceUtils.releaseConnection(connection, database);
        }
    }

    /**
     * Does what was asked for, possibly on the thread of another caller, and returns when that is committed. What the work
     * throws is thrown here, and undoes nothing of the others; a commit that fails, fails for all.
     *
     * @throws IllegalStateException when called from within such work: it could not be committed before that
     */
    public <C, R extends @Nullable Object> R make(Batch<C, R> work, C command) {
        return make(new Member<>(work, command, Company.ANY));
    }

    /** As {@link #make}, in a group of its own. */
    <C, R extends @Nullable Object> R makeAlone(Batch<C, R> work, C command) {
        return make(new Member<>(work, command, Company.NONE));
    }

    private <R extends @Nullable Object> R make(Member<?, R> member) {
        if (TransactionSynchronizationManager.hasResource(database)) {
            throw new IllegalStateException("a read or write within another one of the same store; make both in one");
        }
        if (startsAtOnce(member) || awaitTurn(member)) {
            lead(member);
        }
        return member.outcome();
    }

    private boolean startsAtOnce(Member<?, ?> member) {
        lock.lock();
        try {
            if (underWay < Math.min(FEW, most) && waiting.isEmpty()) {
                underWay++;
                return true;
            }
            waiting.add(member);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** True when {@code member} is to lead a group now; false when another has done its work. */
    private boolean awaitTurn(Member<?, ?> member) {
        Turn turn = turn(member, LONG);
        if (turn == Turn.NOT_YET && startsBeside(member)) {
            return true;
        }
        if (turn == Turn.NOT_YET) {
            turn = turn(member, patience);
        }
        if (turn == Turn.NOT_YET) {
            requireTaken(member, "its turn did not come in " + patience);
            turn = turn(member, patience);
        }
        // From then on nobody lets it lead, and its work is not done.
        if (turn == Turn.NOT_YET && member.leads.complete(false)) {
            throw new TransientDataAccessResourceException("not acknowledged in " + patience);
        }
        return turn == Turn.NOT_YET ? member.leads.join() : turn == Turn.LEADS;
    }

    /** True when so many groups may be under way, and {@code member} waits for its turn still: then it leads one. */
    private boolean startsBeside(Member<?, ?> member) {
        lock.lock();
        try {
            boolean starts = underWay < most && waiting.remove(member);
            underWay += starts ? 1 : 0;
            return starts;
        } finally {
            lock.unlock();
        }
    }

    /** What became of a call that waits. */
    private enum Turn {
        NOT_YET,
        LEADS,
        DONE
    }

    private Turn turn(Member<?, ?> member, Duration longest) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return member.leads.get(longest.toNanos(), TimeUnit.NANOSECONDS) ? Turn.LEADS : Turn.DONE;
                } catch (InterruptedException e) {
                    interrupted = true;
                    requireTaken(member, "interrupted while it waited for its turn");
                } catch (TimeoutException e) {
                    return Turn.NOT_YET;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a turn is always a value", e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes a call back whose turn has not come. */
    private void requireTaken(Member<?, ?> member, String why) {
        lock.lock();
        try {
            if (waiting.remove(member)) {
                throw new TransientDataAccessResourceException("not written: " + why);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes one unit of {@code leader} and those that wait behind it. */
    private void lead(Member<?, ?> leader) {
        List<Member<?, ?>> group = new ArrayList<>();
        group.add(leader);
        // A leader that is interrupted must not fail the others.
        boolean interrupted = Thread.interrupted();
        try {
            asUnit(group);
        } catch (RuntimeException | Error e) {
            Throwable told = group.size() == 1 || Unavailability.isBehind(e)
                    ? e
                    : new TransientDataAccessResourceException("what it was made together with failed", e);
            group.forEach(member -> member.failed(told));
        } finally {
            handOver();
            group.forEach(member -> member.leads.complete(false));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void asUnit(List<Member<?, ?>> group) {
        gate.enter();
        try {
            try {
                unit.accept(() -> runTogether(group));
            } catch (RuntimeException | Error e) {
                if (group.size() == 1 || Unavailability.isBehind(e)) {
                    throw e;
                }
                log.atDebug().addKeyValue("calls", group.size()).setCause(e).log("each is made alone");
                makeEachAlone(group);
            }
        } finally {
            gate.leave();
        }
    }

    /**
     * After the mistake of one has undone the work of all: whose it was shows now. Mistakes are rare, and to guard each
     * call by a savepoint would cost two statements more for every one.
     */
    private void makeEachAlone(List<Member<?, ?>> group) {
        Throwable unavailable = null;
        for (Member<?, ?> member : group) {
            if (unavailable != null) {
                member.failed(unavailable);
                continue;
            }
            try {
                unit.accept(() -> runAlike(List.of(member)));
            } catch (RuntimeException | Error e) {
                member.failed(e);
                unavailable = Unavailability.isBehind(e) ? e : null;
            }
        }
    }

    /** Does the leader's work, and that of those that wait now, unless it takes too long. */
    private void runTogether(List<Member<?, ?>> group) {
        long startNanos = System.nanoTime();
        Member<?, ?> leader = group.get(0);
        Deque<Member<?, ?>> left = takeFollowers(leader);
        try {
            do {
                Batch<?, ?> change = left.getFirst().change;
                List<Member<?, ?>> alike = left.stream()
                        .filter(member -> member.change == change)
                        .limit(LARGEST_BATCH)
                        .toList();
                left.removeAll(alike);
                alike.stream().filter(member -> member != leader).forEach(group::add);
                runAlike(alike);
            } while (!left.isEmpty() && System.nanoTime() - startNanos < LONGEST_WORK.toNanos());
        } finally {
            putBack(left);
        }
    }

    /** @return the leader, and whoever comes with it */
    private Deque<Member<?, ?>> takeFollowers(Member<?, ?> leader) {
        Deque<Member<?, ?>> taken = new ArrayDeque<>();
        taken.add(leader);
        if (leader.company == Company.NONE) {
            return taken;
        }
        lock.lock();
        try {
            while (taken.size() < LARGEST_GROUP && !waiting.isEmpty() && waiting.peek().company == Company.ANY) {
                taken.add(waiting.remove());
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void putBack(Deque<Member<?, ?>> untouched) {
        lock.lock();
        try {
            untouched.descendingIterator().forEachRemaining(member -> {
                if (!member.leads.isDone()) {
                    waiting.addFirst(member);
                }
            });
        } finally {
            lock.unlock();
        }
    }

    private void runAlike(List<Member<?, ?>> alike) {
        run(alike.get(0), alike);
    }

    @SuppressWarnings("unchecked") // they have one change, so their commands and results are of its types
    private <C, R extends @Nullable Object> void run(Member<C, R> first, List<Member<?, ?>> alike) {
        List<C> commands = alike.stream().map(member -> (C) member.command).toList();
        List<R> results = first.change.make(jdbc, batches, commands);
        if (results.size() != commands.size()) {
            throw new IllegalStateException(commands.size() + " commands have " + results.size() + " results");
        }
        for (int i = 0; i < results.size(); i++) {
            ((Member<C, R>) alike.get(i)).result = results.get(i);
        }
    }

    /** To the first that has not given up. */
    private void handOver() {
        lock.lock();
        try {
            Member<?, ?> next = waiting.poll();
            while (next != null && !next.leads.complete(true)) {
                next = waiting.poll();
            }
            if (next == null) {
                underWay--;
            }
        } finally {
            lock.unlock();
        }
    }

    /** With whom a call shares its group. */
    private enum Company {
        ANY,
        NONE
    }

    /** One call. Its fields are written by the thread that runs it, before that completes {@link #leads}. */
    private static final class Member<C, R extends @Nullable Object> {

        private final Batch<C, R> change;
        private final C command;
        private final Company company;

        /** True tells the caller to lead a group; false, that the work was done. */
        private final CompletableFuture<Boolean> leads = new CompletableFuture<>();

        private @Nullable R result;
        private @Nullable RuntimeException exception;
        private @Nullable Error error;

        Member(Batch<C, R> change, C command, Company company) {
            this.change = change;
            this.command = command;
            this.company = company;
        }

        /** The first failure counts: those that follow come from undoing. */
        void failed(Throwable failure) {
            if (exception == null && error == null) {
                if (failure instanceof Error fatal) {
                    error = fatal;
                } else {
                    exception = (RuntimeException) failure;
                }
            }
        }

        @SuppressWarnings("NullAway") // a result may be null where R allows it
        R outcome() {
            if (error != null) {
                throw error;
            }
            if (exception != null) {
                throw exception;
            }
            return result;
        }
    }
}
