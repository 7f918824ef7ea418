package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings, every one of them in bounds. */
public final class Settings {

    private final BoundSettings bound;

    /** @throws StartRefusedException with all mistakes, when there are any */
    public Settings(BoundSettings bound, Collection<SettingsCheck> checks) {
        List<Problem> problems = new ArrayList<>(bound.problems());
        checks.forEach(check -> check.check(bound, problems::add));
        if (!problems.isEmpty()) {
            throw new StartRefusedException(firstOfEachKey(problems));
        }
        this.bound = bound;
    }

    /** A value that cannot be read is also missing for whoever looks next; one line says enough. */
    private static List<Problem> firstOfEachKey(List<Problem> problems) {
        Map<String, Problem> first = new LinkedHashMap<>();
        problems.forEach(problem -> first.putIfAbsent(problem.key(), problem));
        return List.copyOf(first.values());
    }

    public <T extends SettingsGroup> T get(Class<T> type) {
        return bound.get(type);
    }
}
