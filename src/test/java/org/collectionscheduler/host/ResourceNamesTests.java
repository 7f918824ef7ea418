package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNamesTests {

    private final ResourceNames names = new ResourceNames(TestContext.PSEUDONYMS);

    @ParameterizedTest
    @ValueSource(strings = {"/", "/boot", "/home", "/var", "/tmp", "/var/lib/docker", "C:\\"})
    void wellKnownMountPointsStay(String path) {
        assertThat(names.mountPoint(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/alice", "/mnt/customer", "/srv/", "/var/lib/kubelet/pods/1", "C:\\secret", ""})
    void otherMountPointsAreHashed(String path) {
        assertThat(names.mountPoint(path)).matches("mount-[0-9a-f]{12}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lo",
                "eth0",
                "eno1",
                "ens18",
                "enp3s0",
                "enp3s0f1np1",
                "enP2p1s0",
                "enp0s20f0u1",
                "wlp2s0",
                "wlan0",
                "docker0",
                "br0",
                "virbr0",
                "tun0",
                "wg0",
                "bond0",
                "en0",
                "utun3",
                "ethernet_32769"
            })
    void conventionalInterfacesStay(String name) {
        assertThat(names.networkInterface(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enx001122334455",
                "wlx001122334455",
                "veth1a2b3c4",
                "br-0123456789ab",
                "eth0.100",
                "customer-vpn",
                "cali0123456789a",
                "eth00000000",
                "lo; rm"
            })
    void interfacesThatHoldAnAddressOrANameAreHashed(String name) {
        assertThat(names.networkInterface(name)).matches("interface-[0-9a-f]{12}");
    }
}
