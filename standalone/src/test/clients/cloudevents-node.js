// What an application does with the SDK of npm: events in binary and in structured mode, sent again while the door says so.
const { CloudEvent, emitterFor, Mode } = require('cloudevents')

const [url, writeKey, prefix] = process.argv.slice(2)
const deliver = async ({ headers, body }) => {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`${url}/v1/cloudevents`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${writeKey}` },
      body,
    })
    if (answer.status === 202) {
      return
    }
    if (answer.status !== 429 && answer.status !== 503) {
      throw new Error(`${answer.status} ${await answer.text()}`)
    }
    await new Promise((again) => setTimeout(again, 1000 * answer.headers.get('retry-after')))
  }
  throw new Error('told to come again a hundred times')
}
const said = { source: '/clients/node', type: 'product_viewed', data: { price: 35.79 }, loyalty: 'gold' }
const send = async (mode, id, more) =>
  emitterFor(deliver, { mode })(new CloudEvent({ ...said, id: `${prefix}-${id}`, ...more }))
Promise.all([
  send(Mode.BINARY, 'binary', { subject: 'Jürgen 100%' }),
  send(Mode.STRUCTURED, 'structured', { subject: 'Jürgen 100%' }),
  send(Mode.BINARY, 'text', { userid: 'u2', datacontenttype: 'text/plain', data: 'seen' }),
  send(Mode.STRUCTURED, 'bytes', { sessionid: 's3', datacontenttype: 'image/gif', data: new Uint8Array([1, 2, 3]) }),
]).catch((error) => {
  console.error(error)
  process.exit(1)
})
