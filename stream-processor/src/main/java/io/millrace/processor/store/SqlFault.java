package io.millrace.processor.store;

import java.sql.SQLException;
import java.util.Set;

/** Whose fault a refused statement is, by the class of its SQLSTATE (PostgreSQL, appendix A). */
enum SqlFault {
    /** Some row of the batch: without it the rest would pass. */
    ROW,
    /** The database, the network, or the schema: the same batch may pass later. */
    DATABASE;

    /** 22: data exception; 54: program limit exceeded, such as a value too large for an index. */
    private static final Set<String> ROW_CLASSES = Set.of("22", "54");

    static SqlFault of(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && ROW_CLASSES.contains(state.substring(0, 2)) ? ROW : DATABASE;
    }
}
