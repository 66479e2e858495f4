// @grpc/grpc-js as it comes, with the proto files as they are: address, write key, id, folder of the proto files.
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [address, key, id, protos] = process.argv.slice(2);
const { millrace } = grpc.loadPackageDefinition(
  loader.loadSync("millrace/v1/events.proto", { includeDirs: [protos], defaults: true }));
const client = new millrace.v1.EventService(address, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set("authorization", "Basic " + Buffer.from(key + ":").toString("base64"));

function expect(met, shown) {
  if (!met) {
    throw new Error(JSON.stringify(shown));
  }
}

const event = { id, userId: "u1", name: "product_viewed", propertiesJson: '{"price": 35.79}' };
client.publish({ events: [event, { userId: "u1" }] }, metadata, (failure, answer) => {
  expect(!failure, failure);
  expect(answer.outcomes[0].id === id && !answer.outcomes[0].refusal, answer);
  expect(answer.outcomes[1].refusal.code === "missing_field", answer);
  client.publish({ events: [event] }, new grpc.Metadata(), (refusal) => {
    expect(refusal && refusal.code === grpc.status.UNAUTHENTICATED, refusal);
    stream();
  });
});

function stream() {
  const acks = [];
  const call = client.publishStream(metadata);
  call.on("data", (ack) => acks.push(ack));
  call.on("error", (failure) => expect(false, failure));
  call.on("end", () => {
    expect(acks.length === 500 && acks.every((ack, i) => ack.index === i || Number(ack.index) === i), acks.length);
    client.close();
  });
  for (let i = 0; i < 500; i++) {
    call.write({ event: { id: id + "-" + i, userId: "u1", name: "product_viewed" } });
  }
  call.end();
}
