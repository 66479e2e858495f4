package io.millrace.processor.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is opened when it is needed and thrown away after a failure. Belongs to one thread. */
final class OneConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OneConnection.class);

    private final StoreConfig config;
    private @Nullable Connection open;

    OneConnection(StoreConfig config) {
        this.config = config;
    }

    boolean isOpen() {
        return open != null;
    }

    /** The connection, which does not commit by itself; opened where none is. */
    Connection get() throws SQLException {
        Connection found = open;
        if (found == null) {
            found = StoreConnection.open(config.postgres(), config.timeout());
            open = found;
        }
        return found;
    }

    /** The next {@link #get} opens another. */
    @Override
    public void close() {
        Connection old = open;
        open = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                log.atDebug().setCause(e).log("A broken connection did not close cleanly");
            }
        }
    }
}
