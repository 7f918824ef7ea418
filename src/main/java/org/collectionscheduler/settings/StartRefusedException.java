package org.collectionscheduler.settings;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The service cannot start as it is configured. Shown to the operator without a stack trace. */
public final class StartRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** @param problems what is wrong; at least one */
    public StartRefusedException(List<Problem> problems) {
        this(problems, null);
    }

    public StartRefusedException(Problem problem, @Nullable Throwable cause) {
        this(List.of(problem), cause);
    }

    private StartRefusedException(List<Problem> problems, @Nullable Throwable cause) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), cause);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
