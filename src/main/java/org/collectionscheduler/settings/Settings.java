package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** The settings, every one of them in bounds. */
public final class Settings {

    private final BoundSettings bound;

    /** @throws StartRefusedException with all mistakes, when there are any */
    public Settings(BoundSettings bound, Collection<SettingsCheck> checks) {
        List<Problem> problems = new ArrayList<>(bound.problems());
        checks.forEach(check -> check.check(bound, problems::add));
        if (!problems.isEmpty()) {
            throw new StartRefusedException(List.copyOf(new LinkedHashSet<>(problems)));
        }
        this.bound = bound;
    }

    public <T extends SettingsGroup> T get(Class<T> type) {
        return bound.get(type);
    }
}
