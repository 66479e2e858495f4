package io.millrace.standalone.embedded;

/** A release number; only major and minor matter for data on disk. */
record Release(int major, int minor) {
    static Release parse(String text) {
        String[] parts = text.strip().split("[.-]", 3);
        try {
            return new Release(Integer.parseInt(parts[0]), parts.length < 2 ? 0 : Integer.parseInt(parts[1]));
        } catch (NumberFormatException e) {
            throw new StartFailedException("\"" + text + "\" is no release number such as 4.3.1.", e);
        }
    }

    boolean isAfter(Release other) {
        return major > other.major || (major == other.major && minor > other.minor);
    }
}
