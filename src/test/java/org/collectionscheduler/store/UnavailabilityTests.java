package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionSystemException;

class UnavailabilityTests {

    @Test
    void aConnectionThatEndedInTheMidstOfATransactionIsNoMistakeOfAStatement() {
        assertThat(Unavailability.isBehind(
                        undoneInVain(new DataAccessResourceFailureException("terminating connection"))))
                .isTrue();
    }

    @Test
    void aMistakeThatCouldNotBeUndoneStaysOne() {
        assertThat(Unavailability.isBehind(undoneInVain(new DuplicateKeyException("twice"))))
                .isFalse();
        assertThat(Unavailability.isBehind(new TransactionSystemException("no reason")))
                .isFalse();
    }

    private static TransactionSystemException undoneInVain(RuntimeException why) {
        TransactionSystemException failure =
                new TransactionSystemException("JDBC rollback failed", new SQLException("Connection is closed"));
        failure.initApplicationException(why);
        return failure;
    }
}
