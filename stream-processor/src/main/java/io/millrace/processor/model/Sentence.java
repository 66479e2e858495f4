package io.millrace.processor.model;

/** Finds the one line of a PyTorch error that says what was wrong, among its stack traces. */
final class Sentence {
    private static final int LONGEST = 300;

    private Sentence() {}

    static String of(Throwable error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return error.getClass().getSimpleName();
        }
        String first = "";
        for (String line : message.lines().toList()) {
            String text = line.strip();
            // An error of the interpreter comes after the trace; one of the loader comes first.
            if (text.contains("Error: ") || text.contains("Exception: ")) {
                return cut(text);
            }
            first = first.isEmpty() ? text : first;
        }
        return cut(first);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
