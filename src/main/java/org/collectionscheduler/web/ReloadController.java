package org.collectionscheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import org.collectionscheduler.catalog.Reload;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.settings.StartRefusedException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Has the configuration read again. */
@RestController
class ReloadController {

    private final Reload reload;
    private final SchedulerLifecycle lifecycle;

    ReloadController(Reload reload, SchedulerLifecycle lifecycle) {
        this.reload = reload;
        this.lifecycle = lifecycle;
    }

    @PostMapping("/api/reload")
    Reload.Outcome reload(@RequestParam(required = false) @Nullable String reason, HttpServletRequest request) {
        return reload.reload(InterventionsController.cause(request, reason))
                .orElseThrow(() -> Problems.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the service is " + lifecycle.state() + "; nothing is started or changed"));
    }

    @ExceptionHandler
    ProblemDetail refused(StartRefusedException e) {
        ProblemDetail document = ProblemDetail.forStatusAndDetail(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "the configuration has mistakes, so nothing was changed: "
                        + e.problems().size());
        document.setProperty("mistakes", e.problems());
        return document;
    }
}
