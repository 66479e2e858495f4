import io.millrace.client.ApiClient;
import io.millrace.client.ApiException;
import io.millrace.client.api.EventsApi;
import io.millrace.client.api.OperationsApi;
import io.millrace.client.model.PostedEvent;
import io.millrace.client.model.PublishAnswer;
import java.util.Base64;
import java.util.List;

/** What a producer writes with the client that openapi-generator makes from openapi.yaml: URL, write key, id. */
public final class UseClient {
    public static void main(String[] args) throws Exception {
        String basic = "Basic " + Base64.getEncoder().encodeToString((args[1] + ":").getBytes());
        ApiClient client = new ApiClient();
        client.updateBaseUri(args[0]);
        client.setRequestInterceptor(request -> request.header("Authorization", basic));
        EventsApi events = new EventsApi(client);

        PostedEvent event = new PostedEvent().id(args[2]).userId("u1").name("product_viewed");
        PublishAnswer answer = events.publishEvents(List.of(event, new PostedEvent().userId("u1")), null, null);
        expect(answer.getEventIds().equals(List.of(args[2])), answer);
        expect(answer.getRefused().get(0).getCode().equals("missing_field"), answer);

        try {
            events.publishEvents(new PostedEvent().userId("u1"), null, null);
            throw new AssertionError("an event without a name was taken");
        } catch (ApiException e) {
            expect(e.getCode() == 400 && e.getResponseBody().contains("all_refused"), e);
        }
        expect(new OperationsApi(client).getHealth().getStatus() != null, "health");
    }

    private static void expect(boolean met, Object shown) {
        if (!met) {
            throw new AssertionError(shown);
        }
    }
}
