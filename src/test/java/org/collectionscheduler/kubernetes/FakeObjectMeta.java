package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The metadata of one object as a protobuf message, with the same content as its JSON. */
final class FakeObjectMeta {

    private static final JsonFactory JSON = new JsonFactory();

    /** Those that are always written, in the order of their numbers. */
    private static final List<String> TEXTS =
            List.of("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion");

    private final byte[] json;
    private final String[] texts = {"", "", "", "", "", ""};
    private final FakeMessage rest = new FakeMessage();
    private long generation;

    /** @param json an object with its metadata */
    FakeObjectMeta(byte[] json) {
        this.json = json;
    }

    FakeMessage message() throws IOException {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            Json.eachField(parser, (name, value) -> {
                if (name.equals("metadata")) {
                    Json.eachField(value, this::field);
                }
            });
        }
        FakeMessage meta = new FakeMessage();
        for (int i = 0; i < texts.length; i++) {
            meta.text(i + 1, texts[i]);
        }
        return meta.number(7, generation).all(rest);
    }

    private void field(String name, JsonParser value) throws IOException {
        int text = TEXTS.indexOf(name);
        if (text >= 0) {
            texts[text] = value.getString();
            return;
        }
        switch (name) {
            case "generation" -> generation = value.getLongValue();
            case "creationTimestamp" -> rest.message(8, time(value));
            case "deletionTimestamp" -> rest.message(9, time(value));
            case "deletionGracePeriodSeconds" -> rest.number(10, value.getLongValue());
            case "labels" -> map(11, value);
            case "annotations" -> map(12, value);
            case "ownerReferences" -> Json.eachElement(value, owner -> rest.message(13, owner(owner)));
            case "finalizers" -> Json.eachElement(value, finalizer -> rest.text(14, finalizer.getString()));
            case "managedFields" -> Json.eachElement(value, entry -> rest.message(17, managed(entry)));
            default -> throw unknown(name);
        }
    }

    private void map(int number, JsonParser map) throws IOException {
        Json.eachField(
                map,
                (key, value) ->
                        rest.message(number, new FakeMessage().text(1, key).text(2, value.getString())));
    }

    private static FakeMessage time(JsonParser value) {
        return new FakeMessage()
                .number(1, Instant.parse(value.getString()).getEpochSecond())
                .number(2, 0);
    }

    private static FakeMessage owner(JsonParser owner) throws IOException {
        FakeMessage message = new FakeMessage();
        Json.eachField(owner, (name, value) -> {
            switch (name) {
                case "kind" -> message.text(1, value.getString());
                case "name" -> message.text(3, value.getString());
                case "uid" -> message.text(4, value.getString());
                case "apiVersion" -> message.text(5, value.getString());
                case "controller" -> message.number(6, Json.isTrue(value) ? 1 : 0);
                case "blockOwnerDeletion" -> message.number(7, Json.isTrue(value) ? 1 : 0);
                default -> throw unknown(name);
            }
        });
        return message;
    }

    private FakeMessage managed(JsonParser entry) throws IOException {
        FakeMessage message = new FakeMessage();
        String[] subresource = {""};
        Json.eachField(entry, (name, value) -> {
            switch (name) {
                case "manager" -> message.text(1, value.getString());
                case "operation" -> message.text(2, value.getString());
                case "apiVersion" -> message.text(3, value.getString());
                case "time" -> message.message(4, time(value));
                case "fieldsType" -> message.text(6, value.getString());
                case "fieldsV1" -> message.message(7, raw(value));
                case "subresource" -> subresource[0] = value.getString();
                default -> throw unknown(name);
            }
        });
        return message.text(8, subresource[0]);
    }

    /** The bytes of the JSON, which is how the API server stores them. */
    private FakeMessage raw(JsonParser value) {
        int start = (int) value.currentTokenLocation().getByteOffset();
        value.skipChildren();
        int end = (int) value.currentLocation().getByteOffset();
        return new FakeMessage().bytes(1, json, start, end);
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("say which number the field " + name + " has");
    }
}
