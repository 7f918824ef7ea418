package org.collectionscheduler.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.scheduling.support.CronExpression;

/** Who may use whom, for the packages below some root, by name. Each rule says what to do instead. */
final class ArchitectureRules {

    private static final List<String> WRITTEN_NOWHERE = List.of("util", "common", "service", "impl", "dto", "helper");

    private final String root;
    private final Map<String, ArchRule> rules = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();

    private ArchitectureRules(String root) {
        this.root = root;
    }

    static Map<String, ArchRule> below(String root) {
        ArchitectureRules architecture = new ArchitectureRules(root);
        architecture.packageMap();
        architecture.libraries();
        architecture.structure();
        architecture.time();
        return architecture.rules;
    }

    private void packageMap() {
        uses("schedule", "when something runs is a pure value; give it what it needs to know as an argument");
        uses(
                "cron",
                "it only translates expressions into values; decide in schedule, report mistakes in catalog",
                "schedule");
        uses("collector", "third parties implement it; pass what a collector needs in CollectionContext");
        uses("settings", "each package declares a record of its own keys; let the package implement SettingsGroup");
        uses("store", "it knows no tables of others; put a repository beside what it stores", "settings");
        uses(
                "run",
                "it must not know who wakes it; publish a RunEvent and let others listen",
                "schedule",
                "collector",
                "store",
                "settings");
        uses(
                "dispatch",
                "a dispatcher only wakes and excludes; let the catalog tell it what there is",
                "run",
                "store",
                "settings");
        uses(
                "dispatch.local",
                "an adapter implements the port by the pipeline; decide in schedule, store in run",
                "dispatch",
                "run",
                "schedule",
                "store");
        uses(
                "dispatch.cluster",
                "an adapter implements the port by the pipeline; decide in schedule, store in run",
                "dispatch",
                "run",
                "schedule",
                "collector",
                "store",
                "settings");
        uses(
                "catalog",
                "what is shown is asked for by those who show it; offer a method here and call it from there",
                "dispatch",
                "run",
                "cron",
                "schedule",
                "collector",
                "store",
                "settings");
        for (String family : List.of("kubernetes", "host", "http", "node", "command")) {
            uses(
                    family,
                    "the folder can be deleted, and others write collectors too; use the SPI, keys of its own, and nothing"
                            + " more",
                    "collector",
                    "settings");
        }
        uses(
                "notify",
                "channels listen; subscribe to a RunEvent, or ask the catalog how the service is",
                "catalog",
                "run",
                "settings");
        uses(
                "actuate",
                "it only shows; ask the catalog or the run history",
                "catalog",
                "run",
                "schedule",
                "store",
                "collector");
        uses(
                "web",
                "it only translates requests; ask the catalog or the pipeline",
                "catalog",
                "run",
                "schedule",
                "store",
                "settings");
        uses(
                "cli",
                "it only translates commands; ask the catalog or the one-shot run",
                "catalog",
                "run",
                "schedule",
                "store",
                "settings",
                "collector");
        for (String adapter : List.of("dispatch.local", "dispatch.cluster")) {
            rules.put(
                    "nothing uses " + adapter,
                    noClasses()
                            .that()
                            .resideOutsideOfPackage(in(adapter))
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(in(adapter))
                            .because("nothing may know which dispatcher runs; use the Dispatcher port"));
        }
        rules.put(
                "packages of the map only",
                classes()
                        .should(resideIn(known))
                        .because("each package has a place in the package map; move the class to the package whose word"
                                + " it serves, or add the package to the map and to these rules"));
        rules.put(
                "no cycles",
                slices().matching(root + ".(**)")
                        .should()
                        .beFreeOfCycles()
                        .because("imports go one way; move the shared type to the package that is imported"));
    }

