package io.millrace.standalone.serve;

import io.millrace.standalone.cli.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Trains by the command line on a CSV of its own columns: of what can be foreseen, or of what cannot. */
final class Trainer {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int VISITS = 900;

    private final Path folder;
    private final List<String> door;

    /** @param door options that name a door and a token */
    Trainer(Path folder, List<String> door) {
        this.folder = folder;
        this.door = door;
    }

    /** @return the command's exit code */
    int train(String name, boolean foreseeable, String... options) throws IOException {
        Files.writeString(events(name), visits(foreseeable));
        Path config = Files.writeString(
                folder.resolve(name + ".yaml"), """
                model:
                  name: %s
                  version: "1"
                  selects: {events: [looked]}
                  features:
                    - {name: budget, type: property, property: budget}
                    - {name: looks_1h, type: count, events: [looked], window: 1h}
                  output: {activation: sigmoid}
                  label: purchase
                  outcome: {type: event, events: [bought], within: 1m}
                  provenance: {trainedOn: made visits, licence: Apache-2.0}
                data:
                  files: [%s]
                  format: csv
                  columns: {user: visitor, time: at, name: action}
                  source: shop
                  unreadable: leave-out
                split: {test: 0.3, validation: 0.3}
                fit: {hidden: [2], learningRate: 0.05, epochs: 6}
                card: {purpose: a test, limits: [], command: none}
                """.formatted(name, events(name).getFileName()));
        List<String> line = new ArrayList<>(List.of(
                "train",
                config.toString(),
                folder.resolve(name).toString(),
                "--files",
                folder.toString(),
                "--data",
                folder.resolve("no-millrace").toString()));
        line.addAll(List.of(options));
        return execute(line);
    }

    Path events(String name) {
        return folder.resolve(name + ".csv");
    }

    int registered(String name, boolean foreseeable, String... options) throws IOException {
        List<String> all = new ArrayList<>(door);
        all.add("--register");
        all.addAll(List.of(options));
        return train(name, foreseeable, all.toArray(String[]::new));
    }

    static int execute(List<String> line) {
        return Millrace.execute(line.toArray(String[]::new));
    }

    /** Visitors with a budget buy; or whoever likes to. A visitor without a name is none. */
    private static String visits(boolean foreseeable) {
        Random random = new Random(foreseeable ? 1 : 2);
        StringBuilder csv = new StringBuilder("at;visitor;action;budget\n");
        for (int visit = 0; visit < VISITS; visit++) {
            boolean budget = random.nextBoolean();
            boolean buys = random.nextInt(10) < (foreseeable ? (budget ? 9 : 1) : 5);
            Instant at = START.plusSeconds(10L * visit);
            String visitor = "v" + visit % 300;
            csv.append(at)
                    .append(';')
                    .append(visitor)
                    .append(";looked;")
                    .append(budget ? 1 : 0)
                    .append('\n');
            if (buys) {
                csv.append(at.plusSeconds(5)).append(';').append(visitor).append(";bought;\n");
            }
        }
        return csv + START.plusSeconds(10L * VISITS).toString() + ";;looked;1\n";
    }
}
