package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Pseudonyms;

/** Two misbehaviours at a time, chosen by a seed: what comes out is true, or missing with a reason. */
final class HostilityPairs {

    private static final Duration ATTEMPT = Duration.ofSeconds(6);
    private static final Duration MARGIN = Duration.ofSeconds(6);

    private static final ClientSettings HASTY = new ClientSettings(
            new RequestLimits(Duration.ofSeconds(2), Duration.ofMillis(150), Duration.ofSeconds(2), 64L << 20),
            new RetryPolicy(3, Duration.ofMillis(2), Duration.ofMillis(10)),
            new PageLimits(100, 30));

    private static final List<String> PATHS = List.of(
            "*",
            Kube.PODS,
            "/api/v1/namespaces/*/pods",
            Kube.NAMESPACES,
            Kube.SERVICES,
            Kube.KUBE_SYSTEM,
            "/apis/apps/v1/deployments",
            "/apis/batch/v1/jobs");

    /** How often each happens; lists that lie about what follows do so for good, or they could not be seen through. */
    private static final List<Integer> TIMES = List.of(1, 1, 2, 5, Integer.MAX_VALUE);

    private static final Set<Misbehaviour.Type> LIES =
            Set.of(Misbehaviour.Type.ENDLESS, Misbehaviour.Type.ENDLESS_EMPTY, Misbehaviour.Type.SAME_TOKEN);

    private HostilityPairs() {}

    /** The outcome in one word. */
    static String check(int seed, Path directory) throws Exception {
        Random random = new Random(seed);
        FakeCluster cluster = FakeCluster.of(1 + random.nextInt(9), random.nextInt(900), 2);
        if (random.nextInt(3) == 0) {
            cluster = cluster.withoutRemainingItemCount();
        }
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = Kube.of(api.writeKubeconfig(directory.resolve("config-" + seed)), HASTY)) {
            List<String> orders = new ArrayList<>();
            orders.add(order(api, random));
            orders.add(order(api, random));
            long start = System.nanoTime();
            String outcome = outcome(kube, cluster, "seed " + seed + ": " + orders);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("seed " + seed + ": " + orders)
                    .isLessThan(ATTEMPT.plus(MARGIN));
            assertThat(api.requests())
                    .allSatisfy(request -> assertThat(request.method()).isEqualTo("GET"));
            return outcome;
        }
    }

    private static String outcome(Kube kube, FakeCluster cluster, String description) {
        try {
            Collected collected = kube.inventory(new TestContext(ATTEMPT, Pseudonyms.NamespaceNames.PLAIN));
            new InventoryTruth(cluster).assertNothingFalse(collected);
            assertThat(collected.nothing()).as(description).isFalse();
            collected
                    .sections()
                    .values()
                    .forEach(section -> assertThat(String.valueOf(section.reason()))
                            .as(description)
                            .doesNotContain(FakeCluster.MARK));
            return collected.full() ? "full" : "partial";
        } catch (CollectionFailedException e) {
            assertThat(e).as(description).message().isNotBlank().doesNotContain(FakeCluster.MARK);
            return "failed";
        } catch (AssertionError e) {
            throw new AssertionError(description, e);
        }
    }

    private static String order(FakeKubernetesApi api, Random random) {
        String path = PATHS.get(random.nextInt(PATHS.size()));
        if (random.nextInt(6) == 0) {
            int times = 1 + random.nextInt(3);
            api.expireTokens(path.equals("*") ? Kube.PODS : path, times);
            return "tokens of " + path + " expire " + times + " times";
        }
        List<Object[]> all = HostileServerTests.misbehaviours()
                .map(arguments -> arguments.get())
                .toList();
        Object[] chosen = all.get(random.nextInt(all.size()));
        Misbehaviour misbehaviour = (Misbehaviour) chosen[1];
        int times = lies(misbehaviour) ? Integer.MAX_VALUE : TIMES.get(random.nextInt(TIMES.size()));
        api.misbehave(path, misbehaviour, times);
        return chosen[0] + " of " + path + " " + times + " times";
    }

    private static boolean lies(Misbehaviour misbehaviour) {
        return LIES.contains(misbehaviour.type());
    }
}
