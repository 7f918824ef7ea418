package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceList;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimList;
import io.fabric8.kubernetes.api.model.PersistentVolumeList;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceList;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionList;
import io.fabric8.kubernetes.api.model.apps.DaemonSetList;
import io.fabric8.kubernetes.api.model.apps.DeploymentList;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetList;
import io.fabric8.kubernetes.api.model.apps.StatefulSetList;
import io.fabric8.kubernetes.api.model.autoscaling.v1.HorizontalPodAutoscalerList;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobList;
import io.fabric8.kubernetes.api.model.batch.v1.JobList;
import io.fabric8.kubernetes.api.model.networking.v1.IngressList;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * What the inventory is measured against: a client that lists every kind whole, as typed objects, and counts those. It
 * reads bodies as streams and lets each list go before the next one, which many such clients do not.
 */
final class PlainClient {

    private final String url;
    private final String encoding;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param encoding accepted, {@code identity} or {@code gzip} */
    PlainClient(String url, String encoding) {
        this.url = url;
        this.encoding = encoding;
    }

    /** Totals by resource, and pods by namespace. */
    Map<String, Object> inventory() throws IOException, InterruptedException {
        Map<String, Object> inventory = new TreeMap<>();
        inventory.put("namespaces", total("/api/v1/namespaces", NamespaceList.class));
        inventory.put("byNamespace", podsByNamespace());
        inventory.put("deployments", total("/apis/apps/v1/deployments", DeploymentList.class));
        inventory.put("statefulsets", total("/apis/apps/v1/statefulsets", StatefulSetList.class));
        inventory.put("replicasets", total("/apis/apps/v1/replicasets", ReplicaSetList.class));
        inventory.put("daemonsets", total("/apis/apps/v1/daemonsets", DaemonSetList.class));
        inventory.put("jobs", total("/apis/batch/v1/jobs", JobList.class));
        inventory.put("cronjobs", total("/apis/batch/v1/cronjobs", CronJobList.class));
        inventory.put("byType", servicesByType());
        inventory.put("ingresses", total("/apis/networking.k8s.io/v1/ingresses", IngressList.class));
        inventory.put("persistentvolumes", total("/api/v1/persistentvolumes", PersistentVolumeList.class));
        inventory.put(
                "persistentvolumeclaims", total("/api/v1/persistentvolumeclaims", PersistentVolumeClaimList.class));
        inventory.put(
                "horizontalpodautoscalers",
                total("/apis/autoscaling/v1/horizontalpodautoscalers", HorizontalPodAutoscalerList.class));
        inventory.put(
                "customresourcedefinitions",
                total("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", CustomResourceDefinitionList.class));
        return inventory;
    }

    private Map<String, Long> podsByNamespace() throws IOException, InterruptedException {
        return list("/api/v1/pods", PodList.class).getItems().stream()
                .collect(Collectors.groupingBy(
                        pod -> pod.getMetadata().getNamespace(), TreeMap::new, Collectors.counting()));
    }

    private Map<String, Long> servicesByType() throws IOException, InterruptedException {
        return list("/api/v1/services", ServiceList.class).getItems().stream()
                .map(Service::getSpec)
                .collect(Collectors.groupingBy(spec -> spec.getType(), TreeMap::new, Collectors.counting()));
    }

    private long total(String path, Class<? extends KubernetesResourceList<?>> type)
            throws IOException, InterruptedException {
        return list(path, type).getItems().size();
    }

    private <T> T list(String path, Class<T> type) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Accept", "application/json")
                .header("Accept-Encoding", encoding)
                .build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        boolean compressed = answer.headers()
                .firstValue("Content-Encoding")
                .filter("gzip"::equals)
                .isPresent();
        try (InputStream raw = new BufferedInputStream(answer.body(), 64 * 1024);
                InputStream body = compressed ? new GZIPInputStream(raw, 64 * 1024) : raw) {
            return Serialization.unmarshal(body, type);
        }
    }
}
