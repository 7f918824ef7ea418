package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
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
 * @param remaining how many objects the pages after this one hold; null when it does not say so in a believable way
 */
record Page<T extends Tally<T>>(
        T tally,
        long items,
        @Nullable String resourceVersion,
        @Nullable String continueToken,
        @Nullable Long remaining) {

    private static final Pattern RESOURCE_VERSION = Pattern.compile("[1-9][0-9]{0,19}");

    private static final int MOST_COLUMNS = 200;
    /** With this a body in the API server's binary form begins, and no JSON does. */
    private static final byte[] PROTOBUF = {'k', '8', 's', 0};

    /** A thousand times what a cluster is known to hold. */
    private static final long MOST_REMAINING = 1_000_000_000;

    /**
     * Reads a page as it comes, object by object, or row by row where it is a table.
     *
     * @param tally an empty one
     * @throws UnsuitableTableException when it is a table that the tally can do nothing with
     */
    static <T extends Tally<T>> Page<T> read(InputStream body, ListQuery query, T tally) throws IOException {
        PushbackInputStream whole = new PushbackInputStream(body, PROTOBUF.length);
        byte[] start = whole.readNBytes(PROTOBUF.length);
        if (Arrays.equals(start, PROTOBUF)) {
            return MetadataPage.read(whole, query, tally);
        }
        whole.unread(start);
        Reader<T> reader = new Reader<>(query, tally);
        Json.document(whole, reader::field);
        return reader.page();
    }

    /** @return null instead of 0, which would mean any state, and of what is no number and so no version */
    static @Nullable String stated(@Nullable String version) {
        return version != null && RESOURCE_VERSION.matcher(version).matches() ? version : null;
    }

    /** @return null instead of a count of remaining objects that cannot be */
    static @Nullable Long believable(@Nullable Long count) {
        return count == null || count < 0 || count > MOST_REMAINING ? null : count;
    }

    private static final class Reader<T extends Tally<T>> {

        private final ListQuery query;
        private final T tally;
        private boolean list;
        private boolean itemsSeen;
        private long items;
        private @Nullable String resourceVersion;
        private @Nullable String continueToken;
        private @Nullable Long remaining;
        private int[] columns = {};

        private Reader(ListQuery query, T tally) {
            this.query = query;
            this.tally = tally;
        }

        void field(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "kind" -> list = wanted(Json.text(parser));
                case "metadata" -> Json.eachField(parser, this::metadata);
                case "items" -> elements(parser, this::item);
                case "columnDefinitions" -> columns = columns(parser);
                case "rows" -> elements(parser, this::row);
                default -> {}
            }
        }

        Page<T> page() throws MalformedBodyException {
            if (!list || !itemsSeen) {
                throw new MalformedBodyException(
                        "it is no list of " + query.kind().resource());
            }
            return new Page<>(tally, items, resourceVersion, continueToken, remaining);
        }

        /** A server may answer with whole objects whatever was asked for. */
        private boolean wanted(@Nullable String served) {
            if (served == null) {
                return false;
            }
            boolean formed = switch (query.form()) {
                case WHOLE -> false;
                case METADATA -> served.equals("PartialObjectMetadataList");
                case TABLE -> served.equals("Table");
            };
            return formed || query.kind().listedBy(served);
        }

        private void metadata(String name, JsonParser parser) {
            switch (name) {
                case "resourceVersion" -> resourceVersion = stated(Json.text(parser));
                case "continue" -> continueToken = Json.text(parser);
                case "remainingItemCount" -> remaining = believable(Json.wholeNumber(parser));
                default -> {}
            }
        }

        private void elements(JsonParser parser, Json.ElementReader reader) throws IOException {
            itemsSeen = true;
            if (parser.currentToken() != JsonToken.START_ARRAY && parser.currentToken() != JsonToken.VALUE_NULL) {
                throw new MalformedBodyException("its items are no array");
            }
            Json.eachElement(parser, reader);
        }

        private void item(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new MalformedBodyException("one of its items is no object");
            }
            items++;
            tally.read(parser);
        }

        private void row(JsonParser parser) throws IOException {
            if (!(tally instanceof TableTally<?> table) || columns.length == 0) {
                throw new UnsuitableTableException();
            }
            @Nullable String[] cells = new String[columns.length];
            Json.eachField(parser, (name, value) -> {
                if (name.equals("cells")) {
                    takeCells(value, cells);
                }
            });
            items++;
            table.row(Collections.unmodifiableList(Arrays.asList(cells)));
        }

        private void takeCells(JsonParser parser, @Nullable String[] cells) throws IOException {
            int[] index = {0};
            Json.eachElement(parser, cell -> {
                for (int i = 0; i < columns.length; i++) {
                    if (columns[i] == index[0]) {
                        cells[i] = Json.text(cell);
                    }
                }
                index[0]++;
            });
        }

        /** Where the columns are that the tally wants, in its order. */
        private int[] columns(JsonParser parser) throws IOException {
            if (!(tally instanceof TableTally<?> table)) {
                throw new UnsuitableTableException();
            }
            List<String> served = new ArrayList<>();
            Json.eachElement(parser, column -> {
                String[] name = {""};
                Json.eachField(column, (field, value) -> {
                    if (field.equals("name")) {
                        String text = Json.text(value);
                        name[0] = text == null ? "" : text;
                    }
                });
                served.add(name[0]);
                if (served.size() > MOST_COLUMNS) {
                    throw new UnsuitableTableException();
                }
            });
            int[] found = table.columns().stream().mapToInt(served::indexOf).toArray();
            if (Arrays.stream(found).anyMatch(index -> index < 0)) {
                throw new UnsuitableTableException();
            }
            return found;
        }
    }
}
