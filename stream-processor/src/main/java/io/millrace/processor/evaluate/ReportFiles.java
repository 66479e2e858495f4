package io.millrace.processor.evaluate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.Serial;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes a report: the page, the same as JSON, and the model card. */
public final class ReportFiles {
    static final String PAGE = "report.html";
    static final String JSON = "report.json";
    static final String CARD = "MODEL_CARD.md";

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(new SixDigits(Double.class))
                    .addSerializer(new SixDigits(double.class)))
            .enable(SerializationFeature.INDENT_OUTPUT);

    private ReportFiles() {}

    /** Writes into a directory, which is made where it is not there; gives back the paths. */
    public static List<Path> write(Report report, Path directory) throws IOException {
        Files.createDirectories(directory);
        return List.of(
                Files.writeString(directory.resolve(PAGE), Page.write(report)),
                Files.writeString(directory.resolve(JSON), json(report)),
                Files.writeString(directory.resolve(CARD), Card.write(report)));
    }

    /** The figures, a line each, for a terminal. */
    public static String summary(Report report) {
        StringBuilder lines = new StringBuilder();
        for (Report.Figure figure : report.figures()) {
            lines.append(String.format(
                    Locale.ROOT,
                    "%-13s %s  (%s)%n",
                    figure.name(),
                    Html.figure(figure.interval().value()),
                    Html.range(figure.interval())));
        }
        Report.Data data = report.data();
        return lines
                + String.format(
                        Locale.ROOT,
                        "%s on %,d examples of %,d users, %,d positive; 95 %% intervals by bootstrap over users.",
                        report.model(),
                        data.examples(),
                        data.users(),
                        data.positives());
    }

    static String json(Report report) throws IOException {
        return MAPPER.writeValueAsString(report) + "\n";
    }

    /** More digits than six say nothing; what is no number is null, as JSON has none for it. */
    private static final class SixDigits extends StdSerializer<Double> {
        @Serial
        private static final long serialVersionUID = 1;

        private static final MathContext DIGITS = new MathContext(6);

        SixDigits(Class<Double> type) {
            super(type);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (value.isNaN() || value.isInfinite()) {
                json.writeNull();
            } else {
                json.writeNumber(new BigDecimal(value).round(DIGITS).doubleValue());
            }
        }
    }
}
