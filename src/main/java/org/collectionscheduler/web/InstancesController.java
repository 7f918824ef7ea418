package org.collectionscheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.Instances;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The processes that share the store. */
@RestController
@RequestMapping("/api/instances")
class InstancesController {

    private static final Logger log = LoggerFactory.getLogger(InstancesController.class);

    private final Instances instances;

    InstancesController(Instances instances) {
        this.instances = instances;
    }

    /** The live ones. */
    record Listed(List<InstanceStatus> instances) {}

    @GetMapping
    Listed list() {
        return new Listed(instances.list());
    }

    /** Has it take nothing more; others take what it leaves. */
    @PostMapping("/{id}/drain")
    Listed drain(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String reason,
            HttpServletRequest request) {
        if (!instances.drain(id)) {
            throw Problems.of(
                    HttpStatus.NOT_FOUND,
                    "there is no live instance '" + id + "'; /api/instances lists them with their ids");
        }
        Cause cause = InterventionsController.cause(request, reason);
        log.atWarn()
                .addKeyValue("instance", id)
                .addKeyValue("origin", cause.origin())
                .addKeyValue("reason", cause.reason())
                .log("instance drained");
        return list();
    }
}
