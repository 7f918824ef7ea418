package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PageTests {

    @Test
    void readsWhatCountsInAnyOrder() throws Exception {
        Page<PodTally> page = read("""
                {"items":[{"metadata":{"name":"a","namespace":"x","labels":{"namespace":"no"}},"spec":[[{}]]},
                          {"spec":{"metadata":{"namespace":"no"}},"metadata":{"namespace":"x"}}],
                 "metadata":{"continue":"next","resourceVersion":"7","remainingItemCount":3},"kind":"PodList"}""");

        assertThat(page.items()).isEqualTo(2);
        assertThat(page.continueToken()).isEqualTo("next");
        assertThat(page.resourceVersion()).isEqualTo("7");
        assertThat(page.tally().data(name -> name)).hasToString("{total=2, byNamespace={x=2}}");
    }

    @Test
    void anEmptyListMayBeNull() throws Exception {
        Page<PodTally> page = read("{\"kind\":\"PodList\",\"metadata\":{\"continue\":\"\"},\"items\":null}");

        assertThat(page.items()).isZero();
        assertThat(page.continueToken()).isNull();
    }

    /** A list of 120 MB goes by without ever being held. */
    @Test
    void holdsNumbersNotObjects() throws Exception {
        int objects = 60_000;
        GeneratedList list = new GeneratedList(objects);
        Page<PodTally> page = Page.read(list, ResourceKind.PODS, new PodTally());

        assertThat(page.items()).isEqualTo(objects);
        assertThat(list.bytes).isGreaterThan(100L << 20);
        assertThat(list.mostHeld).isLessThan(8L << 20);
    }

    private static Page<PodTally> read(String json) throws IOException {
        return Page.read(
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), ResourceKind.PODS, new PodTally());
    }

    /** Makes objects while it is read, and looks at the heap now and then. */
    private static final class GeneratedList extends InputStream {

        private final int objects;
        private final long usedBefore = used();
        private byte[] piece = "{\"kind\":\"PodList\",\"items\":[".getBytes(StandardCharsets.UTF_8);
        private int position;
        private int made;
        private long bytes;
        private long mostHeld;

        GeneratedList(int objects) {
            this.objects = objects;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("one byte at a time");
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (position == piece.length) {
                if (made > objects) {
                    return -1;
                }
                next();
            }
            int count = Math.min(length, piece.length - position);
            System.arraycopy(piece, position, target, offset, count);
            position += count;
            bytes += count;
            return count;
        }

        private void next() {
            String object = "{\"metadata\":{\"name\":\"pod-" + made + "\",\"namespace\":\"ns-" + made % 50
                    + "\"},\"x\":\"" + "x".repeat(2000) + "\"}";
            piece = (made == objects ? "]}" : (made == 0 ? "" : ",") + object).getBytes(StandardCharsets.UTF_8);
            position = 0;
            if (made % 20_000 == 19_999) {
                mostHeld = Math.max(mostHeld, used() - usedBefore);
            }
            made++;
        }

        private static long used() {
            System.gc();
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
    }
}
