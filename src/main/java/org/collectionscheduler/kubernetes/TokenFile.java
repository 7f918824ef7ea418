package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bearer token in a file that somebody else rotates; read anew for every request. */
record TokenFile(Path path) implements OAuthTokenProvider {

    @Override
    public String getToken() {
        try {
            String token = Files.readString(path).trim();
            if (token.isEmpty()) {
                throw new IOException("the file is empty");
            }
            return token;
        } catch (IOException e) {
            throw new UncheckedIOException("the token file " + path + " cannot be read", e);
        }
    }
}
