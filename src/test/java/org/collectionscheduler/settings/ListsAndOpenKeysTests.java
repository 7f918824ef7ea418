package org.collectionscheduler.settings;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.collectionscheduler.settings.ListsAndOpenKeysTests.ShopSettings.Hours;
import org.collectionscheduler.settings.ListsAndOpenKeysTests.ShopSettings.Weekday;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Lists, chosen names with values, and keys that only somebody else knows. */
class ListsAndOpenKeysTests {

    private static final List<Class<? extends SettingsGroup>> TYPES = List.of(ShopSettings.class);

    @ConfigurationProperties("scheduler.shop")
    record ShopSettings(
            @DefaultValue({"mon", "tue"}) List<Weekday> days,
            @DefaultValue List<Hours> openingHours,
            @Nullable Map<String, Branch> branches)
            implements SettingsGroup {

        enum Weekday {
            MON,
            TUE,
            WED
        }

        record Hours(
                @Nullable String from,
                @DefaultValue("1h") Duration length,
                @DefaultValue List<String> staff) {}

        record Branch(
                @Nullable String city,
                @DefaultValue List<Weekday> days,
                @Nullable Map<String, String> labels,
                @Nullable OpenKeys fittings) {}

        @Override
        public void check(Consumer<Problem> problems) {}
    }

    /** Has a key of its own among the names that operators choose. */
    @ConfigurationProperties("scheduler.shop.branches")
    record BranchesSettings(@DefaultValue("10") int most) implements SettingsGroup {
        @Override
        public void check(Consumer<Problem> problems) {}
    }

    record Fittings(
            String colour,
            int shelves,
            @DefaultValue("2m") Duration warmUp,
            @Nullable Lock lock,
            @DefaultValue List<Shelf> shelf,
            @Nullable Map<String, Lock> cupboards) {

        Fittings {
            if (shelves < 0) {
                throw new IllegalArgumentException("shelves must not be negative");
            }
        }
    }

    record Shelf(int width, @Nullable String use) {}

    /** Not a record, and yet made of several keys. */
    static final class Lock {

        private final @Nullable Path keyFile;
        private final @Nullable String code;

        @ConstructorBinding
        Lock(@Nullable Path keyFile, @Nullable String code) {
            if ((keyFile == null) == (code == null)) {
                throw new IllegalArgumentException("needs either key-file or code");
            }
            this.keyFile = keyFile;
            this.code = code;
        }
    }

    @Test
    void listsHavePatternsOfTheirOwn() {
        assertThat(WrittenSettings.defaults(TYPES))
                .containsOnly(
                        entry("scheduler.shop.days", "mon, tue"),
                        entry("scheduler.shop.opening-hours[*].from", null),
                        entry("scheduler.shop.opening-hours[*].length", "1h"),
                        entry("scheduler.shop.opening-hours[*].staff", null),
                        entry("scheduler.shop.branches.*.city", null),
                        entry("scheduler.shop.branches.*.days", null),
                        entry("scheduler.shop.branches.*.labels.*", null),
                        entry("scheduler.shop.branches.*.fittings.*", null));
    }

    @Test
    void readsLists() {
        ShopSettings shop = right(WrittenSettings.yaml("""
                scheduler.shop:
                  days: [WED, mon]
                  opening-hours:
                    - from: "08:00"
                      staff: [Ann, Bob]
                    - {from: "18:00", length: 2h, staff: "Cid, Dan"}
                """));

        assertThat(shop.days()).containsExactly(Weekday.WED, Weekday.MON);
        assertThat(shop.openingHours())
                .containsExactly(
                        new Hours("08:00", Duration.ofHours(1), List.of("Ann", "Bob")),
                        new Hours("18:00", Duration.ofHours(2), List.of("Cid", "Dan")));
        assertThat(right(WrittenSettings.yaml("scheduler.shop.days: wed, tue")).days())
                .containsExactly(Weekday.WED, Weekday.TUE);
        assertThat(right(WrittenSettings.none()).days()).containsExactly(Weekday.MON, Weekday.TUE);
        assertThat(right(WrittenSettings.none()).openingHours()).isEmpty();
    }

