package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What one page of a list says.
 *
 * @param tally of its objects
 * @param items how many there were
 * @param resourceVersion the state of the cluster that it shows; null when it says none
 * @param continueToken with which the next page is asked for; null on the last page
 */
record Page<T extends Tally<T>>(
        T tally,
        long items,
        @Nullable String resourceVersion,
        @Nullable String continueToken) {

    /**
     * Reads a page as it comes, object by object.
     *
     * @param tally an empty one
     */
    static <T extends Tally<T>> Page<T> read(InputStream body, ResourceKind kind, T tally) throws IOException {
        Reader<T> reader = new Reader<>(kind, tally);
        Json.document(body, reader::field);
        return reader.page();
    }

    private static final class Reader<T extends Tally<T>> {

        private final ResourceKind kind;
        private final T tally;
        private boolean list;
        private boolean itemsSeen;
        private long items;
        private @Nullable String resourceVersion;
        private @Nullable String continueToken;

        private Reader(ResourceKind kind, T tally) {
            this.kind = kind;
            this.tally = tally;
        }

        void field(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "kind" -> {
                    String served = Json.text(parser);
                    list = served != null && kind.listedBy(served);
                }
                case "metadata" -> Json.eachField(parser, this::metadata);
                case "items" -> {
                    itemsSeen = true;
                    if (parser.currentToken() != JsonToken.START_ARRAY
                            && parser.currentToken() != JsonToken.VALUE_NULL) {
                        throw new MalformedBodyException("its items are no array");
                    }
                    Json.eachElement(parser, this::item);
                }
                default -> {}
            }
        }

        Page<T> page() throws MalformedBodyException {
            if (!list || !itemsSeen) {
                throw new MalformedBodyException("it is no list of " + kind.resource());
            }
            return new Page<>(tally, items, resourceVersion, continueToken);
        }

        private void metadata(String name, JsonParser parser) {
            switch (name) {
                case "resourceVersion" -> resourceVersion = Json.text(parser);
                case "continue" -> continueToken = Json.text(parser);
                default -> {}
            }
        }

        private void item(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new MalformedBodyException("one of its items is no object");
            }
            items++;
            tally.read(parser);
        }
    }
}
