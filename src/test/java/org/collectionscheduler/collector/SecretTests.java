package org.collectionscheduler.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTests {

    @TempDir
    private Path directory;

    @Test
    void isReadEachTimeAndAllThatWasReadIsMasked() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "first\n");
        Secret secret = new Secret(file, null);

        assertThat(secret.mask("first")).as("not read yet").isEqualTo("first");
        assertThat(secret.value()).isEqualTo("first");
        Files.writeString(file, "first-and-second\r\n");
        assertThat(secret.value()).isEqualTo("first-and-second");
        assertThat(secret.mask("a first-and-second b first c")).isEqualTo("a *** b *** c");
        assertThat(secret.isIn("the first")).isTrue();
        assertThat(secret.isIn("the second")).isFalse();
        assertThat(secret).hasToString("***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b&c    | url?q=a+b%26c",
                "a b+c    | url?q=a%20b%2Bc",
                "ab??>    | standard: YWI/Pz4=",
                "ab??>    | for URLs: YWI_Pz4=",
                "ab??>?~  | without padding: YWI_Pz4_fg.",
                "Open.Sesame? | Authorization: Basic YTpPcGVuLlNlc2FtZT8=",
                "Open.Sesame? | Authorization: Basic YWI6T3Blbi5TZXNhbWU/",
                "Open.Sesame? | Authorization: Basic YWJjOk9wZW4uU2VzYW1lPw==",
                "say \"no\"| {\"x\":\"say \\\"no\\\"\"}",
                "back\\s  | {\"x\":\"back\\\\s\"}",
                "plain    | Authorization: plain"
            })
    void isFoundInTheFormsInWhichOthersWriteIt(String value, String text) throws Exception {
        Secret secret = new Secret(Files.writeString(directory.resolve("token"), value), null);
        secret.value();

        assertThat(secret.isIn(text)).isTrue();
        assertThat(secret.mask(text)).contains("***");
    }

    @Test
    void aShortOneIsNotFoundInEveryBase64() throws Exception {
        Secret secret = new Secret(Files.writeString(directory.resolve("token"), "xyz"), null);
        secret.value();

        assertThat(secret.mask("YXh5eg== eHl6 h5e")).isEqualTo("YXh5eg== *** h5e");
    }

    @Test
    void itsLongestFormIsAsLongAsWhatIsMasked() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "ä ?");
        Secret secret = new Secret(file, null);

        assertThat(secret.longestForm()).isZero();
        secret.value();
        assertThat(secret.longestForm()).isEqualTo("%C3%A4%20%3F".length());
        assertThat(secret.mask("%C3%A4%20%3F")).isEqualTo("***");
    }

    @Test
    void onlyOneNewlineIsTakenAway() throws Exception {
        assertThat(new Secret(Files.writeString(directory.resolve("a"), " x \n\n"), null).value())
                .isEqualTo(" x \n");
    }

    @Test
    void readsVariables() throws Exception {
        assertThat(new Secret(null, "PATH").value()).isEqualTo(System.getenv("PATH"));
        assertThatThrownBy(() -> new Secret(null, "hunter2").value())
                .isInstanceOf(CollectionFailedException.class)
                .hasMessage("the variable that secret-env names is not set; set it for this process");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \n"})
    void anEmptyOneIsNone(String value) throws Exception {
        Secret secret = new Secret(Files.writeString(directory.resolve("token"), value), null);

        assertThatThrownBy(secret::value).hasMessageEndingWith("token is empty; write the secret into it");
    }

    @Test
    void whatCannotBeReadIsAFailureThatMayPass() throws Exception {
        Path large = Files.writeString(directory.resolve("large"), "x".repeat(65_537));

        assertThatThrownBy(() -> new Secret(directory.resolve("none"), null).value())
                .isInstanceOfSatisfying(
                        CollectionFailedException.class,
                        failure -> assertThat(failure.retryable()).isTrue())
                .hasMessageContaining("none cannot be read (NoSuchFileException)");
        assertThatThrownBy(() -> new Secret(large, null).value()).hasMessageContaining("larger than 65536 bytes");
        assertThatThrownBy(() -> new Secret(directory, null).value()).hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> new Secret(Path.of("hunter2"), null).value())
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void needsOnePlace() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Secret(null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Secret(directory, "X"));
    }

    @Test
    void thoseThatAreReadAtTheSamePlaceAreEqualWhateverIsThere() throws Exception {
        Path place = Path.of("somewhere");

        assertThat(new Secret(place, null))
                .isEqualTo(new Secret(place, null))
                .hasSameHashCodeAs(new Secret(place, null));
        assertThat(new Secret(place, null)).isNotEqualTo(new Secret(Path.of("elsewhere"), null));
        assertThat(new Secret(place, null)).isNotEqualTo(new Secret(null, "somewhere"));
    }
}
