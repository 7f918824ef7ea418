package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of metadata in the API server's binary form: an envelope (Unknown of k8s.io/apimachinery) that names
 * the type of what it holds, and in it a list. Field numbers are those of the generated.proto files there.
 */
final class MetadataPage {

    private static final int UNKNOWN_TYPE_META = 1;
    private static final int UNKNOWN_RAW = 2;
    private static final int TYPE_META_API_VERSION = 1;
    private static final int TYPE_META_KIND = 2;
    private static final int LIST_METADATA = 1;
    private static final int LIST_ITEMS = 2;
    private static final int LIST_META_RESOURCE_VERSION = 2;
    private static final int LIST_META_CONTINUE = 3;
    private static final int LIST_META_REMAINING_ITEM_COUNT = 4;
    private static final int OBJECT_METADATA = 1;
    private static final int OBJECT_META_NAMESPACE = 3;

    private final MetadataTally<?> tally;
    private boolean typeSeen;
    private boolean listSeen;
    private boolean metadataSeen;
    private @Nullable String apiVersion;
    private @Nullable String kind;
    private long items;
    private @Nullable String resourceVersion;
    private @Nullable String continueToken;
    private @Nullable Long remaining;
    private @Nullable String namespace;

    private MetadataPage(MetadataTally<?> tally) {
        this.tally = tally;
    }

    /**
     * Reads a page object by object.
     *
     * @param body behind the magic number
     * @param tally an empty one
     */
    static <T extends Tally<T>> Page<T> read(InputStream body, ListQuery query, T tally) throws IOException {
        if (!(tally instanceof MetadataTally<?> metadata)) {
            throw new MalformedBodyException("it is protobuf, which was not asked for");
        }
        MetadataPage page = new MetadataPage(metadata);
        Protobuf.document(body, page::envelope);
        if (!page.isList()) {
            throw new MalformedBodyException(
                    "it is no list of metadata of " + query.kind().resource());
        }
        return new Page<>(tally, page.items, page.resourceVersion, page.continueToken, page.remaining);
    }

    /** The version counts: in another one the fields of a list have other numbers. */
    private boolean isList() {
        return metadataSeen && "meta.k8s.io/v1".equals(apiVersion) && "PartialObjectMetadataList".equals(kind);
    }

    private void envelope(int number, Protobuf value) throws IOException {
        switch (number) {
            case UNKNOWN_TYPE_META -> {
                typeSeen = once(typeSeen);
                value.eachField(this::type);
            }
            case UNKNOWN_RAW -> {
                listSeen = once(listSeen);
                value.eachField(this::list);
            }
            default -> {}
        }
    }

    /** Protobuf would merge the two; here a second one means that another body follows this one. */
    private static boolean once(boolean seen) throws MalformedBodyException {
        if (seen) {
            throw new MalformedBodyException("something follows its end");
        }
        return true;
    }

    private void type(int number, Protobuf value) throws IOException {
        switch (number) {
            case TYPE_META_API_VERSION -> apiVersion = value.text();
            case TYPE_META_KIND -> kind = value.text();
            default -> {}
        }
    }

    private void list(int number, Protobuf value) throws IOException {
        switch (number) {
            case LIST_METADATA -> {
                metadataSeen = true;
                value.eachField(this::listMeta);
            }
            case LIST_ITEMS -> item(value);
            default -> {}
        }
    }

    private void listMeta(int number, Protobuf value) throws IOException {
        switch (number) {
            case LIST_META_RESOURCE_VERSION -> resourceVersion = Page.stated(value.text());
            case LIST_META_CONTINUE -> continueToken = value.text();
            case LIST_META_REMAINING_ITEM_COUNT -> remaining = Page.believable(value.wholeNumber());
            default -> {}
        }
    }

    private void item(Protobuf value) throws IOException {
        items++;
        namespace = null;
        value.eachField(this::object);
        tally.object(namespace);
    }

    private void object(int number, Protobuf value) throws IOException {
        if (number == OBJECT_METADATA) {
            value.eachField(this::objectMeta);
        }
    }

    private void objectMeta(int number, Protobuf value) throws IOException {
        if (number == OBJECT_META_NAMESPACE) {
            namespace = value.text();
        }
    }
}
