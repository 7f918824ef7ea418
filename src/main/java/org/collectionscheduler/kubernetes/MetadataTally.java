package org.collectionscheduler.kubernetes;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** A tally that can do with the metadata of objects, in whichever encoding they come. */
interface MetadataTally<T extends MetadataTally<T>> extends Tally<T> {

    /**
     * Takes one object.
     *
     * @param namespace null for what is in none
     */
    void object(@Nullable String namespace) throws MalformedBodyException;

    @Override
    default void read(JsonParser item) throws IOException {
        @Nullable String[] namespace = new String[1];
        Json.eachField(item, (field, parser) -> {
            if (field.equals("metadata")) {
                Json.eachField(parser, (name, value) -> {
                    if (name.equals("namespace")) {
                        namespace[0] = Json.text(value);
                    }
                });
            }
        });
        object(namespace[0]);
    }
}
