// Platformatic's REST API of a database, as its documentation puts it into a Fastify server.
import fastify from 'fastify'
import mapper from '@platformatic/sql-mapper'
import openapi from '@platformatic/sql-openapi'

const [connectionString, port] = process.argv.slice(2)
const app = fastify()
app.register(mapper, {
  connectionString,
  poolSize: 16,
  limit: { default: 10, max: 1000 },
  ignore: { escala: true }
})
app.register(openapi, {})
await app.listen({ host: '127.0.0.1', port: Number(port) })
