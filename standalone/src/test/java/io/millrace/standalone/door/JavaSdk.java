package io.millrace.standalone.door;

import com.segment.analytics.Analytics;
import com.segment.analytics.Callback;
import com.segment.analytics.messages.AliasMessage;
import com.segment.analytics.messages.GroupMessage;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.Message;
import com.segment.analytics.messages.MessageBuilder;
import com.segment.analytics.messages.PageMessage;
import com.segment.analytics.messages.ScreenMessage;
import com.segment.analytics.messages.TrackMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** What an application does with com.segment.analytics.java:analytics: every call, and what the SDK says became of it. */
final class JavaSdk implements AutoCloseable {
    private final Queue<String> sent = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failed = new ConcurrentLinkedQueue<>();
    private final List<MessageBuilder<?, ?>> messages = new ArrayList<>();
    private final Analytics analytics;

    JavaSdk(String url, String prefix) {
        analytics = Analytics.builder(DoorStage.WRITE_KEY)
                .endpoint(url)
                .flushQueueSize(4)
                .flushInterval(1, TimeUnit.SECONDS)
                .callback(new Callback() {
                    @Override
                    public void success(Message message) {
                        sent.add(message.messageId());
                    }

                    @Override
                    public void failure(Message message, Throwable throwable) {
                        failed.add(throwable);
                    }
                })
                .build();
        messages.add(IdentifyMessage.builder().traits(Map.of("plan", "member")).messageId(prefix + "-identify"));
        messages.add(TrackMessage.builder("product_viewed")
                .properties(Map.of("price", 35.79))
                .messageId(prefix + "-track"));
        messages.add(PageMessage.builder("Home").messageId(prefix + "-page"));
        messages.add(ScreenMessage.builder("Basket").messageId(prefix + "-screen"));
        messages.add(GroupMessage.builder("g1").messageId(prefix + "-group"));
        messages.add(AliasMessage.builder("a1").messageId(prefix + "-alias"));
        for (int i = 0; i < SdkCalls.VIEWS; i++) {
            messages.add(TrackMessage.builder("product_viewed")
                    .properties(Map.of("price", i))
                    .messageId(prefix + "-viewed-" + i));
        }
        for (MessageBuilder<?, ?> message : messages) {
            message.userId(prefix + "-user");
            analytics.enqueue(message);
        }
        analytics.flush();
    }

    /** Every message is sent or failed. */
    boolean isDone() {
        return sent.size() + failed.size() >= messages.size();
    }

    List<Throwable> failed() {
        return List.copyOf(failed);
    }

    @Override
    public void close() {
        analytics.shutdown();
    }
}
