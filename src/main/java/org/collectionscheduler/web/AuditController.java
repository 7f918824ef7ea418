package org.collectionscheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.collectionscheduler.run.AuditEntry;
import org.collectionscheduler.run.HistoryPage;
import org.collectionscheduler.run.RowPosition;
import org.collectionscheduler.run.RunHistory;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What was changed by hand. */
@RestController
@RequestMapping("/api/audit")
class AuditController {

    private static final int USUAL_LIMIT = 100;
    private static final Set<String> PARAMETERS = Set.of("collection", ListRequest.LIMIT, ListRequest.CURSOR);

    private final RunHistory history;
    private final CollectionLookup lookup;

    AuditController(RunHistory history, CollectionLookup lookup) {
        this.history = history;
        this.lookup = lookup;
    }

    /** @param reason null when none was given */
    record Change(
            String id,
            Instant at,
            String action,
            String collection,
            String origin,
            @Nullable String reason) {

        static Change of(AuditEntry entry) {
            return new Change(
                    entry.id(),
                    entry.at(),
                    entry.action().lowerCaseName(),
                    entry.collection(),
                    entry.origin(),
                    entry.reason());
        }
    }

    /**
     * @param unreadable ids of the rows of this part that cannot be read
     * @param cursor for the next part; null when there is none
     */
    record Audit(
            List<Change> changes,
            List<String> unreadable,
            @Nullable String cursor) {}

    @GetMapping
    Audit audit(HttpServletRequest request) {
        ListRequest list = new ListRequest("audit", request, PARAMETERS);
        String collection = lookup.stored(list.text("collection"));
        RowPosition after = list.rowPosition();
        HistoryPage<AuditEntry> page = history.audit(collection, after, list.limit(USUAL_LIMIT));
        if (collection != null && after == null && page.isEmpty()) {
            // One that is gone keeps its audit, so only a name without any may be wrong.
            lookup.requireKnown(collection);
        }
        return new Audit(page.rows().stream().map(Change::of).toList(), page.unreadable(), list.cursor(page.last()));
    }
}
