package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkInterfacesTests {

    @TempDir
    Path root;

    @Test
    void aPhysicalInterfaceHasItsSpeedAndCounters() throws IOException {
        network("enp3s0", Map.of("operstate", "up", "speed", "2500", "rx_bytes", "7", "tx_errors", "3"));
        Files.createDirectories(net("enp3s0").resolve("device"));

        assertThat(read())
                .isEqualTo(List.of(
                        new NetworkInterfaceFacts("enp3s0", "ethernet", true, 2_500_000_000L, 7, 0, 0, 0, 0, 3)));
    }

    @Test
    void anInterfaceThatIsDownIsListedWithoutSpeed() throws IOException {
        network("wlp2s0", Map.of("operstate", "down", "speed", "-1"));
        Files.createDirectories(net("wlp2s0").resolve("phy80211"));

        assertThat(read())
                .isEqualTo(List.of(new NetworkInterfaceFacts("wlp2s0", "wireless", false, null, 0, 0, 0, 0, 0, 0)));
    }

    @Test
    void aDriverWithoutStateIsUpByItsFlag() throws IOException {
        network("tun0", Map.of("operstate", "unknown", "flags", "0x1091", "tun_flags", "0x5001"));
        network("veth12ab", Map.of("operstate", "unknown", "flags", "0x1002"));
        // The kernel has files here too, such as bonding_masters.
        Files.writeString(root.resolve("sys/class/net/bonding_masters"), "");

        assertThat((List<?>) read())
                .map(NetworkInterfaceFacts.class::cast)
                .extracting(NetworkInterfaceFacts::kind, NetworkInterfaceFacts::up)
                .containsExactlyInAnyOrder(tuple("tunnel", true), tuple("virtual", false));
    }

    private Object read() throws IOException {
        return Parts.value(new NetworkInterfaces(new Machine(root)).read(TestContext.PSEUDONYMS));
    }

    private Path net(String name) {
        return root.resolve("sys/class/net").resolve(name);
    }

    /** Writes an interface whose files have these contents, and all others those of an idle one. */
    private void network(String name, Map<String, String> contents) throws IOException {
        Files.createDirectories(net(name).resolve("statistics"));
        for (String counter : List.of("rx_bytes", "tx_bytes", "rx_packets", "tx_packets", "rx_errors", "tx_errors")) {
            Files.writeString(
                    net(name).resolve("statistics").resolve(counter), contents.getOrDefault(counter, "0") + "\n");
        }
        Files.writeString(net(name).resolve("type"), "1\n");
        for (String file : List.of("operstate", "speed", "flags", "tun_flags")) {
            if (contents.containsKey(file)) {
                Files.writeString(net(name).resolve(file), contents.get(file) + "\n");
            }
        }
    }
}
