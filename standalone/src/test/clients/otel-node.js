// What an application does with the OpenTelemetry SDK of npm: events and a plain log, exported as JSON, flushed at the end.
const { LoggerProvider, BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs')
const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-http')

const [url, writeKey, prefix] = process.argv.slice(2)
const exporter = new OTLPLogExporter({
  url: `${url}/v1/logs`,
  headers: { Authorization: `Bearer ${writeKey}` },
  compression: 'gzip',
})
const results = []
const send = exporter.export.bind(exporter)
exporter.export = (records, done) =>
  send(records, (result) => {
    results.push(result)
    done(result)
  })
const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] })
const logger = provider.getLogger('clients', '1.0')
logger.emit({
  eventName: 'product_viewed',
  attributes: { 'log.record.uid': `${prefix}-1`, 'user.id': 'u1', 'session.id': 's1', price: 35.79, count: 7, tags: ['a'] },
  body: { shelf: 'new' },
})
logger.emit({ body: 'a plain log', severityNumber: 9 })
provider.shutdown().then(() => {
  // 0 is success.
  if (results.length !== 1 || results[0].code !== 0) {
    console.error(results)
    process.exit(1)
  }
})
