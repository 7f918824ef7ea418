package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.Test;
import oshi.software.os.OSFileStore;

class FileSystemsTests {

    @Test
    void aDeviceMountedTwiceIsListedOnceByItsShortestPath() {
        Finding finding = find(
                new FakeFileStore("/dev/sda1", "/var/lib/docker/volumes/x", "ext4", true, 1000, 100),
                new FakeFileStore("/dev/sda1", "/", "ext4", true, 1000, 100));

        assertThat(finding.value()).isEqualTo(List.of(new FileSystemFacts("/", "ext4", 1000L, 100L, 50L, 100L, 10L)));
        assertThat(finding.section().status()).isEqualTo(Section.Status.OK);
    }

    @Test
    void filesystemsWithoutSpaceOfTheirOwnAreLeftOut() {
        Finding finding = find(
                new FakeFileStore("tmpfs", "/tmp", "tmpfs", true, 1000, 100),
                new FakeFileStore("overlay", "/var/lib/docker/overlay2/x/merged", "overlay", true, 1000, 100),
                new FakeFileStore("none", "/somewhere", "strange", true, 0, 0));

        assertThat(finding.value()).isEqualTo(List.of());
    }

    @Test
    void theRootOfAContainerStays() {
        assertThat(find(new FakeFileStore("overlay", "/", "overlay", true, 1000, 0))
                        .value())
                .isEqualTo(List.of(new FileSystemFacts("/", "overlay", 1000L, 100L, 50L, null, null)));
    }

    @Test
    void aServerThatDoesNotAnswerHasNoFiguresAndIsNotNamed() {
        Finding finding = find(
                new FakeFileStore("files.example.com:/export", "/mnt/export", "nfs4", false, 0, 0),
                new FakeFileStore("files.example.com:/home", "/home", "nfs4", false, 1000, 0));

        assertThat(finding.section().status()).isEqualTo(Section.Status.PARTIAL);
        assertThat(finding.section().reason()).isEqualTo("1 of 2 filesystems do not answer");
        assertThat(String.valueOf(finding.value())).contains("totalBytes=null").doesNotContain("example", "export");
    }

    private static Finding find(OSFileStore... stores) {
        return FileSystems.finding(List.of(stores), TestContext.PSEUDONYMS);
    }
}
