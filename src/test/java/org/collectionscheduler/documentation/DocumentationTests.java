package org.collectionscheduler.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.collectionscheduler.scenario.RunningService;
import org.collectionscheduler.settings.SettingsGroup;
import org.collectionscheduler.settings.SettingsType;
import org.collectionscheduler.settings.WrittenSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The README, the example configuration and the manifests beside the code. */
class DocumentationTests {

    @TempDir
    static Path directory;

    private static RunningService service;
    private static String readme;

    @BeforeAll
    static void start() throws IOException {
        service = RunningService.start(
                directory, "--scheduler.run-on-start=always", "--scheduler.collections.slow.interval=1s");
        readme = Files.readString(Path.of("README.md"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void theReadmeListsEveryKeyWithItsDefault() {
        Map<String, String> documented = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| `(scheduler\\.[^`]+)` \\| (`([^`]*)`|–) \\|")
                .matcher(readme);
        while (row.find()) {
            documented.put(row.group(1), row.group(3) == null ? "" : row.group(3));
        }
        Map<String, String> known = new TreeMap<>();
        knownKeys().forEach((key, value) -> known.put(key, value == null ? "" : value));
        assertThat(documented).isEqualTo(known);
    }

    @Test
    void theReadmeListsEveryEndpoint() {
        Set<String> documented = new TreeSet<>();
        Matcher row =
                Pattern.compile("(?m)^\\| `((GET|POST|PUT|DELETE) /[^`]+)` \\|").matcher(readme);
        while (row.find()) {
            documented.add(row.group(1));
        }
        Set<String> existing = new TreeSet<>(apiEndpoints());
        service.bean(PathMappedEndpoints.class).getAllPaths().forEach(path -> existing.add("GET " + path));
        existing.addAll(Set.of(
                "GET /actuator/collections/{name}", "GET /actuator/health/liveness", "GET /actuator/health/readiness"));
        assertThat(documented).isEqualTo(existing);
    }

    @Test
    void theReadmeListsEveryMeter() throws Exception {
        Set<String> documented = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `(collection\\.[a-z.]+)` \\|").matcher(readme);
        while (row.find()) {
            documented.add(row.group(1));
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(meters()).isEqualTo(documented));
    }

    private static Set<String> meters() throws IOException, InterruptedException {
        Set<String> meters = new TreeSet<>();
        for (JsonNode name : service.json("/actuator/metrics").path("names")) {
            if (name.asString().startsWith("collection.")) {
                meters.add(name.asString());
            }
        }
        return meters;
    }

    @Test
    void theExampleConfigurationShowsEveryKeyAtItsDefault() throws IOException {
        String text = Files.readString(Path.of("config", "application.yaml"));
        assertThat(flat(text))
                .as("nothing is set, which would override a profile")
                .isEmpty();
        Map<String, String> defaults = flat(uncommented(text));
        Map<String, String> all = flat(uncommented(uncommented(text)));

        Map<String, String> expected = new TreeMap<>();
        defaults.keySet().forEach(key -> expected.put(key, defaultOf(key)));
        assertThat(defaults).isEqualTo(expected);
        Set<String> patterns = new TreeSet<>();
        all.keySet().stream().filter(key -> key.startsWith("scheduler.")).forEach(key -> patterns.add(pattern(key)));
        assertThat(patterns).isEqualTo(knownKeys().keySet());
    }

    @Test
    void theManifestsAreWhatTheyClaimToBe() throws IOException {
        Deployment deployment = manifest(Deployment.class);
        Container container =
                deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
        assertThat(deployment.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(45);
        assertThat(deployment
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getSecurityContext()
                        .getRunAsNonRoot())
                .isTrue();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/readiness");

        assertThat(manifest(ClusterRole.class).getRules())
                .allSatisfy(rule -> assertThat(rule.getVerbs()).isSubsetOf("get", "list"));

        String configuration = manifest(ConfigMap.class).getData().getOrDefault("application.yaml", "");
        assertThat(flat(configuration).keySet().stream()
                        .filter(key -> key.startsWith("scheduler."))
                        .map(DocumentationTests::pattern))
                .isSubsetOf(knownKeys().keySet());
    }

    private static Map<String, @Nullable String> knownKeys() {
        return WrittenSettings.defaults(groups());
    }

    private static List<Class<? extends SettingsGroup>> groups() {
        List<Class<? extends SettingsGroup>> groups = new ArrayList<>();
        service.bean(ApplicationContext.class)
                .getBeansOfType(SettingsType.class)
                .values()
                .forEach(type -> groups.add(type.type()));
        return groups;
    }

    private static Set<String> apiEndpoints() {
        return service
                .bean(ApplicationContext.class)
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .flatMap(info -> info.getMethodsCondition().getMethods().stream()
                        .flatMap(method -> info.getPatternValues().stream().map(path -> method + " " + path)))
                .filter(endpoint -> endpoint.contains(" /api"))
                .collect(Collectors.toSet());
    }

    /** What the jar itself sets, else what the records declare. */
    private static String defaultOf(String key) {
        try {
            Map<String, String> packaged =
                    flat(Files.readString(Path.of("src", "main", "resources", "application.yaml")));
            String declared = knownKeys().get(pattern(key));
            return packaged.getOrDefault(key, declared == null ? "" : declared);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String pattern(String key) {
        return key.startsWith("scheduler.") ? WrittenSettings.pattern(groups(), key) : key;
    }

    /** Takes one comment sign away from each line that is a setting: prose has one space behind its sign. */
    private static String uncommented(String yaml) {
        return yaml.lines()
                .map(line -> line.replaceFirst("^( *)#(?=\\w| {2,}|$)", "$1"))
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> flat(String yaml) throws IOException {
        Map<String, String> flat = new TreeMap<>();
        for (PropertySource<?> source : new YamlPropertySourceLoader()
                .load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))) {
            if (source instanceof EnumerablePropertySource<?> properties) {
                Stream.of(properties.getPropertyNames())
                        .forEach(name -> flat.put(name, String.valueOf(properties.getProperty(name))));
            }
        }
        return flat;
    }

    private static <T extends HasMetadata> T manifest(Class<T> type) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("config", "kubernetes"))) {
            for (Path file : files.sorted().toList()) {
                for (String document : Files.readString(file).split("(?m)^---$")) {
                    Object resource = Serialization.unmarshal(
                            new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
                    if (type.isInstance(resource)) {
                        return type.cast(resource);
                    }
                }
            }
        }
        throw new AssertionError("no " + type.getSimpleName() + " among the manifests");
    }
}
