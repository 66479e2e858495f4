package io.millrace.standalone.observe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What /metrics said, in Prometheus' text format. */
final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** One meter. */
    record Family(String type, Set<String> labels, List<Sample> samples) {}

    record Sample(String name, Map<String, String> labels, double value) {}

    private final Map<String, Family> families = new LinkedHashMap<>();

    Scrape(String text) {
        text.lines().forEach(line -> {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                families.put(words[2], new Family(words[3], new TreeSet<>(), new ArrayList<>()));
            } else if (!line.startsWith("#") && !line.isBlank()) {
                add(line);
            }
        });
    }

    private void add(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("no sample: " + line);
        }
        String name = matcher.group(1);
        Family family = families.get(families.containsKey(name) ? name : name.replaceAll("_(bucket|count|sum)$", ""));
        if (family == null) {
            throw new AssertionError("no type: " + line);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(matcher.group(2) == null ? "" : matcher.group(2));
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        labels.keySet().stream().filter(key -> !key.equals("le")).forEach(family.labels()::add);
        family.samples().add(new Sample(name, labels, Double.parseDouble(matcher.group(3))));
    }

    Map<String, Family> families() {
        return families;
    }

    /** The sum of a counter or gauge, or how often a timer or summary was used. */
    double total(String name) {
        Family family = families.get(name);
        if (family == null) {
            return Double.NaN;
        }
        String counted = family.type().equals("histogram") || family.type().equals("summary") ? name + "_count" : name;
        return family.samples().stream()
                .filter(sample -> sample.name().equals(counted))
                .collect(Collectors.summingDouble(Sample::value));
    }
}
