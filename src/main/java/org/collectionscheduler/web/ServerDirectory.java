package org.collectionscheduler.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Gives the server a place that it uses again at each start. It makes temporary directories otherwise, and leaves them
 * behind after a kill.
 */
final class ServerDirectory implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(ServerDirectory.class);

    private final Path directory;

    ServerDirectory(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        try {
            // Whoever reaches the port may read the files in the document root, so there are none.
            Path documents = Files.createDirectories(directory.resolve("documents"));
            factory.setBaseDirectory(directory.toFile());
            factory.setDocumentRoot(documents.toFile());
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("directory", directory)
                    .setCause(e)
                    .log("no directory for the web server's files; temporary ones are used");
        }
    }
}
