package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Collectors;

/** Writes pages and single objects in each form in which they can be asked for. */
final class FakePageWriter {

    /** What of an object stands beside the cells of its row. */
    enum RowObject {
        NONE,
        METADATA,
        OBJECT;

        static RowObject parse(String text) throws FakeRefusal {
            return switch (text) {
                case "None" -> NONE;
                case "", "Metadata" -> METADATA;
                case "Object" -> OBJECT;
                default ->
                    throw FakeRefusal.badRequest(
                            "Table.meta.k8s.io \"\" is invalid: includeObject: Unsupported value: \"" + text + "\"");
            };
        }
    }

    /** Writes one object of a page. */
    @FunctionalInterface
    private interface ItemWriter {
        void write(FakeBytes out, FakeObject object);
    }

    private static final int DRAIN_BYTES = 24 * 1024;

    private final FakeObjects objects;
    private final FakeMedia media;
    private final RowObject rowObject;
    private final FakeOddItem oddItem;

    FakePageWriter(FakeObjects objects, FakeMedia media, RowObject rowObject, FakeOddItem oddItem) {
        this.objects = objects;
        this.media = media;
        this.rowObject = rowObject;
        this.oddItem = oddItem;
    }

    void write(FakePage page, OutputStream out) throws IOException {
        FakeKind kind = page.kind();
        switch (media.shape()) {
            case TABLE -> write(page, tableOpening(kind, page.metadata()), this::row, out);
            case PARTIAL_LIST ->
                write(
                        page,
                        "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/" + media.version()
                                + "\"," + page.metadata() + ",\"items\":[",
                        FakeBodies::partial,
                        out);
            default ->
                write(
                        page,
                        "{\"kind\":\"" + kind.kind() + "List\",\"apiVersion\":\"" + kind.apiVersion() + "\","
                                + page.metadata() + ",\"items\":[",
                        FakeBodies::item,
                        out);
        }
    }

    void write(FakeObject object, OutputStream out) throws IOException {
        FakeBytes bytes = FakeBytes.large();
        switch (media.shape()) {
            case TABLE -> {
                bytes.ascii(tableOpening(
                        object.kind(), "\"metadata\":{\"resourceVersion\":\"" + FakeVersions.FIRST + "\"}"));
                row(bytes, object);
                bytes.ascii("]}");
            }
            case PARTIAL_OBJECT -> FakeBodies.partial(bytes, object);
            default -> FakeBodies.whole(bytes, object);
        }
        bytes.put('\n');
        bytes.drainTo(out);
    }

    private void write(FakePage page, String opening, ItemWriter writer, OutputStream out) throws IOException {
        FakeBytes bytes = FakeBytes.large();
        bytes.ascii(opening);
        int[] indexes = page.indexes();
        for (int i = 0; i < indexes.length; i++) {
            if (i > 0) {
                bytes.put(',');
            }
            int start = bytes.length();
            writer.write(bytes, objects.object(page.kind(), indexes[i]));
            if (i == 0) {
                oddItem.write(bytes, start, out);
            } else if (bytes.length() > DRAIN_BYTES) {
                bytes.drainTo(out);
            }
        }
        bytes.ascii("]}\n");
        bytes.drainTo(out);
    }

    private String tableOpening(FakeKind kind, String metadata) {
        List<FakeColumn> columns = kind.columns();
        return "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/" + media.version() + "\"," + metadata
                + ",\"columnDefinitions\":["
                + columns.stream().map(FakeColumn::definition).collect(Collectors.joining(",")) + "],\"rows\":[";
    }

    private void row(FakeBytes out, FakeObject object) {
        out.ascii("{\"cells\":[");
        List<FakeColumn> columns = object.kind().columns();
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            columns.get(i).cell().write(out, object);
        }
        out.ascii("],\"object\":");
        switch (rowObject) {
            case NONE -> out.ascii("null");
            case METADATA -> FakeBodies.partial(out, object);
            case OBJECT -> FakeBodies.whole(out, object);
        }
        out.put('}');
    }
}
