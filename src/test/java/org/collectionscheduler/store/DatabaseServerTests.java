package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.collectionscheduler.settings.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.mock.env.MockEnvironment;

class DatabaseServerTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:mysql://host/db?password=hunter2",
                "jdbc:postgresql://host:port/db?password=hunter2",
                "postgres://u:hunter2@host/db"
            })
    void anAddressThatIsNoneIsRefusedWithoutShowingIt(String url) {
        List<Problem> problems = new ArrayList<>();

        DatabaseServer.check(new MockEnvironment().withProperty(DatabaseServer.URL_KEY, url), problems::add);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.toString()).contains("spring.datasource.url").contains("jdbc:postgresql://host:5432");
            assertThat(problem.toString()).doesNotContain("hunter2");
        });
    }

    @Test
    void anAddressWithWhatTheDriverKnowsIsTaken() {
        List<Problem> problems = new ArrayList<>();

        DatabaseServer.check(
                new MockEnvironment()
                        .withProperty(
                                DatabaseServer.URL_KEY,
                                "jdbc:postgresql://one:5432,two:5433/db?targetServerType=primary"),
                problems::add);

        assertThat(problems).isEmpty();
    }

    @Test
    void itShowsNoSecret() {
        DatabaseServer server = new DatabaseServer(
                "jdbc:postgresql://host/db?password=hunter2",
                "user",
                "hunter2",
                new DatabaseServer.Limits(2, java.time.Duration.ofSeconds(1)));

        assertThat(server.toString()).doesNotContain("hunter2");
    }

    @Test
    void whatTheAddressSaysHasTheLastWord() {
        DatabaseServer server = new DatabaseServer(
                "jdbc:postgresql://h/db?options=-c%20search_path%3Dmine&socketTimeout=77&user=me",
                null, null, new DatabaseServer.Limits(2, Duration.ofSeconds(1)));

        PGSimpleDataSource source = (PGSimpleDataSource) server.patientDatabase();

        assertThat(source.getOptions())
                .startsWith("-c lock_timeout=5s ")
                .contains("idle_in_transaction_session_timeout=10min")
                .endsWith(" -c search_path=mine");
        assertThat(source.getSocketTimeout()).isEqualTo(77);
        assertThat(source.getConnectTimeout()).isEqualTo(5);
        assertThat(source.getUser()).isEqualTo("me");
    }
}