    private void libraries() {
        rules.put(
                "schedule knows the JDK only",
                classes()
                        .that()
                        .resideInAPackage(in("schedule"))
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(in("schedule"), "java..", "org.jspecify.."))
                        .because("time is decided by pure functions; do the input and output in run"));
        rules.put(
                "collector knows the JDK and Spring only",
                classes()
                        .that()
                        .resideInAPackage(in("collector"))
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(
                                in("collector"), "java..", "javax.crypto..", "org.springframework..", "org.jspecify.."))
                        .because("whoever implements a collector inherits what it needs; keep other libraries behind"
                                + " the SPI, in run or in the family of collectors"));
        rules.put(
                "only the local dispatcher knows Spring's scheduling",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(in("dispatch.local"))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("org.springframework.scheduling..")
                                .and(not(type(CustomizableThreadFactory.class)))
                                .and(not(type(CronExpression.class)))
                                .as("schedule anything by Spring"))
                        .because("triggers and timers belong to the adapter; be woken through the Dispatcher port"));
        rules.put(
                "only the cluster dispatcher knows its engine",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(in("dispatch.cluster"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.github.kagkarlsson..")
                        .because(
                                "the engine only says when and who; the truth is in our own tables, asked for in run"));
        rules.put(
                "only cron knows the parser of cron expressions",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(in("cron"))
                        .should()
                        .dependOnClassesThat(type(CronExpression.class))
                        .because("it goes by rules of its own at the ends of daylight saving and for days; ask the"
                                + " CronParser for a Rhythm"));
    }

    private void structure() {
        rules.put(
                "no package for leftovers",
                classes()
                        .should()
                        .resideOutsideOfPackages(WRITTEN_NOWHERE.stream()
                                .map(name -> root + ".." + name + "..")
                                .toArray(String[]::new))
                        .because("such a name says nothing; put the class into the package whose word it serves"));
        rules.put(
                "every package is null-marked",
                classes()
                        .should(residesInNullMarkedPackage())
                        .because("NullAway checks only what is marked; add a package-info.java with one sentence and"
                                + " @NullMarked"));
        rules.put(
                "public is what others use",
                classes()
                        .that()
                        .areTopLevelClasses()
                        .and()
                        .arePublic()
                        .and()
                        .areNotAnnotatedWith(Endpoint.class)
                        .and()
                        .areNotAnnotatedWith(ConfigurationProperties.class)
                        .and(describe(
                                "are not the bean for code that embeds the service",
                                type -> !type.getName().equals(root + ".catalog.Collections")))
                        .and(describe(
                                "have no main method",
                                type -> type.getMethods().stream()
                                        .noneMatch(method -> method.getName().equals("main")
                                                && method.getModifiers().contains(JavaModifier.STATIC))))
                        .should(beUsedFromAnotherPackage())
                        .because("what is public is promised; take the word public away until another package needs"
                                + " it"));
    }

    private void time() {
        rules.put(
                "the clock is injected",
                noClasses()
                        .should()
                        .accessTargetWhere(describe("it reads the wall clock", ArchitectureRules::readsTheWallClock))
                        .because("time that cannot be set cannot be tested; inject java.time.Clock, and Ticker for"
                                + " elapsed time"));
        rules.put(
                "the ticker is injected",
                noClasses()
                        .that()
                        .haveNameNotMatching(".*Configuration(\\$.*)?")
                        .and()
                        // It knows nobody's ticker, and bounds a moment's work of the thread itself.
                        .resideOutsideOfPackage(in("store"))
                        .should()
                        .accessTargetWhere(describe(
                                "it reads the monotonic clock",
                                access -> access.getTarget().getName().equals("nanoTime")))
                        .because("time that cannot be set cannot be tested; have the package's Configuration pass"
                                + " Ticker, or a LongSupplier where run is not used"));
        rules.put(
                "nothing sleeps",
                noClasses()
                        .should()
                        .accessTargetWhere(describe(
                                "it sleeps",
                                access -> access.getTarget().getName().equals("sleep")))
                        .because("a sleeping thread cannot be stopped or tested; schedule a timer or wait for a"
                                + " condition with a bound"));
        rules.put(
                "no old dates",
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .belongToAnyOf(java.util.Date.class, java.util.Calendar.class)
                        .because("instants and durations are used everywhere; use java.time"));
    }

    private void uses(String name, String instead, String... others) {
        known.add(in(name));
        DescribedPredicate<JavaClass> allowed = resideOutsideOfPackage(root + "..")
                .or(resideInAnyPackage(Stream.concat(Stream.of(name), Arrays.stream(others))
                        .map(this::in)
                        .toArray(String[]::new)))
                .as("classes of " + (others.length == 0 ? "no other package" : String.join(", ", others)));
        rules.put(
                name + " uses " + (others.length == 0 ? "nobody" : String.join(", ", others)),
                classes()
                        .that()
                        .resideInAPackage(in(name))
                        .should()
                        .onlyDependOnClassesThat(allowed)
                        .because(instead)
                        .allowEmptyShould(true));
    }

    /** Not those below it: only dispatch has any, and each of them has a line of its own. */
    private String in(String name) {
        return root + "." + name;
    }

    private ArchCondition<JavaClass> resideIn(List<String> packages) {
        return ArchCondition.from(describe(
                "reside in " + packages,
                type -> type.getPackageName().equals(root) || packages.contains(type.getPackageName())));
    }

    private static boolean readsTheWallClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        boolean now = owner.startsWith("java.time.")
                && name.equals("now")
                && !access.getTarget().getFullName().contains(Clock.class.getName());
        return now || owner.equals(System.class.getName()) && name.equals("currentTimeMillis");
    }

    private static ArchCondition<JavaClass> residesInNullMarkedPackage() {
        return new ArchCondition<>("reside in a package with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked");
                events.add(new SimpleConditionEvent(
                        type,
                        marked,
                        type.getName() + " resides in " + type.getPackageName() + " without @NullMarked"));
            }
        };
    }

    private static ArchCondition<JavaClass> beUsedFromAnotherPackage() {
        return new ArchCondition<>("be used from another package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean used = type.getPackage().getClasses().stream()
                        .filter(member ->
                                member.equals(type) || member.getName().startsWith(type.getName() + "$"))
                        .flatMap(member -> member.getDirectDependenciesToSelf().stream())
                        .anyMatch(dependency ->
                                !dependency.getOriginClass().getPackageName().equals(type.getPackageName()));
                events.add(new SimpleConditionEvent(
                        type, used, type.getName() + " is public and used in its own package only"));
            }
        };
    }
}
