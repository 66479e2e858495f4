package io.millrace.log;

/** How the console's lines are written; files are always JSON. */
public enum LogFormat {
    /** Text where a terminal is attached, JSON otherwise. */
    AUTO,
    /** One object a line. */
    JSON,
    /** For people. */
    TEXT;

    boolean isJson() {
        return this == JSON || (this == AUTO && !Terminal.isAttached());
    }
}
