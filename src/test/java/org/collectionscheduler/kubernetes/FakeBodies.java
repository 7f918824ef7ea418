package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The JSON of objects, after the files in {@code src/test/resources/kubernetes}. */
final class FakeBodies {

    /** What all formats hold, and what only whole objects do. */
    private record Parts(FakeTemplate metadata, FakeTemplate rest) {}

    private static final Map<String, Parts> FILES = new ConcurrentHashMap<>();
    private static final byte[] PARTIAL =
            ascii("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",");

    private FakeBodies() {}

    /** As an item of a list, which does not say of what kind it is. */
    static void item(FakeBytes out, FakeObject object) {
        out.put('{');
        parts(object).metadata().write(out, object);
        parts(object).rest().write(out, object);
    }

    static void whole(FakeBytes out, FakeObject object) {
        FakeKind kind = object.kind();
        out.ascii("{\"kind\":\"" + kind.kind() + "\",\"apiVersion\":\"" + kind.apiVersion() + "\",");
        parts(object).metadata().write(out, object);
        parts(object).rest().write(out, object);
    }

    static void partial(FakeBytes out, FakeObject object) {
        out.put(PARTIAL);
        parts(object).metadata().write(out, object);
        out.put('}');
    }

    private static Parts parts(FakeObject object) {
        return FILES.computeIfAbsent(file(object), FakeBodies::read);
    }

    private static String file(FakeObject object) {
        return switch (object.kind()) {
            case SERVICES -> FakeFacts.serviceFile(object.index());
            case NODES -> object.cluster().fleet() == null ? "nodes" : "nodes-fleet";
            default -> object.kind().plural();
        };
    }

    private static Parts read(String name) {
        try (InputStream file = FakeBodies.class.getResourceAsStream("/kubernetes/" + name + ".json")) {
            String text =
                    compact(new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
            int end = endOfObject(text, text.indexOf(":{") + 1);
            return new Parts(FakeTemplate.parse(text.substring(1, end)), FakeTemplate.parse(text.substring(end)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without the spaces between JSON's tokens. */
    private static String compact(String json) {
        StringBuilder compact = new StringBuilder();
        boolean text = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '"' && json.charAt(i - 1) != '\\') {
                text = !text;
            }
            if (text || !Character.isWhitespace(c)) {
                compact.append(c);
            }
        }
        return compact.toString();
    }

    /** Behind the brace that closes the one at a place. No text of the files has a brace that is not closed. */
    private static int endOfObject(String json, int start) {
        int depth = 0;
        for (int i = start; i < json.length(); i++) {
            char c = json.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("an object does not end");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
