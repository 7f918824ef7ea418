package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionSystemException;

class UnavailabilityTests {

    /** As the pool answers once the server has ended the connection, whose own failure is only logged. */
    @Test
    void aTransactionThatCannotBeUndoneTellsOfALostConnection() {
        SQLException closed = new SQLException("Connection is closed");

        assertThat(Unavailability.isBehind(new TransactionSystemException("JDBC rollback failed", closed)))
                .isTrue();
    }

    @Test
    void aMistakeInAStatementTellsNothingOfTheDatabase() {
        assertThat(Unavailability.isBehind(new DuplicateKeyException("twice"))).isFalse();
    }
}