    @Test
    void variablesAndArgumentsWriteLists() {
        WrittenSettings settings = WrittenSettings.variable("SCHEDULER_SHOP_OPENINGHOURS_0_FROM", "08:00")
                .andVariable("SCHEDULER_SHOP_OPENING_HOURS_1_FROM", "18:00")
                .andVariable("SCHEDULER_SHOP_OPENING_HOURS_1_STAFF_0", "Ann")
                .andVariable("SCHEDULER_SHOP_DAYS_0", "wed")
                .andArgument("--scheduler.shop.branches.north.days[0]=tue")
                .andArgument("--scheduler.shop.branches.north.days[1]=wed");
        ShopSettings shop = right(settings);

        assertThat(shop.openingHours()).extracting(Hours::from).containsExactly("08:00", "18:00");
        assertThat(shop.openingHours().get(1).staff()).containsExactly("Ann");
        assertThat(shop.days()).containsExactly(Weekday.WED);
        assertThat(branch(shop, "north").days()).containsExactly(Weekday.TUE, Weekday.WED);
        assertThat(right(WrittenSettings.variable("SCHEDULER_SHOP_DAYS", "wed,mon"))
                        .days())
                .containsExactly(Weekday.WED, Weekday.MON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "days[0]: noon | scheduler.shop.days[0] = 'noon': is not one of mon, tue, wed. Choose one of these",
                "days: mon, noon | scheduler.shop.days = 'mon, noon': is not a list of which each is one of mon, tue, wed."
                        + " Write a list of which each is one of mon, tue, wed",
                "days[1]: mon | scheduler.shop.days[1]: is not read, for the element before it is missing."
                        + " Number the elements of a list from 0 on, all of them in one place",
                "opening-hours[0].form: x | scheduler.shop.opening-hours[0].form: is not a setting."
                        + " Under scheduler.shop.opening-hours[0] there are: from, length, staff[0]",
                "opening-hours[0].length: soon | scheduler.shop.opening-hours[0].length = 'soon':"
                        + " is not a duration with a unit. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "opening-hours.from: x | scheduler.shop.opening-hours.from: is not a setting."
                        + " Remove it or correct its name",
                "branches.north.labels: x | scheduler.shop.branches.north.labels: is not a setting."
                        + " Under scheduler.shop.branches.north there are: city, days[0], fittings, labels"
            })
    void namesTheElement(String line, String expected) {
        assertThat(problems(WrittenSettings.yaml("scheduler.shop." + line)))
                .extracting(Problem::toString)
                .contains(expected);
    }

    @Test
    void namesWithAnythingBelowThemAreChosenNames() {
        ShopSettings shop =
                right(WrittenSettings.yaml("""
                scheduler.shop.branches:
                  north-side: {fittings: {colour: red}}
                  southSide: {city: X}
                """).andYaml("scheduler.shop.branches.south-side.labels.team: a"));

        assertThat(shop.branches()).containsOnlyKeys("north-side", "south-side");
        assertThat(branch(shop, "south-side").city()).isEqualTo("X");
        assertThat(branch(shop, "south-side").labels()).containsExactly(entry("team", "a"));
    }

    @Test
    void aKeyOfAnotherGroupIsNoChosenName() {
        List<Class<? extends SettingsGroup>> both = List.of(ShopSettings.class, BranchesSettings.class);
        WrittenSettings settings = WrittenSettings.yaml("scheduler.shop.branches: {most: 3, north: {city: X}}")
                .andVariable("SCHEDULER_SHOP_BRANCHES_MOST", "4")
                .andVariable("SCHEDULER_SHOP_BRANCHES_NORTH_CITY", "Y");

        assertThat(settings.refusal(both)).isEmpty();
        assertThat(settings.bind(both).get(ShopSettings.class).branches())
                .containsExactly(entry("north", new ShopSettings.Branch("Y", List.of(), null, null)));
        assertThat(settings.bind(both).get(BranchesSettings.class).most()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"team", "cost-centre", "app.team", "'[app.kubernetes.io/name]'", "Tier_2"})
    void labelsHaveAnyName(String name) {
        ShopSettings shop =
                right(WrittenSettings.yaml("scheduler.shop.branches:\n  north:\n    labels:\n      " + name + ": a"));

        assertThat(branch(shop, "north").labels()).containsExactly(entry(name.replaceAll("['\\[\\]]", ""), "a"));
    }

    @Test
    void variablesWriteLabels() {
        ShopSettings shop = right(WrittenSettings.yaml("scheduler.shop.branches.north-side.labels.cost-centre: a")
                .andVariable("SCHEDULER_SHOP_BRANCHES_NORTH_SIDE_LABELS_COST_CENTRE", "b")
                .andVariable("SCHEDULER_SHOP_BRANCHES_NORTHSIDE_LABELS_TEAM", "c"));

        assertThat(branch(shop, "north-side").labels()).containsOnly(entry("cost-centre", "b"), entry("team", "c"));
        assertThat(problems(WrittenSettings.variable("SCHEDULER_SHOP_BRANCHES_NORTH_LABELS_COST_CENTRE", "b")))
                .hasSize(1);
    }

