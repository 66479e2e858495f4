package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;

/**
 * Problems as everywhere, and with Segment's {@code message} beside: its SDK for Python reads {@code code} and
 * {@code message}, and takes an answer without them for one that is worth ten tries, be it a 400.
 */
final class SegmentForm implements ProblemForm {
    static final ProblemForm INSTANCE = new SegmentForm();

    private SegmentForm() {}

    @Override
    public String contentType() {
        return Exchange.PROBLEM_JSON;
    }

    @Override
    public byte[] write(Problem problem) {
        return Answers.problemWithMessage(problem);
    }

    @Override
    public byte[] write(Outcome.Refused refused) {
        return Answers.refusedWithMessage(refused);
    }
}
