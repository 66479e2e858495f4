package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;

/** How a protocol's clients are told of a problem; the status and the headers are the same for all. */
interface ProblemForm {
    /** RFC 9457. */
    ProblemForm JSON = new ProblemForm() {
        @Override
        public String contentType() {
            return Exchange.PROBLEM_JSON;
        }

        @Override
        public byte[] write(Problem problem) {
            return Answers.problem(problem);
        }
    };

    String contentType();

    byte[] write(Problem problem);

    /** No event was taken. */
    default byte[] write(Outcome.Refused refused) {
        return Answers.refused(refused);
    }
}
