package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.collectionscheduler.catalog.CollectionOrder.Key;
import org.collectionscheduler.catalog.CollectionOrder.Position;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.store.TestStores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class CollectionPagerTests {

    private static final CollectionFilter ALL = CollectionFilter.ALL;

    private final TestCatalog catalog = new TestCatalog(TestStores::sqliteMemory);
    private final CollectionPager pager = new CollectionPager(catalog.statuses, catalog.entries);

    @AfterEach
    void close() {
        catalog.store.close();
    }

    static List<CollectionOrder> orders() {
        List<CollectionOrder> orders = new ArrayList<>();
        for (Key key : Key.values()) {
            orders.add(new CollectionOrder(key, false));
            orders.add(new CollectionOrder(key, true));
        }
        return orders;
    }

    /**
     * While parts are read, collections are added and removed and the keys of others change, at random; those that stay
     * as they are must each be seen once.
     */
    @ParameterizedTest
    @MethodSource("orders")
    void whatStaysIsNeitherMissedNorDoubled(CollectionOrder order) {
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            catalog.entries.clear();
            Set<String> staying = new TreeSet<>();
            for (int i = 0; i < 60; i++) {
                String name = "c" + seed + "x" + (i < 10 ? "0" : "") + i;
                catalog.add(
                        name,
                        org.collectionscheduler.run.TestCollector.succeeding(),
                        spec -> spec.offset = Duration.ofMinutes(random.nextInt(40)));
                if (i % 3 == 0) {
                    staying.add(name);
                    randomize(name, random);
                }
            }
            List<String> seen = new ArrayList<>();
            Position after = null;
            do {
                CollectionPage page = pager.page(ALL, order, after, 1 + random.nextInt(7));
                page.collections().forEach(status -> seen.add(status.name()));
                after = page.last();
                disturb(staying, random, seed);
            } while (after != null);
            assertThat(seen.stream().filter(staying::contains))
                    .as(order + ", seed " + seed)
                    .containsExactlyInAnyOrderElementsOf(staying);
        }
    }

    private void disturb(Set<String> staying, Random random, int seed) {
        List<String> others = catalog.entries.keySet().stream()
                .filter(name -> !staying.contains(name))
                .toList();
        for (int i = 0; i < 3 && i < others.size(); i++) {
            String name = others.get(random.nextInt(others.size()));
            if (random.nextInt(3) == 0) {
                catalog.entries.remove(name);
            } else {
                randomize(name, random);
            }
        }
        catalog.add("c" + seed + "x" + random.nextInt(60) + "x");
    }

    private void randomize(String name, Random random) {
        long base = catalog.clock.millis();
        catalog.set(
                name,
                Map.of(
                        "last_success_at", base - random.nextInt(5) * 1000L,
                        "last_started_at", base - random.nextInt(5) * 1000L,
                        "suspended_until", base + random.nextInt(100) * 60_000L));
        if (random.nextBoolean()) {
            catalog.set(name, Map.of("paused_at", base));
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void partsAreTheListCutInPieces(CollectionOrder order) {
        Random random = new Random(7);
        IntStream.range(0, 40).forEach(i -> {
            catalog.add("c" + i);
            if (i % 4 != 0) {
                randomize("c" + i, random);
            }
        });
        List<String> whole = names(pager.page(ALL, order, null, 1000));
        assertThat(whole).hasSize(40).doesNotHaveDuplicates();
        for (int limit : new int[] {1, 3, 20, 39, 40, 41}) {
            List<String> parts = new ArrayList<>();
            @Nullable Position after = null;
            do {
                CollectionPage page = pager.page(ALL, order, after, limit);
                assertThat(page.collections()).hasSizeLessThanOrEqualTo(limit).isNotEmpty();
                parts.addAll(names(page));
                after = page.last();
            } while (after != null);
            assertThat(parts).as(order + " by " + limit).isEqualTo(whole);
        }
    }

    @Test
    void aFilterOfStoredThingsReadsOnUntilThePartIsFull() {
        IntStream.range(0, 300).forEach(i -> catalog.add("c" + (1000 + i)));
        for (int i = 0; i < 300; i += 50) {
            catalog.runs.interventions.pause(
                    java.util.Objects.requireNonNull(catalog.entries.get("c" + (1000 + i)))
                            .scheduled(),
                    TestRuns.CAUSE);
        }
        CollectionFilter paused =
                new CollectionFilter(CollectionState.PAUSED, null, null, List.of(), null, null, null, null);
        CollectionPage first = pager.page(paused, CollectionOrder.BY_NAME, null, 4);
        assertThat(names(first)).containsExactly("c1000", "c1050", "c1100", "c1150");
        CollectionPage second = pager.page(paused, CollectionOrder.BY_NAME, first.last(), 4);
        assertThat(names(second)).containsExactly("c1200", "c1250");
        assertThat(second.last()).isNull();
    }

    @Test
    void whatCannotBeReadIsShownAsQuarantined() {
        catalog.add("a");
        catalog.add("b");
        catalog.add("c");
        catalog.set("b", Map.of("declared_by", "NOBODY"));
        assertThat(pager.page(ALL, CollectionOrder.BY_NAME, null, 3).collections())
                .extracting(CollectionStatus::state)
                .containsExactly(CollectionState.ACTIVE, CollectionState.QUARANTINED, CollectionState.ACTIVE);
    }

    private static List<String> names(CollectionPage page) {
        return page.collections().stream().map(CollectionStatus::name).toList();
    }
}
