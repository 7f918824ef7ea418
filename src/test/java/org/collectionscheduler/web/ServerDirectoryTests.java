package org.collectionscheduler.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.catalina.Context;
import org.collectionscheduler.scenario.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

class ServerDirectoryTests {

    @TempDir
    Path directory;

    @Test
    void theServerHasTheSamePlaceAtEachStart() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (RunningService service = RunningService.start(directory)) {
                Context context = context(service);
                assertThat(context.getCatalinaBase())
                        .isEqualTo(directory.resolve("server").toFile());
                assertThat(Path.of(context.getDocBase())).isEqualTo(directory.resolve("server/documents"));
            }
        }
        assertThat(directory.resolve("server")).isDirectoryContaining(name -> name.endsWith("work"));
        assertThat(directory.resolve("server/documents")).isEmptyDirectory();
    }

    private static Context context(RunningService service) {
        TomcatWebServer server = (TomcatWebServer) Objects.requireNonNull(
                service.bean(WebServerApplicationContext.class).getWebServer());
        return (Context) server.getTomcat().getHost().findChildren()[0];
    }
}
