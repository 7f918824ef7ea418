package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class MetadataPageTests {

    private static final ListQuery PODS = ListQuery.of(ResourceKind.PODS, ListForm.METADATA);

    /** Lengths that cannot be: more than there is, more than an array holds, negative, and past 64 bits. */
    private static final List<byte[]> ABSURD_LENGTHS = List.of(
            bytes(0xff, 0xff, 0xff, 0xff, 0x07),
            bytes(0xf0, 0xff, 0xff, 0xff, 0x07),
            bytes(0x80, 0x80, 0x80, 0x80, 0x08),
            bytes(0xff, 0xff, 0xff, 0xff, 0x0f),
            bytes(0x80, 0x80, 0x80, 0x80, 0x10),
            bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
            bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01));

    /** Keeps the namespaces in their order. */
    private static final class Namespaces implements MetadataTally<Namespaces> {

        private final List<@Nullable String> names = new ArrayList<>();

        @Override
        public void object(@Nullable String namespace) {
            names.add(namespace);
        }

        @Override
        public void add(Namespaces page) {
            names.addAll(page.names);
        }
    }

    @Test
    void readsWhatCounts() throws Exception {
        Page<Namespaces> page = read(body(list(pod("x"), pod("x"), pod("y"))));

        assertThat(page.items()).isEqualTo(3);
        assertThat(page.tally().names).containsExactly("x", "x", "y");
        assertThat(page.resourceVersion()).isEqualTo("7");
        assertThat(page.continueToken()).isEqualTo("next");
        assertThat(page.remaining()).isEqualTo(3);
    }

    @Test
    void doesNotRelyOnTheOrder() throws Exception {
        FakeMessage object = new FakeMessage()
                .message(17, new FakeMessage().text(3, "no"))
                .text(3, "x")
                .text(1, "a");
        FakeMessage list = new FakeMessage()
                .message(2, new FakeMessage().message(1, object))
                .message(1, listMeta());
        Page<Namespaces> page = read(new FakeMessage()
                .raw(FakeProtobuf.MAGIC)
                .text(4, "")
                .message(2, list)
                .message(1, type("PartialObjectMetadataList", "meta.k8s.io/v1")));

        assertThat(page.tally().names).containsExactly("x");
        assertThat(page.continueToken()).isEqualTo("next");
    }

    @Test
    void passesOverWhatItDoesNotKnow() throws Exception {
        FakeMessage page = body(odd().all(list(
                                odd().message(1, odd().text(3, "x").all(odd())).all(odd())))
                        .all(odd()))
                .all(odd());

        assertThat(read(page).tally().names).containsExactly("x");
    }

    @Test
    void whatIsEmptyIsNotThere() throws Exception {
        FakeMessage metadata = new FakeMessage().text(1, "").text(2, "").text(3, "");
        FakeMessage item =
                new FakeMessage().message(1, new FakeMessage().text(1, "a").text(3, ""));
        Page<Namespaces> page = read(body(new FakeMessage().message(1, metadata).message(2, item)));

        assertThat(page.resourceVersion()).isNull();
        assertThat(page.continueToken()).isNull();
        assertThat(page.remaining()).isNull();
        assertThat(page.tally().names).containsExactly((String) null);
        assertThatThrownBy(
                        () -> read(body(new FakeMessage().message(1, metadata).message(2, item)), new PodTally()))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("a pod has no namespace");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1_000_000_001})
    void doesNotBelieveEveryNumber(long remaining) throws Exception {
        FakeMessage metadata = new FakeMessage().text(3, "next").number(4, remaining);

        assertThat(read(body(new FakeMessage().message(1, metadata))).remaining())
                .isNull();
    }

    static Stream<Arguments> malformed() {
        FakeMessage type = type("PartialObjectMetadataList", "meta.k8s.io/v1");
        FakeMessage named = new FakeMessage().message(1, type);
        return Stream.of(
                Arguments.of("nothing", new FakeMessage(), "no list of metadata of pods"),
                Arguments.of("no type", new FakeMessage().message(2, list()), "no list of metadata of pods"),
                Arguments.of("no list", named, "no list of metadata of pods"),
                Arguments.of("an empty list", new FakeMessage().all(named).text(2, ""), "no list of metadata of pods"),
                Arguments.of("another kind", typed("PodList", "meta.k8s.io/v1"), "no list of metadata of pods"),
                Arguments.of("no kind", typed("", "meta.k8s.io/v1"), "no list of metadata of pods"),
                Arguments.of(
                        "another version",
                        typed("PartialObjectMetadataList", "meta.k8s.io/v1beta1"),
                        "no list of metadata of pods"),
                Arguments.of("two types", new FakeMessage().all(valid()).all(named), "something follows its end"),
                Arguments.of("two lists", valid().message(2, list()), "something follows its end"),
                Arguments.of("a line feed behind it", valid().raw((byte) '\n'), "something follows its end"),
                Arguments.of("a zero behind it", valid().raw((byte) 0), "not protobuf within bounds"),
                Arguments.of("a group", valid().raw(bytes(5 << 3 | 3, 5 << 3 | 4)), "a group"),
                Arguments.of("the end of a group", valid().raw(bytes(5 << 3 | 4)), "a group"),
                Arguments.of("a wire type that is none", valid().raw(bytes(5 << 3 | 7)), "not protobuf within bounds"),
                Arguments.of("a group in an object", with(pod("x").raw(bytes(0x2b, 0x2c))), "a group"),
                Arguments.of("a number for a list", new FakeMessage().all(named).number(2, 1), "of another type"),
                Arguments.of("a number for an object", validList(list().number(2, 1)), "of another type"),
                Arguments.of("a number for a namespace", with(meta(new FakeMessage().number(3, 1))), "another type"),
                Arguments.of(
                        "a text for a count",
                        validList(new FakeMessage().message(1, new FakeMessage().text(4, "3"))),
                        "of another type"),
                Arguments.of("no UTF-8", with(meta(new FakeMessage().raw(bytes(3 << 3 | 2, 1, 0xff)))), "not UTF-8"),
                Arguments.of("a long text", with(pod("n".repeat(100_001))), "more than 100000 bytes"),
                Arguments.of(
                        "an object longer than its list", validList(list().raw(bytes(0x12, 100))), "a length in it"),
                Arguments.of(
                        "a number cut off by its message",
                        with(meta(new FakeMessage().raw(bytes(7 << 3, 0x80)))),
                        "bounds"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesWhatIsMalformed(String name, FakeMessage envelope, String reason) {
        assertThatThrownBy(() -> read(new FakeMessage().raw(FakeProtobuf.MAGIC).all(envelope)))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void holdsNothingForALengthThatCannotBe() {
        for (byte[] length : ABSURD_LENGTHS) {
            for (FakeMessage envelope : absurd(length)) {
                byte[] body =
                        new FakeMessage().raw(FakeProtobuf.MAGIC).all(envelope).toBytes();

                assertThatThrownBy(() -> read(body)).isInstanceOf(IOException.class);
                assertThat(PlainList.of(body)).isNull();
            }
        }
    }

    @Test
    void aBodyThatEndsEarlyIsBroken() throws Exception {
        byte[] whole = body(list(pod("x"), pod("y"))).toBytes();
        int type = FakeProtobuf.MAGIC.length
                + new FakeMessage()
                        .message(1, type("PartialObjectMetadataList", "meta.k8s.io/v1"))
                        .toBytes()
                        .length;
        for (int length = FakeProtobuf.MAGIC.length + 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length == type) {
                assertThatThrownBy(() -> read(cut)).isInstanceOf(MalformedBodyException.class);
            } else if (PlainList.of(cut) == null) {
                assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(EOFException.class);
            } else {
                assertThat(whole.length - length)
                        .as("empty fields behind the list")
                        .isIn(2, 4);
                assertThat(read(cut).items()).isEqualTo(2);
            }
        }
    }

    /** Reader and reference agree about every body: both refuse it, or both find the same in it. */
    @Test
    void neverTellsAnythingElseThanTheBytes() {
        byte[] whole =
                body(list(pod("x"), odd().all(pod("kube-system")), pod("y"))).toBytes();
        Random random = new Random(20_240_601);
        int valid = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] damaged = damaged(whole, random);
            PlainList expected = PlainList.of(damaged);
            PlainList found = found(damaged);
            assertThat(found).as("case %d: %s", i, Arrays.toString(damaged)).isEqualTo(expected);
            valid += expected == null ? 0 : 1;
        }
        assertThat(valid).isBetween(1_000, 29_000);
    }

    /** A list of 120 MB goes by without ever being held. */
    @Test
    void holdsNumbersNotObjects() throws Exception {
        int objects = 60_000;
        byte[] listMeta = new FakeMessage().message(1, listMeta()).toBytes();
        long bytes = listMeta.length + (long) objects * object(0).length;
        GeneratedBody list =
                new GeneratedBody(opening(bytes).raw(listMeta).toBytes(), objects, i -> object(i), bytes());
        Page<PodTally> page = Page.read(list, PODS, new PodTally());

        assertThat(page.items()).isEqualTo(objects);
        assertThat(list.bytes()).isGreaterThan(120L << 20).isGreaterThan(bytes);
        assertThat(list.mostHeld()).isLessThan(8L << 20);
    }

    @Test
    void holdsNoPartOfAGiantObject() throws Exception {
        byte[] piece = new byte[1 << 20];
        int annotation = 120 << 20;
        FakeMessage entry = head(2, annotation);
        FakeMessage metadata = new FakeMessage().text(3, "x").all(head(12, entry.toBytes().length + annotation));
        int inMetadata = metadata.toBytes().length + entry.toBytes().length + annotation;
        FakeMessage item = head(1, inMetadata);
        int inItem = item.toBytes().length + inMetadata;
        FakeMessage list = new FakeMessage().message(1, listMeta()).all(head(2, inItem));
        FakeMessage opening = opening(list.toBytes().length + inItem);
        opening.all(list).all(item).all(metadata).all(entry);
        GeneratedBody body = new GeneratedBody(opening.toBytes(), 120, i -> piece, bytes(0x1a, 0));
        Page<PodTally> page = Page.read(body, PODS, new PodTally());

        assertThat(page.items()).isEqualTo(1);
        assertThat(body.bytes()).isGreaterThan(annotation);
        assertThat(body.mostHeld()).isLessThan(8L << 20);
    }

    @Test
    void countsWhatItPassesOver() throws Exception {
        byte[] body = body(list(pod("x"), pod("x").text(9, "y".repeat(100_000)), pod("x")))
                .toBytes();
        CostMeter meter = new CostMeter();

        Page<PodTally> page =
                Page.read(new DecodedBody(new ByteArrayInputStream(body), body.length, meter), PODS, new PodTally());

        assertThat(page.items()).isEqualTo(3);
        assertThat(meter.cost().bytesDecoded()).isEqualTo(body.length);
        InputStream bounded = new DecodedBody(new ByteArrayInputStream(body), body.length - 1, meter);
        assertThatThrownBy(() -> Page.read(bounded, PODS, new PodTally()))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("more than " + (body.length - 1) + " bytes");
    }

    @Test
    void isNotTheFormOfAnotherQuestion() {
        ListQuery services = ListQuery.of(ResourceKind.SERVICES, ListForm.TABLE);
        InputStream body = new ByteArrayInputStream(body(list()).toBytes());

        assertThatThrownBy(() -> Page.read(body, services, new ServiceTally()))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("not asked for");
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void saysTheSameAsJson(FakeKind kind) throws Exception {
        FakeObjects objects = new FakeObjects(FakeCluster.of(9, 40, 20));
        FakeListOptions options = FakeListOptions.parse(kind, Map.of("limit", "7"));
        FakePage page = new FakeLists(objects, new FakeVersions()).page(kind, null, options);
        ByteArrayOutputStream protobuf = new ByteArrayOutputStream();
        new FakeProtobuf(objects).write(page, protobuf);
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        FakeMedia partial = new FakeMedia(FakeMedia.Shape.PARTIAL_LIST, "v1");
        new FakePageWriter(objects, partial, FakePageWriter.RowObject.NONE, FakeOddItem.NOTHING).write(page, json);

        assertThat(found(protobuf.toByteArray())).isNotNull().isEqualTo(found(json.toByteArray()));
        List<PlainMessage> items =
                envelope(protobuf.toByteArray()).message(2).messages(2).toList();
        JsonNode expected = JsonMapper.shared().readTree(json.toByteArray()).get("items");
        assertThat(items).hasSize(expected.size()).isNotEmpty();
        for (int i = 0; i < items.size(); i++) {
            assertSame(items.get(i).message(1), expected.get(i).get("metadata"));
        }
    }

    private static void assertSame(PlainMessage protobuf, JsonNode json) {
        Map<Integer, String> texts =
                Map.of(1, "name", 2, "generateName", 3, "namespace", 5, "uid", 6, "resourceVersion");
        texts.forEach((number, name) -> assertThat(protobuf.text(number))
                .as(name)
                .isEqualTo(json.path(name).asString(null)));
        assertThat(map(protobuf, 11)).isEqualTo(map(json.path("labels")));
        assertThat(map(protobuf, 12)).isEqualTo(map(json.path("annotations")));
        assertThat(protobuf.messages(13).map(owner -> owner.text(4)).toList())
                .isEqualTo(json.path("ownerReferences")
                        .valueStream()
                        .map(owner -> owner.get("uid").asString())
                        .toList());
        assertThat(protobuf.messages(17).map(entry -> entry.message(7).text(1)).toList())
                .isEqualTo(json.path("managedFields")
                        .valueStream()
                        .map(entry -> entry.get("fieldsV1").toString())
                        .toList());
    }

    private static Map<String, String> map(PlainMessage message, int number) {
        Map<String, String> map = new TreeMap<>();
        message.messages(number).forEach(entry -> map.put(text(entry, 1), text(entry, 2)));
        return map;
    }

    private static Map<String, String> map(JsonNode json) {
        Map<String, String> map = new TreeMap<>();
        json.forEachEntry((key, value) -> map.put(key, value.asString()));
        return map;
    }

    private static String text(PlainMessage message, int number) {
        return Objects.requireNonNullElse(message.text(number), "");
    }

    /** What a page says, as the plainest reading finds it. */
    private record PlainList(
            List<@Nullable String> namespaces,
            @Nullable String version,
            @Nullable String token,
            @Nullable Long remaining) {

        /** @return null for what is no page */
        static @Nullable PlainList of(byte[] body) {
            try {
                return ofValid(body);
            } catch (PlainMessage.Invalid e) {
                return null;
            }
        }

        private static @Nullable PlainList ofValid(byte[] body) {
            PlainMessage envelope = envelope(body);
            PlainMessage type = envelope.message(1);
            PlainMessage list = envelope.message(2);
            List<@Nullable String> namespaces = new ArrayList<>();
            list.messages(2).forEach(item -> namespaces.add(item.message(1).text(3)));
            PlainMessage metadata = list.message(1);
            PlainList found = new PlainList(
                    namespaces, Page.stated(metadata.text(2)), metadata.text(3), Page.believable(metadata.number(4)));
            boolean typed = "meta.k8s.io/v1".equals(type.text(1)) && "PartialObjectMetadataList".equals(type.text(2));
            boolean once = envelope.count(1) == 1 && envelope.count(2) == 1;
            return typed && once && list.count(1) > 0 ? found : null;
        }
    }

    private static PlainMessage envelope(byte[] body) {
        byte[] magic = FakeProtobuf.MAGIC;
        if (body.length < magic.length || !Arrays.equals(Arrays.copyOf(body, magic.length), magic)) {
            throw new PlainMessage.Invalid();
        }
        return PlainMessage.of(Arrays.copyOfRange(body, magic.length, body.length));
    }

    private static @Nullable PlainList found(byte[] body) {
        try {
            Page<Namespaces> page = read(body);
            assertThat(page.items()).isEqualTo(page.tally().names.size());
            return new PlainList(page.tally().names, page.resourceVersion(), page.continueToken(), page.remaining());
        } catch (IOException | JacksonException e) {
            return null;
        }
    }

    /** With a few bytes changed, left out, put in or cut off. */
    private static byte[] damaged(byte[] whole, Random random) {
        FakeMessage damaged = new FakeMessage();
        int at = random.nextInt(whole.length);
        byte[] noise = new byte[random.nextInt(4)];
        random.nextBytes(noise);
        byte[] start = Arrays.copyOf(whole, at);
        int skipped = Math.min(whole.length, at + noise.length);
        switch (random.nextInt(6)) {
            case 0 -> damaged.raw(start);
            case 1 -> damaged.raw(start).raw(Arrays.copyOfRange(whole, skipped, whole.length));
            case 2 -> damaged.raw(start).raw(noise).raw(Arrays.copyOfRange(whole, at, whole.length));
            case 3 -> damaged.raw(whole).raw(noise);
            case 4 ->
                damaged.raw(start)
                        .raw((byte) (whole[at] ^ 1 << random.nextInt(8)))
                        .raw(Arrays.copyOfRange(whole, at + 1, whole.length));
            default ->
                damaged.raw(start)
                        .raw(Arrays.copyOf(noise, skipped - at))
                        .raw(Arrays.copyOfRange(whole, skipped, whole.length));
        }
        return damaged.toBytes();
    }

    private static List<FakeMessage> absurd(byte[] length) {
        return List.of(
                new FakeMessage().raw((byte) 0x0a).raw(length),
                valid().raw(bytes(9 << 3 | 2)).raw(length),
                new FakeMessage().message(1, new FakeMessage().raw(bytes(0x12)).raw(length)),
                new FakeMessage()
                        .message(1, type("PartialObjectMetadataList", "meta.k8s.io/v1"))
                        .raw((byte) 0x12)
                        .raw(length)
                        .all(list(pod("x"))),
                validList(list().raw((byte) 0x12).raw(length).all(pod("x"))),
                with(new FakeMessage().raw((byte) 0x0a).raw(length)),
                with(meta(new FakeMessage().raw((byte) (3 << 3 | 2)).raw(length))),
                with(meta(new FakeMessage().raw((byte) (12 << 3 | 2)).raw(length))));
    }

    /** Fields of each wire type, with numbers that no message of the API has. */
    private static FakeMessage odd() {
        return new FakeMessage()
                .number(100, -1)
                .text(101, "odd")
                .raw(bytes(0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8))
                .raw(bytes(0xa5, 0x06, 1, 2, 3, 4));
    }

    private static FakeMessage body(FakeMessage list) {
        return new FakeMessage().raw(FakeProtobuf.MAGIC).all(validList(list));
    }

    private static FakeMessage valid() {
        return validList(list());
    }

    private static FakeMessage with(FakeMessage item) {
        return validList(list(item));
    }

    private static FakeMessage validList(FakeMessage list) {
        return new FakeMessage()
                .message(1, type("PartialObjectMetadataList", "meta.k8s.io/v1"))
                .message(2, list)
                .text(3, "")
                .text(4, "");
    }

    private static FakeMessage typed(String kind, String apiVersion) {
        return new FakeMessage().message(1, type(kind, apiVersion)).message(2, list());
    }

    private static FakeMessage type(String kind, String apiVersion) {
        return new FakeMessage().text(1, apiVersion).text(2, kind);
    }

    private static FakeMessage list(FakeMessage... items) {
        FakeMessage list = new FakeMessage().message(1, listMeta());
        for (FakeMessage item : items) {
            list.message(2, item);
        }
        return list;
    }

    private static FakeMessage listMeta() {
        return new FakeMessage().text(1, "").text(2, "7").text(3, "next").number(4, 3);
    }

    private static FakeMessage pod(String namespace) {
        return meta(
                new FakeMessage().text(1, "a").text(2, "").text(3, namespace).number(7, 0));
    }

    private static FakeMessage meta(FakeMessage metadata) {
        return new FakeMessage().message(1, metadata);
    }

    /** One item with its head, always of the same length. */
    private static byte[] object(int index) {
        FakeMessage metadata = new FakeMessage()
                .text(1, "pod-%07d".formatted(index))
                .text(3, "ns-%02d".formatted(index % 50))
                .text(12, "x".repeat(2100));
        return new FakeMessage().message(2, meta(metadata)).toBytes();
    }

    /** All up to a list of so many bytes. */
    private static FakeMessage opening(long bytesOfList) {
        return new FakeMessage()
                .raw(FakeProtobuf.MAGIC)
                .message(1, type("PartialObjectMetadataList", "meta.k8s.io/v1"))
                .all(head(2, bytesOfList));
    }

    /** The tag and the length of a field. */
    private static FakeMessage head(int number, long bytes) {
        FakeMessage head = new FakeMessage().raw((byte) (number << 3 | 2));
        long left = bytes;
        for (; left > 127; left >>>= 7) {
            head.raw((byte) (left | 128));
        }
        return head.raw((byte) left);
    }

    private static Page<Namespaces> read(FakeMessage body) throws IOException {
        return read(body, new Namespaces());
    }

    private static <T extends Tally<T>> Page<T> read(FakeMessage body, T tally) throws IOException {
        return Page.read(new ByteArrayInputStream(body.toBytes()), PODS, tally);
    }

    private static Page<Namespaces> read(byte[] body) throws IOException {
        return Page.read(new ByteArrayInputStream(body), PODS, new Namespaces());
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
