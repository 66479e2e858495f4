package io.millrace.processor.store;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Whose fault a refused statement is, by the class of its SQLSTATE (PostgreSQL, appendix A). */
enum SqlFault {
    /** Some row of the batch: without it the rest would pass. */
    ROW,
    /** The database, the network, or the schema: the same batch may pass later. */
    DATABASE;

    /** 22: data exception; 23: a constraint; 54: program limit exceeded, such as a value too large for an index. */
    private static final Set<String> ROW_CLASSES = Set.of("22", "23", "54");

    private static final String CHECK_VIOLATION = "23514";

    static SqlFault of(SQLException e) {
        String state = e.getSQLState();
        if (state == null || state.length() != 5 || !ROW_CLASSES.contains(state.substring(0, 2))) {
            return DATABASE;
        }
        return CHECK_VIOLATION.equals(state) && !namesAConstraint(e) ? DATABASE : ROW;
    }

    /** A row whose day has no partition is also a check violation, but of no constraint; asked again, we make the day. */
    private static boolean namesAConstraint(SQLException e) {
        ServerErrorMessage message = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        return message != null && message.getConstraint() != null;
    }
}
