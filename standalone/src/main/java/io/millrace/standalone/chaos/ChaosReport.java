package io.millrace.standalone.chaos;

import io.millrace.standalone.chaos.check.Verdict;
import io.millrace.standalone.chaos.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of a run.
 *
 * @param plan what was to be
 * @param journal what was done
 * @param load what clients met
 * @param died how often a part ended by itself
 * @param moves to another number of partitions
 * @param problems what did not recover; empty where everything did
 * @param verdict of the checker
 */
public record ChaosReport(
        ChaosPlan plan,
        List<String> journal,
        List<String> load,
        int died,
        int moves,
        List<String> problems,
        Verdict verdict) {
    public ChaosReport {
        journal = List.copyOf(journal);
        load = List.copyOf(load);
        problems = List.copyOf(problems);
    }

    /** Everything recovered and nothing was violated. */
    public boolean isGood() {
        return problems.isEmpty() && verdict.isClean();
    }

    /** What was found, for a person. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        Map<String, Integer> kinds = new TreeMap<>();
        for (Fault fault : plan.schedule()) {
            kinds.merge(fault.kind().text(), 1, Integer::sum);
        }
        lines.add(plan.schedule().size() + " faults: " + kinds);
        plan.skipped().forEach(line -> lines.add("skipped: " + line));
        lines.add(
                "parts that ended by themselves and were started again: " + died + "; moves of the pipeline: " + moves);
        lines.addAll(load);
        problems.forEach(problem -> lines.add("NOT RECOVERED: " + problem));
        lines.addAll(verdict.lines());
        return lines;
    }

    /** The whole, as a file. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of("# A chaos run", "", "## Plan", "", "```"));
        lines.addAll(plan.announcement());
        lines.addAll(List.of("```", "", "## What was done", "", "```"));
        lines.addAll(journal);
        lines.addAll(List.of("```", "", "## What was found", "", "```"));
        lines.addAll(summary());
        lines.add("```");
        return lines;
    }
}
