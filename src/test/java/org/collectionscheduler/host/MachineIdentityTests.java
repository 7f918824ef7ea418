package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineIdentityTests {

    private static final String MACHINE_ID = "0123456789abcdef0123456789abcdef";
    private static final String HARDWARE_UUID = "4C4C4544-0042-4810-8051-B8C04F4E3232";

    @TempDir
    Path root;

    @Test
    void theMachineIdIsHashed() throws Exception {
        machineId(MACHINE_ID);

        assertThat(identity(HARDWARE_UUID, "host-a"))
                .isEqualTo(new MachineIdentity(
                        "cls_"
                                + TestContext.PSEUDONYMS
                                        .hash("machine-id", MACHINE_ID)
                                        .substring(0, 32),
                        "machine-id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uninitialized", "00000000000000000000000000000000"})
    void aMachineIdThatWasNeverSetIsNone(String content) throws Exception {
        machineId(content);

        assertThat(identity(HARDWARE_UUID, "host-a").source()).isEqualTo("hardware-uuid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "00000000-0000-0000-0000-000000000000",
                "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
                "03000200-0400-0500-0006-000700080009"
            })
    void aHardwareUuidThatManyMachinesShareIsNone(String uuid) throws Exception {
        MachineIdentity identity = identity(uuid, "host-a");

        assertThat(identity.source()).isEqualTo("hostname");
        assertThat(identity.clusterId()).isNotEqualTo(identity(uuid, "host-b").clusterId());
    }

    @Test
    void aMachineWithoutAnyIdentitySaysSo() throws Exception {
        Finding finding = find("unknown", "localhost.localdomain");

        assertThat(finding.value()).isNull();
        assertThat(finding.section().status()).isEqualTo(Section.Status.UNAVAILABLE);
        assertThat(finding.section().reason()).contains("deployment", "/etc/machine-id");
    }

    private MachineIdentity identity(String uuid, String hostName) throws Exception {
        return (MachineIdentity) Parts.value(find(uuid, hostName));
    }

    private Finding find(String uuid, String hostName) throws Exception {
        return MachineIdentity.probe(new Machine(root), () -> uuid, () -> hostName)
                .reading()
                .read(TestContext.PSEUDONYMS);
    }

    private void machineId(String content) throws Exception {
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/machine-id"), content + "\n");
    }
}
