package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Lists of metadata in the API server's binary form, made of the same JSON as all other forms. As there, a text that is
 * not set is written as an empty one. A page is held whole, for its length comes before it.
 */
final class FakeProtobuf {

    static final byte[] MAGIC = {'k', '8', 's', 0};

    private final FakeObjects objects;

    FakeProtobuf(FakeObjects objects) {
        this.objects = objects;
    }

    void write(FakePage page, OutputStream out) throws IOException {
        FakeMessage list = new FakeMessage().message(1, metadata(page));
        FakeBytes json = FakeBytes.large();
        for (int index : page.indexes()) {
            json.clear();
            FakeBodies.partial(json, objects.object(page.kind(), index));
            list.message(2, new FakeMessage().message(1, new FakeObjectMeta(json.toBytes()).message()));
        }
        FakeMessage type = new FakeMessage().text(1, "meta.k8s.io/v1").text(2, "PartialObjectMetadataList");
        out.write(MAGIC);
        new FakeMessage()
                .message(1, type)
                .message(2, list)
                .text(3, "")
                .text(4, "")
                .writeTo(out);
    }

    private static FakeMessage metadata(FakePage page) {
        FakeMessage metadata = new FakeMessage()
                .text(1, "")
                .text(2, Long.toString(page.version()))
                .text(3, page.token() == null ? "" : page.token());
        return page.remaining() == null ? metadata : metadata.number(4, Long.parseLong(page.remaining()));
    }
}
