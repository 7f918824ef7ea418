package org.collectionscheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionFilter;
import org.collectionscheduler.catalog.CollectionFilter.Label;
import org.collectionscheduler.catalog.CollectionOrder;
import org.collectionscheduler.catalog.CollectionOrder.Position;
import org.collectionscheduler.catalog.CollectionPage;
import org.collectionscheduler.catalog.CollectionView;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.schedule.CollectionState;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What collections there are. */
@RestController
@RequestMapping("/api/collections")
class CollectionsController {

    private static final int USUAL_LIMIT = 100;
    private static final Set<String> PARAMETERS = Set.of(
            "state",
            "collector",
            "owner",
            "label",
            "outcome",
            "nextRunBefore",
            "nextRunAfter",
            "text",
            "sort",
            ListRequest.LIMIT,
            ListRequest.CURSOR);

    /** What is declared no more is listed no more; its history is. */
    private static final Set<CollectionState> LISTED = EnumSet.complementOf(EnumSet.of(CollectionState.RETIRED));

    private final Catalog catalog;
    private final CollectionLookup lookup;

    CollectionsController(Catalog catalog, CollectionLookup lookup) {
        this.catalog = catalog;
        this.lookup = lookup;
    }

    /** @param cursor for the next part; null when there is none */
    record Collections(
            List<CollectionView> collections, @Nullable String cursor) {}

    @GetMapping
    Collections collections(HttpServletRequest request) {
        ListRequest list = new ListRequest("collections", request, PARAMETERS);
        Position after = list.position(2)
                .map(position -> new Position(position.get(0), String.valueOf(position.get(1))))
                .orElse(null);
        CollectionPage page = catalog.page(filter(list), order(list), after, list.limit(USUAL_LIMIT));
        Position last = page.last();
        return new Collections(
                page.collections().stream().map(CollectionView::of).toList(),
                last == null ? null : list.cursor(Arrays.asList(last.value(), last.name())));
    }

    @GetMapping("/{name}")
    CollectionView collection(@PathVariable String name) {
        return CollectionView.of(lookup.status(name));
    }

    private static CollectionFilter filter(ListRequest list) {
        return new CollectionFilter(
                list.constant("state", LISTED),
                list.text("collector"),
                list.text("owner"),
                list.texts("label").stream().map(CollectionsController::label).toList(),
                list.constant("outcome", RunOutcome.class),
                list.instant("nextRunBefore"),
                list.instant("nextRunAfter"),
                list.text("text"));
    }

    private static Label label(String text) {
        int sign = text.indexOf('=');
        return sign < 0 ? new Label(text, null) : new Label(text.substring(0, sign), text.substring(sign + 1));
    }

    private static CollectionOrder order(ListRequest list) {
        String text = list.text("sort");
        if (text == null) {
            return CollectionOrder.BY_NAME;
        }
        boolean descending = text.startsWith("-");
        String wanted = descending ? text.substring(1) : text;
        return Arrays.stream(CollectionOrder.Key.values())
                .filter(key -> key.parameter().equals(wanted))
                .map(key -> new CollectionOrder(key, descending))
                .findFirst()
                .orElseThrow(() -> ListRequest.wrong(
                        "sort",
                        text,
                        "write one of "
                                + Arrays.stream(CollectionOrder.Key.values())
                                        .map(CollectionOrder.Key::parameter)
                                        .collect(Collectors.joining(", "))
                                + ", with a dash before it for the other direction"));
    }
}
