package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTests {

    private static final ListQuery PODS = ListQuery.of(ResourceKind.PODS, ListForm.METADATA);
    private static final ListQuery SERVICES = ListQuery.of(ResourceKind.SERVICES, ListForm.TABLE);

    @Test
    void readsWhatCountsInAnyOrder() throws Exception {
        Page<PodTally> page = read("""
                {"items":[{"metadata":{"name":"a","namespace":"x","labels":{"namespace":"no"}},"spec":[[{}]]},
                          {"spec":{"metadata":{"namespace":"no"}},"metadata":{"namespace":"x"}}],
                 "metadata":{"continue":"next","resourceVersion":"7","remainingItemCount":3},"kind":"PodList"}""");

        assertThat(page.items()).isEqualTo(2);
        assertThat(page.continueToken()).isEqualTo("next");
        assertThat(page.resourceVersion()).isEqualTo("7");
        assertThat(page.remaining()).isEqualTo(3);
        assertThat(PodTally.data(Listing.of(page.tally(), 2, CountMethod.EXACT, null), name -> name))
                .hasToString("{total=2, byNamespace={x=2}}");
    }

    @Test
    void anEmptyListMayBeNull() throws Exception {
        Page<PodTally> page = read("{\"kind\":\"PodList\",\"metadata\":{\"continue\":\"\"},\"items\":null}");

        assertThat(page.items()).isZero();
        assertThat(page.continueToken()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "9223372036854775807", "99999999999999999999", "\"3\"", "3.5", "null", "[3]"})
    void doesNotBelieveEveryNumber(String remaining) throws Exception {
        Page<PodTally> page = read("{\"kind\":\"PodList\",\"metadata\":{\"remainingItemCount\":" + remaining
                + ",\"continue\":\"x\"},\"items\":[]}");

        assertThat(page.remaining()).isNull();
    }

    @Test
    void readsTheColumnsOfATable() throws Exception {
        Page<ServiceTally> page = read("""
                {"kind":"Table","metadata":{"resourceVersion":"7"},
                 "columnDefinitions":[{"name":"Name"},{"type":"string","name":"Type"},{"name":"Age"},{"name":"Cluster-IP"}],
                 "rows":[{"cells":["a","ClusterIP","2d","None"],"object":null},
                         {"object":{"cells":["b"]},"cells":["b","NodePort",{"x":[1]},"10.0.0.1"]},
                         {"cells":["c","ExternalName"]},{"cells":["d","Odd",null,"<none>"]}]}""", SERVICES, new ServiceTally());

        assertThat(page.items()).isEqualTo(4);
        assertThat(ServiceTally.data(Listing.of(page.tally(), 4, CountMethod.EXACT, null)))
                .hasToString("{total=4, byType={ClusterIP=1, ExternalName=1, NodePort=1, other=1}, headless=1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"columnDefinitions\":[{\"name\":\"Name\"},{\"name\":\"Type\"}],\"rows\":[]",
                "\"rows\":[{\"cells\":[\"a\",\"b\"]}],\"columnDefinitions\":[{\"name\":\"Type\"},{\"name\":\"Cluster-IP\"}]",
                "\"rows\":[{\"cells\":[]}]"
            })
    void refusesATableThatLacksColumns(String table) {
        assertThatThrownBy(() -> read("{\"kind\":\"Table\"," + table + "}", SERVICES, new ServiceTally()))
                .isInstanceOf(UnsuitableTableException.class);
    }

    @Test
    void takesWholeObjectsFromAServerWithoutTables() throws Exception {
        Page<ServiceTally> page = read("""
                {"kind":"ServiceList","items":[{"spec":{"type":"NodePort","clusterIP":"None"}}]}""", SERVICES, new ServiceTally());

        assertThat(ServiceTally.data(Listing.of(page.tally(), 1, CountMethod.EXACT, null)))
                .hasToString("{total=1, byType={NodePort=1}, headless=1}");
    }

    @Test
    void isNotTheFormOfAnotherQuestion() {
        assertThatThrownBy(() -> read("{\"kind\":\"Table\",\"rows\":null}"))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("no list of pods");
    }

    /** A list of 120 MB goes by without ever being held. */
    @Test
    void holdsNumbersNotObjects() throws Exception {
        int objects = 60_000;
        GeneratedBody list = new GeneratedBody(
                "{\"kind\":\"PodList\",\"items\":[",
                objects,
                PageTests::object,
                "{\"metadata\":{\"namespace\":\"last\"}}]}");
        Page<PodTally> page = Page.read(list, PODS, new PodTally());

        assertThat(page.items()).isEqualTo(objects + 1);
        assertThat(list.bytes()).isGreaterThan(100L << 20);
        assertThat(list.mostHeld()).isLessThan(8L << 20);
    }

    private static byte[] object(int index) {
        String object = "{\"metadata\":{\"name\":\"pod-" + index + "\",\"namespace\":\"ns-" + index % 50
                + "\"},\"x\":\"" + "x".repeat(2000) + "\"},";
        return object.getBytes(StandardCharsets.UTF_8);
    }

    private static Page<PodTally> read(String json) throws IOException {
        return read(json, PODS, new PodTally());
    }

    private static <T extends Tally<T>> Page<T> read(String json, ListQuery query, T tally) throws IOException {
        return Page.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), query, tally);
    }
}
