package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/**
 * The version of the API server.
 *
 * @param gitVersion as served, such as {@code v1.29.4-eks-036c24b} or {@code v1.30.1+k3s1}
 */
record ServerVersion(String gitVersion) {

    static final ApiRequest REQUEST =
            ApiRequest.get("version", "get the version", "verb \"get\" on the non-resource URL \"/version\"");

    private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,6}\\.\\d{1,6}\\.\\d{1,6})(?!\\d).*");
    private static final int MAX_LENGTH = 100;

    ServerVersion {
        if (gitVersion.isBlank() || gitVersion.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("gitVersion must have 1 to " + MAX_LENGTH + " characters");
        }
    }

    static ServerVersion read(InputStream body) throws IOException {
        String[] found = new String[1];
        Json.document(body, (name, parser) -> {
            if (name.equals("gitVersion")) {
                found[0] = Json.text(parser);
            }
        });
        if (found[0] == null || found[0].isBlank() || found[0].length() > MAX_LENGTH) {
            throw new MalformedBodyException("it has no gitVersion");
        }
        return new ServerVersion(found[0].trim());
    }

    /** The three numbers, {@code x.y.z}; null when there are none at the beginning. */
    @Nullable String numbers() {
        Matcher matcher = NUMBERS.matcher(gitVersion);
        return matcher.matches() ? matcher.group(1) : null;
    }

    Section toSection() {
        return numbers() == null
                ? Section.partial("the version served does not begin with three numbers; see kubernetesGitVersion")
                : Section.ok();
    }
}
