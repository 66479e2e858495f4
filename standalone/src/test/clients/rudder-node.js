// What an application does with @rudderstack/rudder-sdk-node: every call, packed with gzip, and flushed at the end.
const Analytics = require('@rudderstack/rudder-sdk-node')

const [dataPlaneUrl, writeKey, prefix] = process.argv.slice(2)
const analytics = new Analytics(writeKey, { dataPlaneUrl, flushAt: 20, flushInterval: 60000, retryCount: 10 })
const userId = `${prefix}-user`
const failures = []
const said = (error) => error && failures.push(error)
// The first call is sent alone.
analytics.identify({ userId, messageId: `${prefix}-identify`, traits: { plan: 'member' } }, said)
analytics.track({ userId, messageId: `${prefix}-track`, event: 'product_viewed', properties: { price: 35.79 } }, said)
analytics.page({ userId, messageId: `${prefix}-page`, name: 'Home' }, said)
analytics.screen({ userId, messageId: `${prefix}-screen`, name: 'Basket' }, said)
analytics.group({ userId, messageId: `${prefix}-group`, groupId: 'g1' }, said)
analytics.alias({ userId: 7, messageId: `${prefix}-alias`, previousId: 'a1' }, said)
for (let i = 0; i < 10; i++) {
  analytics.track({ userId, messageId: `${prefix}-viewed-${i}`, event: 'product_viewed', properties: { price: i } }, said)
}
analytics.flush().then(
  () => setImmediate(() => {
    if (failures.length) {
      console.error(failures)
      process.exit(1)
    }
  }),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
