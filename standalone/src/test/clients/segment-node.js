// What an application does with @segment/analytics-node: every call, a small batch size, and closing with the queue full.
const { Analytics } = require('@segment/analytics-node')

const [host, writeKey, prefix] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, flushAt: 3, flushInterval: 500, maxRetries: 100 })
const failures = []
analytics.on('error', (error) => failures.push(error))
const userId = `${prefix}-user`
analytics.identify({ userId, messageId: `${prefix}-identify`, traits: { plan: 'member' } })
analytics.track({ userId, messageId: `${prefix}-track`, event: 'product_viewed', properties: { price: 35.79 } })
analytics.page({ userId, messageId: `${prefix}-page`, name: 'Home', category: 'Docs' })
analytics.screen({ userId, messageId: `${prefix}-screen`, name: 'Basket' })
analytics.group({ userId, messageId: `${prefix}-group`, groupId: 'g1', traits: { name: 'Acme' } })
analytics.alias({ userId, messageId: `${prefix}-alias`, previousId: 'a1' })
analytics.track({ anonymousId: 'a2', messageId: `${prefix}-last`, event: 'left' })
for (let i = 0; i < 10; i++) {
  analytics.track({ userId, messageId: `${prefix}-viewed-${i}`, event: 'product_viewed', properties: { price: i } })
}
analytics.closeAndFlush({ timeout: 110000 }).then(() => {
  if (failures.length) {
    console.error(failures)
    process.exit(1)
  }
})
