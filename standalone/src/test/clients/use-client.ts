// What a producer writes with the client that openapi-generator makes from openapi.yaml: URL, write key, id.
import { Configuration, ContractsApi, EventsApi, OperationsApi, PostedEvent, ResponseError } from "./generated";

declare const process: { argv: string[] };

async function main([url, key, id]: string[]) {
  const configuration = new Configuration({ basePath: url, username: key, password: "" });
  const events = new EventsApi(configuration);

  const event: PostedEvent = { id, userId: "u1", name: "product_viewed" };
  const answer = await events.publishEvents({ body: [event, { userId: "u1" }] });
  expect(answer.eventIds.join() === id, answer);
  expect(answer.refused[0].code === "missing_field", answer);

  const refusal = await events.publishEvents({ body: { userId: "u1" } }).then(() => undefined, (error) => error);
  expect(refusal instanceof ResponseError && refusal.response.status === 400, refusal);
  expect((await refusal.response.json()).code === "all_refused", refusal);
  expect((await new OperationsApi(configuration).getHealth()).status === "ok", "health");
  expect((await new ContractsApi(configuration).getOpenapi()).includes("publishEvents"), "contract");
}

function expect(met: boolean, shown: unknown) {
  if (!met) {
    throw new Error(JSON.stringify(shown));
  }
}

main(process.argv.slice(2));
