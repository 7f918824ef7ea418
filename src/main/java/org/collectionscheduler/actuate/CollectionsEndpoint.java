package org.collectionscheduler.actuate;

import java.util.List;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionView;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.catalog.ServiceState;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.UnreadableRowException;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** {@code /actuator/collections}: did it run, what did it bring back, when does it run next. */
@Endpoint(id = "collections")
public class CollectionsEndpoint {

    private final Catalog catalog;
    private final SchedulerLifecycle lifecycle;
    private final Instance instance;
    private final Instances instances;

    CollectionsEndpoint(Catalog catalog, SchedulerLifecycle lifecycle, Instance instance, Instances instances) {
        this.catalog = catalog;
        this.lifecycle = lifecycle;
        this.instance = instance;
        this.instances = instances;
    }

    /**
     * The service and all its collections.
     *
     * @param declaredElsewhere names of the collections that other instances have in force, and this one does not declare
     */
    public record Service(
            String engine,
            ServiceState state,
            String instance,
            String source,
            List<InstanceStatus> instances,
            List<CollectionView> collections,
            List<String> declaredElsewhere) {}

    /** Why nothing can be said. */
    public record Unavailable(ServiceState state, @Nullable String problem) {}

    /** Answers 503 while the store cannot be read; leaves out collections whose stored row cannot be. */
    @ReadOperation
    public WebEndpointResponse<?> collections() {
        return guarded(() -> new WebEndpointResponse<>(new Service(
                lifecycle.engine(),
                lifecycle.state(),
                instance.id(),
                lifecycle.setting().source(),
                instances.list(),
                catalog.statuses().stream().map(CollectionView::of).toList(),
                catalog.declaredElsewhere())));
    }

    /** One collection; 404 for none, 500 when its stored row cannot be read. */
    @ReadOperation
    public WebEndpointResponse<?> collection(@Selector String name) {
        return guarded(() -> catalog.status(name)
                .<WebEndpointResponse<?>>map(status -> new WebEndpointResponse<>(CollectionView.of(status)))
                .orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)));
    }

    private WebEndpointResponse<?> guarded(java.util.function.Supplier<WebEndpointResponse<?>> answer) {
        try {
            return answer.get();
        } catch (UnreadableRowException e) {
            return new WebEndpointResponse<>(
                    new Unavailable(lifecycle.state(), e.getMessage()),
                    WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR);
        } catch (StoreUnavailableException e) {
            return new WebEndpointResponse<>(
                    new Unavailable(lifecycle.state(), e.getMessage()), WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }
}
