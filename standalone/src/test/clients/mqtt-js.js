// What a device does with mqtt (npm): version 3.1.1 or 5, quality of service 0 to 2, a will, and what is refused.
const mqtt = require('mqtt')

const [port, writeKey, prefix, version] = process.argv.slice(2)
const protocolVersion = Number(version)
const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
  protocolVersion,
  clientId: `${prefix}-device`,
  username: writeKey,
  clean: true,
  reconnectPeriod: 200,
  will: { topic: 'events/gone', payload: JSON.stringify({ by: prefix }), qos: 1, retain: true }
})

const expect = (what, given, wanted) => {
  if (JSON.stringify(given) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: given ${JSON.stringify(given)}, expected ${JSON.stringify(wanted)}`)
  }
}

const publish = (topic, payload, options) =>
  new Promise((resolve) => client.publish(topic, payload, options, (error, packet) => resolve({ error, packet })))

const run = async () => {
  await new Promise((resolve) => client.once('connect', resolve))
  for (let i = 0; i < 300; i++) {
    const id = `${prefix}-event-${i}`
    const sent = publish('events', JSON.stringify({ id, name: 'opened', properties: { i } }), { qos: 1 })
    if (i % 100 === 0) {
      expect('an event', (await sent).error ?? null, null)
    }
  }
  const property = protocolVersion === 5 ? { properties: { userProperties: { id: `${prefix}-property` } } } : {}
  expect('properties', (await publish('events/read', '{"value":1}', { qos: 1, ...property })).error ?? null, null)
  if (protocolVersion === 5) {
    const refused = await publish('events/read', '{no json}', { qos: 1 })
    expect('no JSON', refused.error?.code ?? refused.packet?.reasonCode, 0x99)
    const unknown = await publish('elsewhere', '{}', { qos: 1 })
    expect('no topic', unknown.error?.code ?? unknown.packet?.reasonCode, 0x90)
    for (let i = 0; i < 3; i++) {
      const aliased = { qos: 1, properties: { topicAlias: 1, userProperties: { id: `${prefix}-alias-${i}` } } }
      const sent = await publish(i === 0 ? 'events/aliased' : '', '{}', aliased)
      expect('an alias', sent.error ?? null, null)
    }
  } else {
    const twice = JSON.stringify({ id: `${prefix}-qos2`, name: 'opened' })
    expect('quality 2', (await publish('events', twice, { qos: 2 })).error ?? null, null)
    expect('no JSON', (await publish('events/read', '{no json}', { qos: 1 })).error ?? null, null)
  }
  const last = JSON.stringify({ id: `${prefix}-last`, name: 'opened' })
  expect('the last', (await publish('events', last, { qos: 1, retain: true })).error ?? null, null)
  // Without DISCONNECT: the door publishes the will.
  client.stream.destroy()
  client.end(true)
}

run().catch((error) => {
  console.error(error)
  process.exit(1)
})