    @Test
    void openKeysAreReadByWhoKnowsThem() {
        BoundSettings bound = WrittenSettings.yaml("""
                scheduler.shop.branches.north-side.fittings:
                  colour: red
                  shelves: 2
                  shelf: [{width: 3}, {width: 4, use: books}]
                  lock: {key-file: /k}
                  cupboards: {left: {code: "1"}}
                """)
                .andVariable("SCHEDULER_SHOP_BRANCHES_NORTH_SIDE_FITTINGS_WARM_UP", "7m")
                .andVariable("SCHEDULER_SHOP_BRANCHES_NORTHSIDE_FITTINGS_COLOUR", "blue")
                .andArgument("--scheduler.shop.branches.northSide.fittings.shelves=5")
                .bind(TYPES);
        List<Problem> problems = new ArrayList<>();
        Fittings fittings = requireNonNull(bound.bind(
                "scheduler.shop.branches.north-side.fittings", Fittings.class, problems::add, (key, value) -> {}));

        assertThat(bound.problems()).isEmpty();
        assertThat(problems).isEmpty();
        assertThat(bound.has("scheduler.shop.branches.north-side.fittings")).isTrue();
        assertThat(bound.has("scheduler.shop.branches.south-side.fittings")).isFalse();
        assertThat(fittings.colour()).isEqualTo("blue");
        assertThat(fittings.shelves()).isEqualTo(5);
        assertThat(fittings.warmUp()).hasMinutes(7);
        assertThat(fittings.shelf()).containsExactly(new Shelf(3, null), new Shelf(4, "books"));
        Lock lock = requireNonNull(fittings.lock());
        assertThat(lock.keyFile).isEqualTo(Path.of("/k"));
        assertThat(lock.code).isNull();
        assertThat(fittings.cupboards()).containsOnlyKeys("left");
    }

    @Test
    void everythingWrongWithOpenKeysIsReportedAtOnceAndNoUnknownValueIsShown() {
        BoundSettings bound = WrittenSettings.yaml("""
                scheduler.shop.branches.north.fittings:
                  color: hush
                  shelves: hush-not
                  warm-up: ""
                  lock: hush
                  shelf: [{use: books}]
                  cupboards: {left: {code: "1", key-file: /k}, right: {cod: hush}}
                """)
                .andVariable("SCHEDULER_SHOP_BRANCHES_NORTH_FITTINGS_WARMTH", "hush")
                .bind(TYPES);
        List<Problem> problems = new ArrayList<>();
        Fittings fittings =
                bound.bind("scheduler.shop.branches.north.fittings", Fittings.class, problems::add, (key, value) -> {});

        assertThat(fittings).isNull();
        assertThat(problems.stream().map(problem -> problem.toString().replace("scheduler.shop.branches.north.", "")))
                .containsExactlyInAnyOrder(
                        "fittings.warmth: is not a setting, nor is there another that the variable"
                                + " SCHEDULER_SHOP_BRANCHES_NORTH_FITTINGS_WARMTH could mean."
                                + " Under fittings there are: colour, cupboards, lock, shelf[0], shelves, warm-up",
                        "fittings.color: is not a setting. Under fittings there are: colour, cupboards, lock,"
                                + " shelf[0], shelves, warm-up",
                        "fittings.lock: has a value but is only the beginning of other settings."
                                + " Under fittings.lock there are: code, key-file",
                        "fittings.cupboards.right.cod: is not a setting."
                                + " Under fittings.cupboards.right there are: code, key-file",
                        "fittings.shelves = 'hush-not': is not a whole number. Write a whole number",
                        "fittings.warm-up = '': is not a duration with a unit."
                                + " Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                        "fittings.colour: is missing. Set it: it has no default",
                        "fittings.shelf[0].width: is missing. Set it: it has no default");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{colour: red, shelves: -1} | fittings: shelves must not be negative. Correct what is written below it",
                "{colour: red, shelves: 1, lock: {code: x, key-file: /k}}"
                        + " | fittings.lock: needs either key-file or code. Correct what is written below it"
            })
    void whatAConstructorRefusesIsAProblem(String fittings, String expected) {
        BoundSettings bound = WrittenSettings.yaml("scheduler.shop.branches.north.fittings: " + fittings)
                .bind(TYPES);
        List<Problem> problems = new ArrayList<>();
        bound.bind("scheduler.shop.branches.north.fittings", Fittings.class, problems::add, (key, value) -> {});

        assertThat(problems)
                .singleElement()
                .extracting(problem -> problem.toString().replace("scheduler.shop.branches.north.", ""))
                .isEqualTo(expected);
    }

    /** What is quadratic takes minutes here. */
    @Test
    void manyNamesTakeTheirTimeEach() {
        StringBuilder yaml = new StringBuilder("scheduler.shop.branches:\n");
        for (int i = 0; i < 10_000; i++) {
            yaml.append("  branch-").append(i).append(": {city: X, days: [mon, tue], labels: {team: a}}\n");
        }
        ShopSettings shop = right(WrittenSettings.yaml(yaml.toString()));

        assertThat(shop.branches()).hasSize(10_000);
        assertThat(branch(shop, "branch-9999").days()).containsExactly(Weekday.MON, Weekday.TUE);
    }

    private static ShopSettings.Branch branch(ShopSettings shop, String name) {
        return requireNonNull(requireNonNull(shop.branches()).get(name));
    }

    private static ShopSettings right(WrittenSettings settings) {
        assertThat(problems(settings)).isEmpty();
        return settings.bind(TYPES).get(ShopSettings.class);
    }

    private static List<Problem> problems(WrittenSettings settings) {
        return settings.refusal(TYPES);
    }
}
