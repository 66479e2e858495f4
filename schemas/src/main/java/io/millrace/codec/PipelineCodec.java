package io.millrace.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.deadletter.Reason;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.layout.StreamThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The record on pipeline, as json/pipeline.schema.json says. Instants are cut to milliseconds. */
public final class PipelineCodec {
    private PipelineCodec() {}

    public static byte[] encode(Pipeline pipeline) {
        ObjectNode tree = RecordTree.object().put("revision", pipeline.revision());
        write(tree.putObject("layout"), pipeline.layout());
        tree.put("phase", pipeline.phase().text());
        if (pipeline.next() != null) {
            write(tree.putObject("next"), pipeline.next());
        }
        tree.put("lastNumber", pipeline.lastNumber());
        pipeline.earlier().forEach(layout -> write(tree.withArray("earlier").addObject(), layout));
        write(tree, pipeline.threads());
        tree.put("at", Timestamps.format(pipeline.at()));
        return RecordTree.write(tree);
    }

    private static void write(ObjectNode to, Layout layout) {
        to.put("number", layout.number()).put("topic", layout.topic()).put("partitions", layout.partitions());
    }

    private static void write(ObjectNode tree, StreamThreads threads) {
        if (threads.everywhere() != null) {
            tree.withArray("threads").addObject().put("threads", threads.everywhere());
        }
        new TreeMap<>(threads.instances())
                .forEach((instance, count) -> tree.withArray("threads")
                        .addObject()
                        .put("instance", instance)
                        .put("threads", count));
    }

    /**
     * Reads the record.
     *
     * @throws DecodeException if the bytes are none
     */
    public static Pipeline decode(byte[] bytes) throws DecodeException {
        RecordTree tree = RecordTree.read(bytes);
        try {
            List<Layout> earlier = new ArrayList<>();
            for (RecordTree one : tree.objects("earlier")) {
                earlier.add(layout(one));
            }
            return new Pipeline(
                    tree.whole("revision"),
                    layout(RecordReader.required(tree.object("layout"), "layout")),
                    Pipeline.Phase.parse(tree.text("phase")),
                    next(tree.object("next")),
                    tree.intValue("lastNumber"),
                    earlier,
                    threads(tree.objects("threads")),
                    tree.instant("at"));
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static StreamThreads threads(List<RecordTree> said) throws DecodeException {
        Integer everywhere = null;
        Map<String, Integer> instances = new TreeMap<>();
        for (RecordTree one : said) {
            int threads = one.intValue("threads");
            String instance = one.optionalText("instance");
            if (instance == null) {
                everywhere = threads;
            } else {
                instances.put(instance, threads);
            }
        }
        return new StreamThreads(everywhere, instances);
    }

    private static @Nullable Layout next(@Nullable RecordTree tree) throws DecodeException {
        return tree == null ? null : layout(tree);
    }

    private static Layout layout(RecordTree tree) throws DecodeException {
        return new Layout(tree.intValue("number"), tree.intValue("partitions"));
    }
}
