// Reads a topic with kafkajs in a consumer group over TLS with SCRAM and prints [offset, value] pairs as one JSON array.
// Usage: node kafka.js BROKER CA_FILE USER PASSWORD GROUP TOPIC END
const fs = require('node:fs');
const { Kafka, logLevel } = require('kafkajs');

const [broker, ca, username, password, groupId, topic, end] = process.argv.slice(2);
const kafka = new Kafka({
  brokers: [broker],
  ssl: { ca: [fs.readFileSync(ca)], servername: broker.split(':')[0] },
  sasl: { mechanism: 'scram-sha-512', username, password },
  logLevel: logLevel.NOTHING,
});
const consumer = kafka.consumer({ groupId });
const records = [];

async function main() {
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, (event) => reject(event.payload.error));
    consumer.run({
      eachMessage: async ({ message }) => {
        records.push([Number(message.offset), message.value.toString()]);
        if (Number(message.offset) + 1 >= Number(end)) resolve();
      },
    });
  });
  await consumer.disconnect(); // commits what was taken
  process.stdout.write(JSON.stringify(records));
}

main().catch((error) => {
  process.stderr.write(`${error.name}: ${error.message}`);
  process.exit(1);
});
